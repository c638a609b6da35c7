//! Judging two ends of one call: whether they [agree](compare), what [counts](Criteria) and what is random, who is
//! [outvoted](vote), and [how bad](Grade) a difference is.

pub mod compare;
mod compare_on;
mod criteria;
mod grade;
mod ledger;
pub mod majority;
mod volatile;
pub mod vote;

pub use compare::{Counts, Difference, compare, compare_observations, compare_where};
pub use compare_on::{Comparison, compare_on};
pub use criteria::{Again, Criteria, NamedByData, Pair, Strictness, Tolerance, Verdict, VolatileField};
pub use grade::Grade;
pub use ledger::{Entry, Ledger, LedgerError};

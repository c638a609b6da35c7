//! Judges two ends of one call: whether they [agree](compare()), which differences [count](Criteria) and which fields are random, which
//! engine is [outvoted](vote), and [how bad](Grade) a difference is.
//!
//! - [`Difference`] is one place in which two outcomes differ; [`differences`] returns all, [`compare()`] the first.
//! - [`Criteria`] say what counts: a [`Strictness`], [tolerances](Tolerance), [volatile fields](Field) and a [`Ledger`] of what is
//!   known. They judge a [`ComparedCall`] and return a [`Verdict`].
//! - [`majority::Majority`] is an engine that answers what most engines answer, where there is no oracle.
//!
//! ```
//! use parity_judge::compare;
//! use parity_model::{DifferenceClass, Outcome};
//! use serde_json::json;
//!
//! let completed = |total: f64| Outcome::Completed { result: json!({"currency": "USD", "total": total}), metadata: json!({}) };
//! assert_eq!(compare(&completed(10.0), &completed(10.0).into()), None);
//!
//! let difference = compare(&completed(10.0), &completed(10.5).into()).expect("the totals differ");
//! assert_eq!((difference.class, difference.path.as_str()), (DifferenceClass::Value, "/result/total"));
//! ```

pub mod compare;
mod compare_on;
mod criteria;
mod grade;
mod ledger;
mod ledger_text;
pub mod majority;
mod manner;
mod volatile;
pub mod vote;

pub use compare::{Difference, compare, decision_name, differences};
pub use compare_on::{Comparison, compare_on};
pub use criteria::{ComparedCall, Criteria, Field, NamedByData, Strictness, Tolerance, Verdict, is_around};
pub use grade::Grade;
pub use ledger::{Entry, Ledger, LedgerError, Why};
pub use ledger_text::with_entry;
pub use manner::{is_of_spaces, is_one_part, is_one_trim, rule_of};
pub use volatile::Again;

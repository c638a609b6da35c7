//! Shrinking a JSON value to the smallest one for which a predicate still holds.
//!
//! It sees nothing but the predicate: what a case is, which signature is pinned and what belongs to the input domain is
//! the caller's business.

mod digit_passes;
mod matters;
mod number_passes;
mod numbers;
mod passes;
mod search;
mod size;
mod tree;

pub use matters::parts_that_matter;
pub use search::{Answer, Minimal, shrink};
pub use size::Size;

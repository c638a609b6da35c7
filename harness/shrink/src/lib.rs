//! Shrinks a JSON value to the smallest one for which a predicate still holds, and tells which parts of it the predicate needs.
//!
//! The crate knows JSON and the predicate, and nothing of what either means.
//!
//! - The predicate gives an [`Answer`] for each candidate. A candidate outside of the domain of inputs costs nothing.
//! - [`Size`] is the total order in which one value is smaller than another.
//! - [`shrink()`] returns the [`Minimal`] value, and how many candidates were evaluated.
//! - [`load_bearing_paths`] returns the JSON Pointers to what cannot be anything else.
//!
//! ```
//! use std::convert::Infallible;
//!
//! use parity_shrink::{Answer, load_bearing_paths, shrink};
//! use serde_json::{Value, json};
//!
//! /// Whether some order is of more than a hundred.
//! fn large_order(value: &Value) -> Result<Answer, Infallible> {
//!     let Some(orders) = value["orders"].as_array() else { return Ok(Answer::OutOfDomain) };
//!     let is_large = orders.iter().any(|order| order["total"].as_f64().is_some_and(|total| total > 100.0));
//!     Ok(if is_large { Answer::Holds } else { Answer::HoldsNot })
//! }
//!
//! let start = json!({"orders": [{"total": 12.5}, {"total": 4811.25, "note": "gift"}], "page": 3});
//! let minimal = shrink(start, 1000, &mut large_order)?;
//! assert_eq!(minimal.value, json!({"orders": [{"total": 101}]}));
//! assert_eq!(load_bearing_paths(&minimal.value, &mut large_order)?, ["/orders/0/total"]);
//! # Ok::<(), Infallible>(())
//! ```

mod around;
mod date_pairs;
mod dates;
mod digit_passes;
mod exponents;
mod few_digits;
mod in_place;
mod letters;
mod load_bearing;
mod number_passes;
mod numbers;
mod passes;
mod search;
mod shrink;
mod size;
mod sums;
mod text_pairs;
mod texts;
mod tree;
mod year_passes;

pub use around::around;
pub use load_bearing::load_bearing_paths;
pub use search::Answer;
pub use shrink::{Minimal, shrink};
pub use size::Size;

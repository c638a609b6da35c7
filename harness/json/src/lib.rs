//! JSON values as documents: [pointers](mod@pointer), numbers and documents [by value](same_value), the one [canonical] text of a value and
//! [digests](digest_of) of it, [documents](document) in files, and their [YAML](yaml) spelling.
//!
//! ```
//! let pointer = parity_json::pointer::child("/context/items", "a/b");
//! assert_eq!(pointer, "/context/items/a~1b");
//! assert!(parity_json::pointer::matches("/context/*/a~1b", &pointer));
//! assert!(parity_json::same_number(&2.into(), &serde_json::Number::from_f64(2.0).expect("2.0 is finite")));
//! ```

mod canonical;
mod digest;
pub mod document;
mod number;
pub mod pointer;
mod value;
pub mod yaml;

pub use canonical::{canonical, canonical_of, compact_text, file_text};
pub use digest::{digest_of, named_id};
pub use number::{MAX_SAFE_INTEGER, same_number};
pub use value::same_value;

//! What a campaign or a replay found, as text and as JSON. Nothing here reads or writes anything.

mod document;
mod emit;
mod escape;
mod merge;
mod outcomes;
mod reproduce;
mod settle;
mod summary;
mod text;
mod workflows;

pub use document::{Absent, AnyFault, Found, Part, Report, Results};
pub use emit::{Emit, Tested};
pub use escape::printable;
pub use merge::{MergeError, merge, missing};
pub use outcomes::{aligned, outcome_diff, pretty, value_diff};
pub use reproduce::Trees;
pub use text::{render, table};
pub use workflows::trace_lines;

//! What a campaign or a replay found, as text and as JSON. Nothing here reads or writes anything.

mod document;
mod escape;
mod outcomes;
mod reproduce;
mod text;

pub use document::{Absent, Report};
pub use escape::printable;
pub use outcomes::{aligned, outcome_diff, pretty};
pub use reproduce::Trees;
pub use text::{render, table};

//! JSON Schema to strategy: what a team has stated of its task input is all that is needed to draw such inputs.
//!
//! ```text
//! schema -> document (references, validators) -> node (merged, split by type) -> text, number, list, object -> strategy
//! ```
//!
//! About half of all scalars are edges: values that languages treat differently, and those at the limits that the schema
//! states. Whatever is drawn is valid: an edge that the schema refuses is no edge of it.

mod array;
mod document;
mod edges;
mod error;
mod formats;
mod merge;
mod node;
mod number;
mod object;
mod pattern;
mod text;
#[cfg(test)]
mod zoo;

pub(in crate::generate) use edges::{integers as integer_edges, numbers as number_edges};
pub use error::{SchemaError, SchemaProblem};
pub(in crate::generate) use formats::date_edges;
pub(in crate::generate) use node::strategy_of_objects;
pub(in crate::generate) use text::{TWISTS, twist_of};

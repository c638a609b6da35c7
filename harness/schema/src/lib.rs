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
mod domain;
mod edges;
mod error;
mod formats;
mod merge;
mod node;
mod number;
mod object;
mod pattern;
mod scope;
mod text;
pub mod values;
#[cfg(test)]
mod zoo;

pub use domain::{Domain, moved, validator_of};
pub use edges::{integers as integer_edges, numbers as number_edges};
pub use error::{SchemaError, SchemaProblem};
pub use formats::date_edges;
pub use node::strategy_of_objects;
pub use scope::Scope;
pub use text::{TWISTS, twist_of};

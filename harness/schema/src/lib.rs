//! Strategies and domains from JSON Schema: a schema is all that is needed to draw valid documents, and to tell them from others.
//!
//! ```text
//! schema -> document (references, validators) -> flat (what must hold at once) -> node (choice, or a shape a type) -> draw
//! ```
//!
//! About half of all scalars are edges: values that languages treat differently, and those at the limits that the schema states.
//! Whatever is drawn is valid: an edge that the schema refuses is not drawn, and the whole is validated. Nothing is made before it
//! is needed, so that schemas that refer to themselves cost what is drawn of them.
//!
//! - [`Schema`] makes a proptest strategy of a schema, or says in a [`SchemaError`] what stands in the way.
//! - [`Domain`] tells valid documents from others.
//! - [`relate`] makes values of a document depend on one another.
//! - [`Strategies`] lets values be as a user states.
//! - [`spoil`] makes one thing in a document bad.
//! - [`Scope`] is how large the documents become.
//! - [`values`] has the building blocks of strategies that are written by hand.
//!
//! ```
//! use parity_schema::{Domain, Schema, Scope};
//! use proptest::strategy::{Strategy, ValueTree};
//! use proptest::test_runner::TestRunner;
//! use serde_json::{Value, json};
//!
//! let schema = json!({
//!     "type": "object",
//!     "properties": {"quantity": {"type": "integer", "minimum": 1}, "sku": {"type": "string", "pattern": "^[A-Z]{3}$"}},
//!     "required": ["quantity"],
//! });
//! let domain = Domain::of_schema(&schema).map_err(|error| error.to_string())?;
//! let strategy = Schema::new(&schema).and_then(|schema| schema.objects(Scope::Small)).map_err(|error| error.to_string())?;
//! let mut runner = TestRunner::deterministic();
//! for _ in 0..100 {
//!     let drawn = strategy.new_tree(&mut runner).map_err(|reason| reason.to_string())?.current();
//!     assert!(domain.holds(&Value::Object(drawn)));
//! }
//! assert!(!domain.holds(&json!({"quantity": 0})));
//! # Ok::<(), String>(())
//! ```

mod anything;
mod array;
mod chance;
mod document;
mod domain;
mod draw;
mod edges;
mod error;
mod flat;
mod formats;
mod found;
mod height;
mod lenient;
mod literals;
mod look_around;
mod merge;
mod model;
mod node;
mod number;
mod object;
mod pattern;
mod places;
mod references;
mod relate;
mod schema;
mod scope;
mod spelling;
mod spoil;
mod stated_places;
mod strategies;
mod text;
mod undrawn;
pub mod values;
#[cfg(test)]
mod zoo;

pub use chance::below;
pub use domain::{Domain, moved};
pub use edges::{integers as integer_edges, numbers as number_edges};
pub use error::{SchemaError, SchemaProblem};
pub use formats::date_edges;
pub use literals::{Mixer, Part};
pub use relate::{Room, relate};
pub use schema::Schema;
pub use scope::Scope;
pub use spelling::other as other_spelling;
pub use spoil::spoil;
pub use strategies::{Strategies, StrategyError};

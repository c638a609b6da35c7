//! Why a JSON Schema cannot be drawn from. Every error names the place in the schema and what to do.

use std::fmt;

use thiserror::Error;

/// A schema from which no value can be drawn.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub struct SchemaError {
    /// JSON Pointer into the schema.
    pub at: String,
    /// What is wrong there.
    #[source]
    pub problem: SchemaProblem,
}

impl SchemaError {
    pub(super) fn new(at: &str, problem: SchemaProblem) -> Self {
        Self { at: at.to_owned(), problem }
    }
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = if self.at.is_empty() { "its root" } else { &self.at };
        write!(f, "at {at}: {}", self.problem)
    }
}

/// What is wrong with a schema.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SchemaProblem {
    /// It is no JSON Schema.
    #[error("no JSON Schema: {0}")]
    Invalid(String),
    /// A pattern that cannot be drawn from.
    #[error(
        "no text can be drawn from the pattern {pattern:?}: {reason}; write it without, or list values in enum or examples"
    )]
    Pattern {
        /// The pattern.
        pattern: String,
        /// What in it cannot be drawn.
        reason: String,
    },
    /// A reference that leads nowhere.
    #[error("$ref {0:?} leads nowhere; references are JSON Pointers into this schema, e.g. #/$defs/address")]
    Reference(String),
    /// Keywords that exclude one another.
    #[error("{0}; loosen one of the two")]
    Contradiction(String),
    /// A value would hold itself.
    #[error("every value would hold another one of its own kind without end; make the reference optional")]
    Endless,
    /// Values exist, perhaps, but they are not found.
    #[error(
        "no value that meets all keywords was found in {tries} tries; state them in one place, or list values in examples"
    )]
    NotFound {
        /// How many values were tried.
        tries: u32,
    },
}

/// Nothing can be valid at a place.
pub(super) fn contradiction(at: &str, what: impl Into<String>) -> SchemaError {
    SchemaError::new(at, SchemaProblem::Contradiction(what.into()))
}

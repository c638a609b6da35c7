//! How a handler of the oracle succeeds.

use serde_json::Value;

/// A completed step before it becomes an [`parity_model::Outcome`]: which of the handler's declared success variants it is, and the
/// two documents.
#[derive(Clone, Debug, PartialEq)]
pub struct Success {
    /// Name of the declared success variant.
    pub variant: &'static str,
    /// The step's result, an object.
    pub result: Value,
    /// The step's metadata, an object.
    pub metadata: Value,
}

impl Success {
    /// The only way to succeed of a handler that has one.
    #[must_use]
    pub fn completed(result: Value, metadata: Value) -> Self {
        Self { variant: "completed", result, metadata }
    }
}

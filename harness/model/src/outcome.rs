//! The document that comes out of a handler.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};

/// What a handler planned to answer.
///
/// JSON: `{"status": "completed", "result", "metadata"}` or
/// `{"status": "failed", "kind", "code", "message", "retry_after", "context"}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Outcome {
    /// The step is done.
    Completed {
        /// Handed on to the steps that depend on this one.
        result: Value,
        /// What is said about the step beside its result.
        metadata: Value,
    },
    /// The step is refused, for good or for now.
    Failed(Failure),
}

impl Outcome {
    /// The code of a failure, if it is one and has one.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Completed { .. } => None,
            Self::Failed(failure) => failure.code.as_deref(),
        }
    }
}

/// A planned failure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    /// Whether another attempt may succeed.
    pub kind: FailureKind,
    /// Stable name of the reason; the retryable failures of the reference have none.
    pub code: Option<String>,
    /// The reason in words.
    pub message: String,
    /// Seconds to wait before another attempt.
    pub retry_after: Option<Number>,
    /// Values that go with the reason.
    pub context: Map<String, Value>,
}

/// Whether a failed step may be tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// No attempt can succeed.
    Permanent,
    /// Another attempt may succeed.
    Retryable,
}

impl Failure {
    /// A failure that no retry can mend.
    #[must_use]
    pub fn permanent(code: &str, message: impl Into<String>) -> Self {
        Self {
            kind: FailureKind::Permanent,
            code: Some(code.to_owned()),
            message: message.into(),
            retry_after: None,
            context: Map::new(),
        }
    }

    /// A failure worth another attempt after `retry_after` seconds. It has no code, as in the reference.
    #[must_use]
    pub fn retryable(retry_after: u32, message: impl Into<String>) -> Self {
        Self {
            kind: FailureKind::Retryable,
            code: None,
            message: message.into(),
            retry_after: Some(retry_after.into()),
            context: Map::new(),
        }
    }

    /// The answer to an input that the handler cannot read: `path` (a JSON Pointer into the step input) names the
    /// first value that is not `expected`, a noun such as `an object`.
    #[must_use]
    pub fn invalid_input(path: &str, expected: &str) -> Self {
        Self::permanent(INVALID_INPUT, format!("invalid input at {path}: expected {expected}")).with("path", path)
    }

    /// Adds one value to the failure's context.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.context.insert(key.to_owned(), value.into());
        self
    }
}

/// Code of a failure whose context holds the `path` of the first value that cannot be read.
pub const INVALID_INPUT: &str = "INVALID_INPUT";

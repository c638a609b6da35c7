//! The document that comes out of a handler.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};

/// What a handler planned to answer.
///
/// JSON: `{"status": "completed", "result", "metadata"}` or
/// `{"status": "failed", "kind", "code", "message", "retry_after", "context"}`, and `"error_type"` and `"raised"` if they are known.
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
    /// The kind of reason as Tasker's worker reports it: what the handler names, and of what it raised the class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_type: Option<String>,
    /// Whether the handler raised it; otherwise it returned it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub raised: bool,
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
            error_type: None,
            raised: false,
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
            error_type: None,
            raised: false,
        }
    }

    /// The answer to an input that the handler cannot read: `path` (a JSON Pointer into the step input) names the
    /// first value that is not `expected`, a noun such as `an object`.
    #[must_use]
    pub fn invalid_input(path: &str, expected: &str) -> Self {
        Self::permanent(INVALID_INPUT, format!("invalid input at {path}: expected {expected}")).with("path", path)
    }

    /// The kind of reason that the handler named. What is raised is named by its language, and what names nothing by Tasker.
    #[must_use]
    pub fn named_type(&self) -> Option<&str> {
        self.error_type.as_deref().filter(|name| !self.raised && !UNNAMED.contains(name))
    }

    /// Whether it is an error that the handler raised at Tasker's worker. What a function raises is caught before, by Tasker's own
    /// wrapper, which calls it by its kind.
    #[must_use]
    pub fn was_raised_at_worker(&self) -> bool {
        self.raised && self.error_type.as_deref().is_none_or(|name| !WRAPPED.contains(&name))
    }

    /// Adds one value to the failure's context.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.context.insert(key.to_owned(), value.into());
        self
    }
}

/// What Tasker's packages call a returned failure whose handler names no kind of reason.
const UNNAMED: [&str; 2] = ["handler_error", "UnexpectedError"];

/// What Tasker's packages call an error that a function raised.
const WRAPPED: [&str; 2] = ["permanent_error", "retryable_error"];

/// Code of a failure whose context holds the `path` of the first value that cannot be read.
pub const INVALID_INPUT: &str = "INVALID_INPUT";

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_failure_reads_and_writes_as_it_did_before_it_had_a_type() {
        let document = json!({"status": "failed", "kind": "permanent", "code": "A", "message": "m", "retry_after": null,
            "context": {}});
        let failure = Outcome::Failed(Failure::permanent("A", "m"));
        assert_eq!((json!(failure), serde_json::from_value(document.clone()).unwrap()), (document, failure));
    }

    #[rstest]
    #[case::returned(Some("validation_error"), false, Some("validation_error"), false)]
    #[case::by_default(Some("handler_error"), false, None, false)]
    #[case::by_default_in_ruby(Some("UnexpectedError"), false, None, false)]
    #[case::nothing(None, false, None, false)]
    #[case::by_a_class(Some("ValidationError"), true, None, true)]
    #[case::by_a_function(Some("permanent_error"), true, None, false)]
    #[case::by_nobody_knows_what(None, true, None, true)]
    fn the_way_a_failure_left_says_who_named_it(
        #[case] error_type: Option<&str>,
        #[case] raised: bool,
        #[case] named: Option<&str>,
        #[case] at_worker: bool,
    ) {
        let error_type = error_type.map(str::to_owned);
        let failure = Failure { error_type, raised, ..Failure::permanent("A", "m") };
        assert_eq!((failure.named_type(), failure.was_raised_at_worker()), (named, at_worker));
    }
}

//! The failure that a subject's answer stands for, whatever its members turn out to be.

use parity_model::{Failure, FailureKind, Outcome};
use serde_json::Value;

use parity_model::{Observation, Unplanned};

/// The members of a failure as a handler gave them.
#[derive(Debug, Default)]
pub struct Given {
    /// See [`Failure::code`]; a text or null.
    pub code: Value,
    /// See [`Failure::message`]; a text.
    pub message: Value,
    /// See [`Failure::retry_after`]; a number or null.
    pub retry_after: Value,
    /// See [`Failure::context`]; an object.
    pub context: Value,
    /// See [`Failure::error_type`]; a text or null.
    pub error_type: Value,
    /// See [`Failure::raised`].
    pub raised: bool,
}

/// A failure with these members, or the first of them that is of the wrong kind.
#[must_use]
pub fn failed(kind: FailureKind, given: Given) -> Observation {
    let Given { code, message, retry_after, context, error_type, raised } = given;
    let unserialisable = |name: &str, value: &Value, expected: &str| {
        let what = format!("{}, not {expected}", noun(value));
        Unplanned::Unserialisable { path: format!("/{name}"), what }.into()
    };
    let code = match code {
        Value::Null => None,
        Value::String(code) => Some(code),
        other => return unserialisable("code", &other, "a string"),
    };
    let message = match message {
        Value::String(message) => message,
        other => return unserialisable("message", &other, "a string"),
    };
    let retry_after = match retry_after {
        Value::Null => None,
        Value::Number(seconds) => Some(seconds),
        other => return unserialisable("retry_after", &other, "a number"),
    };
    let context = match context {
        Value::Object(context) => context,
        other => return unserialisable("context", &other, "an object"),
    };
    let error_type = match error_type {
        Value::Null => None,
        Value::String(name) => Some(name),
        other => return unserialisable("error_type", &other, "a string"),
    };
    Outcome::Failed(Failure { kind, code, message, retry_after, context, error_type, raised }).into()
}

fn noun(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

//! The failure that a subject's answer stands for, whatever its members turn out to be.

use parity_model::{Failure, FailureKind, Outcome};
use serde_json::Value;

use parity_model::{Observation, Unplanned};

/// A failure with these members, or the first of them that is of the wrong kind.
#[must_use]
pub fn failed(kind: FailureKind, code: Value, message: Value, retry_after: Value, context: Value) -> Observation {
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
    Outcome::Failed(Failure { kind, code, message, retry_after, context }).into()
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

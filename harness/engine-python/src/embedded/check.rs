//! Whether a Python value is an expected JSON value, told without making another one of it.
//!
//! `true` says that it is, as the comparison of what [`super::reader`] makes of it would. `false` says that it is not, or
//! that this is not sure, e.g. of a `set`. No code of the handler runs.

use parity_model::{Failure, FailureKind, Outcome};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};
use serde_json::{Map, Number, Value};

use parity_json::same_number;

/// Whether one of the driver's ends is `expected`.
pub(super) fn is_end(end: &Bound<'_, PyTuple>, expected: &Outcome) -> bool {
    let member = |index: usize, test: &dyn Fn(&Bound<'_, PyAny>) -> bool| end.get_item(index).is_ok_and(|it| test(&it));
    match expected {
        Outcome::Completed { result, metadata } => {
            member(0, &|kind| is_text(kind, "completed"))
                && member(1, &|value| is(value, result))
                && member(2, &|value| is(value, metadata))
        }
        Outcome::Failed(failure) => {
            let Failure { kind, code, message, retry_after, context, .. } = failure;
            let (kind, is_retryable) = match kind {
                FailureKind::Permanent => ("permanent", false),
                FailureKind::Retryable => ("retryable", true),
            };
            member(0, &|value| is_text(value, kind))
                && member(1, &|value| code.as_ref().map_or(value.is_none(), |code| is_text(value, code)))
                && member(2, &|value| is_text(value, message))
                && member(3, &|value| retry_after.as_ref().map_or(value.is_none(), |delay| is_number(value, delay)))
                && member(4, &|value| is_object(value, context))
                && failure.named_type().is_none_or(|name| member(5, &|value| is_text(value, name)))
                // What is raised for good is told.
                && (is_retryable || !failure.raised && member(6, &|raised| is(raised, &Value::Bool(false))))
        }
    }
}

/// Whether `value` is `expected`.
pub(super) fn is(value: &Bound<'_, PyAny>, expected: &Value) -> bool {
    match expected {
        Value::Null => value.is_none(),
        Value::Bool(flag) => value.cast_exact::<PyBool>().is_ok_and(|value| value.is_true() == *flag),
        Value::Number(number) => is_number(value, number),
        Value::String(text) => is_text(value, text),
        Value::Array(elements) => value.cast_exact::<PyList>().is_ok_and(|list| {
            list.len() == elements.len() && list.iter().zip(elements).all(|(value, expected)| is(&value, expected))
        }),
        Value::Object(members) => is_object(value, members),
    }
}

fn is_text(value: &Bound<'_, PyAny>, expected: &str) -> bool {
    value.cast_exact::<PyString>().is_ok_and(|text| text.to_str().is_ok_and(|text| text == expected))
}

fn is_number(value: &Bound<'_, PyAny>, expected: &Number) -> bool {
    if let Ok(float) = value.cast_exact::<PyFloat>() {
        return Number::from_f64(float.value()).is_some_and(|number| same_number(expected, &number));
    }
    let Ok(integer) = value.cast_exact::<PyInt>() else { return false };
    let integer = integer.extract::<i64>().map(Number::from).or_else(|_| integer.extract::<u64>().map(Number::from));
    integer.is_ok_and(|integer| same_number(expected, &integer))
}

/// Most handlers fill an object in the order of the expected one, which spares looking for its members.
fn is_object(value: &Bound<'_, PyAny>, expected: &Map<String, Value>) -> bool {
    let Ok(dict) = value.cast_exact::<PyDict>() else { return false };
    if dict.len() != expected.len() {
        return false;
    }
    let mut in_order = expected.iter();
    dict.iter().all(|(key, value)| {
        let Ok(key) = key.cast_exact::<PyString>() else { return false };
        let Ok(key) = key.to_str() else { return false };
        let expected = match in_order.next() {
            Some((next, expected)) if next == key => Some(expected),
            _ => expected.get(key),
        };
        expected.is_some_and(|expected| is(&value, expected))
    })
}

//! Two outcomes side by side.

use std::fmt::Write as _;

use console::style;
use serde::Serialize;
use serde_json::Value;
use similar::{ChangeTag, TextDiff};

use super::escape::printable;
use parity_campaign::{Divergence, Side};
use parity_json::same_number;
use parity_judge::differences;
use parity_model::Observation;

/// `value` as JSON over several lines, safe to print.
#[must_use]
pub fn pretty(value: &impl Serialize) -> String {
    let text = serde_json::to_string_pretty(value).unwrap_or_else(|error| format!("not printable: {error}"));
    printable(&text)
}

/// The lines in which two outcomes differ, `-` for the expected and `+` for the actual one, with three lines around
/// each; coloured if colours are on.
#[must_use]
pub fn outcome_diff(expected: &Observation, actual: &Observation) -> String {
    value_diff(expected, actual)
}

/// What the oracle and the engine of a divergence answered, then who else answered the same, and what the others did.
pub(super) fn push_outcomes(text: &mut String, oracle: &str, divergence: &Divergence) {
    let Divergence { signature, expected, actual, sides, .. } = divergence;
    let engine = signature.engine.as_str();
    let _ = writeln!(text, "\n  outcomes (- {oracle}, + {engine}):");
    text.push_str(&outcome_diff(expected, actual));
    let others = sides.iter().filter(|side| side.engine != oracle && side.engine != engine);
    for Side { engine: other, outcome } in others {
        let is = |end: &Observation| differences(end, outcome).is_empty();
        if is(expected) {
            let _ = writeln!(text, "\n  {other} answers as {oracle} does");
        } else if is(actual) {
            let _ = writeln!(text, "\n  {other} answers as {engine} does");
        } else {
            let _ =
                writeln!(text, "\n  outcomes (- {oracle}, + {other}):\n{}", outcome_diff(expected, outcome).trim_end());
        }
    }
}

/// The lines in which any two documents differ, as [`outcome_diff`] writes them.
#[must_use]
pub fn value_diff(expected: &impl Serialize, actual: &impl Serialize) -> String {
    let expected = serde_json::to_value(expected).unwrap_or_default();
    let actual = aligned(&expected, serde_json::to_value(actual).unwrap_or_default());
    let (expected, actual) = (pretty(&expected), pretty(&actual));
    let diff = TextDiff::from_lines(&expected, &actual);
    let mut text = String::new();
    for (number, group) in diff.grouped_ops(3).iter().enumerate() {
        if number > 0 {
            text.push_str("    …\n");
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let line = change.value().trim_end_matches('\n');
            let line = match change.tag() {
                ChangeTag::Delete => style(format!("  - {line}")).red(),
                ChangeTag::Insert => style(format!("  + {line}")).green(),
                ChangeTag::Equal => style(format!("    {line}")),
            };
            let _ = writeln!(text, "{line}");
        }
    }
    text
}

/// `actual` with its keys in the order of `expected`, and numbers that are the same number written in the same way, so
/// that only what differs looks different.
fn aligned(expected: &Value, actual: Value) -> Value {
    match (expected, actual) {
        (Value::Object(expected), Value::Object(mut actual)) => {
            let mut ordered = serde_json::Map::new();
            for (key, value) in expected {
                if let Some(found) = actual.shift_remove(key) {
                    ordered.insert(key.clone(), aligned(value, found));
                }
            }
            ordered.extend(actual);
            Value::Object(ordered)
        }
        (Value::Array(expected), Value::Array(actual)) => {
            let padded = expected.iter().map(Some).chain(std::iter::repeat(None));
            let element = |(expected, actual): (Option<&Value>, Value)| match expected {
                Some(expected) => aligned(expected, actual),
                None => actual,
            };
            padded.zip(actual).map(element).collect()
        }
        (Value::Number(expected), Value::Number(actual)) if same_number(expected, &actual) => {
            Value::Number(expected.clone())
        }
        (_, actual) => actual,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_differs_looks_different() {
        let expected = json!({"a": 2, "b": [1.5, {"c": 0}], "d": null});
        let actual = json!({"d": null, "x": 1, "b": [1.5, {"c": -0.0}, 7], "a": 2.0});
        let aligned = aligned(&expected, actual);
        assert_eq!(aligned.to_string(), r#"{"a":2,"b":[1.5,{"c":0},7],"d":null,"x":1}"#);
    }
}

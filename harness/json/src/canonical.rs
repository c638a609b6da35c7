//! The one text of a value: keys sorted by code points, numbers in their shortest form, so that a diff shows only what
//! changed and a digest is the same on every machine.

use serde::Serialize;
use serde_json::{Map, Value};

/// `value` with the keys of every object sorted.
#[must_use]
pub fn canonical(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut sorted: Vec<(String, Value)> = members.into_iter().collect();
            // The order of UTF-8 bytes is the order of code points.
            sorted.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
            Value::Object(sorted.into_iter().map(|(key, value)| (key, canonical(value))).collect::<Map<_, _>>())
        }
        Value::Array(elements) => elements.into_iter().map(canonical).collect(),
        other => other,
    }
}

/// The canonical value of a document.
#[must_use]
pub fn canonical_of(document: &impl Serialize) -> Value {
    // The documents of this module are objects with texts for keys, which always become JSON.
    canonical(serde_json::to_value(document).unwrap_or_default())
}

/// The canonical text without any space, of which digests are taken.
#[must_use]
pub fn compact_text(document: &impl Serialize) -> String {
    canonical_of(document).to_string()
}

/// The canonical text of a file: two spaces an indent, one line break at the end.
#[must_use]
pub fn file_text(document: &impl Serialize) -> String {
    format!("{:#}\n", canonical_of(document))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_are_sorted_at_every_depth_by_code_points() {
        let value = json!({"b": [{"z": 1, "a": 2}], "a": null, "\u{ffff}": 1, "\u{10000}": 2});
        assert_eq!(compact_text(&value), "{\"a\":null,\"b\":[{\"a\":2,\"z\":1}],\"\u{ffff}\":1,\"\u{10000}\":2}");
    }

    #[test]
    fn numbers_have_one_form() {
        let value: Value = serde_json::from_str("[1.50, 1e2, -0.0, 0.1e1, 12345678901234567890, 1E300, 2]").unwrap();
        assert_eq!(compact_text(&value), "[1.5,100.0,-0.0,1.0,12345678901234567890,1e+300,2]");
    }

    #[test]
    fn a_file_has_an_indent_of_two_and_ends_in_a_line_break() {
        assert_eq!(file_text(&json!({"b": [], "a": {"c": 1}})), "{\n  \"a\": {\n    \"c\": 1\n  },\n  \"b\": []\n}\n");
    }
}

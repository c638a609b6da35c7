//! Small changes of a document, by which it shows what an outcome depends on.

use serde_json::{Map, Number, Value};

use parity_json::pointer;

/// Every value below `value` that `wanted` takes, with its JSON Pointer, in the order of the document.
pub(super) fn collect<'a>(value: &'a Value, wanted: &dyn Fn(&Value) -> bool) -> Vec<(String, &'a Value)> {
    let mut found = Vec::new();
    walk(value, String::new(), wanted, &mut found);
    found
}

fn walk<'a>(value: &'a Value, path: String, wanted: &dyn Fn(&Value) -> bool, found: &mut Vec<(String, &'a Value)>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                walk(member, pointer::child(&path, key), wanted, found);
            }
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                walk(element, format!("{path}/{index}"), wanted, found);
            }
        }
        _ => {}
    }
    if wanted(value) {
        found.push((path, value));
    }
}

/// `document` with `value` at `path`.
pub(super) fn with(document: &Value, path: &str, value: Value) -> Value {
    let mut document = document.clone();
    if let Some(place) = document.pointer_mut(path) {
        *place = value;
    }
    document
}

/// The next lower and the next higher number: by 1 for a whole number, by 0.01 for another one. `None` where a step is lost
/// in the width of a double.
pub(super) fn steps(number: &Number) -> Option<(Value, Value)> {
    const WIDEST: f64 = 1e12;
    let value = number.as_f64().filter(|value| value.abs() < WIDEST)?;
    if let Some(integer) = number.as_i64() {
        return Some(((integer - 1).into(), (integer + 1).into()));
    }
    let step = |by: f64| {
        let stepped = if value.fract() == 0.0 { value + by } else { (value * 100.0 + by).round() / 100.0 };
        Number::from_f64(stepped).map(Value::Number)
    };
    Some((step(-1.0)?, step(1.0)?))
}

/// Something in the place of an empty list, object or text; `None` for everything else.
pub(super) fn filled(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) if text.is_empty() => Some("a".into()),
        Value::Array(elements) if elements.is_empty() => Some(Value::Array(vec!["a".into()])),
        Value::Object(members) if members.is_empty() => {
            Some(Value::Object(Map::from_iter([("a".to_owned(), "a".into())])))
        }
        _ => None,
    }
}

/// Values that lack something which a text or number has, and what that is.
pub(super) fn plainer(value: &Value) -> Vec<(&'static str, Value)> {
    let plainer: Vec<(&str, Value)> = match value {
        Value::String(text) => vec![
            ("that has capitals", text.to_lowercase().into()),
            ("that has small letters", text.to_uppercase().into()),
            ("with white space at an end", text.trim().into()),
            ("with a line break", text.replace('\n', "").into()),
            ("that has digits", text.replace(|character: char| character.is_ascii_digit(), "a").into()),
            ("that goes on behind its middle", text.chars().take(text.chars().count() / 2).collect::<String>().into()),
        ],
        Value::Number(number) => {
            let value = number.as_f64().unwrap_or_default();
            // As the number itself where nothing is lacking.
            let float = |plain: f64| if plain == value { number.clone().into() } else { plain.into() };
            vec![
                ("with a fraction of a cent", float((value * 100.0).round() / 100.0)),
                ("that is no whole number", float(value.round())),
                ("below zero", float(value.abs())),
            ]
        }
        _ => Vec::new(),
    };
    plainer.into_iter().filter(|(_, plain)| plain != value).collect()
}

/// `value` with `a` in the place of every character beyond ASCII; `None` if there is none.
pub(super) fn plain(value: &Value) -> Option<Value> {
    let text = value.to_string();
    if text.is_ascii() {
        return None;
    }
    let plain: String = text.chars().map(|character| if character.is_ascii() { character } else { 'a' }).collect();
    serde_json::from_str(&plain).ok()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[test]
    fn every_value_has_its_pointer() {
        let document = json!({"a/b": [1, {"c": 2}], "d": "x"});
        let numbers: Vec<String> = collect(&document, &Value::is_number).into_iter().map(|(path, _)| path).collect();
        assert_eq!(numbers, ["/a~1b/0", "/a~1b/1/c"]);
        assert_eq!(with(&document, "/a~1b/1/c", json!(3)), json!({"a/b": [1, {"c": 3}], "d": "x"}));
    }

    #[rstest]
    #[case(json!(2), json!([1, 3]))]
    #[case(json!(2.0), json!([1.0, 3.0]))]
    #[case(json!(999.99), json!([999.98, 1000.0]))]
    #[case(json!(0.125), json!([0.12, 0.14]))]
    #[case(json!(1e300), json!(null))]
    fn a_step_is_a_unit_or_a_cent(#[case] value: Value, #[case] expected: Value) {
        let steps = steps(value.as_number().unwrap()).map_or(json!(null), |(low, high)| json!([low, high]));
        assert_eq!(steps, expected);
    }

    #[rstest]
    #[case(json!("aB\n"), &["that has capitals", "that has small letters", "with white space at an end", "with a line break", "that goes on behind its middle"])]
    #[case(json!(-0.125), &["with a fraction of a cent", "that is no whole number", "below zero"])]
    #[case(json!(7), &[])]
    #[case(json!(null), &[])]
    fn what_is_special_about_a_value_is_told(#[case] value: Value, #[case] expected: &[&str]) {
        let special: Vec<&str> = plainer(&value).into_iter().map(|(what, _)| what).collect();
        assert_eq!(special, expected);
    }

    #[test]
    fn a_text_becomes_plain_and_an_empty_value_is_filled() {
        assert_eq!(plain(&json!({"é": ["ab\u{1f600}"]})), Some(json!({"a": ["aba"]})));
        assert_eq!(plain(&json!({"a": "\u{0}"})), None);
        assert_eq!([json!(""), json!([]), json!({})].map(|empty| filled(&empty).is_some()), [true; 3]);
        assert_eq!(filled(&json!(null)), None);
    }
}

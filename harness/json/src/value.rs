//! Values by what they say.

use serde_json::Value;

use crate::number::same_number;

/// Whether two values are the same one: numbers by mathematical value, members in any order, elements in theirs.
#[must_use]
pub fn same_value(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => same_number(one, other),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same_value(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let has_same = |(key, value)| other.get(key).is_some_and(|other| same_value(value, other));
            one.len() == other.len() && one.iter().all(has_same)
        }
        (one, other) => one == other,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case(json!({"a": [1, {"b": 2.0}], "c": null}), json!({"c": null, "a": [1.0, {"b": 2}]}), true)]
    #[case(json!([1, 2]), json!([2, 1]), false)]
    #[case(json!([1]), json!([1, 1]), false)]
    #[case(json!({"a": null}), json!({"b": null}), false)]
    #[case(json!({"a": 1}), json!({"a": 1, "b": 2}), false)]
    #[case(json!("1"), json!(1), false)]
    fn values_are_the_same_or_are_not(#[case] one: Value, #[case] other: Value, #[case] expected: bool) {
        assert_eq!(same_value(&one, &other), expected);
    }
}

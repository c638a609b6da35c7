//! What several schemas say of a number or a text as one: the tightest limits.

use serde_json::{Map, Value};

/// `one` and `other` as one schema that admits at least what both admit: whoever draws from it validates.
pub(super) fn merge(mut one: Map<String, Value>, other: &Map<String, Value>) -> Map<String, Value> {
    for (keyword, value) in other {
        match one.get_mut(keyword) {
            None => {
                one.insert(keyword.clone(), value.clone());
            }
            Some(mine) if mine == value => {}
            Some(mine) => combine(keyword, mine, value),
        }
    }
    one
}

fn combine(keyword: &str, mine: &mut Value, value: &Value) {
    match keyword {
        "type" => *mine = Value::Array(common_types(mine, value)),
        "minimum" | "exclusiveMinimum" | "minLength" => {
            *mine = if value.as_f64() > mine.as_f64() { value.clone() } else { mine.take() };
        }
        "maximum" | "exclusiveMaximum" | "maxLength" => {
            *mine = if value.as_f64() < mine.as_f64() { value.clone() } else { mine.take() };
        }
        "multipleOf" => {
            if let (Some(one), Some(other)) = (whole(mine), whole(value))
                && let Some(common) = (one / greatest_divisor(one, other)).checked_mul(other)
            {
                *mine = common.into();
            }
        }
        // One of the two is drawn from, and validation has the last word.
        _ => {}
    }
}

/// A positive whole number, also if it is written with decimals.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be whole and in range")]
pub(super) fn whole(value: &Value) -> Option<u64> {
    let number = value.as_f64().filter(|number| number.fract() == 0.0 && (0.0..=9e15).contains(number))?;
    Some(number as u64)
}

fn greatest_divisor(one: u64, other: u64) -> u64 {
    if other == 0 { one.max(1) } else { greatest_divisor(other, one % other) }
}

fn common_types(one: &Value, other: &Value) -> Vec<Value> {
    let (one, other) = (types(one), types(other));
    let admits = |types: &[String], name: &str| {
        types.iter().any(|admitted| admitted == name || (admitted == "number" && name == "integer"))
    };
    let of_one = one.iter().filter(|name| admits(&other, name));
    let of_other = other.iter().filter(|name| !one.contains(name) && admits(&one, name));
    of_one.chain(of_other).cloned().map(Value::from).collect()
}

/// The names in the keyword `type`, which is a name or a list of names.
pub(super) fn types(value: &Value) -> Vec<String> {
    let name = |value: &Value| value.as_str().map(str::to_owned);
    value.as_array().map_or_else(|| name(value).into_iter().collect(), |names| names.iter().filter_map(name).collect())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case(json!({"type": ["number", "null"]}), json!({"type": "integer"}), json!({"type": ["integer"]}))]
    #[case(json!({"type": "string"}), json!({"type": "null"}), json!({"type": []}))]
    #[case(json!({"minimum": 1, "maximum": 9}), json!({"minimum": 2, "maximum": 8}), json!({"minimum": 2, "maximum": 8}))]
    #[case(json!({"minimum": 2, "maximum": 8}), json!({"minimum": 1, "maximum": 9}), json!({"minimum": 2, "maximum": 8}))]
    #[case(json!({"multipleOf": 4}), json!({"multipleOf": 6.0}), json!({"multipleOf": 12}))]
    fn the_merged_schema_admits_what_both_admit(#[case] one: Value, #[case] other: Value, #[case] merged: Value) {
        let map = |value: Value| value.as_object().cloned().unwrap();
        assert_eq!(merge(map(one), &map(other)), map(merged));
    }
}

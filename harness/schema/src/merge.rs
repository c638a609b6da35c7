//! Two schemas as one that admits at least what both admit. It may admit more: whoever draws from it validates.

use serde_json::{Map, Value};

/// How many pairs of branches two unions may have: beyond, the second union is left to validation.
const MOST_BRANCHES: usize = 16;

/// `one` and `other` as one schema.
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
        "enum" => {
            let others = value.as_array().cloned().unwrap_or_default();
            if let Value::Array(values) = mine {
                values.retain(|value| others.contains(value));
            }
        }
        "minimum" | "exclusiveMinimum" | "minLength" | "minItems" | "minProperties" => {
            *mine = if value.as_f64() > mine.as_f64() { value.clone() } else { mine.take() };
        }
        "maximum" | "exclusiveMaximum" | "maxLength" | "maxItems" | "maxProperties" => {
            *mine = if value.as_f64() < mine.as_f64() { value.clone() } else { mine.take() };
        }
        "required" => {
            if let (Value::Array(names), Value::Array(others)) = (mine, value) {
                names.extend(others.iter().filter(|name| !names.contains(name)).cloned().collect::<Vec<_>>());
            }
        }
        "allOf" => {
            if let (Value::Array(parts), Value::Array(others)) = (mine, value) {
                parts.extend(others.iter().cloned());
            }
        }
        "uniqueItems" => *mine = true.into(),
        "properties" | "patternProperties" | "$defs" | "definitions" => {
            if let (Value::Object(mine), Value::Object(others)) = (mine, value) {
                for (name, other) in others {
                    let merged = mine.get(name).map_or_else(|| other.clone(), |mine| both(mine, other));
                    mine.insert(name.clone(), merged);
                }
            }
        }
        "items" | "additionalProperties" | "propertyNames" | "contains" => *mine = both(mine, value),
        "anyOf" | "oneOf" => {
            if let (Value::Array(branches), Value::Array(others)) = (mine, value)
                && branches.len() * others.len() <= MOST_BRANCHES
            {
                *branches = branches.iter().flat_map(|one| others.iter().map(|other| both(one, other))).collect();
            }
        }
        // One of the two is drawn from, and validation has the last word.
        _ => {}
    }
}

/// Two schemas of which either may be true or false.
pub(super) fn both(one: &Value, other: &Value) -> Value {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => merge(one.clone(), other).into(),
        (Value::Bool(false), _) | (_, Value::Bool(true)) => one.clone(),
        _ => other.clone(),
    }
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
    #[case(json!({"enum": [1, 2, 3]}), json!({"enum": [3, 1]}), json!({"enum": [1, 3]}))]
    #[case(json!({"minimum": 1, "maximum": 9}), json!({"minimum": 2, "maximum": 8}), json!({"minimum": 2, "maximum": 8}))]
    #[case(json!({"minimum": 2, "maximum": 8}), json!({"minimum": 1, "maximum": 9}), json!({"minimum": 2, "maximum": 8}))]
    #[case(json!({"required": ["a"]}), json!({"required": ["b", "a"]}), json!({"required": ["a", "b"]}))]
    #[case(json!({"items": true}), json!({"items": {"minimum": 1}}), json!({"items": {"minimum": 1}}))]
    #[case(json!({"items": {"minimum": 1}}), json!({"items": false}), json!({"items": false}))]
    #[case(
        json!({"properties": {"a": {"minimum": 1}}}),
        json!({"properties": {"a": {"maximum": 2}, "b": true}}),
        json!({"properties": {"a": {"minimum": 1, "maximum": 2}, "b": true}})
    )]
    #[case(
        json!({"anyOf": [{"minimum": 1}, {"minimum": 2}]}),
        json!({"anyOf": [{"maximum": 3}]}),
        json!({"anyOf": [{"minimum": 1, "maximum": 3}, {"minimum": 2, "maximum": 3}]})
    )]
    #[case(json!({"uniqueItems": false}), json!({"uniqueItems": true}), json!({"uniqueItems": true}))]
    fn the_merged_schema_admits_what_both_admit(#[case] one: Value, #[case] other: Value, #[case] merged: Value) {
        assert_eq!(both(&one, &other), merged);
    }
}

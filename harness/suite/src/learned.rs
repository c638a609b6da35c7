//! A schema of values that were only seen: what all of them have is required, and what none of them is, is excluded.

use serde_json::{Map, Value, json};

/// The schema of everything that is like the samples.
pub(super) fn schema_of(samples: &[&Value]) -> Value {
    let mut schema = Map::new();
    let types = types(samples);
    if !types.is_empty() {
        schema.insert("type".to_owned(), json!(types));
    }
    let objects: Vec<&Map<String, Value>> = samples.iter().filter_map(|sample| sample.as_object()).collect();
    if !objects.is_empty() {
        let (required, properties) = members(&objects);
        schema.insert("required".to_owned(), json!(required));
        schema.insert("properties".to_owned(), properties);
    }
    let elements: Vec<&Value> = samples.iter().filter_map(|sample| sample.as_array()).flatten().collect();
    if !elements.is_empty() {
        schema.insert("items".to_owned(), schema_of(&elements));
    }
    Value::Object(schema)
}

/// The names of those types that were seen, in a fixed order. A number may be any number as soon as one has decimals.
fn types(samples: &[&Value]) -> Vec<&'static str> {
    let seen = |is: fn(&Value) -> bool| samples.iter().any(|sample| is(sample));
    let has_decimals = |value: &Value| value.is_f64();
    let number = if seen(has_decimals) { "number" } else { "integer" };
    [
        ("null", seen(Value::is_null)),
        ("boolean", seen(Value::is_boolean)),
        (number, seen(Value::is_number)),
        ("string", seen(Value::is_string)),
        ("array", seen(Value::is_array)),
        ("object", seen(Value::is_object)),
    ]
    .into_iter()
    .filter_map(|(name, is_seen)| is_seen.then_some(name))
    .collect()
}

fn members<'a>(objects: &[&'a Map<String, Value>]) -> (Vec<&'a str>, Value) {
    let mut names: Vec<&str> = Vec::new();
    for name in objects.iter().flat_map(|object| object.keys()) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let required =
        names.iter().copied().filter(|name| objects.iter().all(|object| object.contains_key(*name))).collect();
    let values = |name: &str| objects.iter().filter_map(|object| object.get(name)).collect::<Vec<_>>();
    let properties: Map<String, Value> =
        names.iter().map(|name| ((*name).to_owned(), schema_of(&values(name)))).collect();
    (required, Value::Object(properties))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_all_samples_have_is_required_and_every_type_seen_is_admitted() {
        let samples = [json!({"a": 1, "b": [1, 2.5], "c": "x"}), json!({"a": null, "b": []})];
        let expected = json!({
            "type": ["object"],
            "required": ["a", "b"],
            "properties": {
                "a": {"type": ["null", "integer"]},
                "b": {"type": ["array"], "items": {"type": ["number"]}},
                "c": {"type": ["string"]},
            },
        });
        assert_eq!(schema_of(&samples.iter().collect::<Vec<_>>()), expected);
    }

    #[test]
    fn nothing_is_known_of_what_was_never_seen() {
        assert_eq!(schema_of(&[]), json!({}));
        assert_eq!(schema_of(&[&json!([])]), json!({"type": ["array"]}));
    }
}

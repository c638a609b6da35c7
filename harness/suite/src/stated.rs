//! What a schema itself names: its `examples` and `default`s are literals like those of the code.

use parity_literals::{Literal, What, normal};
use serde_json::Value;

/// The texts and numbers of all `examples` and `default`s of `schema`, each near the name of its member.
pub(crate) fn stated(schema: &Value) -> Vec<Literal> {
    let mut found = Vec::new();
    walk(schema, "", &mut found);
    found
}

fn walk(schema: &Value, name: &str, found: &mut Vec<Literal>) {
    match schema {
        Value::Object(keywords) => {
            for (keyword, said) in keywords {
                match (keyword.as_str(), said) {
                    ("examples", Value::Array(examples)) => {
                        for example in examples {
                            add(example, name, found);
                        }
                    }
                    ("default", value) => add(value, name, found),
                    ("properties" | "patternProperties" | "$defs" | "definitions", Value::Object(schemas)) => {
                        schemas.iter().for_each(|(name, schema)| walk(schema, name, found));
                    }
                    ("enum" | "const", _) => {}
                    (_, inner) => walk(inner, name, found),
                }
            }
        }
        Value::Array(schemas) => schemas.iter().for_each(|schema| walk(schema, name, found)),
        _ => {}
    }
}

fn add(value: &Value, name: &str, found: &mut Vec<Literal>) {
    let what = match value {
        Value::String(text) => What::Text(text.clone()),
        Value::Number(number) => What::Number(number.clone()),
        Value::Array(elements) => return elements.iter().for_each(|element| add(element, name, found)),
        Value::Object(members) => return members.iter().for_each(|(name, member)| add(member, name, found)),
        _ => return,
    };
    let near = if name.is_empty() { Vec::new() } else { vec![normal(name)] };
    found.push(Literal { what, near });
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn examples_and_defaults_are_literals_near_the_member_that_they_are_of() {
        let schema = json!({
            "properties": {
                "cronLine": {"type": "string", "examples": ["*/5 * * * *"]},
                "default": {"type": "integer", "default": 3, "enum": [3, 4]},
                "lines": {"items": {"$ref": "#/$defs/line"}},
            },
            "examples": [{"cron_line": "0 0 * * *", "lines": [{"sku": "A-1"}]}],
            "$defs": {"line": {"allOf": [{"default": null}, {"properties": {"sku": {"default": "B-2"}}}]}},
        });
        let text = |text: &str, near: &str| json!({"what": {"text": text}, "near": [near]});
        let expected = [
            text("*/5 * * * *", "cronline"),
            json!({"what": {"number": 3}, "near": ["default"]}),
            text("0 0 * * *", "cronline"),
            text("A-1", "sku"),
            text("B-2", "sku"),
        ];
        assert_eq!(json!(stated(&schema)), json!(expected));
    }
}

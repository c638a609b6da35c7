//! Keywords and formats of an input schema that are mostly misspelled: JSON Schema lets everybody add some, so that nobody refuses them.

use parity_json::pointer;
use serde_json::{Map, Value};

/// The keywords of JSON Schema, of all its drafts and of `OpenAPI`, that stand in a schema.
const KEYWORDS: &[&str] = &[
    "$anchor",
    "$comment",
    "$defs",
    "$dynamicAnchor",
    "$dynamicRef",
    "$id",
    "$ref",
    "$schema",
    "$vocabulary",
    "additionalItems",
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "contains",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "default",
    "definitions",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "deprecated",
    "description",
    "discriminator",
    "else",
    "enum",
    "example",
    "examples",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "externalDocs",
    "format",
    "if",
    "items",
    "maxContains",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minContains",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "not",
    "nullable",
    "oneOf",
    "pattern",
    "patternProperties",
    "prefixItems",
    "properties",
    "propertyNames",
    "readOnly",
    "required",
    "then",
    "title",
    "type",
    "unevaluatedItems",
    "unevaluatedProperties",
    "uniqueItems",
    "writeOnly",
    "xml",
];

/// The formats that JSON Schema and `OpenAPI` name.
const FORMATS: &[&str] = &[
    "binary",
    "byte",
    "date",
    "date-time",
    "double",
    "duration",
    "email",
    "float",
    "hostname",
    "idn-email",
    "idn-hostname",
    "int32",
    "int64",
    "ipv4",
    "ipv6",
    "iri",
    "iri-reference",
    "json-pointer",
    "password",
    "regex",
    "relative-json-pointer",
    "time",
    "uri",
    "uri-reference",
    "uri-template",
    "uuid",
];

/// Keywords whose value is a schema, a list of schemas, or either.
const WITH_SCHEMAS: &[&str] = &[
    "additionalItems",
    "additionalProperties",
    "allOf",
    "anyOf",
    "contains",
    "contentSchema",
    "else",
    "if",
    "items",
    "not",
    "oneOf",
    "prefixItems",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];

/// Keywords whose value has schemas by name.
const WITH_NAMED: &[&str] = &["$defs", "definitions", "dependentSchemas", "patternProperties", "properties"];

/// Of so many letters, one may be another.
const LETTERS_A_MISTAKE: usize = 4;

/// What is said of a schema, each with its place below `at`.
pub(super) fn misspelled(schema: &Value, at: &str) -> Vec<(String, String)> {
    let mut said = Vec::new();
    look(schema, at, &mut said);
    said
}

fn look(schema: &Value, at: &str, said: &mut Vec<(String, String)>) {
    match schema {
        Value::Array(schemas) => {
            for (index, schema) in schemas.iter().enumerate() {
                look(schema, &pointer::child(at, &index.to_string()), said);
            }
        }
        Value::Object(members) => look_into(members, at, said),
        _ => {}
    }
}

fn look_into(schema: &Map<String, Value>, at: &str, said: &mut Vec<(String, String)>) {
    for (keyword, value) in schema {
        let place = pointer::child(at, keyword);
        if WITH_SCHEMAS.contains(&keyword.as_str()) {
            look(value, &place, said);
        } else if WITH_NAMED.contains(&keyword.as_str()) {
            for (name, schema) in value.as_object().into_iter().flatten() {
                look(schema, &pointer::child(&place, name), said);
            }
        } else if let Some(meant) = nearest(keyword, KEYWORDS) {
            said.push((place, format!("the keyword {keyword} is not known and not read; did you mean {meant}?")));
        } else if keyword == "format"
            && let Some(format) = value.as_str().filter(|format| !FORMATS.contains(format))
        {
            let meant = nearest(format, FORMATS).map_or_else(String::new, |meant| format!("; did you mean {meant}?"));
            said.push((place, format!("the format {format} is not known, so any text has it{meant}")));
        }
    }
}

/// The name that somebody meant who wrote another one, if one is near. A name that is known is meant as it is.
fn nearest(name: &str, known: &[&'static str]) -> Option<&'static str> {
    if known.contains(&name) {
        return None;
    }
    let (distance, nearest) = known.iter().map(|known| (strsim::damerau_levenshtein(name, known), *known)).min()?;
    (distance * LETTERS_A_MISTAKE <= nearest.len()).then_some(nearest)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use similar_asserts::assert_eq;

    use super::*;

    #[test]
    fn a_keyword_or_a_format_that_is_near_a_known_one_is_told_wherever_a_schema_stands() {
        let schema = json!({"type": "object", "requierd": ["a"], "properties": {
            "maximun": {"type": "integer", "maximun": 9},
            "mail": {"format": "emial"},
            "list": {"items": [{"anyOf": [{"minLenght": 1}]}], "x-note": 1, "unit": "m", "note": "n"},
            "phone": {"format": "phone"},
            "known": {"format": "uuid", "enum": [{"maximun": 1}], "default": {"maximun": 1}},
        }, "$defs": {"a": {"enmu": [1]}}});
        let known = |keyword: &str, meant: &str| {
            format!("the keyword {keyword} is not known and not read; did you mean {meant}?")
        };
        let expected = [
            ("/s/requierd", known("requierd", "required")),
            ("/s/properties/maximun/maximun", known("maximun", "maximum")),
            (
                "/s/properties/mail/format",
                "the format emial is not known, so any text has it; did you mean email?".to_owned(),
            ),
            ("/s/properties/list/items/0/anyOf/0/minLenght", known("minLenght", "minLength")),
            ("/s/properties/phone/format", "the format phone is not known, so any text has it".to_owned()),
            ("/s/$defs/a/enmu", known("enmu", "enum")),
        ];
        assert_eq!(misspelled(&schema, "/s"), expected.map(|(at, what)| (at.to_owned(), what)));
    }
}

//! The domain that a JSON Schema states: which documents are well-formed.

use jsonschema::Validator;
use serde_json::Value;

/// The validator of a JSON Schema, or what is wrong with the schema. A `format` that it knows is part of what it asks for.
pub(crate) fn validator_of(schema: &Value) -> Result<Validator, String> {
    jsonschema::options().should_validate_formats(true).build(schema).map_err(|error| error.to_string())
}

/// Tells well-formed documents from others.
#[derive(Debug)]
pub struct Domain {
    validator: Validator,
}

impl Domain {
    /// The domain that a JSON Schema states, or what is wrong with the schema.
    pub fn of_schema(schema: &Value) -> Result<Self, String> {
        validator_of(schema).map(|validator| Self { validator })
    }

    /// Whether `document` is well-formed.
    #[must_use]
    pub fn holds(&self, document: &Value) -> bool {
        self.validator.is_valid(document)
    }
}

/// `schema` as it reads at the place `to` of another document.
#[must_use]
pub fn moved(schema: &Value, to: &str) -> Value {
    let mut moved = schema.clone();
    move_references(&mut moved, to);
    moved
}

/// Lets every reference lead to below `to`; says whether there are any.
pub(crate) fn move_references(schema: &mut Value, to: &str) -> bool {
    match schema {
        Value::Object(members) => {
            let mut any = false;
            for (key, value) in members {
                match value {
                    Value::String(reference) if key == "$ref" => {
                        if let Some(pointer) = reference.strip_prefix('#') {
                            *reference = format!("#{to}{pointer}");
                        }
                        any = true;
                    }
                    other => any |= move_references(other, to),
                }
            }
            any
        }
        Value::Array(elements) => {
            elements.iter_mut().filter_map(|element| move_references(element, to).then_some(())).count() > 0
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_format_is_part_of_what_is_well_formed() {
        let domain = Domain::of_schema(&json!({"type": "string", "format": "date"})).unwrap();
        assert!(domain.holds(&json!("2024-02-29")));
        assert!(!domain.holds(&json!("2023-02-29")));
    }
}

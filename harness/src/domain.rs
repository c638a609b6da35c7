//! The input domain of a handler: which step inputs are well-formed, and which shrunk inputs are inputs at all.

use jsonschema::Validator;
use reference_rs::StepInput;
use serde_json::{Value, json};

use crate::generate::Generator;

/// The validator of a JSON Schema, or what is wrong with the schema. A `format` that it knows is part of what it asks for.
pub(crate) fn validator_of(schema: &Value) -> Result<Validator, String> {
    jsonschema::options().should_validate_formats(true).build(schema).map_err(|error| error.to_string())
}

/// Tells well-formed inputs of one handler from others.
#[derive(Debug)]
pub struct Domain {
    validator: Validator,
}

impl Domain {
    /// The domain that a JSON Schema states, or what is wrong with the schema.
    pub fn of_schema(schema: &Value) -> Result<Self, String> {
        validator_of(schema).map(|validator| Self { validator })
    }

    /// The domain that `generator` states in its schema.
    ///
    /// # Panics
    /// When the schema is not a valid JSON Schema, which a test excludes for every generator.
    #[must_use]
    #[expect(clippy::panic, reason = "the schemas are constants, and a test builds every one of them")]
    pub fn new(generator: &Generator) -> Self {
        match Self::of_schema(&(generator.schema)()) {
            Ok(domain) => domain,
            Err(error) => panic!("the schema of {} is no JSON Schema: {error}", generator.handler),
        }
    }

    /// Whether `document`, see [`document_of`], is well-formed.
    #[must_use]
    pub fn holds(&self, document: &Value) -> bool {
        self.validator.is_valid(document)
    }
}

/// What of a step input is shrunk: `{"context", "dependencies"}`.
#[must_use]
pub fn document_of(step_input: &StepInput) -> Value {
    json!({"context": step_input.context, "dependencies": step_input.dependencies})
}

/// `step_input` with context and dependencies from `document`; `None` if they are not two objects.
#[must_use]
pub fn with_document(step_input: &StepInput, document: &Value) -> Option<StepInput> {
    let parts = document.as_object().filter(|parts| parts.len() == 2)?;
    let part = |name: &str| parts.get(name)?.as_object().cloned();
    Some(StepInput { context: part("context")?, dependencies: part("dependencies")?, ..step_input.clone() })
}

/// The domain of a workflow's tasks: those whose context its `input_schema` admits. Their document is `{"context"}`.
pub fn domain_of_tasks(input_schema: &Value) -> Result<Domain, String> {
    let context = moved(input_schema, "/properties/context");
    Domain::of_schema(&json!({"type": "object", "required": ["context"], "properties": {"context": context}}))
}

/// `schema` as it reads at the place `to` of another document.
pub(crate) fn moved(schema: &Value, to: &str) -> Value {
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
    use crate::generate::GENERATORS;

    #[test]
    fn every_schema_is_valid_and_refuses_an_empty_input_unless_the_handler_reads_nothing() {
        for generator in GENERATORS {
            let domain = Domain::new(generator);
            let reads_nothing = generator.handler.starts_with("data_pipeline/extract_");
            let holds = domain.holds(&json!({"context": {}, "dependencies": {}}));
            assert_eq!(holds, reads_nothing, "{}", generator.handler);
        }
    }

    #[test]
    fn a_document_goes_back_into_its_step_input() {
        let context = json!({"a": 1}).as_object().unwrap().clone();
        let step_input = StepInput::new("a/b".parse().unwrap(), context, serde_json::Map::new());
        assert_eq!(with_document(&step_input, &document_of(&step_input)), Some(step_input.clone()));
        for no_input in [json!({}), json!({"context": {}}), json!({"context": {}, "dependencies": []}), json!(1)] {
            assert_eq!(with_document(&step_input, &no_input), None);
        }
    }

    #[test]
    fn the_references_of_an_input_schema_lead_into_it() {
        let schema = json!({"properties": {"a": {"$ref": "#/$defs/short"}}, "$defs": {"short": {"maxLength": 1}}});
        let domain = domain_of_tasks(&schema).unwrap();
        assert!(domain.holds(&json!({"context": {"a": "x"}})));
        assert!(!domain.holds(&json!({"context": {"a": "xy"}})));
    }

    #[test]
    fn a_format_is_part_of_what_is_well_formed() {
        let domain = Domain::of_schema(&json!({"type": "string", "format": "date"})).unwrap();
        assert!(domain.holds(&json!("2024-02-29")));
        assert!(!domain.holds(&json!("2023-02-29")));
    }
}

//! The input domain of a handler: which step inputs are well-formed, and which shrunk inputs are inputs at all.

use jsonschema::Validator;
use reference_rs::StepInput;
use serde_json::{Value, json};

use crate::generate::Generator;

/// Tells well-formed inputs of one handler from others.
#[derive(Debug)]
pub struct Domain {
    validator: Validator,
}

impl Domain {
    /// The domain that a JSON Schema states, or what is wrong with the schema.
    pub fn of_schema(schema: &Value) -> Result<Self, String> {
        jsonschema::validator_for(schema).map(|validator| Self { validator }).map_err(|error| error.to_string())
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
    Domain::of_schema(&json!({"type": "object", "required": ["context"], "properties": {"context": input_schema}}))
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
}

//! The part of a step input that is generated, shrunk and held against a domain.

use serde_json::Value;

use crate::step_input::StepInput;

/// What of a step input is shrunk: `{"context", "dependencies"}`.
#[must_use]
pub fn document_of(step_input: &StepInput) -> Value {
    let parts = [("context", &step_input.context), ("dependencies", &step_input.dependencies)];
    Value::from_iter(parts.map(|(name, part)| (name, Value::Object(part.clone()))))
}

/// `step_input` with context and dependencies from `document`; `None` if they are not two objects.
#[must_use]
pub fn with_document(step_input: &StepInput, document: &Value) -> Option<StepInput> {
    let parts = document.as_object().filter(|parts| parts.len() == 2)?;
    let part = |name: &str| parts.get(name)?.as_object().cloned();
    Some(StepInput { context: part("context")?, dependencies: part("dependencies")?, ..step_input.clone() })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

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

//! The schema as a whole: where its references lead, and validators of its parts.

use std::sync::Arc;

use jsonschema::Validator;
use serde_json::{Map, Value, json};

use super::error::{SchemaError, SchemaProblem};
use crate::domain;

/// A schema document.
#[derive(Debug)]
pub(super) struct Document {
    schema: Value,
    /// The same with its references as they are below `ROOT`.
    moved: Value,
}

/// Where the whole document stands in the schema that a part is validated with.
const ROOT: &str = "/$defs/root";

impl Document {
    /// The document, or what is wrong with it.
    pub(super) fn new(schema: &Value) -> Result<Self, SchemaError> {
        let invalid = |message| SchemaError::new("", SchemaProblem::Invalid(message));
        domain::validator_of(schema).map_err(invalid)?;
        let mut schema = schema.clone();
        if let Value::Object(members) = &mut schema {
            members.shift_remove("$id");
        }
        let mut moved = domain::moved(&schema, ROOT);
        if let Value::Object(members) = &mut moved {
            members.shift_remove("$schema");
        }
        Ok(Self { schema, moved })
    }

    pub(super) fn schema(&self) -> &Value {
        &self.schema
    }

    /// What `reference`, which stands at `at`, leads to, and its pointer.
    pub(super) fn resolve<'d>(&'d self, reference: &'d str, at: &str) -> Result<(&'d Value, &'d str), SchemaError> {
        let target = reference.strip_prefix('#').and_then(|pointer| Some((self.schema.pointer(pointer)?, pointer)));
        target.ok_or_else(|| SchemaError::new(at, SchemaProblem::Reference(reference.to_owned())))
    }

    /// The validator of `part`, whose references lead into this document.
    pub(super) fn validator(&self, part: &Value, at: &str) -> Result<Arc<Validator>, SchemaError> {
        let mut part = part.clone();
        let definitions = if domain::move_references(&mut part, ROOT) {
            json!({"part": part, "root": self.moved})
        } else {
            json!({"part": part})
        };
        let mut whole = Map::new();
        if let Some(draft) = self.schema.get("$schema") {
            whole.insert("$schema".to_owned(), draft.clone());
        }
        whole.insert("$ref".to_owned(), "#/$defs/part".into());
        whole.insert("$defs".to_owned(), definitions);
        let validator = domain::validator_of(&Value::Object(whole));
        validator.map(Arc::new).map_err(|message| SchemaError::new(at, SchemaProblem::Invalid(message)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_validated_with_the_definitions_of_the_whole() {
        let schema = json!({"$defs": {"short": {"maxLength": 2}}, "properties": {"a": {"$ref": "#/$defs/short"}}});
        let document = Document::new(&schema).unwrap();
        let validator = document.validator(&json!({"items": {"$ref": "#/$defs/short"}}), "").unwrap();
        assert!(validator.is_valid(&json!(["ab"])));
        assert!(!validator.is_valid(&json!(["abc"])));
        let whole = document.validator(&json!({"items": {"$ref": "#"}}), "").unwrap();
        assert!(!whole.is_valid(&json!([{"a": "abc"}])));
    }

    #[test]
    fn a_reference_that_leads_nowhere_is_an_error() {
        let document = Document::new(&json!({"$defs": {"a": {}}})).unwrap();
        for reference in ["#/$defs/b", "#a"] {
            let error = document.resolve(reference, "/properties/x").unwrap_err();
            assert_eq!(
                (error.at.as_str(), error.problem),
                ("/properties/x", SchemaProblem::Reference(reference.into()))
            );
        }
    }
}

//! The schema as a whole: where its references lead, and validators of its parts.

use std::sync::Arc;

use jsonschema::canonical::CanonicalKind;
use jsonschema::{Draft, Registry, Validator};
use serde_json::{Value, json};

use super::error::{SchemaError, SchemaProblem};
use super::lenient::strict;
use super::references::{self, DOCUMENT};
use crate::domain;

/// A schema longer than this is not turned into its opposite: that could take long.
const LONGEST_OPPOSITE: usize = 2000;

/// A schema document.
#[derive(Debug)]
pub(super) struct Document {
    /// With every reference a pointer into it.
    schema: Value,
    draft: Draft,
    /// The same, for the validators of its parts.
    registry: Registry<'static>,
    /// Of the document as it was written.
    validator: Validator,
}

impl Document {
    /// The document, or what is wrong with it.
    pub(super) fn new(schema: &Value) -> Result<Self, SchemaError> {
        let schema = &strict(schema);
        let draft = Draft::default().detect(schema);
        let resolved = references::resolved(schema, draft);
        let validator = match (domain::build(&domain::options(draft), schema), &resolved) {
            (Ok(validator), _) => validator,
            // It knows the place.
            (Err(_), Err(error)) if matches!(error.problem, SchemaProblem::Reference(_)) => return Err(error.clone()),
            (Err(error), _) => return Err(error),
        };
        let schema = resolved?;
        let invalid =
            |error: jsonschema::ReferencingError| SchemaError::new("", SchemaProblem::Invalid(error.to_string()));
        let registry = Registry::new().draft(draft).add(DOCUMENT, schema.clone()).map_err(invalid)?;
        Ok(Self { schema, draft, registry: registry.prepare().map_err(invalid)?, validator })
    }

    pub(super) fn schema(&self) -> &Value {
        &self.schema
    }

    /// Whether `value` is valid.
    pub(super) fn holds(&self, value: &Value) -> bool {
        self.validator.is_valid(value)
    }

    /// What stands at a pointer.
    pub(super) fn part(&self, pointer: &str) -> Option<&Value> {
        self.schema.pointer(pointer)
    }

    /// Whether keywords beside `$ref` mean nothing, as they do up to draft 7.
    pub(super) fn ref_stands_alone(&self) -> bool {
        matches!(self.draft, Draft::Draft4 | Draft::Draft6 | Draft::Draft7)
    }

    /// Whether `items` may be a list of schemas.
    pub(super) fn has_tuples_in_items(&self) -> bool {
        self.draft != Draft::Draft202012
    }

    /// The validator of all `parts` together, whose references lead into this document.
    pub(super) fn validator(&self, parts: &[&Value], at: &str) -> Result<Arc<Validator>, SchemaError> {
        let options = domain::options(self.draft).with_registry(&self.registry);
        let validator = domain::build(&options, &json!({"allOf": parts}));
        validator.map(Arc::new).map_err(|error| SchemaError::new(at, error.problem))
    }

    /// A schema that admits what `schema` refuses, if one can be stated.
    pub(super) fn opposite(&self, schema: &Value) -> Option<Value> {
        let keywords = match schema {
            Value::Bool(admits) => return Some(Value::Bool(!admits)),
            Value::Object(keywords) => keywords,
            _ => return None,
        };
        let text = schema.to_string();
        if text.len() > LONGEST_OPPOSITE || text.contains("\"$ref\"") || keywords.contains_key("if") {
            return None;
        }
        let options = jsonschema::canonical::options().with_draft(self.draft).should_validate_formats(true);
        let schema = options.canonicalize(schema).ok()?;
        if schema.kind() == CanonicalKind::Raw {
            return None;
        }
        let mut opposite = schema.negate().ok()?.to_json_schema();
        if let Value::Object(keywords) = &mut opposite {
            keywords.shift_remove("$schema");
        }
        (!opposite.to_string().contains("\"$ref\"")).then_some(opposite)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn a_part_is_validated_with_the_definitions_of_the_whole() {
        let schema = json!({"$defs": {"short": {"maxLength": 2}}, "properties": {"a": {"$ref": "#/$defs/short"}}});
        let document = Document::new(&schema).unwrap();
        let part = document.part("/properties/a").unwrap();
        let validator = document.validator(&[&json!({"items": part})], "").unwrap();
        assert!(validator.is_valid(&json!(["ab"])));
        assert!(!validator.is_valid(&json!(["abc"])));
    }

    #[rstest]
    #[case(json!({"type": "string"}), json!(1), json!("a"))]
    #[case(json!({"required": ["a"], "properties": {"a": {"const": 1}}}), json!({"a": 2}), json!({"a": 1}))]
    #[case(json!({"minimum": 3}), json!(2), json!("a"))]
    fn the_opposite_admits_what_a_schema_refuses(#[case] schema: Value, #[case] good: Value, #[case] bad: Value) {
        let document = Document::new(&json!({})).unwrap();
        let opposite = document.opposite(&schema).unwrap();
        let validator = document.validator(&[&opposite], "").unwrap();
        assert!(validator.is_valid(&good) && !validator.is_valid(&bad), "{opposite}");
    }
}

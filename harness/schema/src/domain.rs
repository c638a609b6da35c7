//! The domain that a JSON Schema states: which documents are well-formed.

use jsonschema::{Draft, ValidationOptions, Validator};
use serde_json::{Value, json};

use super::error::{SchemaError, SchemaProblem};
use super::formats;
use super::lenient::strict;

/// How validators are built. A `format` that is known is part of what a schema asks for, also where its draft is older than the
/// format.
pub(crate) fn options<'r>(draft: Draft) -> ValidationOptions<'r> {
    let mut options = jsonschema::options().should_validate_formats(true);
    // One that is unknown is an error that the builder words.
    if draft != Draft::Unknown {
        options = options.with_draft(draft);
    }
    for format in formats::names() {
        if !options.is_known_format(draft, format)
            && let Ok(validator) = jsonschema::options().should_validate_formats(true).build(&json!({"format": format}))
        {
            options = options.with_format(format, move |text| validator.is_valid(&text.into()));
        }
    }
    options
}

/// The validator of a JSON Schema, or what is wrong with the schema, and where.
pub(crate) fn build(options: &ValidationOptions<'_>, schema: &Value) -> Result<Validator, SchemaError> {
    options
        .build(schema)
        .map_err(|error| SchemaError::new(error.instance_path().as_str(), SchemaProblem::Invalid(error.to_string())))
}

fn validator_of(schema: &Value) -> Result<Validator, String> {
    build(&options(Draft::default().detect(schema)), &strict(schema)).map_err(|error| error.to_string())
}

/// Tells well-formed documents from others.
#[derive(Debug)]
pub struct Domain {
    /// What must hold of the whole, or of one of its members, which it then must have: all rules of one of these.
    alternatives: Vec<Vec<(Option<String>, Validator)>>,
}

impl Domain {
    /// The domain that a JSON Schema states, or what is wrong with the schema.
    pub fn of_schema(schema: &Value) -> Result<Self, String> {
        Ok(Self { alternatives: vec![vec![(None, validator_of(schema)?)]] })
    }

    /// The domain of objects that have these members, each with a schema, and a draft, of its own.
    pub fn of_members<const N: usize>(members: [(&str, &Value); N]) -> Result<Self, String> {
        let rule = |(name, schema): (&str, &Value)| Ok((Some(name.to_owned()), validator_of(schema)?));
        Ok(Self { alternatives: vec![members.into_iter().map(rule).collect::<Result<_, String>>()?] })
    }

    /// What is well-formed in one of `domains`.
    #[must_use]
    pub fn any_of(domains: impl IntoIterator<Item = Self>) -> Self {
        Self { alternatives: domains.into_iter().flat_map(|domain| domain.alternatives).collect() }
    }

    /// Whether `document` is well-formed.
    #[must_use]
    pub fn holds(&self, document: &Value) -> bool {
        let holds = |(member, validator): &(Option<String>, Validator)| {
            let part = member.as_ref().map_or(Some(document), |name| document.get(name));
            part.is_some_and(|part| validator.is_valid(part))
        };
        self.alternatives.iter().any(|rules| rules.iter().all(holds))
    }
}

/// `schema` as it reads at the place `to` of another document.
#[must_use]
pub fn moved(schema: &Value, to: &str) -> Value {
    let mut moved = schema.clone();
    move_references(&mut moved, to);
    moved
}

/// Lets every reference lead to below `to`.
fn move_references(schema: &mut Value, to: &str) {
    match schema {
        Value::Object(members) => {
            for (key, value) in members {
                match value {
                    Value::String(reference) if key == "$ref" => {
                        if let Some(pointer) = reference.strip_prefix('#') {
                            *reference = format!("#{to}{pointer}");
                        }
                    }
                    other => move_references(other, to),
                }
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(|element| move_references(element, to)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(json!({"type": "string", "format": "date"}), "2024-02-29", "2023-02-29")]
    #[case(json!({"$schema": "http://json-schema.org/draft-07/schema#", "format": "uuid"}), "123e4567-e89b-12d3-a456-426614174000", "a")]
    #[case(json!({"$schema": "http://json-schema.org/draft-04/schema#", "format": "date"}), "2024-02-29", "2023-02-29")]
    fn a_format_is_part_of_what_is_well_formed_in_every_draft(
        #[case] schema: Value,
        #[case] good: &str,
        #[case] bad: &str,
    ) {
        let domain = Domain::of_schema(&schema).unwrap();
        assert!(domain.holds(&json!(good)));
        assert!(!domain.holds(&json!(bad)));
    }

    #[test]
    fn every_member_is_judged_by_its_own_schema_and_draft() {
        let tuple = json!({"$id": "https://a.example/b", "$schema": "http://json-schema.org/draft-07/schema#",
            "items": [{"$ref": "#/definitions/c"}], "definitions": {"c": {"type": "integer"}}});
        let domain = Domain::of_members([("a", &tuple), ("b", &json!({"type": "object"}))]).unwrap();
        assert!(domain.holds(&json!({"a": [1, "x"], "b": {}})));
        assert!(!domain.holds(&json!({"a": ["x"], "b": {}})));
        assert!(!domain.holds(&json!({"a": [1]})));
    }

    #[test]
    fn one_of_several_domains_is_enough() {
        let of = |name: &str| Domain::of_members([(name, &json!({"type": "integer"}))]).unwrap();
        let domain = Domain::any_of([of("a"), of("b")]);
        assert!(domain.holds(&json!({"a": 1})) && domain.holds(&json!({"a": "x", "b": 1})));
        assert!(!domain.holds(&json!({"a": "x"})) && !Domain::any_of([]).holds(&json!({})));
    }

    #[test]
    fn what_is_no_schema_is_named_by_its_place() {
        let error = Domain::of_schema(&json!({"properties": {"a": {"type": "strin"}}})).unwrap_err();
        assert!(error.starts_with("at /properties/a/type: no JSON Schema: "), "{error}");
    }
}

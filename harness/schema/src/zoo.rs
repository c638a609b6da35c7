//! Schemas of many kinds: what is drawn from each is valid, reaches the edges, and depends on its number alone.

use std::collections::BTreeSet;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use rstest::rstest;
use serde_json::{Value, json};

use super::error::{SchemaError, SchemaProblem};
use super::node::strategy_of;
use crate::domain::validator_of;
use crate::scope::Scope;

/// Values number 0 to `count` of a schema.
fn drawn(schema: &Value, scope: Scope, count: u8) -> Vec<Value> {
    let strategy = strategy_of(schema, scope).unwrap_or_else(|error| panic!("{schema}: {error}"));
    let value = |seed: u8| {
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
        let mut runner = TestRunner::new_with_rng(proptest::test_runner::Config::default(), rng);
        strategy.new_tree(&mut runner).unwrap().current()
    };
    (0..count).map(value).collect()
}

#[rstest]
#[case(json!(true))]
#[case(json!({}))]
#[case(json!({"type": "null"}))]
#[case(json!({"type": "boolean"}))]
#[case(json!({"type": "integer"}))]
#[case(json!({"type": "integer", "minimum": 3, "maximum": 5}))]
#[case(json!({"type": "integer", "exclusiveMinimum": 3, "exclusiveMaximum": 5}))]
#[case(json!({"type": "integer", "minimum": -20, "maximum": 100, "multipleOf": 7}))]
#[case(json!({"type": "integer", "minimum": 1_000_000_000_000_i64}))]
#[case(json!({"type": "number"}))]
#[case(json!({"type": "number", "minimum": 0.5, "maximum": 0.75}))]
#[case(json!({"type": "number", "exclusiveMinimum": 0, "maximum": 1000, "multipleOf": 0.01}))]
#[case(json!({"type": "string"}))]
#[case(json!({"type": "string", "minLength": 2, "maxLength": 4}))]
#[case(json!({"type": "string", "minLength": 40}))]
#[case(json!({"type": "string", "maxLength": 0}))]
#[case(json!({"type": "string", "pattern": "^[A-Z]{2}-\\d{3,5}$"}))]
#[case(json!({"type": "string", "pattern": "^(ab|c+)?x$|^y\\w*$"}))]
#[case(json!({"type": "string", "pattern": "[0-9]"}))]
#[case(json!({"type": "string", "pattern": "^\\S+ \\S+$", "minLength": 5, "maxLength": 40}))]
#[case(json!({"type": "string", "pattern": "^[^@\\s]+@[^@\\s]+\\b\\.[a-z]+$"}))]
#[case(json!({"type": "string", "pattern": "^[a-z]+$", "minLength": 30, "maxLength": 31}))]
#[case(json!({"type": ["string", "null"], "minLength": 1}))]
#[case(json!({"enum": ["a", 1, null, {"b": []}]}))]
#[case(json!({"type": "string", "enum": ["a", 1]}))]
#[case(json!({"const": {"a": 1}}))]
#[case(json!({"minimum": 3, "maxLength": 2}))]
#[case(json!({"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 3}))]
#[case(json!({"type": "array", "items": {"enum": [1, 2, 3, 4]}, "uniqueItems": true, "minItems": 2}))]
#[case(json!({"type": "array", "prefixItems": [{"type": "string"}, {"type": "null"}], "items": false, "minItems": 2}))]
#[case(json!({"type": "array", "prefixItems": [{"type": "string"}], "items": {"type": "boolean"}}))]
#[case(json!({"type": "array", "contains": {"const": 5}}))]
#[case(json!({"$schema": "http://json-schema.org/draft-07/schema#", "items": [{"type": "null"}], "additionalItems": {"type": "integer"}}))]
#[case(json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}, "b": {"type": "string"}}, "additionalProperties": false}))]
#[case(json!({"type": "object", "required": ["a", "z"], "properties": {"a": {"type": "integer"}}, "additionalProperties": {"type": "number"}}))]
#[case(json!({"type": "object", "additionalProperties": {"type": "integer"}, "minProperties": 1, "maxProperties": 2}))]
#[case(json!({"type": "object", "patternProperties": {"^x-[a-z]+$": {"type": "boolean"}}, "additionalProperties": false}))]
#[case(json!({"type": "object", "propertyNames": {"pattern": "^[a-z]{1,3}$"}, "additionalProperties": {"type": "null"}}))]
#[case(json!({"type": "object", "properties": {"a": {}, "b": {}}, "dependentRequired": {"a": ["b"]}}))]
#[case(json!({"anyOf": [{"type": "string"}, {"type": "integer", "minimum": 5}]}))]
#[case(json!({"oneOf": [{"type": "integer", "multipleOf": 2}, {"type": "integer", "multipleOf": 3}], "minimum": 0}))]
#[case(json!({"type": "object", "required": ["kind"], "oneOf": [
    {"properties": {"kind": {"const": "card"}, "number": {"type": "string"}}, "required": ["number"]},
    {"properties": {"kind": {"const": "cash"}}}
]}))]
#[case(json!({"allOf": [{"type": "object", "required": ["a"]}, {"properties": {"a": {"type": "integer"}}}, {"properties": {"a": {"minimum": 5}}}]}))]
#[case(json!({"allOf": [{"anyOf": [{"required": ["a"]}, {"required": ["b"]}]}, {"anyOf": [{"required": ["c"]}, {"required": ["d"]}]}], "type": "object"}))]
#[case(json!({"type": "integer", "not": {"multipleOf": 2}}))]
#[case(json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "boolean"}, "b": {"type": "string"}},
    "if": {"properties": {"a": {"const": true}}}, "then": {"required": ["b"]}, "else": {"properties": {"b": false}}}))]
#[case(json!({"$ref": "#/$defs/money", "$defs": {"money": {"type": "number", "minimum": 0}}}))]
#[case(json!({"type": "array", "items": {"$ref": "#/definitions/name"}, "definitions": {"name": {"type": "string", "minLength": 1}}}))]
#[case(json!({"$ref": "#/$defs/tree", "$defs": {"tree": {"type": "object", "required": ["value"], "properties": {
    "value": {"type": "integer"}, "left": {"$ref": "#/$defs/tree"}, "children": {"type": "array", "items": {"$ref": "#/$defs/tree"}}}}}}))]
#[case(json!({"anyOf": [{"type": "null"}, {"type": "object", "required": ["next"], "properties": {"next": {"$ref": "#"}}}]}))]
fn every_value_is_valid(#[case] schema: Value) {
    let validator = validator_of(&schema).unwrap();
    for scope in [Scope::Tiny, Scope::Small, Scope::Normal] {
        for value in drawn(&schema, scope, 250) {
            assert!(validator.is_valid(&value), "{value}");
        }
    }
}

#[rstest]
#[case("email")]
#[case("idn-email")]
#[case("uuid")]
#[case("date")]
#[case("date-time")]
#[case("time")]
#[case("duration")]
#[case("uri")]
#[case("uri-reference")]
#[case("iri")]
#[case("uri-template")]
#[case("hostname")]
#[case("ipv4")]
#[case("ipv6")]
#[case("json-pointer")]
#[case("regex")]
fn every_format_has_several_valid_texts(#[case] format: &str) {
    let schema = json!({"type": "string", "format": format});
    let validator = validator_of(&schema).unwrap();
    let values = drawn(&schema, Scope::Normal, 250);
    assert!(values.iter().all(|value| validator.is_valid(value)));
    assert!(values.iter().map(Value::to_string).collect::<BTreeSet<_>>().len() >= 5, "{values:?}");
}

/// Every value of `claimed` is among those drawn.
#[rstest]
#[case(json!({"type": "integer", "minimum": 3, "maximum": 12}), &["3", "4", "11", "12"])]
#[case(json!({"type": "integer"}), &["0", "1", "-1", "9007199254740991"])]
#[case(json!({"type": "number", "minimum": 0}), &["0", "-0.0", "0.005", "2.675", "1.005", "1.0", "1e+21", "0.01"])]
#[case(json!({"type": "string"}), &[r#""""#, r#""a""#, r#""A""#, r#""10""#, r#""2""#, r#""01""#, r#""ß""#, r#""İ""#, "\"e\u{301}\"", r#"" a""#])]
#[case(json!({"type": "string", "pattern": "^[ -~\u{a0}]{3,5}$"}), &["\"   \"", "\"     \""])]
#[case(json!({"type": "string", "format": "date"}), &[r#""2024-02-29""#, r#""2024-12-31""#])]
#[case(json!({"type": "string", "pattern": "^[A-Za-z]+$"}), &[r#""a""#, r#""A""#, r#""ABC""#])]
#[case(json!({"type": "string", "minLength": 2, "maxLength": 2}), &[r#""10""#, r#""01""#])]
#[case(json!({"type": "integer", "default": 777_777}), &["777777"])]
#[case(json!({"type": "string", "examples": ["tok_visa", 1]}), &[r#""tok_visa""#])]
#[case(json!({"type": "array", "items": {"type": "boolean"}, "maxItems": 3}), &["[]", "[true]", "[true,true]", "[false,true,true]"])]
#[case(json!({"type": "object", "properties": {"a": {"const": 1}}}), &["{}", r#"{"a":1}"#])]
#[case(json!({"type": "object", "additionalProperties": {"const": 1}}), &["{}", r#"{"10":1}"#, r#"{"constructor":1}"#])]
fn edges_are_reached(#[case] schema: Value, #[case] claimed: &[&str]) {
    let strategy = strategy_of(&schema, Scope::Normal).unwrap();
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[3; 32]);
    let mut runner = TestRunner::new_with_rng(proptest::test_runner::Config::default(), rng);
    let seen: BTreeSet<String> =
        (0..4000).map(|_| strategy.new_tree(&mut runner).unwrap().current().to_string()).collect();
    let missing: Vec<_> = claimed.iter().filter(|claim| !seen.contains(**claim)).collect();
    assert!(missing.is_empty(), "{missing:?} not in {seen:?}");
}

#[test]
fn a_text_is_drawn_at_both_its_limits_and_counted_in_characters() {
    let schema = json!({"type": "string", "minLength": 3, "maxLength": 20});
    let lengths: BTreeSet<usize> =
        drawn(&schema, Scope::Normal, 250).iter().filter_map(Value::as_str).map(|text| text.chars().count()).collect();
    assert!(lengths.contains(&3) && lengths.contains(&20), "{lengths:?}");
}

#[test]
fn sizes_follow_the_scope() {
    let schema = json!({"type": "array", "items": {"type": "null"}});
    let longest = |scope| drawn(&schema, scope, 250).iter().filter_map(Value::as_array).map(Vec::len).max();
    // An element more is the one that is drawn twice.
    assert_eq!([Scope::Tiny, Scope::Small, Scope::Normal].map(longest), [Some(2), Some(4), Some(9)]);
}

#[test]
fn about_half_of_all_numbers_are_edges() {
    let schema = json!({"type": "integer", "minimum": 0, "maximum": 9_000_000});
    let is_edge = |value: &Value| super::edges::integers().contains(value);
    let edges = drawn(&schema, Scope::Normal, 250).iter().filter(|value| is_edge(value)).count();
    assert!((100..=170).contains(&edges), "{edges}");
}

#[rstest]
#[case(json!({"properties": {"a": {"pattern": "^(?=x)y"}}}), "/properties/a", "look-around, including look-ahead and look-behind, is not supported")]
#[case(json!({"properties": {"a": {"pattern": "(a)\\1"}}}), "/properties/a", "backreferences are not supported")]
fn a_pattern_that_can_not_be_drawn_from_is_named(#[case] schema: Value, #[case] at: &str, #[case] reason: &str) {
    let error = strategy_of(&schema, Scope::Normal).unwrap_err();
    assert_eq!(error.at, at);
    assert!(matches!(&error.problem, SchemaProblem::Pattern { reason: found, .. } if found == reason), "{error}");
}

#[rstest]
#[case(json!({"properties": {"a": {"$anchor": "here"}}}), "/properties/a", "$anchor is not supported; name the place by its JSON Pointer")]
#[case(json!({"$defs": {"b": {}}, "items": {"$ref": "#/$defs/a"}}), "", "Pointer '/$defs/a' does not exist")]
#[case(json!({"required": ["a"], "properties": {"a": {"minLength": 3, "maxLength": 2}}}), "/properties/a", "minLength is greater than maxLength; loosen one of the two")]
#[case(json!({"required": ["a"], "properties": {"a": {"type": "integer", "minimum": 3, "maximum": 2}}}), "/properties/a", "no number lies between the limits")]
#[case(json!({"type": "array", "minItems": 3, "maxItems": 2}), "", "minItems is greater than maxItems")]
#[case(json!({"type": "string", "enum": [1]}), "", "no value of enum or const meets the other keywords")]
#[case(json!({"allOf": [{"type": "string"}, {"type": "null"}]}), "", "the types exclude one another; loosen one of the two")]
#[case(json!({"allOf": [{"enum": [1]}, {"enum": [2]}]}), "", "no value is in every enum")]
#[case(json!({"type": "object", "required": ["a"], "properties": {"a": {"$ref": "#"}}}), "/properties/a", "make the reference optional")]
#[case(json!({"type": "string", "pattern": "^a$", "minLength": 2}), "", "no value that meets all keywords was found in 1000 tries")]
#[case(json!({"type": "integer", "not": {"type": "number"}}), "", "no value that meets all keywords was found in 1000 tries")]
#[case(json!({"required": ["b"], "properties": {}, "additionalProperties": false, "type": "object"}), "/required", "admits no value")]
fn a_schema_without_values_is_an_error_that_says_where(#[case] schema: Value, #[case] at: &str, #[case] text: &str) {
    let error: SchemaError = strategy_of(&schema, Scope::Normal).unwrap_err();
    assert!(error.at.starts_with(at), "{error}");
    assert!(error.to_string().contains(text), "{error}");
}

#[test]
fn what_is_no_schema_is_an_error() {
    let error = strategy_of(&json!({"type": "strin"}), Scope::Normal).unwrap_err();
    assert!(matches!(error.problem, SchemaProblem::Invalid(_)), "{error}");
}

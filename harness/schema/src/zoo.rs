//! Schemas of many kinds: what is drawn from each is valid, reaches the edges, and depends on its number alone.

use std::collections::BTreeSet;

use proptest::strategy::{BoxedStrategy, Strategy, ValueTree};
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use rstest::rstest;
use serde_json::{Value, json};

use super::error::{SchemaError, SchemaProblem};
use super::schema::Schema;
use crate::domain::Domain;
use crate::scope::Scope;

fn strategy_of(schema: &Value, scope: Scope) -> Result<BoxedStrategy<Value>, SchemaError> {
    Schema::new(schema)?.values(scope)
}

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
#[case(json!({"$id": "https://example.com/order.json", "properties": {"a": {"$ref": "#/$defs/m"}}, "$defs": {"m": {"type": "number"}}}))]
#[case(json!({"items": {"$ref": "#m"}, "$defs": {"m": {"$anchor": "m", "type": "number"}}}))]
#[case(json!({"items": {"$ref": "#/$defs/a%25b%20c"}, "$defs": {"a%b c": {"type": "number"}}}))]
#[case(json!({"items": {"$ref": "#/$defs/m", "minimum": 5}, "$defs": {"m": {"type": "number"}}}))]
#[case(json!({"$schema": "http://json-schema.org/draft-07/schema#", "items": {"$ref": "#/definitions/m", "maximum": 5}, "definitions": {"m": {"const": 7}}}))]
#[case(json!({"$schema": "http://json-schema.org/draft-07/schema#", "type": "string", "format": "uuid"}))]
#[case(json!({"type": "array", "minItems": 3.0, "items": {"type": "integer"}}))]
#[case(json!({"type": "object", "minProperties": 20}))]
#[case(json!({"type": "array", "minItems": 20, "uniqueItems": true, "items": {"type": "integer", "minimum": 1, "maximum": 100}}))]
#[case(json!({"type": "array", "minItems": 3, "uniqueItems": true, "items": {"enum": [1, 1.0, 2, "a"]}}))]
#[case(json!({"type": "array", "items": {"type": "integer"}, "contains": {"minimum": 1000}, "minContains": 2, "maxContains": 3}))]
#[case(json!({"type": "array", "prefixItems": [{"type": "string"}], "unevaluatedItems": {"type": "null"}}))]
#[case(json!({"allOf": [{"properties": {"a": {"type": "integer"}}}], "properties": {"b": {}}, "required": ["a"], "unevaluatedProperties": false, "type": "object"}))]
#[case(json!({"allOf": [{"additionalProperties": {"type": "integer"}}, {"properties": {"a": {"minimum": 3}}}], "required": ["a"], "type": "object"}))]
#[case(json!({"properties": {"x-a": {"minLength": 2}}, "patternProperties": {"^x-": {"type": "string"}, "-a$": {"maxLength": 4}}, "required": ["x-a"], "type": "object"}))]
#[case(json!({"type": "object", "properties": {"a": {}, "B": {}}, "propertyNames": {"pattern": "^[a-z]$"}, "minProperties": 1}))]
#[case(json!({"type": "object", "dependentSchemas": {"a": {"required": ["b"], "properties": {"b": {"const": 1}}}}, "properties": {"a": {"type": "null"}}}))]
#[case(json!({"$schema": "http://json-schema.org/draft-07/schema#", "type": "object", "dependencies": {"a": ["b"], "c": {"required": ["a"]}}, "properties": {"a": {}, "b": {}, "c": {}}}))]
#[case(json!({"type": "string", "allOf": [{"pattern": "^a"}, {"pattern": "z$"}]}))]
#[case(json!({"type": "string", "format": "date", "pattern": "^2024-"}))]
#[case(json!({"type": "string", "pattern": "^(?!.*<script>)(?=.*[A-Z])(?=.*\\d).{4,}$"}))]
#[case(json!({"type": "string", "pattern": "^(a|b)-\\1$"}))]
#[case(json!({"type": "string", "pattern": "^(?=.*deadbeef)[a-f0-9]{40}$", "examples": ["b", "deadbeef".repeat(5)]}))]
#[case(json!({"not": {"type": ["object", "string"]}}))]
#[case(json!({"type": "object", "not": {"required": ["a"]}, "properties": {"a": {}, "b": {}}}))]
#[case(json!({"type": "integer", "not": {"enum": [0, 1, 2]}, "minimum": 0, "maximum": 4}))]
#[case(json!({"anyOf": [false, {"type": "null"}, true]}))]
#[case(json!({"enum": ["a", {"$ref": "#/x"}]}))]
#[case(json!({"items": {"$dynamicRef": "#node"}, "$defs": {"n": {"$dynamicAnchor": "node", "type": "null"}}}))]
#[case(json!({"$ref": "https://json-schema.org/draft/2020-12/schema"}))]
#[case(json!({"$ref": "#/$defs/List<Name>", "$defs": {"List<Name>": {"items": {"type": "string", "pattern": "^[\\w-.]{2}}$"}}}}))]
fn every_value_is_valid(#[case] schema: Value) {
    let domain = Domain::of_schema(&schema).unwrap();
    for scope in [Scope::Tiny, Scope::Small, Scope::Normal] {
        for value in drawn(&schema, scope, 250) {
            assert!(domain.holds(&value), "{value}");
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
    let domain = Domain::of_schema(&schema).unwrap();
    let values = drawn(&schema, Scope::Normal, 250);
    assert!(values.iter().all(|value| domain.holds(value)));
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
#[case(json!({"type": "string", "minLength": 1}), &["\"\u{feff}\"", r#""\u001c""#, "\"\u{85}\"", r#""a=b=c""#, "\"\u{10400}\"", "\"\u{e000}\""])]
#[case(json!({"type": "string"}), &[r#""1_0""#, r#""1e12""#, r#"" 1 ""#, r#""0x10""#, r#""1.""#, r#"".5""#, r#""٣""#, r#""Infinity""#])]
#[case(json!({"type": "integer", "minimum": 1}), &["9007199254740993", "9223372036854775807"])]
#[case(json!({"type": "integer", "minimum": 1, "maximum": 1_000_000_000_000_000_000_i64}), &["999999999999999999", "1000000000000000000"])]
#[case(json!({"type": "string", "format": "date-time"}), &[r#""2024-02-29T00:30:00+14:00""#, r#""2024-12-31T23:59:59-00:01""#])]
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
    assert_eq!([Scope::Tiny, Scope::Small].map(longest), [Some(2), Some(4)]);
    let lists = drawn(&schema, Scope::Normal, 250);
    let long = lists.iter().filter_map(Value::as_array).filter(|list| list.len() > 9).count();
    assert!(long < 25, "{long}");
}

#[rstest]
#[case(json!({"type": "array", "items": {"const": 0}}), &[100, 101, 1001])]
#[case(json!({"type": "array", "items": {"const": 0}, "maxItems": 100}), &[99, 100])]
#[case(json!({"type": "string", "minLength": 1}), &[100, 101, 255, 1001])]
#[case(json!({"type": "string", "maxLength": 140}), &[100, 140])]
#[case(json!({"type": "object", "additionalProperties": {"const": 0}}), &[11, 101])]
fn now_and_then_a_size_is_a_limit_that_people_set(#[case] schema: Value, #[case] claimed: &[usize]) {
    let size = |value: Value| match value {
        Value::Array(elements) => elements.len(),
        Value::Object(members) => members.len(),
        other => other.as_str().map_or(0, |text| text.chars().count()),
    };
    let strategy = strategy_of(&schema, Scope::Normal).unwrap();
    let mut runner = TestRunner::deterministic();
    let sizes: Vec<usize> = (0..4000).map(|_| size(strategy.new_tree(&mut runner).unwrap().current())).collect();
    assert!(claimed.iter().all(|claim| sizes.contains(claim)), "{sizes:?}");
    assert!(sizes.iter().filter(|size| **size > 30).count() < 800);
}

#[test]
fn halves_of_every_size_are_drawn() {
    let schema = json!({"type": "number", "minimum": 0, "maximum": 1_000_000});
    let strategy = strategy_of(&schema, Scope::Normal).unwrap();
    let mut runner = TestRunner::deterministic();
    let mut halves = BTreeSet::new();
    for _ in 0..2000 {
        let text = strategy.new_tree(&mut runner).unwrap().current().to_string();
        let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
        if decimals.len() == 3 && decimals.ends_with('5') {
            halves.insert(whole.len());
        }
    }
    assert!((1..=6).all(|digits| halves.contains(&digits)), "{halves:?}");
}

#[test]
fn about_half_of_all_numbers_are_edges() {
    let schema = json!({"type": "integer", "minimum": 0, "maximum": 9_000_000});
    let is_edge = |value: &Value| super::edges::integers().contains(value);
    let edges = drawn(&schema, Scope::Normal, 250).iter().filter(|value| is_edge(value)).count();
    assert!((100..=170).contains(&edges), "{edges}");
}

#[rstest]
#[case(json!({"properties": {"a": {"pattern": "^(?=x)y"}, "b": {"type": "null"}}}), "/properties/a")]
#[case(json!({"type": "array", "items": {"type": "string", "pattern": "^(?=x)y"}}), "/items")]
#[case(json!({"anyOf": [{"type": "null"}, {"type": "string", "pattern": "a", "maxLength": 0}]}), "/anyOf/1")]
fn what_is_optional_and_not_found_is_left_out_and_told(#[case] schema: Value, #[case] at: &str) {
    let schema = json!({"type": "object", "properties": {"x": schema}, "required": ["x"]});
    assert!(!drawn(&schema, Scope::Normal, 20).is_empty());
    let undrawn = Schema::new(&schema).unwrap().undrawn(Scope::Normal);
    assert_eq!(undrawn.iter().map(|error| error.at.clone()).collect::<Vec<_>>(), [format!("/properties/x{at}")]);
}

#[rstest]
#[case(json!({"$defs": {"b": {}}, "items": {"$ref": "#/$defs/a"}}), "/items", "$ref \"#/$defs/a\" leads nowhere")]
#[case(json!({"required": ["a"], "properties": {"a": {"type": "string", "pattern": "^(?=x)y"}}}), "/properties/a", "no value that meets all keywords was found in 1000 tries")]
#[case(json!({"required": ["a"], "properties": {"a": {"minLength": 3, "maxLength": 2}}}), "/properties/a", "minLength is greater than maxLength; loosen one of the two")]
#[case(json!({"required": ["a"], "properties": {"a": {"type": "integer", "minimum": 3, "maximum": 2}}}), "/properties/a", "no number lies between the limits")]
#[case(json!({"type": "array", "minItems": 3, "maxItems": 2}), "", "minItems is greater than maxItems")]
#[case(json!({"type": "string", "enum": [1]}), "", "no value of enum or const meets the other keywords")]
#[case(json!({"allOf": [{"type": "string"}, {"type": "null"}]}), "", "the types exclude one another; loosen one of the two")]
#[case(json!({"allOf": [{"enum": [1]}, {"enum": [2]}]}), "", "no value of enum or const meets the other keywords")]
#[case(json!({"type": "object", "required": ["a"], "properties": {"a": {"$ref": "#"}}}), "/properties/a", "make the reference optional")]
#[case(json!({"type": "string", "pattern": "^a$", "minLength": 2}), "", "no value that meets all keywords was found in 1000 tries")]
#[case(json!({"type": "integer", "not": {"type": "number"}}), "", "the types exclude one another")]
#[case(json!({"required": ["b"], "properties": {}, "additionalProperties": false, "type": "object"}), "/additionalProperties", "admits no value")]
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

/// The values of a schema reach both sides of what is asked.
#[rstest]
#[case::every_condition_of_several(
    json!({"type": "object", "required": ["kind"], "properties": {"kind": {"enum": ["card", "bank", "cash"]}}, "allOf": [
        {"if": {"properties": {"kind": {"const": "card"}}}, "then": {"required": ["pan"]}},
        {"if": {"properties": {"kind": {"const": "bank"}}}, "then": {"required": ["iban"]}}]}),
    "/kind", &["\"card\"", "\"bank\"", "\"cash\""]
)]
#[case::a_member_on_which_others_depend(
    json!({"type": "object", "properties": {"card": {"const": 1}}, "dependentSchemas": {"card": {"required": ["cvc"]}}}),
    "/card", &["1", "none"]
)]
#[case::exactly_one_of_many_members(
    json!({"type": "object", "oneOf": Vec::from_iter(["a", "b", "c", "d", "e", "f", "g", "h"].map(|name| json!({"required": [name]}))),
        "properties": {"a": {}, "b": {}, "c": {}, "d": {}, "e": {}, "f": {}, "g": {}, "h": {"const": 1}}}),
    "/h", &["1", "none"]
)]
#[case::each_of_many_conditions(
    json!({"type": "object", "required": ["kind"], "properties": {"kind": {"type": "integer", "minimum": 0, "maximum": 99}},
        "allOf": (0..100).map(|kind| json!({"if": {"properties": {"kind": {"const": kind}}},
            "then": {"required": ["value"], "properties": {"value": {"const": kind}}}})).collect::<Vec<_>>()}),
    "/value", &["7", "42", "99"]
)]
#[case::a_list_as_long_as_it_may_be(
    json!({"type": "array", "minItems": 10, "maxItems": 100, "items": {"const": 0}}), "/99", &["0", "none"]
)]
#[case::a_list_between_its_limits(
    json!({"type": "array", "minItems": 10, "maxItems": 100, "items": {"const": 0}}), "/14", &["0", "none"]
)]
#[case::the_condition_and_its_opposite(
    json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "boolean"}},
        "if": {"properties": {"a": {"const": true}}}, "then": {"required": ["b"]}, "else": {"required": ["c"]}}),
    "/a", &["true", "false"]
)]
fn both_sides_are_reached(#[case] schema: Value, #[case] at: &str, #[case] claimed: &[&str]) {
    let values = drawn(&schema, Scope::Normal, 255);
    let seen: BTreeSet<String> =
        values.iter().map(|value| value.pointer(at).map_or("none".to_owned(), Value::to_string)).collect();
    assert!(claimed.iter().all(|claim| seen.contains(*claim)), "{seen:?}");
}

#[test]
fn a_repeat_reaches_its_bounds() {
    let schema = json!({"type": "string", "pattern": "^[1-9][0-9]{0,20}$"});
    let values = drawn(&schema, Scope::Normal, 250);
    let lengths: BTreeSet<usize> = values.iter().filter_map(Value::as_str).map(str::len).collect();
    assert!(lengths.contains(&1) && lengths.contains(&21) && lengths.len() > 12, "{lengths:?}");
}

#[test]
fn where_nothing_is_said_numbers_of_every_size_are_drawn() {
    let numbers: Vec<f64> = drawn(&json!({}), Scope::Normal, 250).iter().filter_map(Value::as_f64).collect();
    let count = |is: fn(&f64) -> bool| numbers.iter().filter(|number| is(number)).count();
    assert!(count(|number| number.abs() > 1e6) >= 3 && count(|number| number.fract() != 0.0) >= 10, "{numbers:?}");
    assert!(count(|number| *number != 0.0 && number.abs() < 1e-3) >= 1, "{numbers:?}");
}

/// Four definitions that refer to one another, and to themselves in lists and members.
#[test]
fn definitions_that_refer_to_one_another_are_not_multiplied_out() {
    let other = |name: &str| json!({"$ref": format!("#/$defs/{name}")});
    let names = ["a", "b", "c", "d", "e", "f"];
    let any = json!(names.map(other));
    let node = || {
        json!({"type": "object", "properties": {
        "one": {"anyOf": any}, "many": {"type": "array", "items": {"oneOf": [{"type": "null"}, {"anyOf": any}]}},
        "a": other("a"), "b": other("b"), "c": other("c")}})
    };
    let defs: serde_json::Map<String, Value> = names.iter().map(|name| ((*name).to_owned(), node())).collect();
    let schema = json!({"$ref": "#/$defs/a", "$defs": defs});
    let domain = Domain::of_schema(&schema).unwrap();
    for value in drawn(&schema, Scope::Normal, 20) {
        assert!(domain.holds(&value), "{value}");
        assert!(value.to_string().len() < 100_000);
    }
}

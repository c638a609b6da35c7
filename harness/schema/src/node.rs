//! One schema of the document: references and `allOf` merged, unions split, and what is left drawn by type.

use std::sync::Arc;

use jsonschema::Validator;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Map, Value, json};

use super::document::Document;
use super::edges;
use super::error::{SchemaError, SchemaProblem};
use super::merge::{both, merge, types};
use crate::scope::Scope;
use crate::values::one_of;
use parity_json::pointer;

/// How many values are tried before a schema is said to have none.
const TRIES: u32 = 1000;

/// What cannot be drawn from, and what to do.
const UNSUPPORTED: &[(&str, &str)] = &[
    ("$dynamicRef", "use $ref"),
    ("$recursiveRef", "use $ref"),
    ("$anchor", "name the place by its JSON Pointer"),
    ("$dynamicAnchor", "name the place by its JSON Pointer"),
    ("$id", "put the definitions below $defs of one document"),
];

/// What only validation can judge, wherever the values come from.
const JUDGED: &[&str] = &[
    "$ref",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "if",
    "patternProperties",
    "propertyNames",
    "minProperties",
    "maxProperties",
    "dependentRequired",
    "dependentSchemas",
    "dependencies",
    "contains",
    "unevaluatedProperties",
    "unevaluatedItems",
    "uniqueItems",
];

/// The keywords that say something of one type alone, for schemas that leave the type out.
const TYPES_OF_KEYWORDS: &[(&str, &str)] = &[
    ("properties", "object"),
    ("required", "object"),
    ("additionalProperties", "object"),
    ("patternProperties", "object"),
    ("minProperties", "object"),
    ("maxProperties", "object"),
    ("items", "array"),
    ("prefixItems", "array"),
    ("minItems", "array"),
    ("maxItems", "array"),
    ("pattern", "string"),
    ("format", "string"),
    ("minLength", "string"),
    ("maxLength", "string"),
    ("minimum", "number"),
    ("maximum", "number"),
    ("exclusiveMinimum", "number"),
    ("exclusiveMaximum", "number"),
    ("multipleOf", "number"),
];

/// The values that `schema` admits.
#[cfg(test)]
pub(super) fn strategy_of(schema: &Value, scope: Scope) -> Result<BoxedStrategy<Value>, SchemaError> {
    let document = Document::new(schema)?;
    Drawing { document: &document, scope }.node(document.schema(), &Place::root())
}

/// The objects that `schema` admits, also where it says nothing of types.
pub fn strategy_of_objects(schema: &Value, scope: Scope) -> Result<BoxedStrategy<Map<String, Value>>, SchemaError> {
    let document = Document::new(schema)?;
    let objects = both(&json!({"type": "object"}), document.schema());
    let objects = Drawing { document: &document, scope }.node(&objects, &Place::root())?;
    let members = |value| match value {
        Value::Object(members) => members,
        _ => Map::new(),
    };
    Ok(objects.prop_map(members).boxed())
}

/// Where in the schema we are.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) at: String,
    /// The references that were followed to come here.
    open: Vec<String>,
}

impl Place {
    fn root() -> Self {
        Self { at: String::new(), open: Vec::new() }
    }

    pub(super) fn child(&self, key: &str) -> Self {
        Self { at: pointer::child(&self.at, key), open: self.open.clone() }
    }

    pub(super) fn error(&self, problem: SchemaProblem) -> SchemaError {
        SchemaError::new(&self.at, problem)
    }

    pub(super) fn contradiction(&self, what: impl Into<String>) -> SchemaError {
        self.error(SchemaProblem::Contradiction(what.into()))
    }

    /// A strategy that filters, if it finds anything.
    pub(super) fn found<S: Strategy + 'static>(&self, strategy: S) -> Result<BoxedStrategy<S::Value>, SchemaError> {
        let strategy = strategy.boxed();
        let config = Config { max_local_rejects: TRIES, failure_persistence: None, ..Config::default() };
        let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]));
        match strategy.new_tree(&mut runner) {
            Ok(_) => Ok(strategy),
            Err(_) => Err(self.error(SchemaProblem::NotFound { tries: TRIES })),
        }
    }
}

/// What a part of the document is drawn with.
pub(super) struct Drawing<'d> {
    pub(super) document: &'d Document,
    pub(super) scope: Scope,
}

impl Drawing<'_> {
    /// The values that the schema at `place` admits.
    pub(super) fn node(&self, schema: &Value, place: &Place) -> Result<BoxedStrategy<Value>, SchemaError> {
        let keywords = match schema {
            Value::Object(keywords) => keywords,
            Value::Bool(false) => {
                return Err(place.contradiction("the schema false admits no value, and one is needed"));
            }
            _ => return Ok(anything(self.scope)),
        };
        let mut inside = place.clone();
        let flat = self.flatten(keywords, &mut inside)?;
        let strategy = self.alternatives(flat, &inside)?;
        let is_judged = keywords.keys().any(|keyword| JUDGED.contains(&keyword.as_str()));
        if is_judged { self.checked(strategy, schema, place) } else { Ok(strategy) }
    }

    /// The keywords with those of references and of `allOf` among them.
    fn flatten(&self, keywords: &Map<String, Value>, place: &mut Place) -> Result<Map<String, Value>, SchemaError> {
        refuse_unsupported(keywords, place)?;
        let mut flat = keywords.clone();
        if let Some(Value::String(reference)) = flat.shift_remove("$ref") {
            let (target, pointer) = self.document.resolve(&reference, &place.at)?;
            let nested = place.open.iter().filter(|open| *open == pointer).count();
            if nested > self.scope.max_len().min(3) {
                return Err(place.error(SchemaProblem::Endless));
            }
            place.open.push(pointer.to_owned());
            flat = merge(self.members(target, place)?, &flat);
        }
        if let Some(Value::Array(parts)) = flat.shift_remove("allOf") {
            for part in &parts {
                flat = merge(flat, &self.members(part, place)?);
            }
        }
        Ok(flat)
    }

    fn members(&self, schema: &Value, place: &mut Place) -> Result<Map<String, Value>, SchemaError> {
        match schema {
            Value::Object(keywords) => self.flatten(keywords, place),
            Value::Bool(false) => Err(place.contradiction("the schema false admits no value, and one is needed")),
            _ => Ok(Map::new()),
        }
    }

    /// Unions and conditions: one strategy a branch.
    fn alternatives(&self, mut flat: Map<String, Value>, place: &Place) -> Result<BoxedStrategy<Value>, SchemaError> {
        for keyword in ["anyOf", "oneOf"] {
            if let Some(Value::Array(branches)) = flat.shift_remove(keyword) {
                return self.branches(&flat, &branches, &place.child(keyword));
            }
        }
        if let Some(condition) = flat.shift_remove("if") {
            let mut branch = |keyword: &str| flat.shift_remove(keyword).unwrap_or(Value::Bool(true));
            let (then, otherwise) = (branch("then"), branch("else"));
            let branches = [both(&condition, &then), json!({"not": condition, "allOf": [otherwise]})];
            return self.branches(&flat, &branches, &place.child("if"));
        }
        self.values(&flat, place)
    }

    fn branches(
        &self,
        flat: &Map<String, Value>,
        branches: &[Value],
        place: &Place,
    ) -> Result<BoxedStrategy<Value>, SchemaError> {
        let mut strategies = Vec::new();
        let mut refused = None;
        for (index, branch) in branches.iter().enumerate() {
            let merged = both(&Value::Object(flat.clone()), branch);
            match self.node(&merged, &place.child(&index.to_string())) {
                Ok(strategy) => strategies.push((1, strategy)),
                Err(error) => drop(refused.get_or_insert(admits_nothing(error)?)),
            }
        }
        union(strategies, refused, place)
    }

    /// What is left when all is merged: lists of values, or types.
    fn values(&self, flat: &Map<String, Value>, place: &Place) -> Result<BoxedStrategy<Value>, SchemaError> {
        let listed = match (flat.get("const"), flat.get("enum")) {
            (Some(value), _) => Some(vec![value.clone()]),
            (None, Some(Value::Array(values))) => Some(values.clone()),
            _ => None,
        };
        let names = types_of(flat);
        if names.is_empty() {
            return Err(place.contradiction("the types exclude one another"));
        }
        if listed.as_ref().is_some_and(Vec::is_empty) {
            return Err(place.contradiction("no value is in every enum"));
        }
        let schema = Value::Object(flat.clone());
        let validator = self.document.validator(&schema, &place.at)?;
        if let Some(mut listed) = listed {
            listed.retain(|value| validator.is_valid(value));
            if listed.is_empty() {
                return Err(place.contradiction("no value of enum or const meets the other keywords"));
            }
            return Ok(one_of(listed));
        }
        let mut strategies = Vec::new();
        let mut refused = None;
        for name in &names {
            match self.of_type(name, flat, &validator, place) {
                Ok(strategy) => strategies.push((if name == "null" { 1 } else { 3 }, strategy)),
                Err(error) => drop(refused.get_or_insert(admits_nothing(error)?)),
            }
        }
        let drawn = union(strategies, refused, place)?;
        let examples = flat.get("examples").and_then(Value::as_array).into_iter().flatten();
        let mut likely: Vec<Value> = examples.chain(flat.get("default")).cloned().collect();
        likely.retain(|value| validator.is_valid(value));
        Ok(if likely.is_empty() { drawn } else { prop_oneof![3 => drawn, 1 => one_of(likely)].boxed() })
    }

    fn of_type(
        &self,
        name: &str,
        flat: &Map<String, Value>,
        validator: &Arc<Validator>,
        place: &Place,
    ) -> Result<BoxedStrategy<Value>, SchemaError> {
        match name {
            "null" => Ok(Just(Value::Null).boxed()),
            "boolean" => Ok(one_of(vec![json!(false), json!(true)])),
            "integer" => self.integer(flat, validator, place),
            "number" => self.number(flat, validator, place),
            "string" => self.text(flat, validator, place),
            "array" => self.list(flat, place),
            "object" => self.object(flat, place),
            _ => Ok(anything(self.scope)),
        }
    }

    /// Those of the values that `schema` admits; an error if there are hardly any.
    pub(super) fn checked(
        &self,
        strategy: BoxedStrategy<Value>,
        schema: &Value,
        place: &Place,
    ) -> Result<BoxedStrategy<Value>, SchemaError> {
        let validator = self.document.validator(schema, &place.at)?;
        place.found(strategy.prop_filter("the schema refuses it", move |value| validator.is_valid(value)))
    }
}

fn refuse_unsupported(keywords: &Map<String, Value>, place: &Place) -> Result<(), SchemaError> {
    match UNSUPPORTED.iter().find(|(keyword, _)| keywords.contains_key(*keyword)) {
        Some((keyword, instead)) => Err(place.error(SchemaProblem::Unsupported { keyword, instead })),
        None => Ok(()),
    }
}

/// Hands on an error that says that a part admits no value, which the rest of a union makes up for; returns any other.
pub(super) fn admits_nothing(error: SchemaError) -> Result<SchemaError, SchemaError> {
    match error.problem {
        SchemaProblem::Contradiction(_) | SchemaProblem::Endless | SchemaProblem::NotFound { .. } => Ok(error),
        _ => Err(error),
    }
}

fn union(
    strategies: Vec<(u32, BoxedStrategy<Value>)>,
    refused: Option<SchemaError>,
    place: &Place,
) -> Result<BoxedStrategy<Value>, SchemaError> {
    if strategies.is_empty() {
        return Err(refused.unwrap_or_else(|| place.contradiction("the branches exclude one another")));
    }
    Ok(Union::new_weighted(strategies).boxed())
}

fn types_of(flat: &Map<String, Value>) -> Vec<String> {
    if let Some(stated) = flat.get("type") {
        return types(stated);
    }
    let mut names: Vec<String> = Vec::new();
    for (keyword, name) in TYPES_OF_KEYWORDS {
        if flat.contains_key(*keyword) && !names.iter().any(|known| known == name) {
            names.push((*name).to_owned());
        }
    }
    if names.is_empty() { vec!["any".to_owned()] } else { names }
}

/// Any small value.
pub(super) fn anything(scope: Scope) -> BoxedStrategy<Value> {
    let numbers: Vec<Value> = [0, 1, -1, 2, 10].map(Value::from).into_iter().chain([json!(0.5), json!(1.0)]).collect();
    let scalar = prop_oneof![
        2 => one_of(vec![Value::Null, json!(false), json!(true)]),
        2 => one_of(numbers),
        3 => select(edges::texts()).prop_map(Value::from),
    ]
    .boxed();
    let member = (select(edges::KEYS).prop_map(str::to_owned), scalar.clone());
    prop_oneof![
        6 => scalar.clone(),
        1 => vec(scalar, 0..=scope.max_len().min(3)).prop_map(Value::Array),
        1 => vec(member, 0..=scope.max_len().min(3)).prop_map(|members| Value::Object(members.into_iter().collect())),
    ]
    .boxed()
}

//! A JSON Schema that is drawn from.

use std::fmt;
use std::rc::Rc;

use proptest::prelude::RngExt;
use proptest::strategy::{BoxedStrategy, Just, NewTree, Strategy};
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};

use super::document::Document;
use super::draw::Draw;
use super::error::SchemaError;
use super::flat::Located;
use super::found::fixed_runner;
use super::model::{Drawing, Lazy};
use super::undrawn::undrawn;
use crate::scope::Scope;

/// How many values are kept for when none is found: a schema may admit so little that trying fails now and then.
const KEPT: u8 = 4;

/// A JSON Schema.
#[derive(Clone, Debug)]
pub struct Schema {
    document: Rc<Document>,
}

impl Schema {
    /// The schema, or what is wrong with it.
    pub fn new(schema: &Value) -> Result<Self, SchemaError> {
        Ok(Self { document: Rc::new(Document::new(schema)?) })
    }

    /// The objects that the schema admits, also where it says nothing of types.
    pub fn objects(&self, scope: Scope) -> Result<BoxedStrategy<Map<String, Value>>, SchemaError> {
        let members = |value| match value {
            Value::Object(members) => members,
            _ => Map::new(),
        };
        Ok(self.drawn(scope, true)?.prop_map(members).boxed())
    }

    /// The values that the schema admits.
    pub fn values(&self, scope: Scope) -> Result<BoxedStrategy<Value>, SchemaError> {
        Ok(self.drawn(scope, false)?.boxed())
    }

    /// What of the schema is never drawn although it may admit something: an optional member, a branch, an element of a list.
    #[must_use]
    pub fn undrawn(&self, scope: Scope) -> Vec<SchemaError> {
        undrawn(&Drawing::new(Rc::clone(&self.document), scope), &self.root(true))
    }

    fn root(&self, is_object: bool) -> Rc<Lazy> {
        let object = is_object.then(|| Located::new(json!({"type": "object"}), String::new()));
        let schema = Located::new(self.document.schema().clone(), String::new());
        Lazy::new([schema].into_iter().chain(object).collect())
    }

    fn drawn(&self, scope: Scope, is_object: bool) -> Result<Drawn, SchemaError> {
        let drawing = Drawing::new(Rc::clone(&self.document), scope);
        let root = self.root(is_object);
        if !drawing.has_values(&root) {
            return Err(drawing.why_none(&root));
        }
        let kept: Vec<Result<Value, SchemaError>> =
            (0..KEPT).map(|number| Draw::value(&drawing, &mut fixed_runner(number), &root)).collect();
        let failed = kept.iter().find_map(|value| value.as_ref().err().cloned());
        let kept: Vec<Value> = kept.into_iter().flatten().collect();
        match failed {
            Some(error) if kept.is_empty() => Err(error),
            _ => Ok(Drawn { drawing: Rc::new(drawing), root, kept }),
        }
    }
}

/// The values of a schema as a strategy. They are not shrunk.
struct Drawn {
    drawing: Rc<Drawing>,
    root: Rc<Lazy>,
    kept: Vec<Value>,
}

impl fmt::Debug for Drawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Drawn").field("drawing", &self.drawing).finish_non_exhaustive()
    }
}

impl Strategy for Drawn {
    type Tree = Just<Value>;
    type Value = Value;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let value = Draw::value(&self.drawing, runner, &self.root).or_else(|error| {
            let index = runner.rng().random_range(0..self.kept.len().max(1));
            self.kept.get(index).cloned().ok_or_else(|| error.to_string())
        });
        Ok(Just(value?))
    }
}

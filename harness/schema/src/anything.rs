//! Any JSON: where a schema says nothing of a value.

use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};

use super::model::Anything;
use super::{edges, number, text};
use crate::scope::Scope;
use crate::values::one_of;

/// How deep lists and objects lie in one another at most.
const DEEPEST: usize = 3;

impl Anything {
    pub(super) fn new(scope: Scope) -> Self {
        let scalars = prop_oneof![
            2 => one_of(vec![Value::Null, json!(false), json!(true)]),
            3 => number::anything(scope),
            3 => select(edges::texts()).prop_map(Value::from),
            1 => text::words(0, None, scope).prop_map(Value::from),
        ];
        Self { scalars: scalars.boxed(), scope }
    }

    pub(super) fn draw(&self, runner: &mut TestRunner) -> Option<Value> {
        self.draw_at(0, runner)
    }

    fn draw_at(&self, depth: usize, runner: &mut TestRunner) -> Option<Value> {
        let kind = runner.rng().random_range(0..if depth < DEEPEST { 8 } else { 6 });
        if kind < 6 {
            return self.scalars.new_tree(runner).ok().map(|tree| tree.current());
        }
        let count = runner.rng().random_range(0..=self.scope.max_len().min(3));
        let elements = (0..count).map(|_| self.draw_at(depth + 1, runner)).collect::<Option<Vec<Value>>>()?;
        if kind == 6 {
            return Some(Value::Array(elements));
        }
        let name = |runner: &mut TestRunner| edges::KEYS[runner.rng().random_range(0..edges::KEYS.len())].to_owned();
        Some(Value::Object(elements.into_iter().map(|element| (name(runner), element)).collect::<Map<_, _>>()))
    }
}

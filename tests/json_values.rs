//! JSON values of every kind, and what becomes of them on the way into an engine and back. Shared by the tests of all bridges.

use parity_engine::Engine;
use parity_judge::compare;
use parity_model::{Outcome, StepInput};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Map, Value, json};
use similar_asserts::assert_eq;

/// JavaScript keeps integers up to here as numbers; a larger one is a `BigInt`.
const SAFE: i64 = 9_007_199_254_740_991;

/// Any JSON value.
pub(crate) fn json_value() -> impl Strategy<Value = Value> {
    let text = || {
        prop_oneof![
            any::<String>(),
            proptest::sample::select(vec!["__proto__", "constructor", "0", "-1", "1.5", ""]).prop_map(str::to_owned)
        ]
    };
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-SAFE..=SAFE).prop_map(Value::from),
        (-1000_i64..1000).prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_filter_map("finite", |x| x.is_finite().then(|| Value::from(x))),
        Just(json!(-0.0)),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 40, 6, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((text(), inner), 0..6).prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// Sends values through an engine whose handler `parity/echo` answers with what it is given; `seen` is what must come back.
pub(crate) fn round_trip(engine: &mut dyn Engine, values: usize, seen: fn(&Value) -> Value) {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[3; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let strategy = json_value();
    for _ in 0..values {
        let value = strategy.new_tree(&mut runner).unwrap().current();
        let actual = engine.run(&echo_input(&value)).unwrap();
        let expected = Outcome::Completed { result: json!({ "value": seen(&value) }), metadata: json!({}) };
        assert_eq!(compare(&expected, &actual), None, "{value}\n{actual:?}");
    }
}

pub(crate) fn echo_input(value: &Value) -> StepInput {
    let context = Map::from_iter([("value".to_owned(), value.clone())]);
    StepInput::new("parity/echo".parse().unwrap(), context, Map::new())
}

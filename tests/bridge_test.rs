//! Generated JSON values cross every engine's border twice and come back the same.

use harness::compare::compare;
use harness::engine::Engine;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use reference_rs::Outcome;
use serde_json::{Map, Value, json};

use crate::support::step_input;
use crate::{python_trees, typescript_trees};

const VALUES: usize = 5000;

/// Any JSON value; integers stay within what JavaScript keeps.
fn json_value() -> impl Strategy<Value = Value> {
    const SAFE: i64 = 9_007_199_254_740_991;
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

fn round_trip(engine: &mut dyn Engine) {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[3; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let values = json_value();
    for _ in 0..VALUES {
        let value = values.new_tree(&mut runner).unwrap().current();
        let actual = engine.run(&step_input("parity/echo", &value)).unwrap();
        let expected = Outcome::Completed { result: json!({ "value": value }), metadata: json!({}) };
        assert_eq!(compare(&expected, &actual), None, "{value}\n{actual:?}");
    }
}

#[test]
fn python_changes_no_value() {
    round_trip(&mut python_trees::echo());
}

#[test]
fn typescript_changes_no_value() {
    round_trip(&mut typescript_trees::echo());
}

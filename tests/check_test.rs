//! Answers that look like the expected one in their language and are another one as JSON.

use parity_engine::Engine;
use parity_judge::compare;
use parity_model::Observation;
use parity_model::{Failure, FailureKind, Outcome};
use rstest::rstest;
use serde_json::{Value, json};
use similar_asserts::assert_eq;

use crate::support::step_input;
use crate::{python_trees, typescript_trees};

/// What the comparison of the whole answer says is what the engine says of it in place.
fn assert_same_verdict(engine: &mut dyn Engine, expected: &Value, agrees: bool) {
    let input = step_input("test/subject", &Value::Null);
    let actual = engine.run(&input).unwrap();
    let outcome = Outcome::Completed { result: expected.clone(), metadata: json!({}) };
    assert_eq!(compare(&outcome, &actual).is_none(), agrees, "{actual:?}");
    let other = engine.run_expecting(&input, &Observation::from(outcome)).unwrap();
    // An engine that is not sure in place tells the whole answer.
    assert!(agrees || other.is_some());
    assert!(other.is_none_or(|other| other == actual));
}

#[rstest]
#[case::plain("return self.success({'a': 1, 'b': [None, 'x']})", json!({"b": [null, "x"], "a": 1.0}), true)]
#[case::flag("return self.success({'a': True})", json!({"a": 1}), false)]
#[case::number("return self.success({'a': 1})", json!({"a": true}), false)]
#[case::tuple("return self.success({'a': (1, 2)})", json!({"a": [1, 2]}), true)]
#[case::short_tuple("return self.success({'a': (1,)})", json!({"a": [1, 2]}), false)]
#[case::subclass("from collections import OrderedDict\nreturn self.success(OrderedDict(a=1))", json!({"a": 1}), true)]
#[case::enumeration("import enum\nclass E(enum.IntEnum):\n    A = 1\nreturn self.success({'a': E.A})", json!({"a": 1}), true)]
#[case::bytes("return self.success({'a': b'x'})", json!({"a": "x"}), true)]
#[case::surrogate("return self.success({'a': '\\ud800'})", json!({"a": "\u{fffd}"}), false)]
#[case::not_a_number("return self.success({'a': float('nan')})", json!({"a": null}), true)]
#[case::inner_key("return self.success({'a': {1: 1}})", json!({"a": {"1": 1}}), true)]
#[case::key_that_lies(
    "class Key(str):\n    def __eq__(self, other):\n        return True\n    __hash__ = lambda self: hash('a')\n\
     return self.success({Key('b'): 1})",
    json!({"a": 1}),
    false
)]
#[case::number_as_key("return self.success({1: 1})", json!({"1": 1}), false)]
#[case::too_many("return self.success({'a': 1, 'b': None})", json!({"a": 1}), false)]
fn python_is_not_mistaken_in_place(#[case] body: &str, #[case] expected: Value, #[case] agrees: bool) {
    assert_same_verdict(&mut python_trees::engine(body), &expected, agrees);
}

#[rstest]
#[case::plain("return this.success({ b: [null, 'x'], a: 1 });", json!({"a": 1, "b": [null, "x"]}), true)]
#[case::flag("return this.success({ a: true });", json!({"a": 1}), false)]
#[case::undefined("return this.success({ a: 1, b: undefined });", json!({"a": 1}), true)]
#[case::undefined_instead("return this.success({ b: undefined });", json!({"b": null}), false)]
#[case::inherited(
    "class P { _total = 1; get total() { return 1; } } return this.success(new P() as any);",
    json!({"total": 1}),
    false
)]
#[case::own_getter("return this.success({ get total() { return 1; } });", json!({"total": 1}), true)]
#[case::hidden(
    "const o = {}; Object.defineProperty(o, 'a', { value: 1 }); return this.success(o);",
    json!({"a": 1}),
    false
)]
#[case::proxy("return this.success(new Proxy({ a: 1 }, {}));", json!({"a": 1}), true)]
#[case::hole("return this.success({ a: [1, , 3] });", json!({"a": [1, null, 3]}), false)]
#[case::date("return this.success({ a: new Date(0) });", json!({"a": {}}), true)]
#[case::inherited_by_all("(Object.prototype as any).b = 1; return this.success({ a: 1 });", json!({"a": 1}), false)]
#[case::negative_zero("return this.success({ a: -0 });", json!({"a": -0.0}), true)]
#[case::cycle("const a: any = {}; a.a = a; return this.success({ a });", json!({"a": {"a": {}}}), false)]
#[case::array("return this.success({ a: [] });", json!({"a": {}}), false)]
#[case::boxed("return this.success({ a: new String('x') });", json!({"a": "x"}), false)]
#[case::big("return this.success({ a: 1n });", json!({"a": 1}), true)]
#[case::numeric_keys("return this.success({ b: 1, 2: 1, 1: 1 });", json!({"b": 1, "2": 1, "1": 1}), true)]
#[case::prototype_key("return this.success(JSON.parse('{\"__proto__\": 1}'));", json!({"__proto__": 1}), true)]
#[case::prototype("return this.success({ __proto__: { a: 1 }, b: 1 });", json!({"a": 1}), false)]
fn typescript_is_not_mistaken_in_place(#[case] body: &str, #[case] expected: Value, #[case] agrees: bool) {
    assert_same_verdict(&mut typescript_trees::engine(body), &expected, agrees);
}

/// A failure, each of whose parts is another one in turn.
#[rstest]
#[case::same(|_: &mut Failure| {}, true)]
#[case::kind(|failure: &mut Failure| failure.kind = FailureKind::Permanent, false)]
#[case::code(|failure: &mut Failure| failure.code = Some("B".to_owned()), false)]
#[case::no_code(|failure: &mut Failure| failure.code = None, false)]
#[case::message(|failure: &mut Failure| failure.message = "m ".to_owned(), false)]
#[case::delay(|failure: &mut Failure| failure.retry_after = Some(31.into()), false)]
#[case::no_delay(|failure: &mut Failure| failure.retry_after = None, false)]
#[case::delay_as_float(|failure: &mut Failure| failure.retry_after = serde_json::Number::from_f64(30.0), true)]
#[case::context(|failure: &mut Failure| failure.context["x"] = json!(2), false)]
#[case::type_that_is_named(|failure: &mut Failure| failure.error_type = Some("E".to_owned()), true)]
#[case::another_type(|failure: &mut Failure| failure.error_type = Some("F".to_owned()), false)]
#[case::raised(|failure: &mut Failure| { (failure.error_type, failure.raised) = (Some("F".to_owned()), true); }, true)]
#[case::more_context(|failure: &mut Failure| { failure.context.insert("y".to_owned(), json!(1)); }, false)]
fn a_failure_is_compared_in_all_its_parts(#[case] change: fn(&mut Failure), #[case] agrees: bool) {
    let metadata = "{'x': 1, 'retry_after': 30}";
    let python = format!("return self.failure('m', 'E', True, {metadata}, error_code='A')");
    let typescript = format!("return this.failure('m', 'E', true, {metadata}, 'A');");
    let engines: [&mut dyn Engine; 2] =
        [&mut python_trees::engine(&python), &mut typescript_trees::engine(&typescript)];
    let mut failure = Failure {
        kind: FailureKind::Retryable,
        code: Some("A".to_owned()),
        message: "m".to_owned(),
        retry_after: Some(30.into()),
        context: json!({"x": 1}).as_object().unwrap().clone(),
        error_type: None,
        raised: false,
    };
    change(&mut failure);
    let expected = Outcome::Failed(failure);
    for engine in engines {
        let input = step_input("test/subject", &Value::Null);
        let actual = engine.run(&input).unwrap();
        assert_eq!(compare(&expected, &actual).is_none(), agrees, "{actual:?}");
        let other = engine.run_expecting(&input, &Observation::from(expected.clone())).unwrap();
        assert_eq!(other, (!agrees).then_some(actual));
    }
}

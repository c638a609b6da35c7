//! The bridge between JSON and Python: a value arrives whole, and what is not JSON is named.

use std::time::Duration;

use parity_engine::Engine;
use rstest::rstest;
use serde_json::{Value, json};
use similar_asserts::assert_eq;

use crate::python_trees::{echo, engine, observe, result_of};
use crate::support::{nested, step_input};

#[rstest]
#[case::negative_zero(json!(-0.0))]
#[case::integral_float(json!(2.0))]
#[case::integers(json!([9_007_199_254_740_993_i64, i64::MIN, i64::MAX, u64::MAX, 0, -1]))]
#[case::exponents(json!([1e21, 1e-7, 1e308, 5e-324, 0.575, 1e15]))]
#[case::texts(json!(["", "\0", "a\0b", "😀", "e\u{301}", "\u{2028}", "\u{ffff}"]))]
#[case::numeric_keys(json!({"2": 2, "10": 1, "-1": 3, "1.5": 4, "01": 5}))]
#[case::prototype_keys(json!({"__proto__": {"a": 1}, "__class__": 1, "result": null, "keys": 2, "": 3}))]
#[case::awkward_keys(json!({"a\0b": 1, "😀": 2, "a/b~c": 3}))]
#[case::empty(json!([[], {}, [[]], [{}], null, false, true, ""]))]
#[case::deepest(nested(99))]
fn a_json_value_comes_back_as_it_went_in(#[case] value: Value) {
    let observation = echo().run(&step_input("parity/echo", &value)).unwrap();
    let expected = json!({"status": "completed", "result": {"value": value}, "metadata": {}});
    let observed = serde_json::to_value(observation).unwrap();
    assert_eq!(observed.to_string(), expected.to_string(), "the same members in another order or another number");
}

#[test]
fn an_input_that_nests_too_deep_is_a_fault_of_the_engine() {
    let fault = echo().run(&step_input("parity/echo", &nested(200))).unwrap_err();
    assert_eq!(fault.to_string(), "the python engine failed on parity/echo: the step input nests deeper than 200");
}

#[rstest]
#[case("2 ** 64", "/result/x", "an integer beyond 64 bits")]
#[case("[range(2)]", "/result/x/0", "a range")]
#[case("object()", "/result/x", "an object")]
#[case("{frozenset(): 2}", "/result/x", "a dict with a frozenset as a key")]
#[case("'\\ud800'", "/result/x", "a lone surrogate")]
#[case("{'a/b': {'~': [len]}}", "/result/x/a~1b/~0/0", "a builtin_function_or_method")]
#[case("(1 / n for n in [1, 0])", "/result/x", "a generator that raises ZeroDivisionError")]
fn what_the_worker_could_not_send_is_unserialisable(#[case] expression: &str, #[case] path: &str, #[case] what: &str) {
    let observed = observe(&format!("return self.success({{'x': {expression}}})"));
    assert_eq!(observed, json!({"status": "unserialisable", "path": path, "what": what}));
}

#[rstest]
#[case("x = {}\nx['x'] = x\nreturn self.success(x)", "/result", "a cycle")]
#[case("x = 1\nfor _ in range(110):\n    x = [x]\nreturn self.success({'x': x})", "", "nesting deeper than 100")]
#[case("x = {}\nx['y'] = [{'z': (x,)}]\nreturn self.success({'x': x})", "/result/x", "a cycle")]
#[case("x = 1\nfor _ in range(99): x = [x, x]\nreturn self.success({'x': x})", "", "more than 1000000 values")]
fn a_result_without_end_is_unserialisable(#[case] body: &str, #[case] path: &str, #[case] what: &str) {
    let observed = observe(body);
    assert_eq!(observed["what"], json!(what));
    assert!(path.is_empty() || observed["path"] == json!(path), "{observed}");
}

#[rstest]
#[case::endless("while True: yield 1", json!({"status": "timed_out"}))]
#[case::denied("yield open('/etc/hostname').read()", json!({"status": "denied", "what": "file", "detail": "read /etc/hostname"}))]
#[case::exit("import sys\n    yield sys.exit()", json!({"status": "exited"}))]
fn a_generator_is_part_of_the_call(#[case] body: &str, #[case] expected: Value) {
    let mut engine =
        engine(&format!("def numbers():\n    {body}\nreturn self.success({{'x': (n for n in numbers() if n == 0)}})"));
    engine.set_deadline(Duration::from_millis(100));
    let observation = engine.run(&step_input("test/subject", &Value::Null)).unwrap();
    assert_eq!(serde_json::to_value(observation).unwrap(), expected);
}

#[rstest]
#[case("self.failure(5)", "/message", "a number, not a string")]
#[case("self.failure('m', error_code=5)", "/code", "a number, not a string")]
#[case("self.failure('m', metadata={'retry_after': '5'})", "/retry_after", "a string, not a number")]
#[case("self.failure('m', metadata={'a': len})", "/context/a", "a builtin_function_or_method")]
fn a_failure_with_a_member_of_the_wrong_kind_is_unserialisable(
    #[case] failure: &str,
    #[case] path: &str,
    #[case] what: &str,
) {
    assert_eq!(observe(&format!("return {failure}")), json!({"status": "unserialisable", "path": path, "what": what}));
}

#[rstest]
#[case("(1, 2)", json!([1, 2]))]
#[case("ErrorType.TIMEOUT", json!("timeout"))]
#[case("__import__('collections').OrderedDict(b=1, a=2)", json!({"b": 1, "a": 2}))]
#[case("True", json!(true))]
#[case("float('nan')", json!(null))]
#[case("__import__('decimal').Decimal('1.10')", json!("1.10"))]
#[case("__import__('datetime').datetime.now()", json!("2026-01-15T09:30:00"))]
#[case("{1: {2.5: None}, True: 3}", json!({"1": 3}))]
fn what_the_worker_sends_is_taken(#[case] expression: &str, #[case] expected: Value) {
    assert_eq!(result_of(&format!("return self.success({{'x': {expression}}})"))["x"], expected);
}

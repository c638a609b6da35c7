//! The bridge between JSON and Python: a value arrives whole, and what is not JSON is named.

use parity_engine::Engine;
use rstest::rstest;
use serde_json::{Value, json};
use similar_asserts::assert_eq;

use crate::python_trees::{echo, observe, result_of};
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
#[case::deepest(nested(198))]
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
#[case("float('nan')", "/result/x", "NaN")]
#[case("float('inf')", "/result/x", "Infinity")]
#[case("-float('inf')", "/result/x", "-Infinity")]
#[case("2 ** 64", "/result/x", "an integer beyond 64 bits")]
#[case("{1, 2}", "/result/x", "a set")]
#[case("[b'a']", "/result/x/0", "a bytes")]
#[case("__import__('decimal').Decimal(1)", "/result/x", "a Decimal")]
#[case("__import__('datetime').datetime.now()", "/result/x", "a datetime")]
#[case("object()", "/result/x", "an object")]
#[case("{1: 2}", "/result/x", "a dict with an int as a key")]
#[case("'\\ud800'", "/result/x", "a lone surrogate")]
#[case("{'a/b': {'~': [float('nan')]}}", "/result/x/a~1b/~0/0", "NaN")]
fn what_is_not_json_is_unserialisable(#[case] expression: &str, #[case] path: &str, #[case] what: &str) {
    let observed = observe(&format!("return self.success({{'x': {expression}}})"));
    assert_eq!(observed, json!({"status": "unserialisable", "path": path, "what": what}));
}

#[rstest]
#[case("x = {}\nx['x'] = x\nreturn self.success(x)", "nesting deeper than 200")]
#[case("x = 1\nfor _ in range(99): x = [x, x]\nreturn self.success({'x': x})", "more than 1000000 values")]
fn a_result_without_end_is_unserialisable(#[case] body: &str, #[case] what: &str) {
    assert_eq!(observe(body)["what"], json!(what));
}

#[rstest]
#[case("self.failure(5)", "/message", "a number, not a string")]
#[case("self.failure('m', error_code=5)", "/code", "a number, not a string")]
#[case("self.failure('m', metadata={'retry_after': '5'})", "/retry_after", "a string, not a number")]
#[case("self.failure('m', metadata={'a': {1}})", "/context/a", "a set")]
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
fn what_json_dumps_takes_is_taken(#[case] expression: &str, #[case] expected: Value) {
    assert_eq!(result_of(&format!("return self.success({{'x': {expression}}})"))["x"], expected);
}

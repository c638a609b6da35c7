//! The bridge between JSON and JavaScript: a value arrives whole, an answer is what the real package's transport makes of it, and
//! what that refuses is named.

use parity_engine::Engine;
use rstest::rstest;
use serde_json::{Value, json};
use similar_asserts::assert_eq;

use crate::support::{nested, step_input};
use crate::typescript_trees::{echo, observe, result_of};

#[rstest]
#[case::greatest_safe_integer(json!(9_007_199_254_740_991_i64))]
#[case::least_safe_integer(json!(-9_007_199_254_740_991_i64))]
#[case::beyond_what_a_double_holds(json!([9_007_199_254_740_993_i64, -9_007_199_254_740_993_i64, i64::MIN, u64::MAX]))]
#[case::beyond_32_bits(json!([2_147_483_647, 2_147_483_648_i64, -2_147_483_648_i64, -2_147_483_649_i64]))]
#[case::exponent_up(json!(1e21))]
#[case::exponent_down(json!(1e-7))]
#[case::fraction(json!(0.575))]
#[case::great(json!(1e308))]
#[case::least(json!(5e-324))]
#[case::texts(json!(["", "\0", "a\0b", "😀", "e\u{301}", "\u{2028}", "\u{ffff}"]))]
#[case::numeric_keys(json!({"2": 2, "10": 1, "-1": 3, "1.5": 4, "01": 5, "4294967295": 6}))]
#[case::prototype_keys(json!({"__proto__": {"a": 1}, "constructor": 1, "toString": null, "hasOwnProperty": 2, "": 3}))]
#[case::awkward_keys(json!({"a\0b": 1, "😀": 2, "a/b~c": 3, "length": 4, "then": 5}))]
#[case::empty(json!([[], {}, [[]], [{}], null, false, ""]))]
#[case::deep(nested(80))]
#[case::deepest(nested(99))]
fn a_json_value_comes_back_as_it_went_in(#[case] value: Value) {
    let observation = echo().run(&step_input("parity/echo", &value)).unwrap();
    let expected = json!({"status": "completed", "result": {"value": value}, "metadata": {}});
    let observed = serde_json::to_value(observation).unwrap();
    assert_eq!(observed, expected);
    assert_eq!(observed.to_string(), expected.to_string(), "the same members in another order or another number");
}

#[rstest]
#[case(json!(9_007_199_254_740_993.0), json!(9_007_199_254_740_992.0))]
#[case(json!(18_446_744_073_709_551_616.0), json!(18_446_744_073_709_551_616.0))]
#[case(json!(2.0), json!(2))]
#[case(json!(-0.0), json!(0))]
fn a_number_becomes_a_double(#[case] value: Value, #[case] expected: Value) {
    let observation = echo().run(&step_input("parity/echo", &value)).unwrap();
    assert_eq!(serde_json::to_value(observation).unwrap()["result"]["value"], expected);
}

#[test]
fn an_input_that_nests_too_deep_is_a_fault_of_the_engine() {
    let fault = echo().run(&step_input("parity/echo", &nested(200))).unwrap_err();
    assert_eq!(fault.to_string(), "the typescript engine failed on parity/echo: the step input nests deeper than 200");
}

#[rstest]
#[case("NaN", "/result/x", "NaN")]
#[case("1 / 0", "/result/x", "Infinity")]
#[case("-1 / 0", "/result/x", "-Infinity")]
#[case("[1, undefined]", "/result/x/1", "undefined")]
#[case("[1, , 2]", "/result/x/1", "undefined")]
#[case("{ f: () => 1 }", "/result/x/f", "a function")]
#[case("class {}", "/result/x", "a function")]
#[case("Symbol('s')", "/result/x", "a symbol")]
#[case("Buffer.from('a')", "/result/x/readBigUInt64LE", "a function")]
#[case("new URL('http://a/')", "/result/x/toString", "a function")]
#[case("new Proxy(() => 1, {})", "/result/x", "a function")]
#[case("{ 'a/b': { '~': [NaN] } }", "/result/x/a~1b/~0/0", "NaN")]
fn what_is_not_json_is_unserialisable(#[case] expression: &str, #[case] path: &str, #[case] what: &str) {
    let observed = observe(&format!("return this.success({{ x: {expression} }} as any);"));
    assert_eq!(observed, json!({"status": "unserialisable", "path": path, "what": what}));
}

#[rstest]
#[case("const x: any = {}; x.x = x; return this.success(x);", "/result", "a cycle")]
#[case("const x: any = []; x.push([1, [x]]); return this.success({ a: 1, x });", "/result/x", "a cycle")]
#[case("const a: any = {}; const b = { a }; a['b/c'] = [b]; return this.success({ b });", "/result/b", "a cycle")]
#[case(
    "let x: any = {}; for (let i = 0; i < 99; i++) x = { a: x, b: x }; return this.success(x);",
    "/result/a/a/a",
    "more than 1000000 values"
)]
#[case(
    "let x: any = {}; for (let i = 0; i < 110; i++) x = [x]; return this.success({ x });",
    "",
    "nesting deeper than 100"
)]
fn a_result_without_end_is_unserialisable(#[case] body: &str, #[case] path: &str, #[case] what: &str) {
    let observed = observe(body);
    assert_eq!(observed["what"], json!(what));
    assert!(observed["path"].as_str().unwrap().starts_with(path), "{observed}");
}

#[test]
fn a_value_that_is_there_twice_is_no_cycle() {
    assert_eq!(
        result_of("const x = [1]; return this.success({ a: x, b: [x, x] });"),
        json!({"a": [1], "b": [[1], [1]]})
    );
}

#[rstest]
#[case("this.failure(5 as any)", "/message", "a number, not a string")]
#[case("this.failure(undefined as any)", "/message", "null, not a string")]
#[case("this.failure('m', 'e', true, {}, 5 as any)", "/code", "a number, not a string")]
#[case("this.failure('m', 'e', true, { error_code: ['a'] })", "/code", "an array, not a string")]
#[case("this.failure('m', 'e', true, { retry_after: '5' })", "/retry_after", "a string, not a number")]
#[case("this.failure('m', 'e', true, { retry_after: NaN })", "/retry_after", "NaN")]
#[case("this.failure('m', 'e', true, [] as any)", "/context", "an array, not an object")]
#[case("this.failure('m', 'e', true, { a: () => 1 })", "/context/a", "a function")]
fn a_failure_with_a_member_of_the_wrong_kind_is_unserialisable(
    #[case] failure: &str,
    #[case] path: &str,
    #[case] what: &str,
) {
    let observed = observe(&format!("return {failure};"));
    assert_eq!(observed, json!({"status": "unserialisable", "path": path, "what": what}));
}

#[rstest]
#[case("{ a: undefined, b: 1 }", json!({"b": 1}))]
#[case("Object.assign(Object.create({ inherited: 1 }), { own: 2 })", json!({"own": 2, "inherited": 1}))]
#[case("Object.create({ hidden: 1 }, { hidden: { value: 2 } })", json!({}))]
#[case("new (class { get total() { return 1; } toJSON() { return 'no'; } })()", json!({}))]
#[case("Object.create(new Proxy({ a: 1 }, {}))", json!({"a": 1}))]
#[case("[new Date(0), new Map([[1, 2]]), new Set([1]), /a/, new ArrayBuffer(2), Promise.resolve(1), new TypeError('no'), new WeakRef({})]", json!([{}, {}, {}, {}, {}, {}, {}, {}]))]
#[case("Object.assign(new Error('no'), { code: 'E' })", json!({"code": "E"}))]
#[case("[new Uint8Array([1, 2]), new String('ab'), new Number(5)]", json!([{"0": 1, "1": 2}, {"0": "a", "1": "b"}, {}]))]
#[case("Object.setPrototypeOf(new Map(), null)", json!({}))]
#[case("new Proxy(['a'], {})", json!({"0": "a"}))]
#[case("[10n, -(2n ** 63n), 2n ** 64n - 1n, 2n ** 64n]", json!([10, i64::MIN, u64::MAX, "18446744073709551616"]))]
#[case("{ ['\\ud800']: 'a\\udfff\\ud83d\\ude00' }", json!({"\u{fffd}": "a\u{fffd}\u{1f600}"}))]
#[case("new (class Money { private secret = 1; constructor(readonly cents: number) {} })(5)", json!({"cents": 5, "secret": 1}))]
#[case("new Proxy({ a: 1 }, {})", json!({"a": 1}))]
#[case("(function (..._: number[]) { return { a: [..._] }; })(1, 2)", json!({"a": [1, 2]}))]
#[case("{ [Symbol('s')]: 1, a: 2.5 }", json!({"a": 2.5}))]
#[case("[1, 2]", json!([1, 2]))]
#[case("undefined", json!({}))]
fn a_result_is_what_the_transport_makes_of_it(#[case] expression: &str, #[case] expected: Value) {
    assert_eq!(result_of(&format!("return this.success({expression} as any);")), expected);
}

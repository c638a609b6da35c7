//! Building blocks of strategies. Texts come from tables and not from regular expressions, which would be parsed again at
//! every draw.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use super::scope::Scope;

/// A member of an object: absent is `None`.
pub type Member = BoxedStrategy<Option<Value>>;

/// Texts that language runtimes treat differently: blanks of several kinds, composed and decomposed letters, case rules,
/// what looks like a number or like a property every object has.
pub(crate) const AWKWARD_TEXTS: &[&str] = &[
    "",
    " ",
    "\t",
    "\n",
    "\u{a0}",
    "a",
    "A",
    "0",
    "-1",
    "1.0",
    "1e3",
    "null",
    "false",
    "é",
    "e\u{301}",
    "ß",
    "İ",
    "ſ",
    "K",
    "😀",
    "\u{0}",
    "a\nb",
    "\u{202e}x",
    "__proto__",
    "constructor",
    "toString",
    "١",
    "  x ",
    "\"",
    "\\",
];

/// Values of a wrong type or at the end of a range.
fn odd_value() -> BoxedStrategy<Value> {
    let odd = vec![
        json!(null),
        json!(false),
        json!(true),
        json!(0),
        json!(1),
        json!(-1),
        json!(1.5),
        json!(-0.0),
        json!(""),
        json!("abc"),
        json!("1"),
        json!(" "),
        json!([]),
        json!([null]),
        json!([1]),
        json!([{}]),
        json!({}),
        json!({"a": 1}),
        json!(9_007_199_254_740_991_i64),
        json!(9_007_199_254_740_992_i64),
        json!(-9_007_199_254_740_993_i64),
        json!(1e300),
    ];
    select(odd).boxed()
}

/// One of `values`.
pub fn one_of(values: Vec<Value>) -> BoxedStrategy<Value> {
    select(values).boxed()
}

/// A text: mostly one of `usual`, sometimes an awkward one.
pub fn text(usual: &'static [&'static str]) -> BoxedStrategy<Value> {
    prop_oneof![
        4 => select(usual).prop_map(Value::from),
        1 => select(AWKWARD_TEXTS).prop_map(Value::from),
    ]
    .boxed()
}

/// An amount of money, in cents or finer, around the values that matter to fees and comparisons.
pub fn money(scope: Scope) -> BoxedStrategy<Value> {
    let most: i64 = if scope == Scope::Tiny { 20 } else { 100_000 };
    prop_oneof![
        4 => (0..=most).prop_map(|cents| decimal(cents, 2)),
        2 => (0..=most / 10).prop_map(Value::from),
        1 => (0..=most * 10).prop_map(|mills| decimal(mills, 3)),
        2 => one_of(vec![json!(0), json!(0.01), json!(10.0), json!(15.0), json!(100.0), json!(124.76), json!(463.440_000_000_000_05)]),
        1 => one_of(vec![json!(-1), json!(-0.01), json!(0.005), json!(1e15), json!(1e-7), json!(9_007_199_254_740_991_i64)]),
    ]
    .boxed()
}

/// The number `scaled / 10^decimals`.
pub fn decimal(scaled: i64, decimals: u32) -> Value {
    format!("{scaled}e-{decimals}").parse::<f64>().map_or(Value::Null, Value::from)
}

/// A member that is nearly always `good`; otherwise absent, null, or a value of any other kind.
pub fn member(good: BoxedStrategy<Value>) -> Member {
    prop_oneof![
        94 => good.prop_map(Some),
        2 => Just(None),
        1 => Just(Some(Value::Null)),
        3 => odd_value().prop_map(Some),
    ]
    .boxed()
}

/// A member that nothing depends on: absent as often as not.
pub fn optional(good: BoxedStrategy<Value>) -> Member {
    prop_oneof![5 => Just(None), 4 => good.prop_map(Some), 1 => odd_value().prop_map(Some)].boxed()
}

/// An object with these members.
pub fn object<const N: usize>(members: [(&'static str, Member); N]) -> BoxedStrategy<Value> {
    members_of(members).prop_map(Value::Object).boxed()
}

/// These members; [`object`] makes a value of them.
pub fn members_of<const N: usize>(members: [(&'static str, Member); N]) -> BoxedStrategy<Map<String, Value>> {
    let (names, strategies): (Vec<_>, Vec<_>) = members.into_iter().unzip();
    strategies
        .prop_map(move |values| {
            let present = names.iter().zip(values).filter_map(|(name, value)| Some(((*name).to_owned(), value?)));
            present.collect()
        })
        .boxed()
}

/// A list of up to `scope.max_len()` elements; sometimes empty, sometimes with an element twice or one of another kind.
pub fn list(scope: Scope, element: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    let repeated = |mut elements: Vec<Value>| {
        elements.extend(elements.first().cloned());
        elements
    };
    let max = scope.max_len();
    prop_oneof![
        30 => vec(element.clone(), 1..=max),
        1 => Just(Vec::new()),
        3 => vec(element.clone(), 1..=max.max(2) - 1).prop_map(repeated),
        1 => (vec(element, 0..max), odd_value()).prop_map(|(mut elements, odd)| {
            elements.push(odd);
            elements
        }),
    ]
    .prop_map(Value::Array)
    .boxed()
}

//! Hostile inputs: a well-meant input with one to several things in it that nobody meant.
//!
//! A text with a lone surrogate is not among them: it is no Unicode text, and neither a step input nor any other JSON document
//! of this project can hold one.

use parity_schema::below;
use proptest::test_runner::TestRng;
use serde_json::{Map, Number, Value, json};

use super::case::Parts;

/// How many mutations an input gets at most.
const MOST: usize = 4;

/// About as long as a text becomes, in bytes: several mutations of one text do not multiply.
const LONG: usize = 10_000;

/// Keys and texts that language runtimes give a meaning of their own, or treat differently.
pub const TEXTS: &[&str] = &[
    "",
    " ",
    "__proto__",
    "constructor",
    "prototype",
    "toString",
    "hasOwnProperty",
    "valueOf",
    "length",
    "__class__",
    "__dict__",
    "then",
    "0",
    "-1",
    "00",
    "1e3",
    "4294967295",
    "9007199254740993",
    "NaN",
    "Infinity",
    "null",
    "true",
    "undefined",
    "\u{0}",
    "a\u{0}b",
    "\na",
    "a\n",
    "a\r\n",
    "\u{2028}",
    "\u{85}",
    "\u{a0}",
    "\u{3000}",
    "\u{feff}",
    "\u{200b}",
    "e\u{301}",
    "\u{e9}",
    "\u{1e9e}",
    "\u{130}",
    "\u{131}",
    "\u{17f}",
    "\u{212a}",
    "\u{3c2}",
    "\u{202e}abc",
    "\u{5d0}\u{5d1}",
    "\u{661}\u{662}",
    "\u{ff11}",
    "\u{1f600}",
    "\u{1f468}\u{200d}\u{1f469}",
    "\u{10ffff}",
    "\u{fffd}",
    "%s",
    "{0}",
    "${x}",
    "\\u0000",
    "\"",
    "'",
    "</script>",
];

/// Puts one to several mutations into context and dependencies.
pub(super) fn mutate((context, dependencies): Parts, rng: &mut TestRng) -> Parts {
    let mut document = json!({"context": context, "dependencies": dependencies});
    for _ in 0..=below(rng, MOST) {
        mutate_once(&mut document, rng);
    }
    let mut part = |name: &str| match document.get_mut(name).map(Value::take) {
        Some(Value::Object(members)) => members,
        // The two parts themselves stay objects: anything else is no step input.
        _ => Map::new(),
    };
    (part("context"), part("dependencies"))
}

fn mutate_once(document: &mut Value, rng: &mut TestRng) {
    let below_parts: usize = document.as_object().into_iter().flat_map(Map::values).map(count).sum();
    let mut place = below(rng, below_parts);
    for part in document.as_object_mut().into_iter().flat_map(Map::values_mut) {
        let nodes = count(part);
        if place < nodes {
            return at(part, &mut place, rng, true);
        }
        place -= nodes;
    }
}

/// Nodes of a value, itself included.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(elements) => elements.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

/// Walks to node number `place` and mutates it.
fn at(value: &mut Value, place: &mut usize, rng: &mut TestRng, is_part: bool) {
    if *place == 0 {
        return mutate_node(value, rng, is_part);
    }
    *place -= 1;
    let children: Vec<&mut Value> = match value {
        Value::Array(elements) => elements.iter_mut().collect(),
        Value::Object(members) => members.values_mut().collect(),
        _ => Vec::new(),
    };
    for child in children {
        let nodes = count(child);
        if *place < nodes {
            return at(child, place, rng, false);
        }
        *place -= nodes;
    }
}

fn mutate_node(value: &mut Value, rng: &mut TestRng, is_part: bool) {
    match value {
        Value::Object(members) if is_part || below(rng, 3) > 0 => mutate_members(members, rng),
        Value::Array(elements) if below(rng, 3) > 0 => mutate_elements(elements, rng),
        Value::String(text) if below(rng, 3) > 0 => mutate_text(text, rng),
        Value::Number(number) if below(rng, 3) > 0 => mutate_number(number, rng),
        other => *other = hostile_value(rng),
    }
}

fn mutate_members(members: &mut Map<String, Value>, rng: &mut TestRng) {
    let key = members.keys().nth(below(rng, members.len().max(1))).cloned();
    match (below(rng, 5), key) {
        (0, Some(key)) => {
            members.shift_remove(&key);
        }
        (1, Some(key)) => {
            members.insert(key, hostile_value(rng));
        }
        (2, Some(key)) => {
            // The value under a key that looks like the right one.
            let value = members.shift_remove(&key).unwrap_or_default();
            let other = match below(rng, 3) {
                0 => key.to_uppercase(),
                1 => format!("{key} "),
                _ => text(rng),
            };
            members.insert(other, value);
        }
        (3, Some(key)) => {
            let value = members.get(&key).cloned().unwrap_or_default();
            members.insert(text(rng), value);
        }
        _ => {
            members.insert(text(rng), hostile_value(rng));
        }
    }
}

fn mutate_elements(elements: &mut Vec<Value>, rng: &mut TestRng) {
    let index = below(rng, elements.len().max(1));
    match (below(rng, 5), elements.get(index).cloned()) {
        (0, Some(_)) => {
            elements.remove(index);
        }
        (1, Some(element)) => elements.insert(index, element),
        (2, Some(_)) => elements[index] = hostile_value(rng),
        (3, Some(_)) => elements.reverse(),
        _ => elements.push(hostile_value(rng)),
    }
}

fn mutate_text(value: &mut String, rng: &mut TestRng) {
    let other = text(rng);
    *value = match below(rng, 7) {
        0 => other,
        1 => format!("{other}{value}"),
        2 => format!("{value}{other}"),
        3 => value.to_uppercase(),
        4 => value.repeat((LONG / value.len().max(1)).min(1 + below(rng, 200))),
        5 => value.chars().rev().collect(),
        _ => format!("\n{value}\n"),
    };
}

fn mutate_number(number: &mut Number, rng: &mut TestRng) {
    let value = number.as_f64().unwrap_or_default();
    let mutated = match below(rng, 6) {
        0 => -value,
        1 => value + 0.5,
        2 => value * 1e15,
        3 => value / 3.0,
        4 => value + 1e-9,
        _ => return *number = hostile_number(rng),
    };
    *number = Number::from_f64(mutated).unwrap_or_else(|| hostile_number(rng));
}

fn hostile_number(rng: &mut TestRng) -> Number {
    let floats = [-0.0, 0.5, 1e308, -1e308, 5e-324, 1e21, 1e-7, 0.575, 9_007_199_254_740_992.0, 1e15, 123_456_789.125];
    let integers =
        [0, -1, i64::MAX, i64::MIN, 9_007_199_254_740_991, -9_007_199_254_740_992, 2_147_483_648, 4_294_967_296];
    match below(rng, 3) {
        0 => integers[below(rng, integers.len())].into(),
        1 => u64::MAX.into(),
        _ => Number::from_f64(floats[below(rng, floats.len())]).unwrap_or_else(|| 0.into()),
    }
}

fn hostile_value(rng: &mut TestRng) -> Value {
    match below(rng, 12) {
        0 => Value::Null,
        1 => true.into(),
        2 => false.into(),
        3 => hostile_number(rng).into(),
        4 | 5 => text(rng).into(),
        6 => json!([]),
        7 => json!({}),
        8 => json!([hostile_number(rng), text(rng), null]),
        9 => json!({text(rng): text(rng), text(rng): {text(rng): [hostile_number(rng)]}}),
        10 => (0..below(rng, 40))
            .fold(json!(text(rng)), |inner, depth| if depth % 2 == 0 { json!([inner]) } else { json!({"a": inner}) }),
        _ => text(rng).repeat(LONG / 10).into(),
    }
}

fn text(rng: &mut TestRng) -> String {
    TEXTS[below(rng, TEXTS.len())].to_owned()
}

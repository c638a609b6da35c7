//! Lists whose elements depend on one another: one of them twice, sorted, in another order, one with a value of another one.

use std::cmp::Ordering;

use proptest::test_runner::TestRng;
use serde_json::Value;

use crate::chance::{below, one};

/// The list in another order, or with an element more.
pub(super) fn related(elements: &[Value], rng: &mut TestRng) -> Option<Value> {
    let mut related = elements.to_vec();
    let count = related.len();
    let element = one(rng, elements)?.clone();
    match below(rng, 10) {
        0..3 => related.insert(below(rng, count + 1), element),
        3 => related.insert(below(rng, count + 1), with_member_of(element, one(rng, elements)?, rng)),
        4 | 5 => sort(&mut related, rng),
        6 => {
            sort(&mut related, rng);
            related.reverse();
        }
        7 => related.reverse(),
        8 => related.rotate_left(1),
        _ => related.swap(below(rng, count), below(rng, count)),
    }
    Some(Value::Array(related))
}

/// The element with one member as another element has it.
fn with_member_of(mut element: Value, other: &Value, rng: &mut TestRng) -> Value {
    if let (Some(members), Some(others)) = (element.as_object_mut(), other.as_object()) {
        let name = others.keys().nth(below(rng, others.len()));
        if let Some((name, value)) = name.and_then(|name| others.get_key_value(name)) {
            members.insert(name.clone(), value.clone());
        }
    }
    element
}

/// Sorts by value, objects by one of their members.
fn sort(elements: &mut [Value], rng: &mut TestRng) {
    let members = elements.first().and_then(Value::as_object);
    let key = members.and_then(|members| members.keys().nth(below(rng, members.len())).cloned());
    let by = |value: &Value| key.as_ref().and_then(|key| value.get(key).cloned());
    elements.sort_by(|one, other| match &key {
        Some(_) => order(&by(one).unwrap_or_default(), &by(other).unwrap_or_default()),
        None => order(one, other),
    });
}

fn order(one: &Value, other: &Value) -> Ordering {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            let float = |number: &serde_json::Number| number.as_f64().unwrap_or_default();
            float(one).total_cmp(&float(other))
        }
        (Value::String(one), Value::String(other)) => one.cmp(other),
        _ => one.to_string().cmp(&other.to_string()),
    }
}

//! Numbers beside those of the code, and lists and objects that are as long as the code asks for, or add up to its numbers.

use proptest::test_runner::TestRng;
use serde_json::{Map, Number, Value};

use crate::chance::{below, one};
use crate::relate::decimal::Decimal;

/// Beside an amount.
const BESIDE: [f64; 5] = [-0.01, -0.005, 0.0, 0.005, 0.01];

/// The longest list, and about how many bytes it may take.
const MOST_ELEMENTS: usize = 2000;
const MOST_BYTES: usize = 200_000;

/// A number that is `limit` or beside it, or something made of it; whole where `now` is.
pub(super) fn near(now: &Number, limit: &Number, rng: &mut TestRng) -> Option<Number> {
    let is_whole = now.as_f64().is_some_and(|now| now.fract() == 0.0);
    let choice = below(rng, 10);
    if let Some(limit) = limit.as_i64() {
        let step = [-1, 0, 0, 1][below(rng, 4)];
        match choice {
            0..=6 if is_whole || choice < 3 => return limit.checked_add(step).map(Number::from),
            7 => return limit.checked_mul(2 + i64::try_from(below(rng, 4)).ok()?).map(Number::from),
            8 => return limit.checked_mul([100, -1][below(rng, 2)]).map(Number::from),
            _ => {}
        }
    }
    let limit = limit.as_f64()?;
    let value = match choice {
        7 => limit.floor(),
        8 => limit * 100.0,
        _ => limit + BESIDE[below(rng, BESIDE.len())],
    };
    // To the third decimal, so that no digits come from the sum.
    number(format!("{value:.3}").parse().ok()?)
}

#[expect(clippy::cast_possible_truncation, reason = "the number is whole, and small enough to be held exactly")]
fn number(value: f64) -> Option<Number> {
    let is_whole = value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0;
    if is_whole { Some(Number::from(value as i64)) } else { Number::from_f64(value) }
}

/// The list with so many elements: the same ones again, or now and then others like them, for lists in which all must differ.
pub(super) fn as_long_as(elements: &[Value], length: usize, rng: &mut TestRng) -> Option<Value> {
    if length <= elements.len() {
        return Some(Value::Array(elements[..length].to_vec()));
    }
    let bytes: usize = elements.iter().map(bytes).sum();
    if elements.is_empty() || length > MOST_ELEMENTS || bytes / elements.len() * length > MOST_BYTES {
        return None;
    }
    let differ = below(rng, 3) == 0;
    let element = |place: usize| match &elements[place % elements.len()] {
        Value::Number(_) if differ => place.into(),
        Value::String(text) if differ => format!("{text}{place}").into(),
        other => other.clone(),
    };
    Some(Value::Array((0..length).map(element).collect()))
}

/// The object with so many members: others are called `k1`, `k2`, and so on, and are like those that it has.
pub(super) fn as_many_as(members: &Map<String, Value>, count: usize, rng: &mut TestRng) -> Option<Value> {
    let like = members.values().nth(below(rng, members.len())).cloned().unwrap_or_else(|| "a".into());
    if count > MOST_ELEMENTS || bytes(&like) * count > MOST_BYTES {
        return None;
    }
    let mut many: Map<String, Value> = members.clone().into_iter().take(count).collect();
    for number in 1.. {
        if many.len() == count {
            break;
        }
        many.entry(format!("k{number}")).or_insert_with(|| like.clone());
    }
    Some(Value::Object(many))
}

/// The first elements and one more, whose numbers are `sum` together, or one more or less: the elements themselves, or a member of each.
pub(super) fn adding_up_to(elements: &[Value], sum: &Number, rng: &mut TestRng) -> Option<Value> {
    let first = elements.first()?;
    let names: Vec<Option<&String>> = match first {
        Value::Number(_) => vec![None],
        Value::Object(members) => members.iter().filter(|(_, it)| it.is_number()).map(|(name, _)| Some(name)).collect(),
        _ => Vec::new(),
    };
    let name = *one(rng, &names)?;
    let number = |element: &Value| Decimal::of(name.map_or(Some(element), |name| element.get(name))?);
    let mut left = Decimal::of(&sum.clone().into())?.plus(Decimal::new([-1, 0, 0, 0, 1][below(rng, 5)], 0))?;
    let mut list = Vec::new();
    for (place, element) in elements.iter().enumerate() {
        let after = left.minus(number(element)?)?;
        // The last one, or the first that is too large, is what is left.
        if place + 1 == elements.len() || after.is_at_most(Decimal::new(0, 0)) {
            let mut rest = element.clone();
            let slot = match name {
                Some(name) => rest.get_mut(name)?,
                None => &mut rest,
            };
            *slot = left.value(slot.is_f64())?;
            list.push(rest);
            break;
        }
        left = after;
        list.push(element.clone());
    }
    Some(Value::Array(list))
}

/// About how many bytes a value takes.
fn bytes(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(elements) => elements.iter().map(bytes).sum(),
        Value::Object(members) => members.iter().map(|(key, member)| key.len() + bytes(member)).sum(),
        _ => 8,
    }
}

//! Two values in two places that are the same for some language, or some rule, and not for another one.

use proptest::test_runner::TestRng;
use serde_json::{Value, json};

use super::stamp::Stamp;
use crate::chance::{below, one};
use crate::places::{Places, Way};

/// Texts that are one in another normalisation form, another case, without blanks, or as numbers.
const TEXTS: &[[&str; 2]] = &[
    ["\u{e9}", "e\u{301}"],
    ["Jos\u{e9}", "Jose\u{301}"],
    ["\u{c5}", "\u{212b}"],
    ["fi", "\u{fb01}"],
    ["a", "A"],
    ["stra\u{df}e", "STRASSE"],
    ["i", "\u{130}"],
    ["k", "\u{212a}"],
    ["a", "a "],
    ["a", "a\u{a0}"],
    ["1", "01"],
    ["1", "1.0"],
];

/// Whole numbers that are one as doubles.
const WHOLE: [[i64; 2]; 2] = [[9_007_199_254_740_992, 9_007_199_254_740_993], [i64::MAX - 1, i64::MAX]];

/// Numbers that are one as people write them.
const NUMBERS: [[f64; 2]; 2] = [[0.3, 0.300_000_000_000_000_04], [1.0, 1.000_000_000_000_000_2]];

/// What is put in which two places; half of the time two in the same place of a list's elements, if there is one.
pub(super) fn drawn(places: &Places<'_>, rng: &mut TestRng) -> Option<[(Way, Value); 2]> {
    let is_free = |value: &Value| match value {
        Value::String(text) => Stamp::of(text).is_none(),
        value => value.is_number(),
    };
    let all = || (0..places.all.len()).filter(|index| places.all[*index].is_open && is_free(places.all[*index].value));
    let first = one(rng, &all().collect::<Vec<_>>()).copied()?;
    let (value, group) = (places.all[first].value, places.all[first].group);
    let is_like = |index: &usize| *index != first && places.all[*index].value.is_string() == value.is_string();
    let like: Vec<usize> = all().filter(is_like).collect();
    let beside: Vec<usize> = like.iter().copied().filter(|index| places.all[*index].group == group).collect();
    let among = if beside.is_empty() || below(rng, 2) == 0 { &like } else { &beside };
    let second = *one(rng, among)?;
    let [mut one, mut other] = twins(value, rng)?;
    if below(rng, 2) == 0 {
        std::mem::swap(&mut one, &mut other);
    }
    Some([(places.way(first), one), (places.way(second), other)])
}

fn twins(value: &Value, rng: &mut TestRng) -> Option<[Value; 2]> {
    match value {
        Value::String(_) => one(rng, TEXTS).map(|twins| twins.map(Value::from)),
        Value::Number(number) if number.is_f64() && below(rng, 2) == 0 => {
            one(rng, &NUMBERS).map(|twins| twins.map(|it| json!(it)))
        }
        _ => one(rng, &WHOLE).map(|twins| twins.map(Value::from)),
    }
}

//! Numbers that depend on others: equal, a cent beside, sums, differences and products, how many there are, how many days lie between.

use std::collections::HashMap;

use proptest::test_runner::TestRng;
use serde_json::{Number, Value};

use super::around::Around;
use super::decimal::Decimal;
use super::stamp::Stamp;
use crate::chance::{below, one};
use crate::places::Place;

/// More numbers are not added.
const MOST: usize = 200;

/// What may stand in the place of a number: as it is reckoned, in cents, whole.
pub(super) fn related(place: &Place<'_>, around: &Around<'_, '_>, rng: &mut TestRng) -> Vec<Value> {
    let is_float = place.value.is_f64();
    let number = match below(rng, 16) {
        0..3 => decimal(place, around, rng),
        3..10 => match sum_of_list(place, around, rng) {
            Some(Sum::Exact(sum)) => Some(sum),
            Some(Sum::Float(sum)) => return Number::from_f64(sum).map(Value::Number).into_iter().collect(),
            None => match below(rng, 3) {
                0 => decimal(place, around, rng),
                1 => sum_beside(place, around, rng),
                _ => of_two(place, around, rng),
            },
        },
        10..12 => sum_of_products(place, around, rng),
        12 => sum_beside(place, around, rng),
        13 => of_two(place, around, rng),
        14 => length(around, rng),
        _ => days_between(around, rng),
    };
    let Some(number) = number.and_then(|number| beside(number, is_float, rng)) else { return Vec::new() };
    let spellings = [number, number.rounded(2), number.rounded(0)].into_iter().filter_map(|it| it.value(is_float));
    let mut related: Vec<Value> = spellings.collect();
    related.dedup();
    related
}

/// Mostly the number itself, now and then the one next to it: a cent, half a cent, or one.
fn beside(number: Decimal, is_float: bool, rng: &mut TestRng) -> Option<Decimal> {
    let unit = match below(rng, 10) {
        0..3 if is_float => Decimal::new(1, 2),
        0 | 1 => Decimal::new(1, 0),
        2 => Decimal::new(1, 2),
        3 if is_float => Decimal::new(5, 3),
        _ => return Some(number),
    };
    if below(rng, 2) == 0 { number.plus(unit) } else { number.minus(unit) }
}

fn decimal(place: &Place<'_>, around: &Around<'_, '_>, rng: &mut TestRng) -> Option<Decimal> {
    Decimal::of(&around.other(place, Value::is_number, rng)?)
}

enum Sum {
    Exact(Decimal),
    /// As floats add up.
    Float(f64),
}

/// The sum of the same number of each element of a list.
fn sum_of_list(place: &Place<'_>, around: &Around<'_, '_>, rng: &mut TestRng) -> Option<Sum> {
    let places = around.places;
    let is_listed = |index: usize| {
        // The number, or what it is a member of, is an element.
        let place = &places.all[index];
        place.is_element() || place.parent.is_some_and(|(parent, _)| places.all[parent].is_element())
    };
    let lists: Vec<Vec<&Value>> = places
        .groups
        .iter()
        .enumerate()
        .filter(|(number, group)| *number != place.group && group.first().is_some_and(|first| is_listed(*first)))
        .map(|(_, group)| {
            group.iter().map(|index| places.all[*index].value).filter(|value| value.is_number()).collect()
        })
        .filter(|numbers: &Vec<&Value>| !numbers.is_empty() && numbers.len() <= MOST)
        .collect();
    let list = one(rng, &lists)?;
    if below(rng, 6) == 0 {
        return Some(Sum::Float(list.iter().filter_map(|number| number.as_f64()).sum()));
    }
    list.iter().try_fold(Decimal::new(0, 0), |sum, number| sum.plus(Decimal::of(number)?)).map(Sum::Exact)
}

/// The sum of the products of two numbers in each element of a list.
fn sum_of_products(place: &Place<'_>, around: &Around<'_, '_>, rng: &mut TestRng) -> Option<Decimal> {
    let places = around.places;
    let mut of_elements: HashMap<usize, Vec<(&str, Decimal)>> = HashMap::new();
    let mut lists: Vec<(usize, Vec<usize>)> = Vec::new();
    for number in places.that(Value::is_number).take(MOST) {
        let Some((parent, _)) = number.parent else { continue };
        let holder = &places.all[parent];
        if !holder.is_element() || number.group == place.group {
            continue;
        }
        let (Some(name), Some(value)) = (number.name(places), Decimal::of(number.value)) else { continue };
        of_elements.entry(parent).or_default().push((name, value));
        match lists.iter_mut().find(|(group, _)| *group == holder.group) {
            Some((_, elements)) if elements.last() == Some(&parent) => {}
            Some((_, elements)) => elements.push(parent),
            None => lists.push((holder.group, vec![parent])),
        }
    }
    let (_, elements) = one(rng, &lists)?;
    let first = of_elements.get(elements.first()?)?;
    let (one, other) = (one(rng, first)?.0, one(rng, first)?.0);
    let product = |element: &usize| {
        let of = |wanted: &str| of_elements.get(element)?.iter().find(|(name, _)| *name == wanted).map(|(_, it)| *it);
        if one == other { of(one) } else { of(one)?.times(of(other)?) }
    };
    elements.iter().filter_map(product).try_fold(Decimal::new(0, 0), Decimal::plus)
}

/// The sum of numbers in the same object, some of them taken away: a total is that of its parts.
fn sum_beside(place: &Place<'_>, around: &Around<'_, '_>, rng: &mut TestRng) -> Option<Decimal> {
    let (parent, _) = place.parent?;
    let is_beside = |other: &&Place<'_>| {
        other.parent.is_some_and(|(of, _)| of == parent) && !std::ptr::eq(other.value, place.value)
    };
    let numbers: Vec<Decimal> =
        around.places.that(Value::is_number).filter(is_beside).filter_map(|other| Decimal::of(other.value)).collect();
    let mut sum = None;
    for number in numbers.into_iter().take(MOST) {
        let so_far = sum.unwrap_or(Decimal::new(0, 0));
        sum = match below(rng, 6) {
            0 | 1 => sum,
            2 if sum.is_some() => so_far.minus(number),
            _ => so_far.plus(number),
        };
    }
    sum
}

/// Two numbers from anywhere as one; of a rate the part in a hundred, too.
fn of_two(place: &Place<'_>, around: &Around<'_, '_>, rng: &mut TestRng) -> Option<Decimal> {
    let numbers = around.places.that(Value::is_number).filter(|other| !std::ptr::eq(other.value, place.value));
    let numbers: Vec<Decimal> = numbers.take(MOST).filter_map(|number| Decimal::of(number.value)).collect();
    // Two different ones, where there are two.
    let first = below(rng, numbers.len());
    let second = (first + 1 + below(rng, numbers.len().saturating_sub(1))) % numbers.len().max(1);
    let (one, other) = (*numbers.get(first)?, *numbers.get(second)?);
    match below(rng, 6) {
        0 => one.plus(other),
        1 => one.minus(other),
        2 => one.times(other)?.times(Decimal::new(1, 2)),
        _ => one.times(other),
    }
}

/// How long a list or a text is.
fn length(around: &Around<'_, '_>, rng: &mut TestRng) -> Option<Decimal> {
    let lengths: Vec<usize> = around
        .places
        .all
        .iter()
        .filter_map(|place| match place.value {
            Value::Array(elements) => Some(elements.len()),
            Value::String(text) => Some(text.chars().count()),
            _ => None,
        })
        .collect();
    one(rng, &lengths).and_then(|length| i128::try_from(*length).ok()).map(|length| Decimal::new(length, 0))
}

fn days_between(around: &Around<'_, '_>, rng: &mut TestRng) -> Option<Decimal> {
    let texts = around.places.that(Value::is_string).map(|place| place.value);
    let stamps: Vec<Stamp> = texts.chain(around.also).filter_map(Value::as_str).filter_map(Stamp::of).collect();
    let days = one(rng, &stamps)?.days_after(one(rng, &stamps)?)?;
    Some(Decimal::new(days.into(), 0))
}

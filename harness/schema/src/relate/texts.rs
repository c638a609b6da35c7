//! Texts that depend on others: equal, in another spelling, a part of one, the name of a member, a number as it is written.

use proptest::test_runner::TestRng;
use serde_json::Value;

use super::around::Around;
use super::stamp::Stamp;
use super::times;
use crate::chance::{below, one};
use crate::places::{Place, Step};
use crate::spelling;

/// What may stand in the place of a text.
pub(super) fn related(place: &Place<'_>, text: &str, around: &Around<'_, '_>, rng: &mut TestRng) -> Vec<Value> {
    if let Some(form) = Stamp::of(text) {
        return times::related(place, form, around, rng).map(Value::from).into_iter().collect();
    }
    let other = |rng: &mut TestRng| {
        around.other(place, Value::is_string, rng).and_then(|other| other.as_str().map(str::to_owned))
    };
    let related = match below(rng, 13) {
        12 => other(rng).map(|other| spelling::other_form(&other, rng)),
        0..3 => other(rng),
        3..7 => other(rng).map(|other| spelling::other(&other, rng)),
        7 => Some(spelling::other(text, rng)),
        8 => name(around, rng),
        9 => around.other(place, Value::is_number, rng).map(|number| spelling::of_number(&number, rng)),
        10 => other(rng).map(|other| part(&other, rng)),
        _ => other(rng).map(|other| format!("{other}{text}")),
    };
    related.map(Value::from).into_iter().collect()
}

/// The name of a member.
fn name(around: &Around<'_, '_>, rng: &mut TestRng) -> Option<String> {
    let names: Vec<&str> = around
        .places
        .all
        .iter()
        .filter_map(|place| match place.parent {
            // The parts of an input are no members of somebody's.
            Some((parent, Step::Member(name))) if parent > 0 => Some(name),
            _ => None,
        })
        .collect();
    one(rng, &names).map(|name| (*name).to_owned())
}

/// The beginning or the end of a text.
fn part(text: &str, rng: &mut TestRng) -> String {
    let letters: Vec<char> = text.chars().collect();
    let at = below(rng, letters.len() + 1);
    let (before, behind) = letters.split_at(at);
    if below(rng, 2) == 0 { before } else { behind }.iter().collect()
}

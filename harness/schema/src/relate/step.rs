//! One to three changes of a document, each of which makes a value depend on others.

use proptest::test_runner::TestRng;
use serde_json::{Map, Value};

use super::around::Around;
use super::{lists, numbers, texts, twins};
use crate::chance::{below, one};
use crate::places::{Place, Places, Way};

/// How many changes are made: a later one may undo what an earlier one made equal.
const CHANGES: &[usize] = &[1, 1, 1, 2, 2, 3];

/// Of so many changes, one puts two values in two places that some language takes for the same.
const TWINS: usize = 12;

/// How often another change is tried where one is refused.
const TRIES: usize = 3;

/// What may be changed, and what else a value may depend on.
#[derive(Clone, Copy, Debug)]
pub struct Room<'r> {
    /// The members of the document below which values are changed. Those elsewhere are only read.
    pub open: &'r [&'r str],
    /// Times that are not in the document, as that of the call.
    pub also: &'r [Value],
}

/// Makes one to three values of `document` depend on others, as far as `admits` holds of the whole; returns whether one does. What is
/// put in has the type of what was there.
pub fn relate(document: &mut Value, room: Room<'_>, rng: &mut TestRng, admits: impl Fn(&Value) -> bool) -> bool {
    let mut is_changed = false;
    for _ in 0..one(rng, CHANGES).copied().unwrap_or(1) {
        for _ in 0..TRIES {
            if change(document, room, rng, &admits) {
                is_changed = true;
                break;
            }
        }
    }
    is_changed
}

fn change(document: &mut Value, room: Room<'_>, rng: &mut TestRng, admits: &impl Fn(&Value) -> bool) -> bool {
    let places = Places::of(document, room.open);
    if below(rng, TWINS) == 0 {
        return match twins::drawn(&places, rng) {
            Some(twins) => put(document, &twins, admits),
            None => false,
        };
    }
    let Some(index) = chosen(&places, rng) else { return false };
    let around = Around { places: &places, also: room.also };
    let related = related(&places.all[index], &around, rng);
    let way = places.way(index);
    for value in related {
        let Some(slot) = way.of(document) else { return false };
        if *slot == value {
            continue;
        }
        let before = std::mem::replace(slot, value);
        if admits(document) {
            return true;
        }
        if let Some(slot) = way.of(document) {
            *slot = before;
        }
    }
    false
}

/// Puts values in several places, or in none of them if the whole is not admitted then.
fn put(document: &mut Value, values: &[(Way, Value)], admits: &impl Fn(&Value) -> bool) -> bool {
    let before = document.clone();
    for (way, value) in values {
        if let Some(slot) = way.of(document) {
            slot.clone_from(value);
        }
    }
    let is_admitted = admits(document);
    if !is_admitted {
        *document = before;
    }
    is_admitted
}

/// A place that may be changed. Of a list all elements together are as likely as another member is.
fn chosen(places: &Places<'_>, rng: &mut TestRng) -> Option<usize> {
    let is_open = |index: &&usize| places.all[**index].is_open && !matches!(places.all[**index].value, Value::Null);
    let groups: Vec<Vec<usize>> = places
        .groups
        .iter()
        .map(|group| group.iter().filter(is_open).copied().collect::<Vec<usize>>())
        .filter(|group| !group.is_empty())
        .collect();
    let mut chosen = None;
    for _ in 0..TRIES {
        chosen = one(rng, &groups).and_then(|group| one(rng, group)).copied();
        // Objects have members of their own, and a flag depends on little.
        let is_likely = |index: usize| !matches!(places.all[index].value, Value::Object(_) | Value::Bool(_));
        if chosen.is_none_or(is_likely) {
            break;
        }
    }
    chosen
}

/// What may stand in a place for the sake of what stands elsewhere: the first that is admitted does.
fn related(place: &Place<'_>, around: &Around<'_, '_>, rng: &mut TestRng) -> Vec<Value> {
    match place.value {
        Value::Number(_) => numbers::related(place, around, rng),
        Value::String(text) => texts::related(place, text, around, rng),
        Value::Array(elements) => lists::related(elements, rng).into_iter().collect(),
        Value::Object(members) => renamed(members, place, around, rng).into_iter().collect(),
        Value::Bool(_) => around.other(place, Value::is_boolean, rng).into_iter().collect(),
        Value::Null => Vec::new(),
    }
}

/// A member whose name is a text from elsewhere.
fn renamed(
    members: &Map<String, Value>,
    place: &Place<'_>,
    around: &Around<'_, '_>,
    rng: &mut TestRng,
) -> Option<Value> {
    let old = members.keys().nth(below(rng, members.len()))?.clone();
    let new = around.other(place, Value::is_string, rng)?;
    let new = new.as_str().filter(|new| !members.contains_key(*new))?;
    let rename =
        |(name, value): (&String, &Value)| (if *name == old { new.to_owned() } else { name.clone() }, value.clone());
    Some(Value::Object(members.iter().map(rename).collect()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::test_runner::RngAlgorithm;
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::domain::Domain;

    fn rng(seed: u8) -> TestRng {
        TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32])
    }

    /// What relating `document` 4000 times makes of the member of `a` at the pointer.
    fn seen(document: &Value, at: &str) -> BTreeSet<String> {
        let mut rng = rng(1);
        let room = Room { open: &["a"], also: &[json!("2026-01-15T09:30:00.000Z")] };
        let related = |_| {
            let mut related = document.clone();
            relate(&mut related, room, &mut rng, |_| true);
            assert_eq!(related["b"], document["b"]);
            related.pointer(at).map(ToString::to_string)
        };
        (0..30_000).filter_map(related).collect()
    }

    #[rstest]
    #[case::sums_of_a_list(json!({"lines": [0.1, 0.2], "total": 9.5}), "/a/total", &["0.3", "0.30000000000000004", "0.31", "0.29", "0.1", "0.2", "2.0"])]
    #[case::sums_of_products(
        json!({"lines": [{"n": 2, "price": 0.35}, {"n": 3, "price": 1.1}], "total": 9.5}), "/a/total", &["4.0", "4.01", "1.45", "5.0"]
    )]
    #[case::others_beside(json!({"net": 10.5, "tax": 2, "total": 1}), "/a/total", &["10.5", "12.5", "8.5", "21", "10.51"])]
    #[case::days_between(json!({"from": "2024-02-28", "to": "2024-03-01", "days": 9}), "/a/days", &["2", "1", "3"])]
    #[case::dates(
        json!({"from": "2024-01-31", "to": "2020-05-05", "days": 17}), "/a/to",
        &[r#""2024-01-31""#, r#""2024-02-01""#, r#""2024-02-29""#, r#""2025-01-31""#, r#""2024-02-17""#, r#""2024-03-01""#, r#""2026-01-15""#, r#""2025-01-15""#]
    )]
    #[case::times(
        json!({"from": "2024-03-31T00:30:00+01:00", "to": "2020-05-05T10:00:00Z"}), "/a/to",
        &[r#""2024-03-31T00:30:00+01:00""#, r#""2024-04-01T00:30:00+01:00""#, r#""2024-04-01T00:30:01+01:00""#, r#""2024-03-30T23:30:00Z""#]
    )]
    #[case::spellings(
        json!({"name": "Jos\u{e9}", "alias": "Ada"}), "/a/alias",
        &["\"Jos\u{e9}\"", "\"JOS\u{c9}\"", "\"Jose\u{301}\"", "\" Jos\u{e9}\"", "\"\u{feff}Jos\u{e9}\"", "\"name\"", r#""x-1""#]
    )]
    #[case::separators(json!({"name": "a=b", "alias": "c"}), "/a/alias", &[r#""a==b""#, r#""a=b=b""#])]
    #[case::lists(
        json!({"ids": [3, 1, 2]}), "/a/ids", &["[1,2,3]", "[3,2,1]", "[2,1,3]", "[3,1,2,3]", "[3,1,1,2]", "[3,1,2,1]", "[1,2,3]"]
    )]
    #[case::twins(
        json!({"one": 1, "other": 2}), "/a", &[r#"{"one":9007199254740992,"other":9007199254740993}"#, r#"{"one":9007199254740993,"other":9007199254740992}"#]
    )]
    #[case::twin_names(json!({"one": "x", "other": "y"}), "/a", &["{\"one\":\"Jos\u{e9}\",\"other\":\"Jose\u{301}\"}", r#"{"one":"a","other":"a "}"#])]
    #[case::names(json!({"by": {"k": 1}, "key": "x"}), "/a/by", &[r#"{"x":1}"#, r#"{"x-1":1}"#])]
    fn a_value_depends_on_others(#[case] part: Value, #[case] at: &str, #[case] claimed: &[&str]) {
        let seen = seen(&json!({"a": part, "b": {"id": "x-1"}}), at);
        let missing: Vec<_> = claimed.iter().filter(|claim| !seen.contains(**claim)).collect();
        assert!(missing.is_empty(), "{missing:?} not in {seen:?}");
    }

    #[test]
    fn what_the_domain_refuses_is_not_made_and_a_change_depends_on_its_randomness_alone() {
        let schema = json!({"properties": {"a": {"properties": {
            "lines": {"maxItems": 2, "items": {"type": "number", "multipleOf": 0.01}},
            "total": {"type": "number", "multipleOf": 0.01, "minimum": 0}}}}});
        let domain = Domain::of_schema(&schema).unwrap();
        let document = json!({"a": {"lines": [0.1, 0.2], "total": 9}});
        let room = Room { open: &["a"], also: &[] };
        let mut totals = BTreeSet::new();
        for seed in 0..=255 {
            let related = || {
                let mut related = document.clone();
                relate(&mut related, room, &mut rng(seed), |whole| domain.holds(whole));
                related
            };
            assert_eq!(related(), related());
            assert!(domain.holds(&related()), "{}", related());
            totals.insert(related()["a"]["total"].to_string());
        }
        assert!(totals.contains("0.3") && totals.contains("0.2"), "{totals:?}");
    }

    #[test]
    fn a_document_without_values_stays_as_it_is() {
        let mut document = json!({"a": {}, "b": {"n": 1}});
        relate(&mut document, Room { open: &["a"], also: &[] }, &mut rng(1), |_| true);
        assert_eq!(document, json!({"a": {}, "b": {"n": 1}}));
    }
}

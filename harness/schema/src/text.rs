//! Texts: by pattern, by format or of any letters, as short and as long as they may be, and in other spellings.

use std::sync::Arc;

use jsonschema::Validator;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;
use serde_json::{Map, Value};

use super::edges;
use super::error::{SchemaError, SchemaProblem, contradiction};
use super::formats;
use super::found::{TRIES, found};
use super::merge::whole;
use super::model::Drawing;
use super::pattern;
use crate::scope::Scope;
use crate::spelling;

/// Beyond, a text at its greatest length is no longer drawn: it would only cost time.
const LONG: u64 = 1000;

/// Lengths at which people set limits, and one more and one less.
const LIMITS: &[u64] = &[10, 16, 20, 32, 50, 51, 64, 80, 100, 101, 128, 140, 160, 200, 255, 256, 257, 500, 1000, 1001];

/// What texts are made of where nothing else is said: letters of both cases, digits, a blank, and what is no ASCII.
const LETTERS: &[char] = &[
    'a', 'b', 'c', 'd', 'e', 'i', 'n', 'o', 's', 'x', 'y', 'z', 'A', 'B', 'I', 'Z', '0', '1', '2', '9', ' ', '-', '.',
    '_', 'é', 'ß', 'İ', '😀',
];

impl Drawing {
    /// The texts that `parts` admit together; `merged` is all of them as far as they are one.
    pub(super) fn text(
        &self,
        parts: &[Map<String, Value>],
        merged: &Map<String, Value>,
        validator: &Arc<Validator>,
        at: &str,
    ) -> Result<BoxedStrategy<Value>, SchemaError> {
        let (least, most) =
            (merged.get("minLength").and_then(whole).unwrap_or(0), merged.get("maxLength").and_then(whole));
        if most.is_some_and(|most| most < least) {
            return Err(contradiction(at, "minLength is greater than maxLength"));
        }
        let said = |keyword: &str| -> Vec<&str> {
            parts.iter().filter_map(|part| part.get(keyword).and_then(Value::as_str)).collect()
        };
        let mut usual = Vec::new();
        let mut refused = None;
        for pattern in said("pattern") {
            match pattern::texts(pattern, u32::try_from(least).unwrap_or(u32::MAX), self.scope) {
                Ok(texts) => usual.push(texts),
                Err(reason) => refused = Some(SchemaProblem::Pattern { pattern: pattern.to_owned(), reason }),
            }
        }
        // One text that meets all of several patterns is often one after the other.
        if let [first, others @ ..] = usual.as_slice()
            && !others.is_empty()
        {
            let one_by_one = |texts: BoxedStrategy<String>, other: &BoxedStrategy<String>| {
                let other = other.clone();
                (texts, other, any::<bool>())
                    .prop_map(|(one, other, is_first)| if is_first { one + &other } else { other + &one })
                    .boxed()
            };
            usual.push(others.iter().fold(first.clone(), one_by_one));
        }
        usual.extend(said("format").into_iter().filter(|format| formats::is_known(format)).map(formats::texts));
        if usual.is_empty() {
            usual.push(words(least, most, self.scope));
        }
        let checker = Arc::clone(validator);
        let valid = |texts: BoxedStrategy<String>| {
            let checker = Arc::clone(&checker);
            found(texts.prop_filter("the schema refuses the text", move |text| checker.is_valid(&text.as_str().into())))
        };
        let usual: Vec<_> = usual.into_iter().filter_map(valid).collect();
        let edges: Vec<&str> = edges::texts().into_iter().filter(|text| validator.is_valid(&(*text).into())).collect();
        let mut strategies = Vec::new();
        if !usual.is_empty() {
            let usual = Union::new(usual).boxed();
            strategies.extend([(3, usual.clone()), (2, respelled(usual, Arc::clone(validator)))]);
        }
        if !edges.is_empty() {
            strategies.push((3, select(edges).prop_map(str::to_owned).boxed()));
        }
        if strategies.is_empty() {
            return Err(SchemaError::new(at, refused.unwrap_or(SchemaProblem::NotFound { tries: TRIES })));
        }
        Ok(Union::new_weighted(strategies).prop_map(Value::from).boxed())
    }
}

/// Texts of any letters, some of them as short or as long as they may be.
pub(super) fn words(least: u64, most: Option<u64>, scope: Scope) -> BoxedStrategy<String> {
    let length = |length: u64| usize::try_from(length).unwrap_or(usize::MAX);
    let usual = least.saturating_add(scope.max_len() as u64 * 2);
    let of = move |least: u64, most: u64| {
        vec(select(LETTERS), length(least)..=length(most)).prop_map(|letters| letters.into_iter().collect()).boxed()
    };
    let mut strategies = vec![(40, of(least, most.map_or(usual, |most| most.min(usual)))), (10, of(least, least))];
    if let Some(most) = most.filter(|most| *most <= LONG && scope > Scope::Small) {
        strategies.push((10, of(most, most)));
    }
    let is_admitted = |limit: &u64| *limit >= least && most.is_none_or(|most| *limit <= most);
    let limits: Vec<u64> = LIMITS.iter().copied().filter(is_admitted).collect();
    if scope > Scope::Small && !limits.is_empty() {
        strategies.push((2, select(limits).prop_flat_map(move |length| of(length, length)).boxed()));
    }
    Union::new_weighted(strategies).boxed()
}

/// The texts in other spellings, where those are valid.
fn respelled(texts: BoxedStrategy<String>, validator: Arc<Validator>) -> BoxedStrategy<String> {
    texts
        .prop_perturb(move |text, mut rng| {
            let other = spelling::other(&text, &mut rng);
            if validator.is_valid(&other.as_str().into()) { other } else { text }
        })
        .boxed()
}

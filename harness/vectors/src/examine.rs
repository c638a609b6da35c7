//! An input with everything that the oracle tells about it: by asking again with something changed, what the outcome depends
//! on.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use parity_model::{Ambient, Outcome, StepInput};
use reference_rs::{HandlerSpec, OutcomeClass};
use serde_json::Value;

use super::boundary::{Boundary, Step};
use super::flag::{Flag, class_flag};
use crate::edges;
use crate::nudge;
use parity_json::canonical_of;
use parity_json::pointer;
use parity_model::{document_of, with_document};
use parity_schema::Domain;

/// Numbers and empty values of an input that are looked at.
const MOST_PLACES: usize = 40;

/// From how many elements on a list is large.
const LARGE: usize = 5;

/// A step input in canonical form, and what the oracle makes of it.
#[derive(Clone, Debug)]
pub struct Examined {
    spec: &'static HandlerSpec,
    /// The input; its keys are sorted.
    pub input: StepInput,
    /// The declared outcome that it ends in.
    pub class: OutcomeClass,
    /// The outcome.
    pub outcome: Outcome,
    pub(super) document: Value,
    pub(super) answer: Value,
}

impl Examined {
    /// What the oracle makes of `input`; `None` if it ends in an outcome that its handler does not declare, or if there is
    /// no such handler.
    #[must_use]
    pub fn new(input: &StepInput) -> Option<Self> {
        // The order of keys is no part of a vector, so the oracle never sees another one than the file's.
        let input: StepInput = serde_json::from_value(canonical_of(input)).ok()?;
        let spec = reference_rs::find(&input.handler)?;
        let evaluation = spec.evaluate(&input);
        Some(Self {
            spec,
            class: evaluation.class?,
            document: document_of(&input),
            answer: canonical_of(&evaluation.outcome),
            outcome: evaluation.outcome,
            input,
        })
    }

    /// The flags, sorted: the declared outcome and the edges.
    #[must_use]
    pub fn flags(&self, domain: &Domain) -> Vec<String> {
        let mut flags: Vec<String> = self.edges(domain).into_iter().map(|flag| flag.name().to_owned()).collect();
        flags.push(class_flag(self.class));
        flags.sort();
        flags
    }

    /// The edges that it is at.
    pub(super) fn edges(&self, domain: &Domain) -> BTreeSet<Flag> {
        Flag::ALL.into_iter().filter(|flag| self.is_at(*flag, domain)).collect()
    }

    /// Whether it is at this edge.
    pub(super) fn is_at(&self, flag: Flag, domain: &Domain) -> bool {
        match flag {
            Flag::Boundary => !self.boundaries().is_empty(),
            Flag::Empty => self.has_deciding_emptiness(),
            Flag::Hostile => !domain.holds(&self.document),
            Flag::Large => {
                let is_large = |value: &Value| value.as_array().is_some_and(|elements| elements.len() >= LARGE);
                !nudge::collect(&self.document, &is_large).is_empty()
            }
            Flag::Randomness => self.depends_on_randomness(),
            Flag::Regression => false,
            Flag::Retry => matches!(self.class, OutcomeClass::Retryable(_)) || self.input.attempt > 1,
            Flag::Rounding => edges::roundings(&self.document, &self.answer).any,
            Flag::Tie => edges::roundings(&self.document, &self.answer).tie,
            Flag::Time => self.depends_on_time(),
            Flag::Unicode => nudge::plain(&self.document).is_some_and(|plain| self.answer_to(&plain) != self.answer),
        }
    }

    /// Whether another clock gives another outcome.
    pub(super) fn depends_on_time(&self) -> bool {
        // Another year, month, day, hour, minute, second and millisecond.
        const OTHER: SignedDuration =
            SignedDuration::from_millis(((((400 * 24 + 40 * 24) + 7) * 60 + 11) * 60 + 13) * 1000 + 17);
        let ambient = &self.input.ambient;
        let now = ambient.now.checked_sub(OTHER).unwrap_or(ambient.now);
        self.answer_under(Ambient { now, ..ambient.clone() }) != self.answer
    }

    /// Whether other random values give another outcome.
    pub(super) fn depends_on_randomness(&self) -> bool {
        let ambient = &self.input.ambient;
        // A draw from a small range may meet the same value by chance, two others hardly do as well.
        [!ambient.entropy, ambient.entropy.wrapping_add(1), ambient.entropy.wrapping_add(2)]
            .into_iter()
            .any(|entropy| self.answer_under(Ambient { entropy, ..ambient.clone() }) != self.answer)
    }

    fn has_deciding_emptiness(&self) -> bool {
        let empties = nudge::collect(&self.document, &|value| nudge::filled(value).is_some());
        empties.into_iter().filter(|(path, _)| is_below_a_part(path)).take(MOST_PLACES).any(|(path, value)| {
            let filled = nudge::filled(value).unwrap_or_default();
            self.answer_to(&nudge::with(&self.document, &path, filled)) != self.answer
        })
    }

    /// Where one step of one number decides.
    pub(super) fn boundaries(&self) -> BTreeSet<Boundary> {
        let numbers = nudge::collect(&self.document, &Value::is_number);
        let numbers = numbers.into_iter().filter_map(|(path, value)| Some((path, value.as_number()?)));
        numbers.take(MOST_PLACES).flat_map(|(path, number)| self.boundaries_at(&path, number)).collect()
    }

    fn boundaries_at(&self, path: &str, number: &serde_json::Number) -> Vec<Boundary> {
        let Some((lower, higher)) = nudge::steps(number) else { return Vec::new() };
        let below = self.answer_to(&nudge::with(&self.document, path, lower));
        let above = self.answer_to(&nudge::with(&self.document, path, higher));
        let places = edges::leaps(&self.answer, [&below, &above]);
        let path = pointer::wildcard_indices(path);
        let boundary = |step, place: &str| Boundary { path: path.clone(), step, place: self.wildcard(place) };
        let mut boundaries: Vec<Boundary> =
            places.iter().map(|(is_up, place)| boundary(if *is_up { Step::Up } else { Step::Down }, place)).collect();
        if let [(_, place), _] = places.as_slice() {
            boundaries.push(boundary(Step::Either, place));
        }
        boundaries
    }

    /// The scalars of the input and where they stand, with wildcards.
    pub(super) fn given(&self) -> BTreeSet<(String, String)> {
        let scalars = nudge::collect(&self.document, &|value| !value.is_object() && !value.is_array());
        scalars.into_iter().map(|(path, value)| (pointer::wildcard_indices(&path), value.to_string())).collect()
    }

    /// Whether `value` stands at `path` of the input, and nothing in its place gives another outcome.
    pub(super) fn depends_on_given(&self, path: &str, value: &str) -> bool {
        let Ok(value) = serde_json::from_str::<Value>(value) else { return false };
        let is_it = |found: &Value| *found == value;
        let mut places = nudge::collect(&self.document, &is_it).into_iter().take(MOST_PLACES);
        places.any(|(place, _)| {
            pointer::wildcard_indices(&place) == path
                && self.answer_to(&nudge::with(&self.document, &place, Value::Null)) != self.answer
        })
    }

    /// Where the outcome depends on a text or number of the input, and on what about it.
    pub(super) fn details(&self) -> BTreeSet<(String, &'static str)> {
        let mut found = BTreeSet::new();
        let places = nudge::collect(&self.document, &|value| value.is_string() || value.is_number());
        for (path, value) in places.into_iter().take(MOST_PLACES) {
            for (what, other) in nudge::plainer(value) {
                if self.answer_to(&nudge::with(&self.document, &path, other)) != self.answer {
                    found.insert((pointer::wildcard_indices(&path), what));
                }
            }
        }
        found
    }

    /// The scalars of the outcome and where they stand, with wildcards.
    pub(super) fn scalars(&self) -> BTreeSet<(String, String)> {
        let scalars = nudge::collect(&self.answer, &|value| !value.is_object() && !value.is_array());
        scalars.into_iter().map(|(path, value)| (self.wildcard(&path), value.to_string())).collect()
    }

    /// Where something stands in the outcome, and of which kind it is.
    pub(super) fn shape(&self) -> BTreeSet<String> {
        let places = nudge::collect(&self.answer, &|_| true);
        places.into_iter().map(|(path, value)| format!("{} {}", self.wildcard(&path), edges::kind(value))).collect()
    }

    fn wildcard(&self, path: &str) -> String {
        pointer::wildcard(path, self.spec.named_by_data)
    }

    fn answer_under(&self, ambient: Ambient) -> Value {
        canonical_of(&self.spec.evaluate(&StepInput { ambient, ..self.input.clone() }).outcome)
    }

    fn answer_to(&self, document: &Value) -> Value {
        match with_document(&self.input, document) {
            Some(input) => canonical_of(&self.spec.evaluate(&input).outcome),
            None => Value::Null,
        }
    }
}

/// Not the two parts of the document themselves.
fn is_below_a_part(path: &str) -> bool {
    path.matches('/').count() > 1
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn cart(items: &Value) -> Examined {
        let handler: parity_model::HandlerId = "ecommerce/validate_cart".parse().unwrap();
        let context = json!({"cart_items": items}).as_object().unwrap().clone();
        Examined::new(&StepInput::new(handler, context, serde_json::Map::new())).unwrap()
    }

    fn flags(examined: &Examined) -> Vec<String> {
        let domain = parity_blog::find(&examined.input.handler).unwrap().domain();
        examined.flags(&domain)
    }

    /// The steps of the first quantity that decide the shipping.
    fn shipping_steps(quantity: i64) -> Vec<Step> {
        let boundaries = cart(&json!([{"product_id": 1, "quantity": quantity}])).boundaries();
        let of_quantity = boundaries.into_iter().filter(|boundary| boundary.path == "/context/cart_items/*/quantity");
        of_quantity.filter(|boundary| boundary.place.ends_with("shipping_cost")).map(|boundary| boundary.step).collect()
    }

    #[test]
    fn both_sides_of_a_boundary_are_told_and_nothing_beside_it() {
        // Four units weigh 2.0, the last weight with the cheapest shipping; five are the first beyond it.
        assert_eq!([3, 4, 5, 6].map(shipping_steps), [vec![], vec![Step::Up], vec![Step::Down], vec![]]);
    }

    #[rstest]
    // 29.99 * 0.5 lies between two cents.
    #[case(json!([{"product_id": 1, "quantity": 0.5}]), &["boundary", "completed", "rounding", "tie", "time"])]
    #[case(json!([{"product_id": 4, "quantity": 3}]), &["boundary", "retry", "retry_after_30"])]
    #[case(json!([]), &["MISSING_CART_ITEMS", "empty"])]
    #[case(json!("\u{e9}"), &["INVALID_INPUT", "hostile"])]
    fn an_edge_is_told(#[case] items: Value, #[case] expected: &[&str]) {
        assert_eq!(flags(&cart(&items)), expected);
    }
}

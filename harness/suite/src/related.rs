//! Cases in which values depend on one another, and cases with bad input: a share of all cases, each by its own randomness.

use parity_model::{StepInput, document_of, with_document};
use parity_schema::{Domain, Room, Scope, below, relate, spoil};
use proptest::test_runner::TestRng;
use serde_json::{Map, Value};

/// In so many cases of a hundred values depend on others.
const RELATED: usize = 40;

/// In so many of those of a generator, which somebody wrote to meet what matters as it is.
const RELATED_OF_GENERATOR: usize = 5;

/// So many have bad input.
const SPOILT: usize = 5;

/// `input` with values that depend on others, as far as `domain` admits them, and whether it has any. With `only_results` it is the results of earlier steps
/// that change: the others have come from the context as it is.
pub(super) fn related(input: StepInput, only_results: bool, domain: &Domain, rng: &mut TestRng) -> (StepInput, bool) {
    let share = if only_results { RELATED } else { RELATED_OF_GENERATOR };
    if below(rng, 100) >= share || only_results && input.dependencies.is_empty() {
        return (input, false);
    }
    let mut document = document_of(&input);
    let open: &[&str] = if only_results { &["dependencies"] } else { &["context", "dependencies"] };
    let now = [Value::from(format!("{:.3}", input.ambient.now))];
    let is_related = relate(&mut document, Room { open, also: &now }, rng, |document| domain.holds(document));
    (with_document(&input, &document).unwrap_or(input), is_related)
}

/// The same of a context by itself. The document of `domain` is `{"context"}`.
pub(super) fn related_context(
    context: Map<String, Value>,
    scope: Scope,
    domain: &Domain,
    rng: &mut TestRng,
) -> (Map<String, Value>, bool) {
    if scope == Scope::Hostile || below(rng, 100) >= RELATED {
        return (context, false);
    }
    let mut document = Value::from_iter([("context", Value::Object(context))]);
    let is_related =
        relate(&mut document, Room { open: &["context"], also: &[] }, rng, |document| domain.holds(document));
    let context = match document.get_mut("context").map(Value::take) {
        Some(Value::Object(context)) => context,
        _ => Map::new(),
    };
    (context, is_related)
}

/// `input` with one thing in it that is bad, in a small share of cases.
pub(super) fn spoilt(input: &StepInput, domain: &Domain, rng: &mut TestRng) -> Option<StepInput> {
    if below(rng, 100) >= SPOILT {
        return None;
    }
    let mut document = document_of(input);
    spoil(&mut document, &["context", "dependencies"], rng, |document| domain.holds(document));
    with_document(input, &document).filter(|_| !domain.holds(&document))
}

#[cfg(test)]
mod tests {
    use proptest::test_runner::RngAlgorithm;
    use serde_json::json;

    use super::*;

    fn count(make: impl Fn(&mut TestRng) -> StepInput, is: impl Fn(&StepInput) -> bool) -> usize {
        let rng = |seed: u64| {
            let bytes: Vec<u8> = (0..4).flat_map(|_| seed.to_le_bytes()).collect();
            TestRng::from_seed(RngAlgorithm::ChaCha, &bytes)
        };
        (0..1000).filter(|seed| is(&make(&mut rng(*seed)))).count()
    }

    #[test]
    fn a_share_of_cases_has_related_values_and_a_small_one_bad_input() {
        let schema = json!({"properties": {"context": {"required": ["a"], "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}}}});
        let domain = Domain::of_schema(&schema).unwrap();
        let members = |value: Value| value.as_object().cloned().unwrap();
        let context = members(json!({"a": 17, "b": 400_000}));
        let dependencies = members(json!({"earlier": {"n": 17}}));
        let input = StepInput::new("shop/pay".parse().unwrap(), context, dependencies);
        let is_changed = |other: &StepInput| *other != input;
        let changed = count(|rng| related(input.clone(), false, &domain, rng).0, is_changed);
        assert!((15..=80).contains(&changed), "{changed}");
        let results = count(
            |rng| related(input.clone(), true, &domain, rng).0,
            |other| {
                assert_eq!(other.context, input.context);
                is_changed(other)
            },
        );
        assert!(results > 100, "{results}");
        let contexts = count(
            |rng| {
                let (context, _) = related_context(input.context.clone(), Scope::Normal, &domain, rng);
                StepInput { context, ..input.clone() }
            },
            is_changed,
        );
        assert!(contexts > 100, "{contexts}");
        let bad = count(
            |rng| spoilt(&input, &domain, rng).unwrap_or_else(|| input.clone()),
            |other| !domain.holds(&document_of(other)),
        );
        assert!((20..=70).contains(&bad), "{bad}");
    }
}

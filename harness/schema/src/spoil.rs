//! Bad input, one thing at a time: a member that is missing, null, empty or of another type.

use proptest::test_runner::TestRng;
use serde_json::{Value, json};

use crate::chance::{below, one};
use crate::places::Places;

/// How often another change is tried where the input stays well-formed.
const TRIES: usize = 4;

/// Changes one value below the members `open` of `document` so that `admits` no longer holds; leaves it as it is if none was found.
pub fn spoil(document: &mut Value, open: &[&str], rng: &mut TestRng, admits: impl Fn(&Value) -> bool) {
    for _ in 0..TRIES {
        let mut spoilt = document.clone();
        if change(&mut spoilt, open, rng).is_some() && !admits(&spoilt) {
            *document = spoilt;
            return;
        }
    }
}

fn change(document: &mut Value, open: &[&str], rng: &mut TestRng) -> Option<()> {
    let places = Places::of(document, open);
    let groups: Vec<Vec<usize>> = places
        .groups
        .iter()
        .map(|group| group.iter().copied().filter(|index| places.all[*index].is_open).collect())
        .filter(|group: &Vec<usize>| !group.is_empty())
        .collect();
    let group = one(rng, &groups)?;
    let index = *one(rng, group)?;
    let way = places.way(index);
    let kind = below(rng, 6);
    if kind < 2
        && let Some((Value::Object(members), Some(name))) = way.holder(document)
    {
        members.shift_remove(name);
        return Some(());
    }
    let value = way.of(document)?;
    *value = match kind {
        2 | 3 => Value::Null,
        4 => empty(value),
        _ => of_another_type(value, rng),
    };
    Some(())
}

/// The least of the same type.
fn empty(value: &Value) -> Value {
    match value {
        Value::String(_) => json!(""),
        Value::Array(_) => json!([]),
        Value::Object(_) => json!({}),
        Value::Number(_) => json!(0),
        Value::Bool(_) | Value::Null => Value::Null,
    }
}

/// What somebody may send instead. None of it is empty: which types are false where a truth is asked for is each language's own.
fn of_another_type(value: &Value, rng: &mut TestRng) -> Value {
    let others = match value {
        Value::String(text) => [text.parse().map_or(json!(1), |number: i64| json!(number)), json!(true), json!([text])],
        Value::Number(number) => [json!(number.to_string()), json!(true), json!([number])],
        Value::Bool(flag) => [json!(flag.to_string()), json!(1), json!("x")],
        Value::Array(elements) => [elements.first().cloned().unwrap_or(json!(1)), json!({"a": elements}), json!("x")],
        Value::Object(members) => [json!([members]), json!(1), json!("x")],
        Value::Null => [json!("x"), json!(1), json!(true)],
    };
    one(rng, &others).cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::test_runner::RngAlgorithm;

    use super::*;
    use crate::domain::Domain;

    #[test]
    fn one_thing_is_bad_and_only_where_it_may_be() {
        let schema = json!({"properties": {"a": {"required": ["n", "t"], "properties": {
            "n": {"type": "integer", "minimum": 1}, "t": {"type": "string", "minLength": 1},
            "l": {"minItems": 1, "items": {"type": "object", "required": ["k"]}}}}}});
        let domain = Domain::of_schema(&schema).unwrap();
        let document = json!({"a": {"n": 5, "t": "x", "l": [{"k": 1}]}, "b": {"n": 1}});
        let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[1; 32]);
        let mut seen = BTreeSet::new();
        for _ in 0..2000 {
            let mut spoilt = document.clone();
            spoil(&mut spoilt, &["a"], &mut rng, |whole| domain.holds(whole));
            assert!(!domain.holds(&spoilt) || spoilt == document, "{spoilt}");
            assert_eq!(spoilt["b"], document["b"]);
            seen.insert(spoilt["a"].to_string());
        }
        for claimed in [
            r#"{"t":"x","l":[{"k":1}]}"#,
            r#"{"n":null,"t":"x","l":[{"k":1}]}"#,
            r#"{"n":"5","t":"x","l":[{"k":1}]}"#,
            r#"{"n":0,"t":"x","l":[{"k":1}]}"#,
            r#"{"n":5,"t":"","l":[{"k":1}]}"#,
            r#"{"n":5,"t":1,"l":[{"k":1}]}"#,
            r#"{"n":5,"t":"x","l":[]}"#,
            r#"{"n":5,"t":"x","l":[{}]}"#,
            r#"{"n":5,"t":"x","l":[null]}"#,
        ] {
            assert!(seen.contains(claimed), "{claimed} not in {seen:?}");
        }
    }

    #[test]
    fn where_everything_is_admitted_nothing_is_bad() {
        let mut document = json!({"a": {"n": 5}});
        spoil(&mut document, &["a"], &mut TestRng::from_seed(RngAlgorithm::ChaCha, &[1; 32]), |_| true);
        assert_eq!(document, json!({"a": {"n": 5}}));
    }
}

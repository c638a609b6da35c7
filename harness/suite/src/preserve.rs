//! Another result that the same step might have answered: members stay and types stay, values do not.

use jiff::civil::Date;
use parity_schema::below;
use proptest::test_runner::TestRng;
use serde_json::{Number, Value};

/// How many values of a result are changed at most.
const MOST: usize = 3;

/// Changes one to three values in `results`.
pub(super) fn mutate<'a>(results: impl Iterator<Item = &'a mut Value>, rng: &mut TestRng) {
    let mut results: Vec<&mut Value> = results.collect();
    let total: usize = results.iter().map(|result| places(result)).sum();
    if total == 0 {
        return;
    }
    for _ in 0..=below(rng, MOST) {
        let mut place = below(rng, total);
        for result in &mut results {
            if change(result, &mut place, rng) {
                break;
            }
        }
    }
}

/// How many values there are that may change: what is null or an object stays as it is.
fn places(value: &Value) -> usize {
    match value {
        Value::Null => 0,
        Value::Object(members) => members.values().map(places).sum(),
        Value::Array(elements) => 1 + elements.iter().map(places).sum::<usize>(),
        _ => 1,
    }
}

/// Changes value number `place`, if `value` has as many; otherwise counts `place` down.
fn change(value: &mut Value, place: &mut usize, rng: &mut TestRng) -> bool {
    if !matches!(value, Value::Null | Value::Object(_)) {
        if *place == 0 {
            change_here(value, rng);
            return true;
        }
        *place -= 1;
    }
    match value {
        Value::Object(members) => members.values_mut().any(|member| change(member, place, rng)),
        Value::Array(elements) => elements.iter_mut().any(|element| change(element, place, rng)),
        _ => false,
    }
}

fn change_here(value: &mut Value, rng: &mut TestRng) {
    match value {
        Value::Bool(flag) => *flag = !*flag,
        Value::Number(number) => *number = other_number(number, rng),
        Value::String(text) => *text = other_text(text, rng),
        Value::Array(elements) => change_list(elements, rng),
        Value::Null | Value::Object(_) => {}
    }
}

/// A neighbour or an edge. An integer stays one, and what is not negative stays so.
fn other_number(number: &Number, rng: &mut TestRng) -> Number {
    let value = number.as_f64().unwrap_or_default();
    let edges = if number.is_f64() { parity_schema::number_edges() } else { parity_schema::integer_edges() };
    let step = if !number.is_f64() {
        1.0
    } else if below(rng, 2) == 0 {
        0.01
    } else {
        0.005
    };
    let other = match below(rng, 6) {
        0 => Some(value + step),
        1 => Some(value - step),
        2 => Some(value * 2.0),
        _ => edges[below(rng, edges.len())].as_f64(),
    };
    let kept = other.filter(|other| value < 0.0 || *other >= 0.0);
    kept.and_then(|other| if number.is_f64() { Number::from_f64(other) } else { integer(other) })
        .unwrap_or_else(|| number.clone())
}

#[expect(clippy::cast_possible_truncation, reason = "a cast of a float ends at the limits of the integer")]
fn integer(value: f64) -> Option<Number> {
    (value.abs() <= 9_007_199_254_740_991.0).then(|| Number::from(value as i64))
}

/// Another spelling or length; a date stays a date.
fn other_text(text: &str, rng: &mut TestRng) -> String {
    if text.len() == 10 && text.parse::<Date>().is_ok() {
        let dates = parity_schema::date_edges();
        return dates[below(rng, dates.len())].to_owned();
    }
    if below(rng, 12) == 0 { String::new() } else { parity_schema::other_spelling(text, rng) }
}

fn change_list(elements: &mut Vec<Value>, rng: &mut TestRng) {
    let index = below(rng, elements.len().max(1));
    match (below(rng, 4), elements.get(index).cloned()) {
        (0, Some(element)) => elements.push(element),
        (1, Some(_)) => elements.reverse(),
        (2, Some(_)) => drop(elements.remove(index)),
        _ => elements.clear(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::test_runner::RngAlgorithm;
    use serde_json::json;

    use super::*;
    use crate::learned;
    use parity_schema::Domain;

    #[test]
    fn members_and_types_stay_and_every_kind_of_change_is_made() {
        let result = json!({
            "count": 3, "price": 2.5, "name": "Ada", "day": "2024-05-05", "flag": true, "none": null,
            "list": [{"n": 1}, {"n": 2}],
        });
        let domain = Domain::of_schema(&learned::schema_of(&[&result])).unwrap();
        let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[1; 32]);
        let mut seen = BTreeSet::new();
        for _ in 0..5000 {
            let mut mutated = result.clone();
            mutate(std::iter::once(&mut mutated), &mut rng);
            assert!(domain.holds(&mutated), "{mutated}");
            assert!(mutated["day"].as_str().is_some_and(|day| day.parse::<Date>().is_ok()), "{mutated}");
            assert!(mutated["price"].as_f64().is_some_and(|price| price >= 0.0), "{mutated}");
            seen.extend(
                ["count", "price", "name", "flag", "day", "list"].map(|name| format!("{name} {}", mutated[name])),
            );
        }
        for change in [
            "count 0",
            "count 4",
            "count 2",
            "price 2.51",
            "price 0.005",
            "price 1e+21",
            r#"name """#,
            r#"name "ADA""#,
            r#"name "Ada ""#,
            "flag false",
            r#"day "2024-02-29""#,
            "list []",
            r#"list [{"n":2},{"n":1}]"#,
            r#"list [{"n":1},{"n":2},{"n":1}]"#,
            r#"list [{"n":1}]"#,
            r#"list [{"n":0},{"n":2}]"#,
        ] {
            assert!(seen.contains(change), "{change}");
        }
    }

    #[test]
    fn a_result_without_values_stays_as_it_is() {
        let mut result = json!({"a": null, "b": {}});
        let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[1; 32]);
        mutate(std::iter::once(&mut result), &mut rng);
        assert_eq!(result, json!({"a": null, "b": {}}));
    }
}

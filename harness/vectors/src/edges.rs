//! What two outcomes have in common and where one leaps; which numbers of an outcome are rounded.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::nudge;

/// Numbers of an outcome or input that are looked at.
const MOST_NUMBERS: usize = 60;

/// The kind of a value, as the shape of an outcome has it.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "text",
        Value::Array(elements) if elements.is_empty() => "empty list",
        Value::Array(_) => "list",
        Value::Object(members) if members.is_empty() => "empty object",
        Value::Object(_) => "object",
    }
}

/// A text without the numbers in it.
pub(super) fn template(text: &str) -> String {
    let mut template = String::new();
    for character in text.chars() {
        if !character.is_ascii_digit() {
            template.push(character);
        } else if !template.ends_with('#') {
            template.push('#');
        }
    }
    template
}

/// Where an outcome is another one than the outcome one step below (`false`) or above (`true`): the first place that differs
/// in anything but a number, or a number that does not go on evenly.
pub(super) fn leaps(here: &Value, [below, above]: [&Value; 2]) -> Vec<(bool, String)> {
    let turns: Vec<(bool, String)> = [(false, below), (true, above)]
        .into_iter()
        .filter_map(|(is_up, there)| Some((is_up, turn(here, there, "")?)))
        .collect();
    if !turns.is_empty() {
        return turns;
    }
    let numbers = nudge::collect(here, &Value::is_number);
    let kink = numbers.into_iter().find_map(|(path, value)| {
        let number = |outcome: &Value| outcome.pointer(&path).and_then(Value::as_f64);
        let (low, middle, high) = (number(below)?, value.as_f64()?, number(above)?);
        let (down, up) = (middle - low, high - middle);
        let tolerance = 0.05 + 1e-6 * middle.abs();
        ((up - down).abs() > tolerance).then(|| (up.abs() > down.abs(), path))
    });
    kink.into_iter().collect()
}

/// The first place at which two outcomes differ in more than the value of a number or the numbers within a text.
fn turn(here: &Value, there: &Value, path: &str) -> Option<String> {
    let differs = |differs: bool| differs.then(|| path.to_owned());
    match (here, there) {
        (Value::Object(here), Value::Object(there)) => {
            // What is decided comes before everything that follows from it.
            for first in ["status", "kind", "code", "retry_after"] {
                if path.is_empty() && here.get(first) != there.get(first) {
                    return Some(decision(there));
                }
            }
            let missing = there.keys().find(|key| !here.contains_key(*key));
            let turns = here.iter().find_map(|(key, value)| {
                let place = parity_json::pointer::child(path, key);
                match there.get(key) {
                    Some(other) => turn(value, other, &place),
                    None => Some(place),
                }
            });
            turns.or_else(|| missing.map(|key| parity_json::pointer::child(path, key)))
        }
        (Value::Array(here), Value::Array(there)) if here.len() == there.len() => {
            let mut pairs = here.iter().zip(there).enumerate();
            pairs.find_map(|(index, (here, there))| turn(here, there, &format!("{path}/{index}")))
        }
        (Value::Number(_), Value::Number(_)) => None,
        (Value::String(here), Value::String(there)) => differs(template(here) != template(there)),
        (here, there) => differs(here != there),
    }
}

fn decision(outcome: &Map<String, Value>) -> String {
    let text = |name: &str| outcome.get(name).filter(|value| !value.is_null()).map(ToString::to_string);
    let name = text("code").or_else(|| text("retry_after")).or_else(|| text("status")).unwrap_or_default();
    name.trim_matches('"').to_owned()
}

/// Whether numbers of an outcome are rounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Roundings {
    /// Some are.
    pub(super) any: bool,
    /// Some lay in the middle between two neighbours, and naive rounding gives the other one.
    pub(super) tie: bool,
}

/// Looks for numbers of the outcome that are the rounded product or quotient of a neighbour and another number, and for sums
/// that differ from adding from left to right.
pub(super) fn roundings(document: &Value, answer: &Value) -> Roundings {
    let mut all = numbers(answer);
    all.extend(numbers(document));
    let mut roundings = Roundings::default();
    for (_, object) in nudge::collect(answer, &Value::is_object) {
        let members: Vec<f64> =
            object.as_object().into_iter().flat_map(Map::values).filter_map(Value::as_f64).collect();
        for result in members.iter().filter(|result| result.is_finite() && result.abs() < 1e12) {
            for near in members.iter().filter(|near| *near != result) {
                for other in &all {
                    roundings.note(*result, *near, *other);
                }
            }
        }
    }
    roundings.any |= has_compensated_sum(document, answer);
    roundings
}

impl Roundings {
    fn note(&mut self, result: f64, near: f64, other: f64) {
        if [near, other].iter().any(|factor| *factor == 0.0 || *factor == 1.0) {
            return;
        }
        for exact in [near * other, near / other, other / near, near / other * 100.0, other / near * 100.0] {
            for scale in [100.0, 10_000.0] {
                let scaled = exact * scale;
                let is_rounded = (result * scale - scaled).abs() <= 0.5 + 1e-6
                    && (result * scale).round() / scale == result
                    && (result - exact).abs() > 1e-9 * (1.0 + exact.abs());
                self.any |= is_rounded;
                // To write a number takes longer than all the rest.
                self.tie = self.tie || is_rounded && naively_rounded(exact, scale) != Some(result);
            }
        }
    }
}

/// As `round` of Python and `toFixed` of JavaScript have it: of the double, not of the shortest decimal.
fn naively_rounded(exact: f64, scale: f64) -> Option<f64> {
    let decimals = if scale == 100.0 { 2 } else { 4 };
    format!("{exact:.decimals$}").parse().ok()
}

fn numbers(value: &Value) -> Vec<f64> {
    let numbers = nudge::collect(value, &Value::is_number);
    let mut numbers: Vec<f64> = numbers.into_iter().filter_map(|(_, number)| number.as_f64()).collect();
    numbers.sort_unstable_by(f64::total_cmp);
    numbers.dedup();
    numbers.truncate(MOST_NUMBERS);
    numbers
}

fn has_compensated_sum(document: &Value, answer: &Value) -> bool {
    let results = numbers(answer);
    [document, answer].into_iter().flat_map(|value| nudge::collect(value, &Value::is_array)).any(|(_, list)| {
        let elements = list.as_array().map_or(&[][..], Vec::as_slice);
        let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
        for (key, number) in elements.iter().flat_map(|element| element.as_object().into_iter().flatten()) {
            *sums.entry(key).or_default() += number.as_f64().unwrap_or(0.0);
        }
        sums.values().any(|sum| results.iter().any(|result| result != sum && (result - sum).abs() < 1e-9 * sum.abs()))
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case(json!({"price": 29.99, "quantity": 0.5, "line_total": 15.0}), (true, true))]
    #[case(json!({"price": 19.99, "quantity": 0.5, "line_total": 10.0}), (true, true))]
    #[case(json!({"price": 29.99, "quantity": 2, "line_total": 59.98}), (false, false))]
    #[case(json!({"total": 10.0, "count": 3, "average": 3.33}), (true, false))]
    #[case(json!({"lines": [{"x": 0.1}, {"x": 0.2}, {"x": 0.3}], "sum": 0.6}), (true, false))]
    fn a_rounded_number_is_noticed(#[case] result: Value, #[case] (any, tie): (bool, bool)) {
        assert_eq!(roundings(&json!({}), &result), Roundings { any, tie });
    }

    #[test]
    fn a_number_that_goes_on_evenly_is_no_leap_and_another_decision_is() {
        let outcome = |total: f64| json!({"status": "completed", "result": {"total": total, "at": "day 1"}});
        assert_eq!(leaps(&outcome(2.0), [&outcome(1.0), &outcome(3.01)]), []);
        assert_eq!(leaps(&outcome(2.0), [&outcome(1.0), &outcome(7.0)]), [(true, "/result/total".to_owned())]);
        assert_eq!(leaps(&outcome(2.0), [&outcome(-9.0), &outcome(3.0)]), [(false, "/result/total".to_owned())]);
        let failed = json!({"status": "failed", "kind": "permanent", "code": "X", "retry_after": null});
        assert_eq!(leaps(&outcome(2.0), [&outcome(1.0), &failed]), [(true, "X".to_owned())]);
        assert_eq!(template("item 12 of 3"), "item # of #");
    }
}

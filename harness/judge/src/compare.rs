//! Whether an outcome agrees with the expected one, and if not, what is the first thing that differs.
//!
//! Objects ignore key order and arrays do not; absent is not null; numbers compare by mathematical value and strings by
//! code points. Of several differences the one that comes first names the divergence: what was decided, then
//! `retry_after`, context and message of a failure, or result and metadata of a success, in the order in which the
//! expected outcome lists its fields. A handler fills its result in the order in which it computes it, so a wrong
//! shipping cost is reported as such and not as the wrong total that follows from it.

use parity_json::{pointer, same_number};
use parity_model::{DifferenceClass, Failure, FailureKind, HandlerId, Observation, Outcome, Signature, Unplanned};
use serde_json::{Map, Value};

/// One difference: its kind, and where in the outcome document it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The kind.
    pub class: DifferenceClass,
    /// JSON Pointer into the outcome document; the empty pointer is the outcome as a whole.
    pub path: String,
}

impl Difference {
    /// The signature of this difference between the oracle and `engine` on `handler`, whose outcome has the objects
    /// `named_by_data`, see [`NamedByData`](crate::NamedByData).
    #[must_use]
    pub fn signature(&self, handler: &HandlerId, engine: &str, named_by_data: &[String]) -> Signature {
        Signature {
            handler: handler.clone(),
            engine: engine.to_owned(),
            class: self.class.clone(),
            path: pointer::wildcard(&self.path, named_by_data),
        }
    }
}

/// The first difference of `actual` from what the oracle planned, `None` when they agree.
#[must_use]
pub fn compare(expected: &Outcome, actual: &Observation) -> Option<Difference> {
    compare_where(expected, actual, &mut |_| true)
}

/// The first difference that `counts`; the comparison goes on behind one that does not, as if it were none.
pub fn compare_where(expected: &Outcome, actual: &Observation, counts: Counts<'_>) -> Option<Difference> {
    let actual = match actual {
        Observation::Planned(outcome) => outcome,
        Observation::Unplanned(unplanned) => return Some(unplanned_difference(unplanned)).filter(counts),
    };
    match (expected, actual) {
        (
            Outcome::Completed { result, metadata },
            Outcome::Completed { result: actual_result, metadata: actual_metadata },
        ) => compare_values(result, actual_result, "/result", counts)
            .or_else(|| compare_values(metadata, actual_metadata, "/metadata", counts)),
        (Outcome::Failed(failure), Outcome::Failed(actual)) if failure.kind == actual.kind => {
            match (&failure.code, &actual.code) {
                (Some(code), Some(other)) if code != other => Some(other_decision(expected)).filter(counts),
                _ => compare_failures(failure, actual, counts),
            }
        }
        _ => Some(other_decision(expected)).filter(counts),
    }
}

/// Whether a difference counts.
type Counts<'a> = &'a mut dyn FnMut(&Difference) -> bool;

/// The first difference that `counts`, where the expected side, too, was only observed. Two ends that nobody planned agree if
/// they are of one kind: messages and stacks are each language's own.
pub fn compare_observations(expected: &Observation, actual: &Observation, counts: Counts<'_>) -> Option<Difference> {
    match (expected, actual) {
        (Observation::Planned(expected), _) => compare_where(expected, actual, counts),
        (Observation::Unplanned(expected), Observation::Planned(_)) => {
            Some(difference(DifferenceClass::Decision(expected.class().to_string()), "")).filter(counts)
        }
        (Observation::Unplanned(expected), Observation::Unplanned(actual)) => {
            let expected = unplanned_difference(expected);
            Some(unplanned_difference(actual)).filter(|found| *found != expected).filter(counts)
        }
    }
}

fn other_decision(expected: &Outcome) -> Difference {
    difference(DifferenceClass::Decision(decision_name(expected).to_owned()), "")
}

/// What an unplanned end differs in from any planned outcome.
pub(crate) fn unplanned_difference(unplanned: &Unplanned) -> Difference {
    let path = match unplanned {
        Unplanned::Unserialisable { path, .. } => path.as_str(),
        _ => "",
    };
    difference(unplanned.class(), path)
}

fn decision_name(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Completed { .. } => "completed",
        Outcome::Failed(Failure { code: Some(code), .. }) => code,
        Outcome::Failed(Failure { kind: FailureKind::Permanent, .. }) => "permanent",
        Outcome::Failed(Failure { kind: FailureKind::Retryable, .. }) => "retryable",
    }
}

fn compare_failures(expected: &Failure, actual: &Failure, counts: Counts<'_>) -> Option<Difference> {
    let code = match (&expected.code, &actual.code) {
        (Some(_), None) => Some(difference(DifferenceClass::Missing, "/code")),
        (None, Some(_)) => Some(difference(DifferenceClass::Extra, "/code")),
        _ => None,
    };
    let seconds = |failure: &Failure| failure.retry_after.clone().map_or(Value::Null, Value::Number);
    code.filter(&mut *counts)
        .or_else(|| compare_values(&seconds(expected), &seconds(actual), "/retry_after", counts))
        .or_else(|| compare_objects(&expected.context, &actual.context, "/context", counts))
        .or_else(|| {
            let differs = expected.message != actual.message;
            differs.then(|| difference(DifferenceClass::Value, "/message")).filter(counts)
        })
}

fn difference(class: DifferenceClass, path: &str) -> Difference {
    Difference { class, path: path.to_owned() }
}

fn compare_values(expected: &Value, actual: &Value, path: &str, counts: Counts<'_>) -> Option<Difference> {
    let same = match (expected, actual) {
        (Value::Object(expected), Value::Object(actual)) => return compare_objects(expected, actual, path, counts),
        (Value::Array(expected), Value::Array(actual)) => return compare_arrays(expected, actual, path, counts),
        (Value::Null, Value::Null) => true,
        (Value::Bool(expected), Value::Bool(actual)) => expected == actual,
        (Value::Number(expected), Value::Number(actual)) => same_number(expected, actual),
        (Value::String(expected), Value::String(actual)) => expected == actual,
        _ => return Some(difference(DifferenceClass::Type, path)).filter(counts),
    };
    (!same).then(|| difference(DifferenceClass::Value, path)).filter(counts)
}

fn compare_objects(
    expected: &Map<String, Value>,
    actual: &Map<String, Value>,
    path: &str,
    counts: Counts<'_>,
) -> Option<Difference> {
    for (key, value) in expected {
        let found = match actual.get(key) {
            Some(actual) if value == actual => None,
            Some(actual) => compare_values(value, actual, &pointer::child(path, key), counts),
            None => Some(difference(DifferenceClass::Missing, &pointer::child(path, key))).filter(&mut *counts),
        };
        if found.is_some() {
            return found;
        }
    }
    // Extra keys by name: the order of the subject's keys is not part of its outcome.
    let mut extra: Vec<&String> = actual.keys().filter(|key| !expected.contains_key(*key)).collect();
    extra.sort_unstable();
    let extra = extra.into_iter().map(|key| difference(DifferenceClass::Extra, &pointer::child(path, key)));
    extra.into_iter().find(counts)
}

fn compare_arrays(expected: &[Value], actual: &[Value], path: &str, counts: Counts<'_>) -> Option<Difference> {
    if expected.len() != actual.len() {
        return Some(difference(DifferenceClass::Length, path)).filter(counts);
    }
    expected
        .iter()
        .zip(actual)
        .enumerate()
        .find_map(|(index, (expected, actual))| compare_values(expected, actual, &format!("{path}/{index}"), counts))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn completed(result: Value) -> Outcome {
        Outcome::Completed { result, metadata: json!({}) }
    }

    fn first(expected: Value, actual: Value) -> Option<(String, String)> {
        compare(&completed(expected), &completed(actual).into()).map(|found| (found.class.to_string(), found.path))
    }

    #[rstest]
    #[case(json!({"a": 1, "b": 2}), json!({"b": 2, "a": 1}))]
    #[case(json!(2), json!(2.0))]
    #[case(json!(0), json!(-0.0))]
    #[case(json!(9_007_199_254_740_993_i64), json!(9_007_199_254_740_993_u64))]
    #[case(json!(1e15), json!(1_000_000_000_000_000_i64))]
    #[case(json!([]), json!([]))]
    #[case(json!([true, false, null]), json!([true, false, null]))]
    fn equal_values_agree(#[case] expected: Value, #[case] actual: Value) {
        assert_eq!(first(expected, actual), None);
    }

    #[rstest]
    #[case(json!({"a": null}), json!({}), "missing", "/result/a")]
    #[case(json!({}), json!({"b": null, "a": 1}), "extra", "/result/a")]
    #[case(json!([1, 2]), json!([2, 1]), "value", "/result/0")]
    #[case(json!([1]), json!([1, 1]), "length", "/result")]
    #[case(json!({"a/b": {"~": 1}}), json!({"a/b": {"~": 2}}), "value", "/result/a~1b/~0")]
    #[case(json!(1), json!("1"), "type", "/result")]
    #[case(json!(1), json!(true), "type", "/result")]
    #[case(json!(0), json!(null), "type", "/result")]
    #[case(json!(true), json!(false), "value", "/result")]
    #[case(json!("é"), json!("e\u{301}"), "value", "/result")]
    #[case(json!(9_007_199_254_740_993_i64), json!(9_007_199_254_740_992.0), "value", "/result")]
    #[case(json!(0.1), json!(0.100_000_000_000_000_02), "value", "/result")]
    #[case(json!(u64::MAX), json!(18_446_744_073_709_551_616.0), "value", "/result")]
    fn the_first_difference_is_named(
        #[case] expected: Value,
        #[case] actual: Value,
        #[case] class: &str,
        #[case] path: &str,
    ) {
        assert_eq!(first(expected, actual), Some((class.to_owned(), path.to_owned())));
    }

    #[test]
    fn the_order_of_the_expected_fields_decides_which_difference_is_first() {
        let expected = json!({"shipping": 5.99, "total": 10.0});
        let actual = json!({"total": 11.0, "shipping": 6.99});
        assert_eq!(first(expected, actual), Some(("value".to_owned(), "/result/shipping".to_owned())));
    }

    #[rstest]
    #[case(Failure::permanent("B", "m"), "decision:A", "")]
    #[case(Failure { code: None, ..Failure::permanent("A", "m") }, "missing", "/code")]
    #[case(Failure::permanent("A", "other"), "value", "/message")]
    #[case(Failure::permanent("A", "m").with("x", 1), "extra", "/context/x")]
    #[case(Failure::retryable(5, "m"), "decision:A", "")]
    fn failures_differ_by_decision_code_context_then_message(
        #[case] actual: Failure,
        #[case] class: &str,
        #[case] path: &str,
    ) {
        let expected = Outcome::Failed(Failure::permanent("A", "m"));
        let found = compare(&expected, &Outcome::Failed(actual).into()).unwrap();
        assert_eq!((found.class.to_string().as_str(), found.path.as_str()), (class, path));
    }

    #[test]
    fn a_code_that_is_not_expected_is_extra() {
        let expected = Outcome::Failed(Failure { code: None, ..Failure::permanent("A", "m") });
        let found = compare(&expected, &Outcome::Failed(Failure::permanent("A", "m")).into()).unwrap();
        assert_eq!((found.class, found.path.as_str()), (DifferenceClass::Extra, "/code"));
    }

    #[test]
    fn two_observations_agree_if_they_are_planned_alike_or_end_alike() {
        let compare = |one: &Observation, other: &Observation| {
            compare_observations(one, other, &mut |_| true).map(|found| found.class.to_string())
        };
        let planned = |value: Value| Observation::from(completed(value));
        let crashed = |message: &str| {
            let message = message.to_owned();
            Observation::from(Unplanned::Crashed { class: "KeyError".into(), message, trace: String::new() })
        };
        assert_eq!(compare(&planned(json!(1)), &planned(json!(1.0))), None);
        assert_eq!(compare(&planned(json!(1)), &planned(json!(2))), Some("value".to_owned()));
        let timed_out = Observation::from(Unplanned::TimedOut);
        assert_eq!(compare(&crashed("a"), &crashed("b")), None);
        assert_eq!(compare(&crashed("a"), &timed_out), Some("timed_out".to_owned()));
        assert_eq!(compare(&timed_out, &crashed("a")), Some("crashed:KeyError".to_owned()));
        assert_eq!(compare(&crashed("a"), &planned(json!(1))), Some("decision:crashed:KeyError".to_owned()));
        assert_eq!(compare(&planned(json!(1)), &crashed("a")), Some("crashed:KeyError".to_owned()));
        for other in [planned(json!(1)), timed_out] {
            assert_eq!(compare_observations(&crashed("a"), &other, &mut |_| false), None);
        }
    }

    #[test]
    fn another_delay_is_a_difference() {
        let expected = Outcome::Failed(Failure::retryable(30, "m"));
        let found = compare(&expected, &Outcome::Failed(Failure::retryable(15, "m")).into()).unwrap();
        assert_eq!((found.class, found.path.as_str()), (DifferenceClass::Value, "/retry_after"));
    }

    #[test]
    fn metadata_counts() {
        let expected = Outcome::Completed { result: json!({}), metadata: json!({"a": 1}) };
        assert_eq!(compare(&expected, &completed(json!({})).into()).unwrap().path, "/metadata/a");
    }

    #[test]
    fn an_unplanned_end_never_agrees() {
        let crash = Unplanned::Crashed { class: "KeyError".into(), message: String::new(), trace: String::new() };
        for (unplanned, class) in [
            (crash, "crashed:KeyError"),
            (Unplanned::TimedOut, "timed_out"),
            (Unplanned::OutOfMemory, "out_of_memory"),
            (Unplanned::StackOverflow, "stack_overflow"),
            (Unplanned::Exited, "exited"),
            (Unplanned::Denied { what: "file".into(), detail: String::new() }, "denied:file"),
            (Unplanned::LeftBehind { what: "a running thread".into() }, "left_behind"),
            (Unplanned::Unserialisable { path: "/result/a".into(), what: "NaN".into() }, "unserialisable:NaN"),
        ] {
            let found = compare(&completed(json!({})), &unplanned.into()).unwrap();
            assert_eq!(found.class.to_string(), class);
        }
    }

    #[test]
    fn a_signature_forgets_indices() {
        let difference = difference(DifferenceClass::Value, "/result/items/3/price");
        let signature = difference.signature(&"a/b".parse().unwrap(), "python", &[]);
        assert_eq!(signature.path, "/result/items/*/price");
        assert_eq!(signature.to_string(), "a/b python value /result/items/*/price");
    }

    #[test]
    fn a_signature_forgets_names_that_are_data() {
        let difference = difference(DifferenceClass::Missing, "/result/daily_sales/2025-11-01");
        let signature = difference.signature(&"a/b".parse().unwrap(), "python", &["/result/daily_sales".to_owned()]);
        assert_eq!(signature.path, "/result/daily_sales/*");
    }
}

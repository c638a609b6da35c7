//! Whether an outcome agrees with the expected one, and if not, in what they differ.
//!
//! Objects ignore key order and arrays do not; absent is not null; numbers compare by mathematical value and strings by
//! code points. All differences are found, in this order: what was decided, and nothing else if that differs; then code,
//! type, `retry_after`, context and message of a failure, or result and metadata of a success, in the order in which the
//! expected outcome lists its fields. A handler fills its result in the order in which it computes it, so a wrong
//! shipping cost comes before the wrong total that follows from it.

use parity_json::{pointer, same_number, same_value};
use parity_model::{DifferenceClass, Failure, FailureKind, HandlerId, Observation, Outcome, Signature, Unplanned};
use serde_json::{Map, Value};
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// One difference: its kind, and where in the outcome document it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The kind.
    pub class: DifferenceClass,
    /// JSON Pointer into the outcome document; the empty pointer is the outcome as a whole.
    pub path: String,
}

impl Difference {
    /// The signature, without a manner, of this difference between the oracle and `engine` on `handler`, whose outcome has the objects
    /// `named_by_data`, see [`NamedByData`](crate::NamedByData).
    #[must_use]
    pub fn signature(&self, handler: &HandlerId, engine: &str, named_by_data: &[String]) -> Signature {
        Signature {
            handler: handler.clone(),
            engine: engine.to_owned(),
            class: self.class.clone(),
            path: pointer::wildcard(&self.path, named_by_data),
            manner: String::new(),
        }
    }
}

/// The first difference of `actual` from what the oracle planned, `None` when they agree.
#[must_use]
pub fn compare(expected: &Outcome, actual: &Observation) -> Option<Difference> {
    let mut all = Vec::new();
    with_planned(expected, actual, &mut all);
    all.into_iter().next()
}

/// All differences between two ends, of which the expected one, too, was only observed. Two ends that nobody planned agree if they are
/// of one kind: messages and stacks are each language's own.
#[must_use]
pub fn differences(expected: &Observation, actual: &Observation) -> Vec<Difference> {
    let mut all = Vec::new();
    match (expected, actual) {
        (Observation::Planned(expected), _) => with_planned(expected, actual, &mut all),
        (Observation::Unplanned(expected), Observation::Planned(actual)) => {
            all.push(other_decision(&expected.class().to_string(), decision_name(actual)));
        }
        (Observation::Unplanned(expected), Observation::Unplanned(actual)) => {
            if !of_one_kind(expected, actual) {
                all.push(unplanned_difference(actual));
            }
        }
    }
    all
}

/// Whether two ends are the same one. Where a language's code stands is its own.
fn of_one_kind(one: &Unplanned, other: &Unplanned) -> bool {
    match (one, other) {
        (Unplanned::Crashed { class, .. }, Unplanned::Crashed { class: other, .. }) => class == other,
        _ => unplanned_difference(one) == unplanned_difference(other),
    }
}

fn with_planned(expected: &Outcome, actual: &Observation, all: &mut Vec<Difference>) {
    let actual = match actual {
        Observation::Planned(outcome) => outcome,
        Observation::Unplanned(unplanned) => return all.push(unplanned_difference(unplanned)),
    };
    match (expected, actual) {
        (
            Outcome::Completed { result, metadata },
            Outcome::Completed { result: actual_result, metadata: actual_metadata },
        ) => {
            compare_values(result, actual_result, "/result", all);
            compare_values(metadata, actual_metadata, "/metadata", all);
        }
        (Outcome::Failed(expected), Outcome::Failed(actual)) if is_same_failure(expected, actual) => {
            compare_failures(expected, actual, all);
        }
        _ => all.push(match (decision_name(expected), decision_name(actual)) {
            (one, other) if one == other => other_decision(&with_kind(expected), &with_kind(actual)),
            (one, other) => other_decision(one, other),
        }),
    }
}

/// Whether two failures are of one rule, as far as both say of which.
fn is_same_failure(one: &Failure, other: &Failure) -> bool {
    let has_other_code = one.code.as_ref().zip(other.code.as_ref()).is_some_and(|(one, other)| one != other);
    one.kind == other.kind && !has_other_code
}

fn other_decision(expected: &str, actual: &str) -> Difference {
    difference(DifferenceClass::decision(expected, actual), "")
}

/// What an unplanned end differs in from any planned outcome.
pub(crate) fn unplanned_difference(unplanned: &Unplanned) -> Difference {
    let path = match unplanned {
        Unplanned::Unserialisable { path, .. } => path.as_str(),
        _ => "",
    };
    difference(unplanned.class(), path)
}

/// The decision of an outcome: `completed`, the code of a failure, or else its kind.
#[must_use]
pub fn decision_name(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Completed { .. } => "completed",
        Outcome::Failed(Failure { code: Some(code), .. }) => code,
        Outcome::Failed(Failure { kind: FailureKind::Permanent, .. }) => "permanent",
        Outcome::Failed(Failure { kind: FailureKind::Retryable, .. }) => "retryable",
    }
}

/// The decision, and the kind of a failure.
fn with_kind(outcome: &Outcome) -> String {
    let kind = match outcome {
        Outcome::Completed { .. } => return decision_name(outcome).to_owned(),
        Outcome::Failed(Failure { kind: FailureKind::Permanent, .. }) => "permanent",
        Outcome::Failed(Failure { kind: FailureKind::Retryable, .. }) => "retryable",
    };
    format!("{kind} {}", decision_name(outcome))
}

fn compare_failures(expected: &Failure, actual: &Failure, all: &mut Vec<Difference>) {
    match (&expected.code, &actual.code) {
        (Some(_), None) => all.push(difference(DifferenceClass::Missing, "/code")),
        (None, Some(_)) => all.push(difference(DifferenceClass::Extra, "/code")),
        _ => {}
    }
    // What is raised is named by its language, and which way a failure leaves is the language's own.
    if let Some((expected, actual)) = expected.named_type().zip(actual.named_type())
        && expected != actual
    {
        all.push(difference(DifferenceClass::Value, "/error_type"));
    }
    let seconds = |failure: &Failure| failure.retry_after.clone().map_or(Value::Null, Value::Number);
    compare_values(&seconds(expected), &seconds(actual), "/retry_after", all);
    compare_objects(&expected.context, &actual.context, "/context", all);
    if expected.message != actual.message {
        all.push(difference(DifferenceClass::Value, "/message"));
    }
}

fn difference(class: DifferenceClass, path: &str) -> Difference {
    Difference { class, path: path.to_owned() }
}

fn compare_values(expected: &Value, actual: &Value, path: &str, all: &mut Vec<Difference>) {
    let same = match (expected, actual) {
        (Value::Object(expected), Value::Object(actual)) => return compare_objects(expected, actual, path, all),
        (Value::Array(expected), Value::Array(actual)) => return compare_arrays(expected, actual, path, all),
        (Value::Null, Value::Null) => true,
        (Value::Bool(expected), Value::Bool(actual)) => expected == actual,
        (Value::Number(expected), Value::Number(actual)) => same_number(expected, actual),
        (Value::String(expected), Value::String(actual)) => expected == actual,
        _ => return all.push(difference(DifferenceClass::Type, path)),
    };
    if !same {
        all.push(difference(DifferenceClass::Value, path));
    }
}

fn compare_objects(expected: &Map<String, Value>, actual: &Map<String, Value>, path: &str, all: &mut Vec<Difference>) {
    for (key, value) in expected {
        match actual.get(key) {
            Some(actual) if value == actual => {}
            Some(actual) => compare_values(value, actual, &pointer::child(path, key), all),
            None => all.push(difference(DifferenceClass::Missing, &pointer::child(path, key))),
        }
    }
    // Extra keys by name: the order of the subject's keys is not part of its outcome.
    let mut extra: Vec<&String> = actual.keys().filter(|key| !expected.contains_key(*key)).collect();
    extra.sort_unstable();
    all.extend(extra.into_iter().map(|key| difference(DifferenceClass::Extra, &pointer::child(path, key))));
}

/// Lists of the same elements differ in their order, and in nothing else. Others of one length are compared element by element. Of two lengths, the elements that are in both are left aside, and what
/// stands in the place of others is compared with them: a list may be too short and hold wrong elements, too.
fn compare_arrays(expected: &[Value], actual: &[Value], path: &str, all: &mut Vec<Difference>) {
    if expected.len() == actual.len() {
        if is_reordered(expected, actual) {
            return all.push(difference(DifferenceClass::Order, path));
        }
        return by_place((expected, actual), (path, 0), all);
    }
    let texts = |values: &[Value]| values.iter().map(ToString::to_string).collect::<Vec<String>>();
    for operation in capture_diff_slices(Algorithm::Myers, &texts(expected), &texts(actual)) {
        if let DiffOp::Replace { old_index, old_len, new_index, new_len } = operation {
            let (expected, actual) =
                (&expected[old_index..old_index + old_len], &actual[new_index..new_index + new_len]);
            by_place((expected, actual), (path, old_index), all);
        }
    }
    all.push(difference(DifferenceClass::Length, path));
}

/// In longer lists nobody looks for the same elements elsewhere.
const LONG: usize = 2000;

/// Whether one list has the elements of another one of its length in another order.
fn is_reordered(expected: &[Value], actual: &[Value]) -> bool {
    let mut left: Vec<&Value> = actual.iter().collect();
    let mut take = |element: &Value| {
        let found = left.iter().position(|other| same_value(element, other));
        found.map(|place| left.remove(place)).is_some()
    };
    let mut pairs = expected.iter().zip(actual);
    expected.len() <= LONG && pairs.any(|(one, other)| !same_value(one, other)) && expected.iter().all(&mut take)
}

/// Compares the elements of two lists place by place, the first of which is number `first` of the list at `path`.
pub(crate) fn by_place(
    (expected, actual): (&[Value], &[Value]),
    (path, first): (&str, usize),
    all: &mut Vec<Difference>,
) {
    for (index, (expected, actual)) in expected.iter().zip(actual).enumerate() {
        compare_values(expected, actual, &format!("{path}/{}", first + index), all);
    }
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
    #[case(json!([1, 2]), json!([2, 1]), "order", "/result")]
    #[case(json!([1, 2, 1]), json!([2, 1, 2]), "value", "/result/0")]
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
    #[case(Failure::permanent("B", "m"), "decision:A->B", "")]
    #[case(Failure { code: None, ..Failure::permanent("A", "m") }, "missing", "/code")]
    #[case(Failure::permanent("A", "other"), "value", "/message")]
    #[case(Failure::permanent("A", "m").with("x", 1), "extra", "/context/x")]
    #[case(Failure::retryable(5, "m"), "decision:A->retryable", "")]
    #[case(Failure { code: Some("A".into()), ..Failure::retryable(5, "m") }, "decision:permanent A->retryable A", "")]
    fn failures_differ_by_decision_code_context_then_message(
        #[case] actual: Failure,
        #[case] class: &str,
        #[case] path: &str,
    ) {
        let expected = Outcome::Failed(Failure::permanent("A", "m"));
        let found = compare(&expected, &Outcome::Failed(actual).into()).unwrap();
        assert_eq!((found.class.to_string().as_str(), found.path.as_str()), (class, path));
    }

    #[rstest]
    #[case::named((Some("timeout"), false), (Some("network"), false), true)]
    #[case::named_alike((Some("timeout"), false), (Some("timeout"), false), false)]
    #[case::not_named((Some("timeout"), false), (None, false), false)]
    #[case::left_to_tasker((Some("timeout"), false), (Some("handler_error"), false), false)]
    #[case::raised((Some("timeout"), false), (Some("StepTimeoutError"), true), false)]
    #[case::both_raised((Some("NotFoundError"), true), (Some("Missing"), true), false)]
    #[case::the_way_it_left((None, false), (None, true), false)]
    fn types_of_failures_are_compared_where_both_handlers_name_one(
        #[case] expected: (Option<&str>, bool),
        #[case] actual: (Option<&str>, bool),
        #[case] differs: bool,
    ) {
        let end = |(error_type, raised): (Option<&str>, bool)| {
            let error_type = error_type.map(str::to_owned);
            Outcome::Failed(Failure { error_type, raised, ..Failure::permanent("A", "m") })
        };
        for (one, other) in [(expected, actual), (actual, expected)] {
            let found = compare(&end(one), &end(other).into());
            assert_eq!(found, differs.then(|| difference(DifferenceClass::Value, "/error_type")));
        }
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
            let all = differences(one, other);
            assert!(all.len() < 2, "{all:?}");
            all.first().map(|found| found.class.to_string())
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
        assert_eq!(compare(&crashed("a"), &planned(json!(1))), Some("decision:crashed:KeyError->completed".to_owned()));
        assert_eq!(compare(&planned(json!(1)), &crashed("a")), Some("crashed:KeyError".to_owned()));
    }

    #[test]
    fn crashes_of_one_class_agree_wherever_they_are() {
        let crashed = |class: &str, trace: &str| {
            let (class, trace) = (class.to_owned(), trace.to_owned());
            Observation::from(Unplanned::Crashed { class, message: String::new(), trace })
        };
        assert_eq!(differences(&crashed("Error", "a.py:1 call"), &crashed("Error", "at call (a.ts:2:3)")), []);
        let found = differences(&crashed("KeyError", "a.py:1 call"), &crashed("Error", "at call (a.ts:2:3)"));
        assert_eq!(found[0].class.to_string(), "crashed:Error at a.ts:2");
    }

    #[test]
    fn a_difference_is_found_at_the_bottom_of_deep_lists() {
        let deep = |leaf: i32| (0..60).fold(json!(leaf), |inner, _| json!([inner]));
        let found = first(deep(1), deep(2)).unwrap();
        assert_eq!(found, ("value".to_owned(), format!("/result{}", "/0".repeat(60))));
    }

    #[rstest]
    #[case::all_fields(json!({"a": 1, "b": "x", "c": true}), json!({"a": 2, "b": 3, "d": 1}),
        &["value /result/a", "type /result/b", "missing /result/c", "extra /result/d"])]
    #[case::all_elements(json!([1, [2, 3]]), json!([0, [2, 4]]), &["value /result/0", "value /result/1/1"])]
    #[case::another_order(json!({"a": [[1, "x"], [2, 1.0], [3]], "b": 1}), json!({"a": [[3], [1, "x"], [2, 1]], "b": 2}),
        &["order /result/a", "value /result/b"])]
    #[case::another_order_within(json!([[1, 2], [3, 4]]), json!([[2, 1], [3, 4]]), &["order /result/0"])]
    #[case::one_less(json!([1, 2, 3]), json!([1, 3]), &["length /result"])]
    #[case::one_more(json!([1, 3]), json!([1, 2, 3]), &["length /result"])]
    #[case::one_less_and_one_wrong(json!([{"a": 1}, {"a": 2}, {"a": 3}]), json!([{"a": 1}, {"a": 4}]),
        &["value /result/1/a", "length /result"])]
    #[case::nothing_left(json!([1, 2]), json!([]), &["length /result"])]
    fn all_differences_are_found_in_order(#[case] expected: Value, #[case] actual: Value, #[case] found: &[&str]) {
        let all = differences(&completed(expected).into(), &completed(actual).into());
        let all: Vec<String> = all.iter().map(|found| format!("{} {}", found.class, found.path)).collect();
        assert_eq!(all, found);
    }

    #[test]
    fn where_the_decision_differs_nothing_else_is_compared() {
        let expected = Outcome::Failed(Failure::permanent("A", "m").with("x", 1));
        let found = differences(&expected.into(), &Outcome::Failed(Failure::permanent("B", "n")).into());
        assert_eq!(found, [difference(DifferenceClass::decision("A", "B"), "")]);
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

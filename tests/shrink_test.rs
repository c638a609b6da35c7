//! The shrinker arrives at the exact minimum, spends what it is given, and hands errors on.

use std::convert::Infallible;

use parity_shrink::{Answer, Minimal, shrink};
use rstest::rstest;
use serde_json::{Value, json};
use similar_asserts::assert_eq;

const BUDGET: u32 = 3000;

fn minimal(start: Value, holds: impl Fn(&Value) -> bool) -> Minimal {
    let mut predicate =
        |value: &Value| Ok::<_, Infallible>(if holds(value) { Answer::Holds } else { Answer::HoldsNot });
    shrink(start, BUDGET, &mut predicate).unwrap()
}

fn integers(value: &Value) -> Vec<i64> {
    value.as_array().into_iter().flatten().filter_map(Value::as_i64).collect()
}

#[rstest]
#[case::a_long_list(json!([5, 3, 8, 2, 9]), |v: &Value| integers(v).len() >= 3, json!([0, 0, 0]), 38)]
#[case::a_large_sum(json!([500, 700, 20]), |v: &Value| integers(v).iter().sum::<i64>() >= 1000, json!([1000]), 57)]
#[case::a_repeated_value(json!([71, 5, 71]), |v: &Value| { let i = integers(v); i.iter().any(|a| i.iter().filter(|b| *b == a).count() > 1) }, json!([0, 0]), 68)]
#[case::distinct_values(json!([9, 4, 7, 4]), |v: &Value| { let mut i = integers(v); i.sort_unstable(); i.dedup(); i.len() >= 3 }, json!([0, 1, 2]), 70)]
#[case::an_odd_number(json!(4711), |v: &Value| v.as_i64().is_some_and(|i| i % 2 == 1), json!(1), 8)]
#[case::a_bound(json!(987_654_321), |v: &Value| v.as_i64().is_some_and(|i| i > 123_456), json!(123_457), 68)]
#[case::a_negative_number(json!(-480.25), |v: &Value| v.as_f64().is_some_and(|x| x < 0.0), json!(-1), 20)]
#[case::a_fraction(json!(17.625), |v: &Value| v.as_f64().is_some_and(|x| x.fract() != 0.0), json!(0.1), 29)]
#[case::half_a_cent(json!(17.625), |v: &Value| v.as_f64().is_some_and(|x| (x * 1000.0) % 10.0 == 5.0), json!(0.005), 315)]
#[case::close_numbers(json!([57.34, 57.33]), |v: &Value| { let n: Vec<f64> = v.as_array().into_iter().flatten().filter_map(Value::as_f64).collect(); n.len() == 2 && n[0] - n[1] > 0.0 && n[0] - n[1] < 0.02 }, json!([0.01, 0]), 459)]
#[case::a_text_with_a_capital(json!({"name": "hello WORLD", "rest": [1, 2]}), |v: &Value| v["name"].as_str().is_some_and(|s| s.contains(char::is_uppercase)), json!({"name": "A"}), 25)]
#[case::a_nested_value(json!([[[[7]]], 3]), |v: &Value| v.to_string().contains('7'), json!(7), 45)]
#[case::a_deep_member(json!({"a": {"b": {"c": [1, {"d": "x"}]}}}), |v: &Value| v["a"]["b"]["c"][0].is_number(), json!({"a": {"b": {"c": [0]}}}), 41)]
#[case::a_whole_number_with_a_point(json!(2.0), |v: &Value| v.as_f64() == Some(2.0), json!(2), 9)]
#[case::anything(json!({"a": [1, "x", null]}), |_: &Value| true, json!(null), 2)]
#[case::equal_texts(json!({"a": "hello world", "b": ["hello world"]}), |v: &Value| v["a"] == v["b"][0] && v["a"].as_str().is_some_and(|s| s.len() >= 3), json!({"a": "aaa", "b": ["aaa"]}), 75)]
#[case::three_equal_numbers(json!([71.25, 71.25, 71.25]), |v: &Value| { let n: Vec<f64> = v.as_array().into_iter().flatten().filter_map(Value::as_f64).collect(); n.len() == 3 && n[0] == n[1] && n[1] == n[2] && n[0] > 20.5 }, json!([21, 21, 21]), 411)]
#[case::close_numbers_above_one(json!([57.34, 57.33]), |v: &Value| { let n: Vec<f64> = v.as_array().into_iter().flatten().filter_map(Value::as_f64).collect(); n.len() == 2 && n[0] >= 1.0 && n[0] - n[1] > 0.0 && n[0] - n[1] < 0.02 }, json!([1, 0.99]), 558)]
#[case::close_numbers_around_one(json!([57.33, 57.34]), |v: &Value| { let n: Vec<f64> = v.as_array().into_iter().flatten().filter_map(Value::as_f64).collect(); n.len() == 2 && n[0] > 0.5 && n[1] >= 1.0 && n[1] - n[0] > 0.0 && n[1] - n[0] < 0.02 }, json!([0.99, 1]), 555)]
#[case::close_numbers_from_two(json!([57.34, 57.33]), |v: &Value| { let n: Vec<f64> = v.as_array().into_iter().flatten().filter_map(Value::as_f64).collect(); n.len() == 2 && n[0] >= 2.0 && n[0] - n[1] > 0.0 && n[0] - n[1] < 0.02 }, json!([2, 1.99]), 2117)]
#[case::close_numbers_down_to_two(json!([57.34, 57.33]), |v: &Value| { let n: Vec<f64> = v.as_array().into_iter().flatten().filter_map(Value::as_f64).collect(); n.len() == 2 && n[1] >= 2.0 && n[0] - n[1] > 0.0 && n[0] - n[1] < 0.02 }, json!([2.01, 2]), 2131)]
#[case::a_day_in_a_text(json!({"day": "11-31"}), |v: &Value| v["day"].as_str().is_some_and(|d| ["02-30", "02-31", "04-31", "06-31", "09-31", "11-31"].contains(&d)), json!({"day": "02-30"}), 88)]
#[case::names_that_do_not_ascend(json!({"27": 0, "13": 1}), |v: &Value| { let keys: Vec<_> = v.as_object().into_iter().flat_map(serde_json::Map::keys).collect(); keys.len() == 2 && keys[0] > keys[1] }, json!({"01": null, "00": null}), 24)]
fn the_minimum_is_exact(
    #[case] start: Value,
    #[case] holds: fn(&Value) -> bool,
    #[case] expected: Value,
    #[case] evaluations: u32,
) {
    let found = minimal(start, holds);
    // Another number of evaluations is another search.
    assert_eq!((found.value, found.evaluations), (expected, evaluations));
}

#[test]
fn an_error_of_the_predicate_ends_the_search() {
    let mut calls = 0;
    let failed = shrink(json!([1, 2, 3]), BUDGET, &mut |_| {
        calls += 1;
        if calls == 3 { Err("engine fault") } else { Ok(Answer::HoldsNot) }
    });
    assert_eq!((failed, calls), (Err("engine fault"), 3));
}

#[test]
fn the_budget_is_kept_and_the_best_so_far_is_the_answer() {
    let mut calls = 0;
    let found = shrink(json!([1, 2, 3, 4, 5, 6, 7, 8]), 5, &mut |value| {
        calls += 1;
        Ok::<_, Infallible>(if integers(value).contains(&5) { Answer::Holds } else { Answer::HoldsNot })
    });
    let found = found.unwrap();
    assert_eq!((found.evaluations, calls), (5, 5));
    assert!(integers(&found.value).contains(&5));
}

#[test]
fn what_is_out_of_the_domain_does_not_count() {
    let found = shrink(json!([1, 2, 3]), BUDGET, &mut |_| Ok::<_, Infallible>(Answer::OutOfDomain)).unwrap();
    assert_eq!(found, Minimal { value: json!([1, 2, 3]), evaluations: 0 });
}

#[test]
fn no_value_is_tried_twice() {
    let mut tried = Vec::new();
    shrink(json!({"a": [1, 1, "aa"], "b": 1}), BUDGET, &mut |value| {
        tried.push(value.to_string());
        Ok::<_, Infallible>(Answer::HoldsNot)
    })
    .unwrap();
    let count = tried.len();
    tried.sort();
    tried.dedup();
    assert_eq!(tried.len(), count);
}

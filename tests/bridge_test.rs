//! Generated JSON values cross every engine's border twice and come back the same.

use serde_json::Value;

use crate::json_values::round_trip;
use crate::near_misses::near_misses;
use crate::{python_trees, typescript_trees};

/// What every run of the tests proves.
const VALUES: usize = 50_000;

/// What `cargo nextest run --run-ignored only a_million` proves.
const MANY_VALUES: usize = 1_000_000;

#[test]
fn python_changes_no_value() {
    round_trip(&mut python_trees::echo(), VALUES, Value::clone);
}

#[test]
fn typescript_changes_no_value() {
    round_trip(&mut typescript_trees::echo(), VALUES, Value::clone);
}

#[test]
fn python_says_of_an_answer_in_place_what_the_comparison_says() {
    let (yes, no) = near_misses(&mut python_trees::echo(), VALUES, Value::clone);
    assert!(yes > VALUES / 10 && no > VALUES / 10, "{yes} {no}");
}

#[test]
fn typescript_says_of_an_answer_in_place_what_the_comparison_says() {
    let (yes, no) = near_misses(&mut typescript_trees::echo(), VALUES, Value::clone);
    assert!(yes > VALUES / 10 && no > VALUES / 10, "{yes} {no}");
}

#[test]
#[ignore = "takes minutes"]
fn a_million_values_are_not_changed_by_python() {
    round_trip(&mut python_trees::echo(), MANY_VALUES, Value::clone);
}

#[test]
#[ignore = "takes minutes"]
fn a_million_values_are_not_changed_by_typescript() {
    round_trip(&mut typescript_trees::echo(), MANY_VALUES, Value::clone);
}

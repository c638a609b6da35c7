//! The bridge into a worker process changes no value, either.

use std::path::{Path, PathBuf};
use std::time::Duration;

use parity_engine::Engine;
use parity_engine::allowed::Allowed;
use parity_engine::naming::Naming;
use parity_engine::process::Surroundings;
use parity_engine_python::python_process;
use parity_engine_ruby::ruby;
use parity_engine_typescript::NodeEngine;
use serde_json::Value;

use crate::cli::support::{ROOT, isolated};
use crate::json_values::round_trip;

const VALUES: usize = 10_000;

const LIMIT: Duration = Duration::from_secs(10);

fn echo_tree(language: &str) -> PathBuf {
    Path::new(ROOT).join("fixtures/echo").join(language)
}

fn echo(language: &str) -> Box<dyn Engine> {
    isolated(language, &echo_tree(language), LIMIT)
}

#[test]
fn a_python_process_changes_no_value() {
    round_trip(echo("python").as_mut(), VALUES, Value::clone);
}

#[test]
fn a_typescript_process_changes_no_value() {
    round_trip(echo("typescript").as_mut(), VALUES, Value::clone);
}

#[test]
fn an_ordinary_python_changes_no_value() {
    let around = Surroundings::default();
    let mut engine = python_process(
        ("python-process", "python3".as_ref()),
        &echo_tree("python"),
        &Naming::identities(),
        &Allowed::default(),
        &around,
        LIMIT,
    )
    .unwrap();
    round_trip(&mut engine, VALUES, Value::clone);
}

#[test]
#[ignore = "needs Node"]
fn node_changes_no_value() {
    let mut engine =
        NodeEngine::load(&echo_tree("typescript"), &Naming::identities(), &[], &Surroundings::default(), LIMIT)
            .unwrap();
    round_trip(&mut engine, VALUES, Value::clone);
}

#[test]
#[ignore = "needs Ruby with ActiveSupport"]
fn ruby_changes_no_value() {
    let mut engine = ruby(
        ("ruby", "ruby".as_ref()),
        &echo_tree("ruby"),
        &Naming::identities(),
        &Allowed::default(),
        &Surroundings::default(),
        LIMIT,
    )
    .unwrap();
    round_trip(&mut engine, VALUES, Value::clone);
}

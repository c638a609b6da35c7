//! The bridge into a worker process changes no value, either.

use std::path::Path;
use std::time::Duration;

use harness::engine::process::{ProcessEngine, WorkerCommand};
use serde_json::Value;

use crate::json_values::{in_javascript, round_trip};
use crate::support::ROOT;

const VALUES: usize = 10_000;

fn echo(language: &'static str) -> ProcessEngine {
    let tree = Path::new(ROOT).join("fixtures/echo").join(language);
    let flag = format!("--{language}");
    let arguments = ["worker", "--engine", language, &flag, tree.to_str().unwrap()].map(Into::into).to_vec();
    let command = WorkerCommand { program: env!("CARGO_BIN_EXE_parity").into(), arguments, ..WorkerCommand::default() };
    ProcessEngine::start(language, command, Duration::from_secs(10)).unwrap()
}

#[test]
fn a_python_process_changes_no_value() {
    round_trip(&mut echo("python"), VALUES, Value::clone);
}

#[test]
fn a_typescript_process_changes_no_value() {
    round_trip(&mut echo("typescript"), VALUES, in_javascript);
}

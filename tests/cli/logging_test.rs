//! What is logged goes where it was asked to go, from every process of a run, and never into the report.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use rstest::rstest;
use serde_json::{Value, json};
use similar_asserts::assert_eq;

use crate::cli::support::{NODE, ROOT, code, parity_in, stderr, stdout};

const DIFF: [&str; 9] =
    ["diff", "--handler", "ecommerce/validate_cart", "--cases", "120", "--seed", "1", "--jobs", "2"];

fn with_variable(variable: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parity"));
    command.args(arguments).current_dir(ROOT).env("PARITY_LOG", variable).env(NODE.0, NODE.1).output().unwrap()
}

/// The report as text without how long it took.
fn untimed(output: &Output) -> String {
    stdout(output).split(' ').filter(|word| word.parse::<f64>().is_err()).collect()
}

fn lines_of(file: &Path) -> Vec<Value> {
    fs::read_to_string(file).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The values of a member of a span or of its name, each once.
fn each(lines: &[Value], value: impl Fn(&Value) -> &Value) -> BTreeSet<String> {
    lines.iter().map(value).filter(|value| !value.is_null()).map(ToString::to_string).collect()
}

#[test]
fn every_process_of_a_run_appends_whole_lines_to_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("log.jsonl");
    fs::write(&file, "{\"before\":true}\n").unwrap();
    let silent = parity_in(ROOT.as_ref(), &DIFF);
    let logged = with_variable("parity=trace", &[&DIFF[..], &["--log", file.to_str().unwrap()]].concat());
    assert_eq!((code(&logged), stderr(&logged).as_str()), (0, ""));
    assert_eq!(untimed(&logged), untimed(&silent));

    let lines = lines_of(&file);
    assert_eq!(lines[0], json!({"before": true}));
    // This process and two that run the handlers.
    assert_eq!(each(&lines, |line| &line["process"]).len(), 3);
    let spans = each(&lines, |line| &line["span"]["name"]);
    assert_eq!(spans, ["call", "case", "probe", "run"].map(|name| format!("{name:?}")).into());
    let call = lines.iter().find(|line| line["span"]["name"] == "call" && line["span"]["engine"] == "python").unwrap();
    let around: Vec<&Value> = call["spans"].as_array().unwrap().iter().map(|span| &span["name"]).collect();
    assert_eq!(around, ["run", "probe", "case"]);
    let cases = lines.iter().filter(|line| line["span"]["name"] == "case");
    assert_eq!(each(&cases.cloned().collect::<Vec<_>>(), |line| &line["span"]["index"]).len(), 120);
}

#[test]
fn a_process_of_one_engine_logs_to_the_same_file() {
    let dir = tempfile::tempdir().unwrap();
    // The name is relative, and the process runs in another directory than this one.
    let arguments = ["--log", "log.jsonl", "--root", ROOT, "replay", "-", "--isolation", "process"];
    let mut child = Command::new(env!("CARGO_BIN_EXE_parity"));
    let input = dir.path().join("input.json");
    fs::write(&input, crate::cli::support::CART).unwrap();
    let output = child.args(arguments).current_dir(dir.path()).stdin(fs::File::open(input).unwrap()).output().unwrap();
    assert_eq!((code(&output), stderr(&output).as_str()), (0, ""));
    let lines = lines_of(&dir.path().join("log.jsonl"));
    let messages: Vec<&Value> = lines.iter().map(|line| &line["fields"]["message"]).collect();
    assert_eq!(messages, ["a process of an engine starts"; 2]);
    assert_eq!(each(&lines, |line| &line["process"]).len(), 2);
}

#[rstest]
#[case::once("-v", false)]
#[case::twice("-vv", true)]
fn a_level_is_written_to_standard_error_alone(#[case] level: &str, #[case] with_jobs: bool) {
    let silent = parity_in(ROOT.as_ref(), &DIFF);
    let loud = parity_in(ROOT.as_ref(), &[&DIFF[..], &[level]].concat());
    assert_eq!((code(&loud), untimed(&loud)), (0, untimed(&silent)));
    let text = stderr(&loud);
    let count = |part: &str| text.lines().filter(|line| line.contains(part)).count();
    assert_eq!(count(" INFO run{kind=\"steps\" seed=\"0000000000000001\"}: "), 1, "{text}");
    assert_eq!(count(":probe{group=ecommerce/validate_cart first=100 end=120}: "), usize::from(with_jobs), "{text}");
    assert_eq!(stderr(&silent), "");
}

#[test]
fn what_is_to_be_logged_and_cannot_be_is_one_message() {
    let dir = tempfile::tempdir().unwrap();
    let nowhere = dir.path().join("nowhere/log.jsonl");
    let output = parity_in(ROOT.as_ref(), &[&DIFF[..], &["--log", nowhere.to_str().unwrap()]].concat());
    assert_eq!((code(&output), stdout(&output).as_str()), (2, ""));
    let message =
        format!("parity: {}: the log cannot be written: No such file or directory (os error 2)\n", nowhere.display());
    assert_eq!(stderr(&output), message);

    let output = with_variable("parity=loud", &DIFF);
    assert_eq!((code(&output), stdout(&output).as_str()), (2, ""));
    assert!(stderr(&output).starts_with("parity: what is to be logged, \"parity=loud\", is not understood: "));
    assert_eq!(stderr(&output).lines().count(), 1);
}

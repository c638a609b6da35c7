//! The step for GitHub's workflows: what it runs is what this parity takes, and its reports are there.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use similar_asserts::assert_eq;

use crate::cli::support::{ROOT, code, stderr};

#[test]
fn the_step_of_a_workflow_writes_every_report_and_ends_as_parity_does() {
    let text = fs::read_to_string(Path::new(ROOT).join("action.yml")).unwrap();
    let action: Value = serde_yaml::from_str(&text).unwrap();
    let steps = action["runs"]["steps"].as_array().unwrap();
    let script = steps.iter().find(|step| step["id"] == "diff").unwrap()["run"].as_str().unwrap();
    let temp = tempfile::tempdir().unwrap();
    let bin = temp.path().join("parity-venv/bin");
    fs::create_dir_all(&bin).unwrap();
    symlink(env!("CARGO_BIN_EXE_parity"), bin.join("parity")).unwrap();
    let (summary, outputs) = (temp.path().join("summary.md"), temp.path().join("outputs"));
    let output = Command::new("bash")
        .args(["-e", "-o", "pipefail", "-c", script])
        .current_dir(Path::new(ROOT).join("fixtures/foreign"))
        .env("ARGUMENTS", "--templates templates --python python --typescript typescript --cases 20 --seed 1")
        .env("RUNNER_TEMP", temp.path())
        .env("GITHUB_STEP_SUMMARY", &summary)
        .env("GITHUB_OUTPUT", &outputs)
        .output()
        .unwrap();
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    assert!(fs::read_to_string(summary).unwrap().starts_with('#'));
    let report = temp.path().join("parity-report");
    let mut written: Vec<_> = fs::read_dir(&report).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    written.sort();
    assert_eq!(written, ["junit.xml", "report.html", "report.json", "report.sarif"]);
    assert_eq!(fs::read_to_string(outputs).unwrap(), format!("report={}\n", report.join("report.json").display()));
}

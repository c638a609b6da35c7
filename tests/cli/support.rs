//! How the tests call the binary.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use parity_engine::{Engine, EngineConfig, Launch, LaunchOptions};
use parity_engines::{Launcher, WorkerConfig};
use serde_json::Value;

pub(crate) use crate::support::ROOT;
pub(crate) const CART: &str =
    r#"{"handler":"ecommerce/validate_cart","context":{"cart_items":[{"product_id":5,"quantity":1}]}}"#;

/// Node is asked where it is what a test is about: each time it is started takes longer than most tests.
pub(crate) const NODE: (&str, &str) = ("PARITY_NODE", "off");

/// Where it is set, a report is annotated.
const GITHUB: &str = "GITHUB_ACTIONS";

pub(crate) fn parity(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_parity"))
        .args(arguments)
        .current_dir(ROOT)
        .env(NODE.0, NODE.1)
        .env_remove(GITHUB)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that ends without reading closes the pipe, which is its right.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// Without input, in another directory.
pub(crate) fn parity_in(dir: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parity"));
    command.args(arguments).current_dir(dir).env(NODE.0, NODE.1).env_remove(GITHUB).output().unwrap()
}

/// The exit code and the JSON report of `diff` in a directory; nothing is said beside it.
pub(crate) fn diff_in(dir: &Path, arguments: &[&str]) -> (i32, Value) {
    let output = parity_in(dir, &[&["diff", "--format", "json"], arguments].concat());
    assert_eq!(stderr(&output), "");
    (code(&output), serde_json::from_slice(&output.stdout).unwrap())
}

/// The divergences of a report that stand for all that seem to have their cause.
pub(crate) fn heads(report: &Value) -> Vec<&Value> {
    report["divergences"].as_array().unwrap().iter().filter(|found| found.get("under").is_none()).collect()
}

/// The divergences of a report, each as its class, its path and the context of its minimal input.
pub(crate) fn differences(report: &Value) -> Vec<(&str, &str, &Value)> {
    let mut differences = Vec::new();
    for found in report["divergences"].as_array().unwrap() {
        let [class, path] = ["class", "path"].map(|member| found["signature"][member].as_str().unwrap());
        differences.push((class, path, &found["input"]["context"]));
    }
    differences
}

pub(crate) fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// An embedded engine in a process of its own.
pub(crate) fn isolated(engine: &str, tree: &Path, deadline: Duration) -> Box<dyn Engine> {
    let engine = EngineConfig { tree: Some(tree.to_owned()), ..engine.parse().unwrap() };
    let launcher = Launcher::default().with_program(env!("CARGO_BIN_EXE_parity").into());
    launcher.launch(&engine, &LaunchOptions { deadline, isolated: true, ..LaunchOptions::default() }).unwrap()
}

/// A tree with these files; the support modules are ours.
pub(crate) fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let file = dir.path().join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    dir
}

/// The command of a worker of our own, as if it were another's program, and the file with what it is told.
pub(crate) fn worker(engine: &str, tree: &Path) -> (tempfile::NamedTempFile, String) {
    let engine = EngineConfig { tree: Some(tree.to_owned()), ..engine.parse().unwrap() };
    let told = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&told, WorkerConfig::of(&engine, &LaunchOptions::default()).line().unwrap()).unwrap();
    let command = format!("cat '{}' - | '{}' worker", told.path().display(), env!("CARGO_BIN_EXE_parity"));
    (told, command)
}

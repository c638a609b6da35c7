//! Ways out that a handler may try: each is denied and named, whatever the handler makes of it, and the next handler answers as ever.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::thread;

use parity_confine::Support;
use parity_engine::{Engine, EngineConfig, Launch, LaunchOptions};
use parity_engines::Launcher;
use parity_model::{HandlerId, StepInput};
use rstest::rstest;
use serde_json::{Map, Value, json};
use similar_asserts::assert_eq;
use tempfile::TempDir;

use crate::cli::support::{ROOT, code, diff_in, parity, parity_in, stderr, stdout};

/// What only the operating system keeps a handler from.
const OF_THE_SYSTEM: [&str; 17] = [
    "process fresh fork_exec",
    "process session",
    "process nice",
    "process priority",
    "process pidfd",
    "process user",
    "file pipe",
    "file node",
    "file users",
    "file shared memory",
    "file in memory",
    "file certificates",
    "file root",
    "file fresh behind a link",
    "file own memory",
    "network raw",
    "network udp",
];

/// A tree of the escapes, with a link out of it.
fn tree(language: &str) -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let (tree, beside) = (dir.path().join("tree"), dir.path().join("beside"));
    for place in [&tree, &beside] {
        fs::create_dir(place).unwrap();
    }
    for file in fs::read_dir(Path::new(ROOT).join("fixtures/escapes").join(language)).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), tree.join(file.file_name())).unwrap();
    }
    fs::write(beside.join("key.txt"), "secret").unwrap();
    symlink("../beside", tree.join("linked")).unwrap();
    (dir, tree)
}

fn config(engine: &str, tree: &Path) -> EngineConfig {
    EngineConfig { tree: Some(tree.to_owned()), ..engine.parse().unwrap() }
}

fn input(handler: &str, way: &str) -> StepInput {
    let handler: HandlerId = format!("escape/{handler}").parse().unwrap();
    StepInput::new(handler, Map::from_iter([("way".to_owned(), json!(way))]), Map::new())
}

/// All ways, and what comes of each of them and of the handler after it, where `answers` is asked for all of them at once.
fn assert_kept_in(language: &str, ways: &[String], answers: &[Value]) {
    let least = 40;
    assert!(ways.len() >= least, "{language}: {} ways", ways.len());
    let harmless = &answers[0];
    assert_eq!(harmless["result"]["ways"], json!(ways));
    let wrong: Vec<String> = ways
        .iter()
        .zip(answers[1..].chunks(2))
        .filter(|(way, _)| Support::of_this_kernel().seccomp || !OF_THE_SYSTEM.contains(&way.as_str()))
        .filter_map(|(way, ends)| {
            let what = way.split(' ').next();
            let is_denied = ends[0]["status"] == "denied" && ends[0]["what"].as_str() == what;
            (!is_denied || ends[1] != *harmless).then(|| format!("{way}: {} and then {}", ends[0], ends[1]["status"]))
        })
        .collect();
    assert_eq!(wrong, Vec::<String>::new());
    assert!(!Path::new("/tmp/parity-was-here").exists());
}

/// Asks the engine of all ways.
fn try_all(engine: &mut dyn Engine) -> (Vec<String>, Vec<Value>) {
    let mut ask = |handler: &str, way: &str| json!(engine.run(&input(handler, way)).unwrap());
    let first = ask("answers", "");
    let ways: Vec<String> = serde_json::from_value(first["result"]["ways"].clone()).unwrap();
    let tries = ways.iter().flat_map(|way| [ask("tries", way), ask("answers", "")]).collect::<Vec<_>>();
    (ways, [vec![first], tries].concat())
}

#[rstest]
fn in_a_process_of_a_campaign_nothing_escapes(#[values("python", "typescript")] language: &'static str) {
    let (_dir, tree) = tree(language);
    // As such a process does it; this one has to go on, so that only a thread of it is confined.
    let confined = thread::Builder::new().stack_size(8 << 20).spawn(move || {
        let (launcher, engine) = (Launcher::default(), config(language, &tree));
        launcher.confine(&[&engine]).unwrap();
        try_all(launcher.launch(&engine, &LaunchOptions::default()).unwrap().as_mut())
    });
    let (ways, answers) = confined.unwrap().join().unwrap();
    assert_kept_in(language, &ways, &answers);
}

#[rstest]
#[case::python("python-process", "python")]
#[case::node("node", "typescript")]
#[ignore = "needs Node"]
fn in_an_interpreter_nothing_escapes(#[case] engine: &str, #[case] language: &str) {
    let (_dir, tree) = tree(language);
    let mut engine = Launcher::default().launch(&config(engine, &tree), &LaunchOptions::default()).unwrap();
    let (ways, answers) = try_all(engine.as_mut());
    assert_kept_in(language, &ways, &answers);
}

#[rstest]
fn from_run_nothing_escapes(#[values("python", "typescript")] language: &str) {
    let (_dir, tree) = tree(language);
    let flag = format!("--{language}");
    let run = |lines: String| {
        let output = parity(&["run", "--engine", language, &flag, tree.to_str().unwrap()], &lines);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>()
    };
    let line = |handler, way: &str| format!("{}\n", json!(input(handler, way)));
    let first = run(line("answers", ""));
    let ways: Vec<String> = serde_json::from_value(first[0]["result"]["ways"].clone()).unwrap();
    let tries: String = ways.iter().map(|way| line("tries", way) + &line("answers", "")).collect();
    assert_kept_in(language, &ways, &[first, run(tries)].concat());
}

const TEMPLATE: &str = "name: a\nnamespace_name: escape\nversion: 1.0.0\ninput_schema: { type: object, properties: { n: { type: integer } } }\n\
                        steps: [ { name: a, handler: { callable: escape/answers } } ]\n";

#[test]
fn a_report_says_who_was_not_shut_in() {
    let (dir, _tree) = tree("python");
    fs::create_dir(dir.path().join("templates")).unwrap();
    fs::write(dir.path().join("templates/a.yaml"), TEMPLATE).unwrap();
    let arguments =
        ["--templates", "templates", "--python", "tree", "--oracle", "python", "--engine", "python-process"];
    let arguments = [&arguments[..], &["--cases", "3", "--seed", "1"]].concat();
    let lacking: Vec<&str> = Support::of_this_kernel().lacking().into_iter().collect();
    let (_, report) = diff_in(dir.path(), &arguments);
    assert_eq!(report.get("unconfined").cloned().unwrap_or_else(|| json!([])), json!(lacking));
    let output = parity_in(dir.path(), &[&["diff", "--isolation", "in-process"], &arguments[..]].concat());
    let line = "not confined: python runs in the process that writes the report (--isolation in-process)";
    assert!(stdout(&output).contains(line), "{}", stdout(&output));
}

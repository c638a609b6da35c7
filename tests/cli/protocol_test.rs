//! What the harness and every worker really say to each other is what `protocol.schema.json` says.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use jsonschema::Validator;
use parity_engine::Engine;
use parity_engine::allowed::Allowed;
use parity_engine::naming::Naming;
use parity_engine::process::Surroundings;
use parity_engine_python::python_process;
use parity_engine_ruby::ruby;
use parity_engine_typescript::NodeEngine;
use parity_model::StepInput;
use rstest::rstest;
use serde_json::{Map, Value, json};

use crate::cli::support::{ROOT, code, parity, stderr, stdout, worker};

/// The schema of one side.
fn schema(side: &str) -> Validator {
    let text = std::fs::read_to_string(Path::new(ROOT).join("docs/protocol.schema.json")).unwrap();
    let mut schema: Value = serde_json::from_str(&text).unwrap();
    let members = schema.as_object_mut().unwrap();
    members.remove("oneOf");
    members.insert("$ref".to_owned(), format!("#/$defs/{side}").into());
    jsonschema::draft202012::new(&schema).unwrap()
}

/// A program that runs `worker` and keeps what is said to it and what it says.
fn recorded(dir: &Path, worker: &str) -> String {
    let [requests, replies, script] = ["requests", "replies", "worker.sh"].map(|name| dir.join(name));
    // What an interpreter is asked of itself before is none of it.
    let [asked, said] = [requests.display(), replies.display()];
    let lines = format!(
        "#!/bin/sh\ncase \"$*\" in *parent*) {worker}; exit;; esac\ntee -a '{asked}' | {worker} | tee -a '{said}'\n"
    );
    std::fs::write(&script, lines).unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    script.display().to_string()
}

fn check(file: &Path, side: &str, types: &[&str]) {
    let schema = schema(side);
    let text = std::fs::read_to_string(file).unwrap();
    let mut seen = Vec::new();
    for line in text.lines() {
        let document: Value = serde_json::from_str(line).unwrap();
        let problems = schema.iter_errors(&document).fold(String::new(), |mut all, error| {
            let _ = writeln!(all, "{error}");
            all
        });
        assert!(problems.is_empty(), "{line}\n{problems}");
        seen.push(document["type"].as_str().unwrap().to_owned());
    }
    for kind in types {
        assert!(seen.iter().any(|seen| seen == kind), "{side}: no {kind} among {seen:?}");
    }
}

#[rstest]
#[case::python("python")]
#[case::typescript("typescript")]
fn our_own_workers_keep_to_the_schema(#[case] engine: &str) {
    let dir = tempfile::tempdir().unwrap();
    let (_told, command) = worker(engine, &Path::new(ROOT).join("handlers").join(engine));
    let engine = format!("recorded={}", recorded(dir.path(), &command));
    let output = parity(&["diff", "--engine", &engine, "--cases", "3", "--allow-unexercised", "--seed", "1"], "");
    assert_eq!(code(&output), 0, "{} {}", stdout(&output), stderr(&output));
    assert!(stdout(&output).contains("recorded"), "{}", stdout(&output));
    check(&dir.path().join("requests"), "request", &["hello", "run", "bye"]);
    check(&dir.path().join("replies"), "reply", &["hello", "result"]);
}

/// The handlers that misbehave and end by themselves.
fn ending(language: &str) -> Vec<String> {
    let text = std::fs::read_to_string(Path::new(ROOT).join("fixtures/hostile_handlers/expected.yaml")).unwrap();
    let expected: BTreeMap<String, BTreeMap<String, Value>> = serde_yaml::from_str(&text).unwrap();
    let ends = |end: &Value| end.get("needs_process").is_none() && end["status"] != "timed_out";
    expected[language].iter().filter(|(_, end)| ends(end)).map(|(name, _)| format!("hostile/{name}")).collect()
}

#[rstest]
#[case::python("python")]
#[case::node("typescript")]
#[ignore = "needs Node"]
fn other_interpreters_keep_to_the_schema(#[case] language: &str) {
    let dir = tempfile::tempdir().unwrap();
    let tree = Path::new(ROOT).join("fixtures/hostile_handlers").join(language);
    let (search, limit) = (std::env::var("PATH").unwrap(), Duration::from_secs(3));
    let engine: Box<dyn Engine> = if language == "python" {
        let program = recorded(dir.path(), "python3 \"$@\"");
        Box::new(
            python_process(
                ("python-process", program.as_ref()),
                &tree,
                &Naming::identities(),
                &Allowed::default(),
                &Surroundings::default(),
                limit,
            )
            .unwrap(),
        )
    } else {
        // This worker speaks on descriptor 3.
        let real = std::env::split_paths(&search).map(|place| place.join("node")).find(|file| file.is_file()).unwrap();
        let script = recorded(dir.path(), &format!("'{}' \"$@\" 3>&1 1>&2", real.display()));
        let text = std::fs::read_to_string(&script).unwrap();
        std::fs::write(&script, text.replace("replies'", "replies' >&3")).unwrap();
        let (naming, around) = (Naming::identities(), Surroundings::default());
        Box::new(
            NodeEngine::load_program(
                ("node", script.as_ref()),
                &tree,
                &naming,
                &[],
                &Allowed::default(),
                &around,
                limit,
            )
            .unwrap(),
        )
    };
    converse(engine, dir.path(), language);
}

#[test]
#[ignore = "needs Ruby with ActiveSupport"]
fn ruby_keeps_to_the_schema() {
    let dir = tempfile::tempdir().unwrap();
    let search = std::env::var("PATH").unwrap();
    let real = std::env::split_paths(&search).map(|place| place.join("ruby")).find(|file| file.is_file()).unwrap();
    let script = recorded(dir.path(), &format!("'{}' \"$@\"", real.display()));
    let tree = Path::new(ROOT).join("fixtures/hostile_handlers/ruby");
    let (naming, around) = (Naming::identities(), Surroundings::default());
    let engine =
        ruby(("ruby", script.as_ref()), &tree, &naming, &Allowed::default(), &around, Duration::from_secs(3)).unwrap();
    converse(Box::new(engine), dir.path(), "ruby");
}

/// Calls every handler that misbehaves, and looks at what was said.
fn converse(mut engine: Box<dyn Engine>, dir: &Path, language: &str) {
    for handler in ending(language) {
        for value in [0, 1] {
            let context = Map::from_iter([("value".to_owned(), json!(value))]);
            engine.run(&StepInput::new(handler.parse().unwrap(), context, Map::new())).unwrap();
        }
    }
    drop(engine);
    check(&dir.join("requests"), "request", &["hello", "assign", "run", "bye"]);
    check(&dir.join("replies"), "reply", &["found", "hello", "result"]);
}

#[rstest]
#[case("request", json!({"type": "run", "id": 0, "input": {}}))]
#[case("request", json!({"type": "hello", "protocol": 1}))]
#[case("reply", json!({"type": "hello", "protocol": 1, "engine": "x", "handlers": ["no_namespace"]}))]
#[case("reply", json!({"type": "result", "id": 1, "outcome": {"status": "fine"}}))]
#[case("reply", json!({"type": "result", "id": 1, "outcome": {"status": "failed", "kind": "permanent", "code": 5,
    "message": "", "retry_after": null, "context": {}}}))]
#[case("reply", json!({"type": "bye"}))]
fn the_schema_refuses_what_is_not_the_protocol(#[case] side: &str, #[case] document: Value) {
    assert!(!schema(side).is_valid(&document));
}

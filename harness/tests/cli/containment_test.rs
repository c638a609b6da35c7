//! Handlers that misbehave: each is named for what it did, and the next call is answered, in this process and in one of its own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use harness::engine::Engine;
use harness::engine::process::{ProcessEngine, WorkerCommand};
use harness::engine::python::PythonEngine;
use harness::engine::typescript::TypeScriptEngine;
use reference_rs::{HandlerId, StepInput};
use rstest::rstest;
use serde_json::{Map, Value, json};
use similar_asserts::assert_eq;

use crate::support::{ROOT, code, parity, stderr, stdout};

/// Long enough for whatever is not endless, on a busy machine.
const DEADLINE: Duration = Duration::from_secs(1);

fn expected() -> BTreeMap<String, BTreeMap<String, Value>> {
    let text = std::fs::read_to_string(Path::new(ROOT).join("fixtures/hostile_handlers/expected.yaml")).unwrap();
    serde_yaml::from_str(&text).unwrap()
}

fn hostile_tree(language: &str) -> PathBuf {
    Path::new(ROOT).join("fixtures/hostile_handlers").join(language)
}

fn in_process(language: &str) -> Box<dyn Engine> {
    let tree = hostile_tree(language);
    let mut engine: Box<dyn Engine> = match language {
        "python" => Box::new(PythonEngine::load(&tree).unwrap()),
        _ => Box::new(TypeScriptEngine::load(&tree).unwrap()),
    };
    engine.set_deadline(DEADLINE);
    engine
}

fn worker(language: &'static str) -> WorkerCommand {
    let tree = hostile_tree(language);
    let flag = format!("--{language}");
    let arguments = ["worker", "--engine", language, &flag, tree.to_str().unwrap(), "--deadline", "1"];
    WorkerCommand {
        program: env!("CARGO_BIN_EXE_parity").into(),
        arguments: arguments.map(Into::into).to_vec(),
        ..WorkerCommand::default()
    }
}

fn process(language: &'static str) -> Box<dyn Engine> {
    Box::new(ProcessEngine::start(language, worker(language), 2 * DEADLINE).unwrap())
}

fn observe(engine: &mut dyn Engine, name: &str, value: u32) -> Value {
    let handler: HandlerId = format!("hostile/{name}").parse().unwrap();
    let context = Map::from_iter([("value".to_owned(), json!(value))]);
    json!(engine.run(&StepInput::new(handler, context, Map::new())).unwrap())
}

/// The members that `expected` has, and its own mark.
fn relevant(observation: &Value, expected: &Value) -> Value {
    let named = |key: &String| (key.clone(), observation.get(key).cloned().unwrap_or_default());
    expected.as_object().unwrap().keys().filter(|key| *key != "needs_process").map(named).collect()
}

fn without_mark(expected: &Value) -> Value {
    let mut expected = expected.clone();
    expected.as_object_mut().unwrap().remove("needs_process");
    expected
}

#[rstest]
fn every_misbehaviour_is_named_and_the_run_goes_on(
    #[values("python", "typescript")] language: &'static str,
    #[values(true, false)] isolated: bool,
) {
    let mut engine = if isolated { process(language) } else { in_process(language) };
    let expected = &expected()[language];
    let known: Vec<&str> = expected.keys().map(String::as_str).collect();
    let present: Vec<&str> = engine.handlers().iter().map(HandlerId::step).collect();
    assert_eq!(known, present);
    let mut executed = 0;
    for (name, expected) in expected {
        if !isolated && expected.get("needs_process").is_some() {
            continue;
        }
        let observation = observe(engine.as_mut(), name, 1);
        assert_eq!(relevant(&observation, expected), without_mark(expected), "{name}: {observation}");
        assert_eq!(observe(engine.as_mut(), name, 0)["result"], json!({"value": 0}), "after {name}");
        executed += 1;
    }
    assert!(executed >= 18, "{executed}");
}

#[test]
fn nothing_that_handlers_wrote_is_there() {
    assert!(!std::env::temp_dir().join("parity-was-here").exists());
}

/// A tree of one handler, ours with one more line at the start of its body.
fn sabotaged(line: &str) -> tempfile::TempDir {
    let source = Path::new(ROOT).join("handlers/python");
    let dir = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(source.canonicalize().unwrap().join("support"), dir.path().join("support")).unwrap();
    let post = dir.path().join("post_01_ecommerce");
    std::fs::create_dir(&post).unwrap();
    for name in ["__init__.py", "products.py"] {
        let file = source.join("post_01_ecommerce").join(name);
        if file.exists() {
            std::fs::copy(file, post.join(name)).unwrap();
        }
    }
    let file = "post_01_ecommerce/validate_cart_handler.py";
    let text = std::fs::read_to_string(source.join(file)).unwrap();
    let call = text.lines().find(|line| line.trim_start().starts_with("def ") && line.contains("StepContext")).unwrap();
    let indent = " ".repeat(call.len() - call.trim_start().len() + 4);
    let condition = "items = context.input_data.get('cart_items')\nlast = items[-1] if isinstance(items, list) and items else None\n\
                     if isinstance(last, dict) and last.get('product_id') == 3: ";
    let body: Vec<String> = format!("{condition}{line}").lines().map(|line| format!("{indent}{line}")).collect();
    std::fs::write(dir.path().join(file), text.replacen(call, &format!("{call}\n{}", body.join("\n")), 1)).unwrap();
    dir
}

#[rstest]
#[case::segfault(
    "crash = lambda: None; crash.__code__ = crash.__code__.replace(co_code=bytes([100, 255] * 8), co_consts=()); crash()",
    "crashed:SIGSEGV"
)]
#[case::endless("sum(range(10 ** 12))", "timed_out")]
#[case::lock("lock = __import__('threading').Lock(); lock.acquire(); lock.acquire()", "timed_out")]
fn what_ends_or_stops_the_process_is_found_and_shrunk(#[case] line: &str, #[case] class: &str) {
    let tree = sabotaged(line);
    let tree = tree.path().to_str().unwrap();
    let arguments = ["--python", tree, "--engine", "python", "--handler", "ecommerce/validate_cart"];
    let more = ["--cases", "200", "--seed", "1", "--deadline", "0.3", "--format", "json"];
    let output = parity(&[&["diff"], &arguments[..], &more[..]].concat(), "");
    assert_eq!(code(&output), 1, "{} {}", stdout(&output), stderr(&output));
    // The first process said what it died of, and on what.
    assert!(stderr(&output).contains("ecommerce/validate_cart in python:"), "{}", stderr(&output));
    assert!(stderr(&output).contains("step input: {\"handler\":\"ecommerce/validate_cart\""), "{}", stderr(&output));
    assert!(stderr(&output).contains("running again with every engine in a process of its own"), "{}", stderr(&output));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let divergences = report["divergences"].as_array().unwrap();
    assert_eq!(divergences.len(), 1, "{report}");
    assert_eq!(divergences[0]["signature"]["class"], json!(class));
    assert_eq!(divergences[0]["input"]["context"], json!({"cart_items": [{"product_id": 3, "quantity": 0}]}));
}

#[test]
fn a_process_that_only_dies_after_other_calls_is_not_agreement() {
    // In a process of its own, in which the minimal input is the first, the call is harmless.
    let tree = sabotaged(
        "(lambda cls: sum(range(10 ** 12)) if hasattr(cls, 'again') else setattr(cls, 'again', 1))(self.__class__)",
    );
    let tree = tree.path().to_str().unwrap();
    let arguments =
        ["diff", "--python", tree, "--engine", "python", "--handler", "ecommerce/validate_cart", "--cases", "200"];
    let output = parity(&[&arguments[..], &["--seed", "1", "--deadline", "0.3"]].concat(), "");
    assert_eq!(code(&output), 3, "{} {}", stdout(&output), stderr(&output));
    assert!(stderr(&output).contains("where nothing ran before"), "{}", stderr(&output));
}

#[rstest]
#[case::says_nothing("cat > /dev/null", "ended at once")]
#[case::is_not_there("", "No such file")]
#[case::speaks_nonsense("echo hello", "does not say hello but \"hello\"")]
#[case::another_protocol(r#"echo '{"type":"hello","protocol":99,"handlers":[]}'"#, "speaks protocol 99, not 1")]
#[case::refuses(r#"echo '{"type":"refused","message":"no such tree"}'"#, "no such tree")]
#[case::fails("echo oh dear >&2; exit 4", "oh dear")]
fn a_worker_that_does_not_start_is_refused(#[case] script: &str, #[case] message: &str) {
    let command = if script.is_empty() {
        WorkerCommand { program: "/nowhere/parity".into(), ..WorkerCommand::default() }
    } else {
        // Standard input is closed at once, so that `cat` ends.
        let script = format!("exec < /dev/null; {script}");
        WorkerCommand { program: "sh".into(), arguments: vec!["-c".into(), script.into()], ..WorkerCommand::default() }
    };
    let error = ProcessEngine::start("python", command, DEADLINE).unwrap_err().to_string();
    assert!(error.contains(message), "{error}");
}

#[rstest]
#[case::dies("kill -ABRT $$", Ok("crashed"))]
#[case::exits("exit 3", Ok("exited"))]
#[case::hangs("exec sleep 100", Ok("timed_out"))]
#[case::nonsense("echo nonsense", Err("its worker answers \"nonsense\""))]
#[case::another_id(r#"echo '{"type":"result","id":7,"outcome":{"status":"timed_out"}}'"#, Err("its worker answers"))]
#[case::no_outcome(r#"echo '{"type":"result","id":1,"outcome":{"status":"fine"}}'"#, Err("its worker answers"))]
#[case::fault(r#"echo '{"type":"fault","id":1,"message":"oh dear"}'"#, Err("oh dear"))]
#[case::flood("yes | tr -d '\\n'", Ok("timed_out"))]
fn what_a_worker_does_to_a_call_is_told(#[case] script: &str, #[case] end: Result<&str, &str>) {
    let hello = r#"echo '{"type":"hello","protocol":1,"handlers":["hostile/x"]}'; read line"#;
    let arguments = vec!["-c".into(), format!("{hello}; {script}; cat > /dev/null").into()];
    let command = WorkerCommand { program: "sh".into(), arguments, ..WorkerCommand::default() };
    let mut engine = ProcessEngine::start("python", command, Duration::from_millis(300)).unwrap();
    let input = StepInput::new("hostile/x".parse().unwrap(), Map::new(), Map::new());
    // The second call meets a new worker.
    for _ in 0..2 {
        match (engine.run(&input), end) {
            (Ok(observation), Ok(status)) => assert_eq!(json!(observation)["status"], json!(status)),
            (Err(fault), Err(message)) => assert!(fault.to_string().contains(message), "{fault}"),
            (observed, _) => panic!("{observed:?}"),
        }
    }
}

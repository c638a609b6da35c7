//! Handlers that misbehave: each is named for what it did, and the next call is answered, in this process and in one of its own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use parity_engine::Engine;
use parity_engine::allowed::Allowed;
use parity_engine::naming::Naming;
use parity_engine::process::{ProcessEngine, Surroundings, WorkerCommand};
use parity_engine_python::PythonEngine;
use parity_engine_python::python_process;
use parity_engine_ruby::ruby;
use parity_engine_typescript::NodeEngine;
use parity_engine_typescript::TypeScriptEngine;
use parity_model::{HandlerId, StepInput};
use rstest::rstest;
use serde_json::{Map, Value, json};
use similar_asserts::assert_eq;

use crate::cli::support::{ROOT, code, isolated, parity, stderr, stdout};

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

fn process(language: &str) -> Box<dyn Engine> {
    isolated(language, &hostile_tree(language), DEADLINE)
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

#[rstest]
#[case::python("python-process", "python")]
#[case::node("node", "typescript")]
#[ignore = "needs Node"]
fn other_interpreters_name_every_misbehaviour_too(#[case] name: &str, #[case] language: &'static str) {
    let (tree, around) = (hostile_tree(language), Surroundings::default());
    let mut engine: Box<dyn Engine> = match name {
        "node" => Box::new(NodeEngine::load(&tree, &Naming::identities(), &[], &around, DEADLINE).unwrap()),
        _ => Box::new(
            python_process(
                ("python-process", "python3".as_ref()),
                &tree,
                &Naming::identities(),
                &Allowed::default(),
                &around,
                DEADLINE,
            )
            .unwrap(),
        ),
    };
    let mut expected = expected();
    let different = expected.remove(name).unwrap();
    let expected = expected.remove(language).unwrap().into_iter().chain(different).collect::<BTreeMap<_, _>>();
    for (name, expected) in &expected {
        // To fill the memory takes a while, and is not what should time out.
        engine.set_deadline(if name.contains("gigabytes") { 30 * DEADLINE } else { DEADLINE });
        let observation = observe(engine.as_mut(), name, 1);
        assert_eq!(relevant(&observation, expected), without_mark(expected), "{name}: {observation}");
        assert_eq!(observe(engine.as_mut(), name, 0)["result"], json!({"value": 0}), "after {name}");
    }
    assert_eq!(engine.handlers().len(), expected.len());
}

#[test]
#[ignore = "needs Ruby with ActiveSupport"]
fn ruby_names_every_misbehaviour_too() {
    let mut engine = ruby(
        ("ruby", "ruby".as_ref()),
        &hostile_tree("ruby"),
        &Naming::identities(),
        &Allowed::default(),
        &Surroundings::default(),
        DEADLINE,
    )
    .unwrap();
    let expected = &expected()["ruby"];
    for (name, expected) in expected {
        let observation = observe(&mut engine, name, 1);
        assert_eq!(relevant(&observation, expected), without_mark(expected), "{name}: {observation}");
        assert_eq!(observe(&mut engine, name, 0)["result"], json!({"value": 0}), "after {name}");
    }
    assert_eq!(engine.handlers().len(), expected.len());
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
    for name in ["__init__.py", "order.py", "product.py"] {
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
#[case::another_protocol(
    r#"echo '{"type":"hello","protocol":99,"engine":"x","handlers":[]}'"#,
    "speaks protocol 99, not 1"
)]
#[case::flood("yes | tr -d '\\n'", "sends a line without end")]
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
#[case::nonsense("echo nonsense", Err("its worker (sh) answers \"nonsense\", which is no reply"))]
#[case::ahead(
    r#"echo '{"type":"result","id":7,"outcome":{"status":"timed_out"}}'"#,
    Err("answers call 7, which was not made")
)]
#[case::behind(r#"echo '{"type":"result","id":0,"outcome":{"status":"timed_out"}}'"#, Err("answers call 0 once more"))]
#[case::no_outcome(r#"echo '{"type":"result","id":ID,"outcome":{"status":"fine"}}'"#, Err("an outcome that is none"))]
#[case::greets_again("echo HELLO", Err("says hello again"))]
#[case::fault(r#"echo '{"type":"fault","id":ID,"message":"oh dear"}'"#, Err("oh dear"))]
#[case::spoiled(r#"echo '{"type":"spoiled","id":ID,"what":"a thread"}'"#, Ok("left_behind"))]
#[case::lines_of_nonsense("yes", Err("answers \"y\", which is no reply"))]
fn what_a_worker_does_to_a_call_is_told(#[case] script: &str, #[case] end: Result<&str, &str>) {
    let mut engine = scripted(&format!("read run; {script}; cat > /dev/null"));
    // The second call meets a new worker.
    for _ in 0..2 {
        match (call(&mut engine), end) {
            (Ok(status), Ok(expected)) => assert_eq!(status, expected),
            (Err(fault), Err(message)) => assert!(fault.contains(message), "{fault}"),
            (observed, _) => panic!("{observed:?}"),
        }
    }
}

const HELLO: &str = r#"{"type":"hello","protocol":1,"engine":"sh","handlers":["hostile/x"]}"#;

/// A worker of one handler that goes on with `script`, in which ID stands for the number of the run that was read into `run`.
fn scripted(script: &str) -> ProcessEngine {
    let id = r#"'$(echo "$run" | sed 's/.*"id":\([0-9]*\).*/\1/')'"#;
    let script = script.replace("echo HELLO", &format!("echo '{HELLO}'")).replace("ID", id);
    let arguments = vec!["-c".into(), format!("read hello; echo '{HELLO}'; {script}").into()];
    let command = WorkerCommand { program: "sh".into(), arguments, ..WorkerCommand::default() };
    ProcessEngine::start("shell", command, Duration::from_millis(500)).unwrap()
}

fn call(engine: &mut ProcessEngine) -> Result<String, String> {
    let input = StepInput::new("hostile/x".parse().unwrap(), Map::new(), Map::new());
    let observed = engine.run(&input).map_err(|fault| fault.to_string())?;
    Ok(json!(observed)["status"].as_str().unwrap().to_owned())
}

const ANSWER: &str = r#"echo '{"type":"result","id":ID,"outcome":{"status":"completed","result":1,"metadata":{}}}'"#;

#[test]
fn a_line_without_end_is_not_read_to_its_end() {
    let mut engine = scripted("read run; yes | tr -d '\\n'");
    engine.set_deadline(60 * DEADLINE);
    for _ in 0..2 {
        let fault = call(&mut engine).unwrap_err();
        assert!(fault.contains("its worker (sh) sends a line without end"), "{fault}");
    }
}

#[test]
fn an_answer_that_comes_twice_is_not_taken_for_the_next_calls() {
    let mut engine = scripted(&format!("while read run; do {ANSWER}; {ANSWER}; done"));
    for _ in 0..2 {
        assert_eq!(call(&mut engine), Ok("completed".to_owned()));
        let fault = call(&mut engine).unwrap_err();
        // It came while nobody asked, or while the next call waited.
        let told = fault.contains("after it had answered hostile/x") || fault.contains("once more while call");
        assert!(told && fault.contains("its worker (sh)"), "{fault}");
    }
}

#[test]
fn a_worker_that_ends_between_two_calls_is_no_end_of_a_handler() {
    let mut engine = scripted(&format!("read run; {ANSWER}; echo gone >&2; exit 7"));
    assert_eq!(call(&mut engine), Ok("completed".to_owned()));
    // Whether its end was seen before the call or during it, no answer is made up, and the next call has a new worker.
    match call(&mut engine) {
        Err(fault) => assert!(fault.contains("ended after it had answered hostile/x: exit status: 7: gone"), "{fault}"),
        Ok(status) => assert_eq!(status, "exited"),
    }
    assert_eq!(call(&mut engine), Ok("completed".to_owned()));
}

#[test]
fn what_a_worker_started_ends_with_it() {
    let dir = tempfile::tempdir().unwrap();
    let pid = dir.path().join("pid");
    let hang = format!("sleep 1000 & echo $! > '{}'; wait", pid.display());
    let mut engine = scripted(&format!("read run; {hang}"));
    assert_eq!(call(&mut engine), Ok("timed_out".to_owned()));
    let pid = std::fs::read_to_string(pid).unwrap();
    // The signal is on its way: the process ends, or its parent has not noticed yet.
    let runs = || {
        let status = std::fs::read_to_string(format!("/proc/{}/status", pid.trim())).unwrap_or_default();
        !status.is_empty() && !status.contains("State:\tZ")
    };
    let until = Instant::now() + 30 * DEADLINE;
    while runs() {
        assert!(Instant::now() < until, "process {pid} goes on");
        std::thread::yield_now();
    }
}

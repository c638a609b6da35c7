//! Doors that `--allow` opens: what is behind one is denied without it and with every other one, and is there with it.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::thread;

use parity_confine::Support;
use parity_engine::{Engine, EngineConfig, Launch, LaunchOptions, Second};
use parity_engines::Launcher;
use parity_model::StepInput;
use rstest::rstest;
use serde_json::{Map, Value, json};
use similar_asserts::assert_eq;
use tempfile::TempDir;

use crate::cli::support::{ROOT, code, parity, parity_in, stderr, stdout};

/// A directory to read in, with a secret beside it and a link to that.
fn place() -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("data");
    fs::create_dir(&place).unwrap();
    fs::write(place.join("price.txt"), "12.50").unwrap();
    fs::write(dir.path().join("secret.txt"), "secret").unwrap();
    symlink("../secret.txt", place.join("link.txt")).unwrap();
    (dir, place)
}

/// Answers whoever connects; returns its port.
fn server() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let answer = |mut connection: TcpStream| {
        let _ = connection.read(&mut [0; 4096]);
        let _ = connection.write_all(b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    };
    thread::spawn(move || listener.incoming().flatten().for_each(answer));
    port
}

/// An engine on the handlers of its language, with a door open if there is one.
fn config(engine: &str, language: &str, door: &str, place: &Path) -> EngineConfig {
    let door = if door == "file" { format!("file:{}", place.display()) } else { door.to_owned() };
    let allowed = Some(door).filter(|door| !door.is_empty()).iter().map(|door| door.parse().unwrap()).collect();
    let tree = Path::new(ROOT).join("fixtures/doors").join(language);
    EngineConfig { tree: Some(tree), allowed, ..engine.parse().unwrap() }
}

/// Tries all ways, and demands that those are open that `door` is for, and no others.
fn assert_open(engine: &mut dyn Engine, door: &str, place: &Path, port: u16) {
    let through = |end: &Value, answer: &Value| end["result"]["answer"] == *answer;
    assert_ends(engine, door, place, port, through);
}

/// Tries all ways, and demands that those end well by `through` that `door` is for, and all others denied.
fn assert_ends(engine: &mut dyn Engine, door: &str, place: &Path, port: u16, through: fn(&Value, &Value) -> bool) {
    let mut ask = |way: &str| {
        let context = [("way", json!(way)), ("place", json!(place)), ("port", json!(port))];
        let context = context.map(|(name, value)| (name.to_owned(), value));
        json!(engine.run(&StepInput::new("doors/tries".parse().unwrap(), Map::from_iter(context), Map::new())).unwrap())
    };
    let known = ask("")["result"].clone();
    let kind = |way: &str| way.split(' ').next().unwrap().to_owned();
    // To open a pipe to a program is refused before the program is.
    let denied = |end: &Value| end["status"] == "denied";
    let mut wrong = Vec::new();
    for (way, answer) in known["ways"].as_object().unwrap() {
        let end = ask(way);
        let is_right = if kind(way) == door { through(&end, answer) } else { denied(&end) };
        if !is_right {
            wrong.push(format!("{way}: {end}"));
        }
    }
    for way in known["shut"].as_array().unwrap().iter().filter_map(Value::as_str) {
        let end = ask(way);
        // What QuickJS does not have is denied by nobody.
        if !denied(&end) && end["status"] != "unsupported" {
            wrong.push(format!("{way}: {end}"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[rstest]
fn python_goes_through_the_open_door_alone(#[values("", "file", "network", "process")] door: &'static str) {
    let ((_dir, place), port) = (place(), server());
    // As a process of a campaign does it.
    let confined = thread::Builder::new().stack_size(8 << 20).spawn(move || {
        let (launcher, engine) = (Launcher::default(), config("python", "python", door, &place));
        launcher.confine(&[&engine]).unwrap();
        let mut engine = launcher.launch(&engine, &LaunchOptions::default()).unwrap();
        assert_open(engine.as_mut(), door, &place, port);
    });
    confined.unwrap().join().unwrap();
}

#[rstest]
#[case::python("python-process", "python")]
#[case::node("node", "typescript")]
#[ignore = "needs Node"]
fn an_interpreter_goes_through_the_open_door_alone(
    #[case] engine: &str,
    #[case] language: &str,
    #[values("", "file", "network", "process")] door: &str,
) {
    let ((_dir, place), port) = (place(), server());
    let config = config(engine, language, door, &place);
    let mut engine = Launcher::default().launch(&config, &LaunchOptions::default()).unwrap();
    assert_open(engine.as_mut(), door, &place, port);
}

#[rstest]
#[ignore = "needs Ruby with ActiveSupport"]
fn ruby_goes_through_the_open_door_alone(#[values("", "file", "network", "process")] door: &str) {
    // Its own guard knows of processes alone.
    if Support::of_this_kernel().seccomp {
        let ((_dir, place), port) = (place(), server());
        let config = config("ruby", "ruby", door, &place);
        let mut engine = Launcher::default().launch(&config, &LaunchOptions::default()).unwrap();
        assert_open(engine.as_mut(), door, &place, port);
    }
}

#[rstest]
fn quickjs_has_nothing_behind_a_door_and_says_so(#[values("", "file", "network", "process")] door: &str) {
    let (_dir, place) = place();
    let config = config("typescript", "typescript", door, &place);
    let mut engine = Launcher::default().launch(&config, &LaunchOptions::default()).unwrap();
    assert_ends(engine.as_mut(), door, &place, 9, |end, _| end["status"] == "unsupported");
}

#[rstest]
#[ignore = "needs Node"]
fn node_answers_what_quickjs_does_not_have(#[values("file", "network", "process")] door: &str) {
    let ((_dir, place), port) = (place(), server());
    let second = Second::Program { program: "node".into(), runtime: "Node".to_owned() };
    let config = EngineConfig { second: Some(second), ..config("typescript", "typescript", door, &place) };
    let mut engine = Launcher::default().launch(&config, &LaunchOptions::default()).unwrap();
    assert_open(engine.as_mut(), door, &place, port);
}

#[test]
fn a_run_opens_a_door_for_all_engines_and_the_report_says_so() {
    let (dir, place) = place();
    let template = format!(
        "name: a\nnamespace_name: doors\nversion: 1.0.0\nsteps: [ {{ name: a, handler: {{ callable: doors/tries }} }} ]\n\
         input_schema: {{ type: object, required: [way, place], properties: {{ way: {{ const: file read }}, \
         place: {{ const: {} }}, n: {{ type: integer }} }} }}\n",
        place.display()
    );
    fs::create_dir(dir.path().join("templates")).unwrap();
    fs::write(dir.path().join("templates/a.yaml"), template).unwrap();
    fs::write(dir.path().join("parity.toml"), "templates = 'templates'\nallow = ['file:data']\n").unwrap();
    let tree = Path::new(ROOT).join("fixtures/doors/python");
    let arguments = ["diff", "--python", tree.to_str().unwrap(), "--oracle", "python", "--engine", "python-process"];
    let output = parity_in(dir.path(), &[&arguments[..], &["--cases", "3", "--seed", "1", "--jobs", "1"]].concat());
    // Not exercised, if it were not open.
    assert_eq!(code(&output), 0, "{}{}", stdout(&output), stderr(&output));
    let line = format!("allowed: file:{}; answers may depend on what is outside\n", place.display());
    assert!(stdout(&output).contains(&line), "{}", stdout(&output));
}

#[rstest]
#[case("netwrok", "there is no door \"netwrok\" (did you mean network?); the doors are file:PATH, network, process")]
#[case("file:docs/engine.md", "there is nothing at docs/engine.md (did you mean docs/engines.md?)")]
fn what_cannot_be_opened_is_refused_with_what_may_be_meant(
    #[values("diff", "replay", "list", "run")] command: &str,
    #[case] door: &str,
    #[case] message: &str,
) {
    let output = parity(&[command, "--allow", door], "");
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains(message), "{}", stderr(&output));
}

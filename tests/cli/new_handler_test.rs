//! Skeletons of a new handler: in the right place, loaded by every engine, in agreement with each other, and never over a file
//! that is there.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use parity_engine::Engine;
use parity_engine_python::PythonEngine;
use parity_engine_typescript::TypeScriptEngine;
use parity_model::{HandlerId, Observation, Outcome, StepInput};
use parity_suite::template;
use rstest::rstest;
use serde_json::{Map, Value, json};
use similar_asserts::assert_eq;
use tempfile::TempDir;

use crate::cli::support::{ROOT, code, stderr, stdout};

/// A copy of what the command reads and writes.
fn repository() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for part in ["reference_rs/src", "handlers/python", "handlers/typescript", "fixtures/templates"] {
        copy(&Path::new(ROOT).join(part), &dir.path().join(part));
    }
    dir
}

/// The directory of a namespace that has none yet.
fn next_post(root: &Path, namespace: &str) -> String {
    let dirs = fs::read_dir(root.join("reference_rs/src")).unwrap();
    let posts = dirs.filter(|entry| entry.as_ref().unwrap().file_type().unwrap().is_dir());
    format!("post_{:02}_{namespace}", posts.count() + 1)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_file() {
            fs::copy(entry.path(), target).unwrap();
        } else if entry.file_name() != "node_modules" {
            copy(&entry.path(), &target);
        }
    }
}

/// All files below a directory with their texts; a link is where it leads.
fn snapshot(dir: &Path) -> BTreeMap<PathBuf, String> {
    let mut files = BTreeMap::new();
    for path in fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_symlink() {
            files.insert(path.clone(), fs::read_link(&path).unwrap().display().to_string());
        } else if path.is_dir() {
            files.extend(snapshot(&path));
        } else {
            files.insert(path.clone(), String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned());
        }
    }
    files
}

fn new_handler(arguments: &[&str], dir: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_parity")).arg("new-handler").args(arguments).current_dir(dir).output().unwrap()
}

/// What the handler answers to this context in a tree of its language.
fn answer(engine: &mut dyn Engine, handler: &str, context: &Value) -> Value {
    let handler: HandlerId = handler.parse().unwrap();
    let input = StepInput::new(handler, context.as_object().unwrap().clone(), Map::new());
    match engine.run(&input).unwrap() {
        Observation::Planned(Outcome::Completed { result, metadata }) => json!([result, metadata]),
        other => panic!("{other:?}"),
    }
}

fn text(file: &Path) -> String {
    fs::read_to_string(file).unwrap()
}

#[rstest]
#[case::a_new_namespace("parcels/weigh", None, "parcels", "..", json!({}))]
#[case::a_namespace_that_is_there(
    "payments/archive_refund",
    Some("post_04_team_scaling/payments"),
    "payments_process_refund",
    "../..",
    json!({"payment_id": "pay_a", "refund_amount": 0}),
)]
fn skeletons_stand_where_they_belong_and_agree(
    #[case] handler: &str,
    #[case] post: Option<&str>,
    #[case] workflow: &str,
    #[case] support: &str,
    #[case] context: Value,
) {
    let repository = repository();
    let root = repository.path();
    let post = post.map_or_else(|| next_post(root, "parcels"), str::to_owned);
    let before = template::load_all(&root.join("fixtures/templates")).unwrap();
    let output = new_handler(&[handler], &root.join("handlers/python"));
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let (namespace, step) = handler.split_once('/').unwrap();

    let rust = text(&root.join(format!("reference_rs/src/{post}/{step}_handler.rs")));
    assert!(rust.contains(&format!("    id: \"{handler}\",\n")), "{rust}");
    let typescript = text(&root.join(format!("handlers/typescript/{post}/{step}_handler.ts")));
    assert!(typescript.contains(&format!("from '{support}/support/index.js'")), "{typescript}");
    assert!(root.join(format!("handlers/python/{post}/__init__.py")).is_file());

    let expected = json!([{"processed_at": "2026-01-15T09:30:00Z"}, {"operation": step}]);
    let by_day = json!([{"processed_at": "2026-01-15"}, {"operation": step}]);
    let mut python = PythonEngine::load(&root.join("handlers/python")).unwrap();
    let mut typescript = TypeScriptEngine::load(&root.join("handlers/typescript")).unwrap();
    assert_eq!(answer(&mut python, handler, &context), expected);
    assert_eq!(answer(&mut typescript, handler, &context), expected);
    for language in ["python", "typescript"] {
        let tree = root.join(format!("fixtures/defects/{namespace}_{step}_stamped_by_day_in_{language}"));
        let mut engine: Box<dyn Engine> = match language {
            "python" => Box::new(PythonEngine::load(&tree).unwrap()),
            _ => Box::new(TypeScriptEngine::load(&tree).unwrap()),
        };
        assert_eq!(answer(engine.as_mut(), handler, &context), by_day);
        let defect: Value = serde_json::from_str(&text(&tree.join("defect.json"))).unwrap();
        assert_eq!((&defect["language"], &defect["handler"]), (&json!(language), &json!(handler)));
        assert_eq!((&defect["context"], &defect["dependencies"]), (&context, &json!({})));
    }

    let after = template::load_all(&root.join("fixtures/templates")).unwrap();
    let file = root.join(format!("fixtures/templates/{workflow}.yaml"));
    let extended = after.iter().find(|template| template.file == file).unwrap();
    assert_eq!(extended.steps.last().unwrap().handler.callable.as_str(), handler);
    let steps = |templates: &[template::Template]| templates.iter().map(|template| template.steps.len()).sum::<usize>();
    assert_eq!(steps(&after), steps(&before) + 1);

    let said = stdout(&output);
    let numbered: Vec<&str> = said.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_digit())).collect();
    assert_eq!(numbered.len(), 6, "{said}");
    assert!(said.contains(&format!("cargo parity vectors regenerate --handler {handler}")), "{said}");
}

#[rstest]
#[case::a_source("handlers/typescript/{post}/weigh_handler.ts")]
#[case::a_template("fixtures/templates/parcels.yaml")]
#[case::a_defect("fixtures/defects/parcels_weigh_stamped_by_day_in_python/defect.json")]
fn nothing_is_overwritten_and_nothing_else_written_either(#[case] file: &str) {
    let repository = repository();
    let file = repository.path().join(file.replace("{post}", &next_post(repository.path(), "parcels")));
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    let text = "name: other\nnamespace_name: other\nversion: 1.0.0\nsteps: []\n";
    fs::write(&file, text).unwrap();
    let before = snapshot(repository.path());
    let output = new_handler(&["parcels/weigh", "--root", repository.path().to_str().unwrap()], Path::new(ROOT));
    assert_eq!(code(&output), 2, "{}", stdout(&output));
    assert!(stderr(&output).contains(file.to_str().unwrap()), "{}", stderr(&output));
    assert_eq!(snapshot(repository.path()), before);
}

#[test]
fn a_handler_that_is_there_is_left_alone() {
    let repository = repository();
    let before = snapshot(repository.path());
    let output = new_handler(&["payments/notify_customer"], repository.path());
    assert_eq!(code(&output), 2, "{}", stdout(&output));
    assert!(stderr(&output).contains("has a step of this name"), "{}", stderr(&output));
    assert_eq!(snapshot(repository.path()), before);
}

#[test]
fn a_template_that_goes_on_behind_its_steps_is_not_broken() {
    let repository = repository();
    let file = repository.path().join("fixtures/templates/payments_process_refund.yaml");
    fs::write(&file, text(&file) + "metadata:\n  owner: payments\n").unwrap();
    let before = snapshot(repository.path());
    let output = new_handler(&["payments/archive_refund"], repository.path());
    assert_eq!(code(&output), 2, "{}", stdout(&output));
    assert!(stderr(&output).contains("payments_process_refund.yaml"), "{}", stderr(&output));
    assert_eq!(snapshot(repository.path()), before);
}

#[rstest]
#[case("say_hello", "is not of the form namespace/step")]
#[case("demo/SayHello", "lower-case")]
#[case("demo/import", "is a keyword")]
#[case("../say_hello", "lower-case")]
fn a_name_that_no_language_takes_is_refused(#[case] name: &str, #[case] reason: &str) {
    let output = new_handler(&[name], Path::new(ROOT));
    assert_eq!(code(&output), 2, "{}", stdout(&output));
    assert!(stderr(&output).contains(reason), "{}", stderr(&output));
}

#[test]
fn without_a_checkout_there_is_nothing_to_write_into() {
    let dir = tempfile::tempdir().unwrap();
    let inside = Path::new(ROOT).join("handlers");
    for output in [
        new_handler(&["parcels/weigh"], dir.path()),
        new_handler(&["parcels/weigh", "--root", inside.to_str().unwrap()], Path::new(ROOT)),
    ] {
        assert_eq!(code(&output), 2, "{}", stdout(&output));
        assert!(stderr(&output).contains("name it with --root"), "{}", stderr(&output));
    }
}

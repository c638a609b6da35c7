//! `diff --changed` runs the handlers that were found in files which a change can have touched, wherever and however they are
//! named; where it runs none, it says so.

use std::path::Path;
use std::process::Command;

use rstest::rstest;
use serde_json::{Value, json};
use similar_asserts::assert_eq;
use tempfile::TempDir;

use crate::cli::support::{ROOT, code, parity_in, stderr, stdout, tree};

const TREES: [&str; 6] = ["--templates", "templates", "--python", "py", "--typescript", "ts"];

/// Makes a repository of a directory, with all its files in one commit.
fn commit(dir: &Path) {
    for arguments in [
        &["init", "--quiet"][..],
        &["add", "."],
        &["-c", "user.name=x", "-c", "user.email=x@x", "commit", "--quiet", "-m", "x"],
    ] {
        assert!(Command::new("git").arg("-C").arg(dir).args(arguments).status().unwrap().success());
    }
}

/// A repository of three steps, of which no file has the name of any.
fn repository() -> TempDir {
    let class = |name: &str| {
        format!(
            "class {name}Handler(StepHandler):\n    def call(self, context):\n        return self.success({{'n': 1}})\n\n\n"
        )
    };
    let python = format!("from tasker_core import StepHandler\n\n\n{}{}", class("Weigh"), class("Measure"));
    let dir = tree(&[
        (
            "templates/t.yaml",
            "name: t\nnamespace_name: post\nversion: 1.0.0\ninput_schema: { type: object }\nsteps:\n  \
             - name: weigh\n    handler: { callable: Post::WeighHandler }\n  \
             - name: measure\n    handler: { callable: Post::MeasureHandler }\n  \
             - name: quote\n    handler: { callable: Post::QuoteHandler }\n",
        ),
        ("py/counter.py", &python),
        (
            "py/prices.py",
            "from tasker_core.step_handler import step_handler\nfrom rates import RATE\n\n\n@step_handler('quote')\n\
             def anything(context):\n    return {'n': RATE}\n",
        ),
        ("py/rates.py", "RATE = 1\n"),
        (
            "ts/all.ts",
            "import { StepHandler } from '@tasker-systems/tasker';\n\
             class One extends StepHandler { async call() { return this.success({ n: 1 }); } }\n\
             export class WeighHandler extends One {}\nexport class MeasureHandler extends One {}\n\
             export class QuoteHandler extends One {}\n",
        ),
    ]);
    commit(dir.path());
    dir
}

fn append(dir: &Path, file: &str, text: &str) {
    let file = dir.join(file);
    std::fs::write(&file, std::fs::read_to_string(&file).unwrap() + text).unwrap();
}

/// The handlers that were run, each once.
fn handlers_of(report: &Value) -> Vec<&str> {
    let mut handlers: Vec<&str> =
        report["handlers"].as_array().unwrap().iter().map(|row| row["handler"].as_str().unwrap()).collect();
    handlers.dedup();
    handlers
}

#[rstest]
#[case::a_file_of_two_classes("py/counter.py", "\n", &["post/weigh", "post/measure"])]
#[case::a_file_with_a_function("py/prices.py", "\n", &["post/quote"])]
#[case::a_module_that_it_imports("py/rates.py", "\n", &["post/quote"])]
#[case::the_other_language("ts/all.ts", "\n", &["post/weigh", "post/measure", "post/quote"])]
#[case::the_template("templates/t.yaml", "# changed\n", &["post/weigh", "post/measure", "post/quote"])]
fn the_handlers_of_a_file_that_changed_are_run(#[case] file: &str, #[case] text: &str, #[case] handlers: &[&str]) {
    let dir = repository();
    append(dir.path(), file, text);
    let options = ["--changed", "HEAD", "--cases", "5", "--seed", "1", "--format", "json"];
    let output = parity_in(dir.path(), &[&["diff"], &TREES[..], &options].concat());
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(handlers_of(&report), handlers);
    assert_eq!((code(&output), stderr(&output).as_str()), (0, ""));
}

#[rstest]
#[case::in_a_directory("", "templates/t.yaml")]
#[case::where_parity_is_run("templates", "t.yaml")]
fn a_template_that_was_named_by_its_file_is_seen(#[case] here: &str, #[case] templates: &str) {
    let dir = repository();
    append(dir.path(), "templates/t.yaml", "# changed\n");
    let here = dir.path().join(here);
    let tree = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let (python, typescript) = (tree("py"), tree("ts"));
    let trees = ["--templates", templates, "--python", &python, "--typescript", &typescript];
    let options = ["--changed", "HEAD", "--cases", "5", "--seed", "1", "--format", "json"];
    let output = parity_in(&here, &[&["diff"], &trees[..], &options].concat());
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(handlers_of(&report), ["post/weigh", "post/measure", "post/quote"]);
    assert_eq!((code(&output), stderr(&output).as_str()), (0, ""));
}

#[rstest]
#[case::nothing(None)]
#[case::what_is_no_source(Some("py/README.md"))]
fn where_nothing_has_changed_nothing_is_compared(#[case] file: Option<&str>) {
    let dir = repository();
    if let Some(file) = file {
        std::fs::write(dir.path().join(file), "x").unwrap();
    }
    let output = parity_in(dir.path(), &[&["diff"], &TREES[..], &["--changed", "--cases", "5"]].concat());
    assert_eq!((code(&output), stdout(&output).as_str()), (3, ""));
    let message = "parity: could not compare: nothing that is compared here has changed since HEAD\n";
    assert_eq!(stderr(&output), message);
}

#[test]
#[ignore = "needs Ruby with ActiveSupport"]
fn a_change_of_a_ruby_handler_is_seen() {
    let dir = tempfile::tempdir().unwrap();
    let foreign = Path::new(ROOT).join("fixtures/foreign/.");
    assert!(Command::new("cp").arg("-r").arg(foreign).arg(dir.path()).status().unwrap().success());
    commit(dir.path());
    append(dir.path(), "ruby/app/handlers/parcels/print_label_handler.rb", "# changed\n");
    let trees = ["--templates", "templates", "--python", "python", "--ruby", "ruby/app"];
    let engines = ["--engine", "python", "--engine", "ruby", "--oracle", "python"];
    let options = ["--changed", "HEAD", "--cases", "30", "--seed", "1", "--format", "json"];
    let output = parity_in(dir.path(), &[&["diff"], &trees[..], &engines, &options].concat());
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(handlers_of(&report), ["parcels/print_label"]);
    assert!(!report["divergences"].as_array().unwrap().is_empty());
    assert_eq!((code(&output), &report["faults"]), (1, &json!([])));
}

//! What Node says of the answers of QuickJS: with a Node whose `Math.cbrt` answers 7, or one that does not work.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use parity_engine::program::on_path;
use rstest::rstest;
use serde_json::Value;
use similar_asserts::assert_eq;
use tempfile::TempDir;

use crate::cli::support::{code, diff_in, heads, parity_in, stderr, stdout, tree};

const TEMPLATE: &str = "\
name: shop
namespace_name: shop
version: 1.0.0
input_schema: {type: object, required: [amount], properties: {amount: {enum: [8, 27]}}}
steps:
  - name: root
    handler: {callable: root}
";

/// Handlers that answer with the cube root of 27 or 8, which QuickJS says is 3 or 2.
fn shop(python: &str) -> TempDir {
    let python = format!(
        "from tasker_core import StepHandler, StepHandlerResult\n\n\nclass Root(StepHandler):\n    handler_name = 'root'\n\n    \
         def call(self, context):\n        amount = context.get_input('amount')\n        \
         return StepHandlerResult.success({{'root': {python}}})\n"
    );
    let typescript = "import { StepHandler, type StepContext } from '@tasker-systems/tasker';\nexport class Root extends StepHandler \
                      {\n  static handlerName = 'root';\n  async call(context: StepContext) {\n    \
                      return this.success({ root: Math.cbrt(context.getInput<number>('amount')!) });\n  }\n}\n";
    tree(&[("templates/shop.yaml", TEMPLATE), ("py/root.py", &python), ("ts/root.ts", typescript)])
}

const TREES: [&str; 8] = ["--templates", "templates", "--python", "py", "--typescript", "ts", "--oracle", "python"];

/// A program in a directory of its own.
fn program(dir: &Path, name: &str, script: &str) -> PathBuf {
    let file = dir.join("bin").join(name);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    file
}

/// A Node in which every cube root is 7.
fn odd_node(dir: &Path) -> PathBuf {
    fs::write(dir.join("odd.cjs"), "Math.cbrt = () => 7;\n").unwrap();
    let node = on_path("node".as_ref()).unwrap();
    program(dir, "odd", &format!("exec '{}' -r '{}' \"$@\"", node.display(), dir.join("odd.cjs").display()))
}

fn opinion(report: &Value) -> &Value {
    let [opinion] = &report["second_opinions"].as_array().unwrap()[..] else { panic!("{report}") };
    opinion
}

#[test]
#[ignore = "needs Node"]
fn a_difference_of_quickjs_alone_is_none_of_the_handlers() {
    let dir = shop("7");
    let node = odd_node(dir.path());
    let arguments = ["--cases", "20", "--seed", "1", "--node", node.to_str().unwrap()];
    let (exit, report) = diff_in(dir.path(), &[&TREES[..], &arguments].concat());
    assert_eq!(exit, 0, "{report}");
    let opinion = opinion(&report);
    assert_eq!((&opinion["engine"], &opinion["first"]), (&"typescript".into(), &"QuickJS".into()));
    assert!(opinion["second"].as_str().unwrap().starts_with("Node "), "{opinion}");
    let otherwise = &opinion["otherwise"]["shop/root"];
    assert_eq!((&opinion["calls"], &otherwise["calls"]), (&20.into(), &20.into()));
    assert_eq!(otherwise["second"]["result"]["root"], 7);
    assert!([2, 3].map(Value::from).contains(&otherwise["first"]["result"]["root"]), "{otherwise}");
    let (exit, report) = diff_in(dir.path(), &[&TREES[..], &["--cases", "20", "--node", "off"]].concat());
    assert_eq!((exit, &self::opinion(&report)["why"]), (1, &"--node off".into()));
}

#[test]
#[ignore = "needs Node"]
fn what_quickjs_hides_is_found_on_node_shrunk_and_replayed() {
    let dir = shop("{27: 3, 8: 2}[amount]");
    let node = odd_node(dir.path());
    let node = node.to_str().unwrap();
    let (exit, report) = diff_in(dir.path(), &[&TREES[..], &["--cases", "20", "--seed", "1", "--node", node]].concat());
    assert_eq!(exit, 1, "{report}");
    let [found] = heads(&report)[..] else { panic!("{report}") };
    assert_eq!((&found["signature"]["path"], &found["actual"]["result"]["root"]), (&"/result/root".into(), &7.into()));
    assert!(found.get("evidence").is_none_or(Value::is_null), "{found}");
    assert!(found["reproduce"].as_str().unwrap().contains(&format!("--node {node}")), "{found}");
    let file = dir.path().join("input.json");
    fs::write(&file, found["input"].to_string()).unwrap();
    let replay = |node| parity_in(dir.path(), &[&["replay", "input.json", "--node", node], &TREES[..]].concat());
    assert_eq!((code(&replay(node)), code(&replay("off"))), (1, 0));
    let workflow = ["--workflow", "all", "--cases", "5", "--seed", "1", "--node", node];
    let (exit, report) = diff_in(dir.path(), &[&TREES[..], &workflow].concat());
    assert_eq!((exit, opinion(&report)["calls"].as_u64() > Some(0)), (1, true), "{report}");
}

#[test]
#[ignore = "needs Node"]
fn two_versions_of_a_runtime_are_two_engines() {
    let dir = shop("0");
    let odd = odd_node(dir.path());
    let engines = ["node@old=node".to_owned(), format!("node@new={}", odd.display())];
    let trees = ["--templates", "templates", "--typescript", "ts", "--cases", "20", "--seed", "1"];
    let arguments = [&trees[..], &["--engine", &engines[0], "--engine", &engines[1]]].concat();
    let (exit, report) = diff_in(dir.path(), &arguments);
    assert_eq!((exit, &report["oracle"]), (1, &"node@old".into()), "{report}");
    let [found] = heads(&report)[..] else { panic!("{report}") };
    assert_eq!(found["signature"]["engine"], "node@new");
    let sides: Vec<&Value> = found["sides"].as_array().unwrap().iter().map(|side| &side["engine"]).collect();
    assert_eq!(sides, ["node@old", "node@new"]);
    assert!(found["reproduce"].as_str().unwrap().contains(&engines[1]), "{found}");
    assert_eq!(report.get("second_opinions"), None);
}

#[rstest]
#[case::nowhere("exit 1", &["--node", "/nowhere/node"], "there is no program /nowhere/node")]
#[case::python("echo Python 3.11.2", &["--node", "bin/node"], "bin/node is no Node: asked for its version, it says \"Python 3.11.2\"")]
#[case::old("echo v18.19.0", &["--node", "bin/node"], "bin/node is Node 18.19.0, and it takes at least 20.0")]
#[case::other("echo v20.0.0", &["--node", "bin/node", "--node-version", "22"], "bin/node is Node 20.0.0, and --node-version asks for 22")]
#[case::version("echo v20.0.0", &["--node-version", "21"], "the versions of Node are 20, 22 and 24")]
#[case::engine("echo v18.19.0", &["--engine", "node@18=bin/node"], "bin/node is Node 18.19.0, and it takes at least 20.0")]
#[case::python_program("echo x", &["--engine", "python-process=bin/node"], "bin/node is no Python")]
#[case::names("echo v20.0.0", &["--engine", "node=bin/node", "--engine", "node"], "two engines are called node; tell them apart, e.g. node@old=PROGRAM")]
fn a_program_that_is_named_must_do(#[case] script: &str, #[case] arguments: &[&str], #[case] message: &str) {
    let dir = shop("0");
    program(dir.path(), "node", script);
    let output = parity_in(dir.path(), &[&["diff", "--cases", "1"], &TREES[..], arguments].concat());
    assert_eq!((code(&output), stdout(&output).as_str()), (2, ""), "{}", stderr(&output));
    assert!(stderr(&output).contains(message), "{}", stderr(&output));
}

#[rstest]
#[case::none(None, "none, typescript was seen in QuickJS only: there is no node on PATH")]
#[case::old(
    Some("echo v18.19.0"),
    "none, typescript was seen in QuickJS only: BIN/node is Node 18.19.0, and it takes at least 20.0"
)]
#[case::no_node(Some("echo v20.0.0"), "Node 20.0.0 cannot run the tree: the typescript engine cannot start: ")]
fn a_program_that_is_found_and_does_not_do_is_told_of(#[case] script: Option<&str>, #[case] line: &str) {
    let dir = shop("{27: 3, 8: 2}[amount]");
    let bin = dir.path().join("bin");
    fs::create_dir(&bin).unwrap();
    symlink("/bin/sh", bin.join("sh")).unwrap();
    if let Some(script) = script {
        program(dir.path(), "node", script);
    }
    let output = Command::new(env!("CARGO_BIN_EXE_parity"))
        .args([&["diff", "--cases", "10"], &TREES[..]].concat())
        .current_dir(dir.path())
        .env("PATH", &bin)
        .output()
        .unwrap();
    assert_eq!(code(&output), 0, "{} {}", stdout(&output), stderr(&output));
    let line = format!("second opinion: {}", line.replace("BIN", bin.to_str().unwrap()));
    assert!(stdout(&output).contains(&line), "{}", stdout(&output));
}

//! Handlers are kept apart: what one does to its globals, prototypes and modules reaches no other one.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::time::Duration;

use parity_engine::Engine;
use parity_engine::naming::Naming;
use parity_engine::process::Surroundings;
use parity_engine_typescript::{NodeEngine, TypeScriptEngine};
use parity_model::{Observation, StepInput};
use rstest::rstest;
use serde_json::{Map, Value, json};
use tempfile::TempDir;

const IMPORTS: &str = "import { HandlerRegistry, StepHandler } from '@tasker-systems/tasker';\n";

fn class(name: &str, identity: &str, body: &str) -> String {
    format!(
        "export class {name} extends StepHandler {{\n  static override handlerName = 'test/{identity}';\n  async call() {{\n    \
         {body}\n    return this.success({{ value: show() }});\n  }}\n}}\n"
    )
}

fn tree(files: &[(&str, String)]) -> TempDir {
    let tree = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let file = tree.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    tree
}

fn load(files: &[(&str, String)]) -> (TempDir, TypeScriptEngine) {
    let tree = tree(files);
    let engine = TypeScriptEngine::load(tree.path()).unwrap();
    (tree, engine)
}

fn value(engine: &mut dyn Engine, handler: &str) -> Value {
    let observation = engine.run(&StepInput::new(handler.parse().unwrap(), Map::new(), Map::new())).unwrap();
    match observation {
        Observation::Planned(_) => json!(observation)["result"]["value"].clone(),
        Observation::Unplanned(_) => json!(observation),
    }
}

#[rstest]
#[case("(Array.prototype as any).join = () => 'spoilt';", "[1, 2].join()", json!("1,2"))]
#[case("(globalThis as any).Math.round = () => 7;", "Math.round(1.2)", json!(1))]
#[case("(Object.prototype as any).leaked = 1;", "({} as any).leaked ?? 'none'", json!("none"))]
#[case("(globalThis as any).rate = 5;", "(globalThis as any).rate ?? 'none'", json!("none"))]
#[case("JSON.stringify = () => 'spoilt' as any;", "JSON.stringify({ a: 1 })", json!("{\"a\":1}"))]
#[case("state.count += 1;", "state.count", json!(0))]
#[case("HandlerRegistry.instance().clear();", "HandlerRegistry.instance().isRegistered('kept')", json!(true))]
#[case("setTimeout(() => { (globalThis as any).late = 1; }, 0);", "(globalThis as any).late ?? 'none'", json!("none"))]
fn what_a_handler_changes_reaches_no_other_one(#[case] change: &str, #[case] shown: &str, #[case] expected: Value) {
    let shared = format!(
        "{IMPORTS}import {{ state }} from './state.js';\nHandlerRegistry.instance().register('kept', class extends StepHandler {{ \
         async call() {{ return this.success(); }} }} as any);\nconst show = (): any => {shown};\n"
    );
    let both = format!("{shared}{}{}", class("A", "a_setup", change), class("B", "b_share", ""));
    let (_tree, mut engine) = load(&[
        ("both_handler.ts", both),
        ("other_handler.ts", format!("{shared}{}", class("C", "c_other", ""))),
        ("state.ts", "export const state = { count: 0 };\n".to_owned()),
    ]);
    value(&mut engine, "test/a_setup");
    assert_eq!(value(&mut engine, "test/b_share"), expected);
    assert_eq!(value(&mut engine, "test/c_other"), expected);
}

#[test]
fn a_handler_that_another_file_registers_is_found() {
    let show = "const show = () => 1;\n";
    let unnamed = class("A", "x", "").replace("  static override handlerName = 'test/x';\n", "");
    let (_tree, mut engine) = load(&[
        ("a.ts", format!("{IMPORTS}{show}{unnamed}")),
        (
            "z.ts",
            format!(
                "{IMPORTS}import {{ A }} from './a.js';\nHandlerRegistry.instance().register('test/late', A as any);\n"
            ),
        ),
    ]);
    assert_eq!(engine.handlers().iter().map(ToString::to_string).collect::<Vec<_>>(), ["test/late"]);
    assert_eq!(value(&mut engine, "test/late"), json!(1));
}

/// What one handler changes, and what shows it: globals, prototypes, functions of a module of Node, and what modules of the tree and
/// of packages keep.
const CHANGES: [(&str, &str); 11] = [
    ("(Array.prototype as any).join = () => 'spoilt';", "[1, 2].join()"),
    ("(Math as any).round = () => 7;", "Math.round(1.2)"),
    ("(Object.prototype as any).leaked = 1;", "(({} as any).leaked ?? 'none')"),
    ("(globalThis as any).rate = 5;", "((globalThis as any).rate ?? 'none')"),
    ("JSON.stringify = () => 'spoilt' as any;", "JSON.stringify({ a: 1 })"),
    ("Object.defineProperty(Map.prototype, 'size', { get: () => 9 });", "new Map().size"),
    ("Object.setPrototypeOf(Number.prototype, { few: 1 });", "((1 as any).few ?? 'none')"),
    ("(path as any).join = () => 'spoilt';", "path.join('a', 'b')"),
    ("state.count += 1;", "state.count"),
    ("common.digits = 4;", "common.digits"),
    ("modern.digits = 4;", "modern.digits"),
];

/// Node, with a handler that changes everything, one that does what cannot be undone, and two that only show what they find.
fn node() -> (TempDir, NodeEngine) {
    let shared = format!(
        "{IMPORTS}import path from 'node:path';\nimport common from 'common';\nimport {{ modern }} from 'modern';\n\
         import {{ state }} from './state.js';\nconst show = (): any => [{}];\n",
        CHANGES.map(|(_, shown)| shown).join(", ")
    );
    let changes = CHANGES.map(|(change, _)| change).join(" ");
    let fixed = "Object.defineProperty(Array.prototype, 'join', { value: () => 'fixed', configurable: false });";
    let both = format!("{shared}{}{}", class("A", "changes", &changes), class("B", "shows", ""));
    // It cannot be loaded twice.
    let once = "Object.defineProperty(Array.prototype, 'once', { value: 1 });\n";
    let tree = tree(&[
        ("both_handler.ts", both),
        ("fixes_handler.ts", format!("{shared}{}", class("D", "fixes", fixed))),
        ("once_handler.ts", format!("{shared}{once}{}", class("C", "once", ""))),
        ("state.ts", "export const state = { count: 0 };\n".to_owned()),
        ("node_modules/common/package.json", json!({"main": "index.js"}).to_string()),
        ("node_modules/common/index.js", "module.exports = require('./kept.js');\n".to_owned()),
        ("node_modules/common/kept.js", "exports.digits = 28;\n".to_owned()),
        ("node_modules/modern/package.json", json!({"type": "module", "exports": "./index.js"}).to_string()),
        ("node_modules/modern/index.js", "export { modern } from './kept.js';\n".to_owned()),
        ("node_modules/modern/kept.js", "export const modern = { digits: 28 };\n".to_owned()),
    ]);
    let (naming, surroundings) = (Naming::identities(), Surroundings::default());
    let engine = NodeEngine::load(tree.path(), &naming, &[], &surroundings, Duration::from_secs(10)).unwrap();
    (tree, engine)
}

#[test]
#[ignore = "needs Node"]
fn in_node_it_makes_no_difference_what_ran_before() {
    let clean = json!(["1,2", 1, "none", "none", "{\"a\":1}", 0, "none", "a/b", 0, 28, 28]);
    let changed = |count: u32| json!(["spoilt", 7, 1, 5, "spoilt", 9, 1, "spoilt", count, 4, 4]);
    let (_tree, mut engine) = node();
    for (handler, expected) in [
        ("test/shows", &clean),
        ("test/changes", &changed(1)),
        ("test/shows", &clean),
        ("test/once", &clean),
        // What it has changed is its own, as if nothing had run in between.
        ("test/changes", &changed(2)),
        ("test/once", &clean),
        ("test/fixes", &json!(["fixed", 1, "none", "none", "{\"a\":1}", 0, "none", "a/b", 0, 28, 28])),
        ("test/shows", &clean),
    ] {
        assert_eq!(value(&mut engine, handler), *expected, "{handler}");
    }
}

//! Handlers are kept apart: what one does to its globals, prototypes and modules reaches no other one.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;

use parity_engine::Engine;
use parity_engine_typescript::TypeScriptEngine;
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

fn load(files: &[(&str, String)]) -> (TempDir, TypeScriptEngine) {
    let tree = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(tree.path().join(name), text).unwrap();
    }
    let engine = TypeScriptEngine::load(tree.path()).unwrap();
    (tree, engine)
}

fn value(engine: &mut TypeScriptEngine, handler: &str) -> Value {
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

//! Trees of TypeScript handlers for the tests of their engine.

#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps")]

use std::fs;
use std::path::Path;
use std::time::Duration;

use harness::engine::Engine;
use harness::engine::typescript::TypeScriptEngine;
use reference_rs::StepInput;
use serde_json::{Map, Value, json};
use tempfile::TempDir;

/// What every handler of these tests starts with.
pub(crate) const IMPORTS: &str =
    "import { StepHandler, StepHandlerResult, PermanentError, RetryableError } from '@tasker-systems/tasker';\n";

pub(crate) fn tree(files: &[(&str, &str)]) -> TempDir {
    let tree = tempfile::tempdir().unwrap();
    for (name, source) in files {
        let file = tree.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, source).unwrap();
    }
    tree
}

/// A handler file whose class `name` does `body` (starts on line 5).
pub(crate) fn handler(identity: &str, body: &str) -> String {
    format!(
        "{IMPORTS}export class Subject extends StepHandler {{\n  static override handlerName = '{identity}';\n  async \
         call(context: any): Promise<StepHandlerResult> {{\n{body}\n  }}\n}}\n"
    )
}

pub(crate) fn step_input(identity: &str, value: &Value) -> StepInput {
    let context = Map::from_iter([("value".to_owned(), value.clone())]);
    StepInput::new(identity.parse().unwrap(), context, Map::new())
}

pub(crate) fn engine(body: &str) -> TypeScriptEngine {
    let tree = tree(&[("subject_handler.ts", &handler("test/subject", body))]);
    TypeScriptEngine::load(tree.path()).unwrap()
}

pub(crate) fn observe(body: &str) -> Value {
    let mut engine = engine(body).with_deadline(Duration::from_millis(300));
    let observation = engine.run(&step_input("test/subject", &Value::Null)).unwrap();
    serde_json::to_value(observation).unwrap()
}

pub(crate) fn result_of(body: &str) -> Value {
    observe(body)["result"].clone()
}

pub(crate) fn echo() -> TypeScriptEngine {
    TypeScriptEngine::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/echo/typescript")).unwrap()
}

pub(crate) fn nested(depth: usize) -> Value {
    (0..depth).fold(json!(1), |inner, _| json!([inner]))
}

//! Trees of TypeScript handlers for the tests of their engine.

use std::path::Path;
use std::time::Duration;

use parity_engine::Engine;
use parity_engine_typescript::TypeScriptEngine;
use serde_json::Value;

use crate::support::{step_input, tree};

/// What every handler of these tests starts with.
pub(crate) const IMPORTS: &str =
    "import { StepHandler, StepHandlerResult, PermanentError, RetryableError } from '@tasker-systems/tasker';\n";

/// A handler file whose class `name` does `body` (starts on line 5).
pub(crate) fn handler(identity: &str, body: &str) -> String {
    format!(
        "{IMPORTS}export class Subject extends StepHandler {{\n  static override handlerName = '{identity}';\n  async \
         call(context: any): Promise<StepHandlerResult> {{\n{body}\n  }}\n}}\n"
    )
}

pub(crate) fn engine(body: &str) -> TypeScriptEngine {
    let tree = tree(&[("subject_handler.ts", &handler("test/subject", body))]);
    TypeScriptEngine::load(tree.path()).unwrap()
}

pub(crate) fn observe(body: &str) -> Value {
    observe_file(&handler("test/subject", body))
}

/// What the handler `test/subject` of a file does.
pub(crate) fn observe_file(text: &str) -> Value {
    let tree = tree(&[("subject_handler.ts", text)]);
    let mut engine = TypeScriptEngine::load(tree.path()).unwrap();
    engine.set_deadline(Duration::from_millis(300));
    let observation = engine.run(&step_input("test/subject", &Value::Null)).unwrap();
    serde_json::to_value(observation).unwrap()
}

pub(crate) fn result_of(body: &str) -> Value {
    observe(body)["result"].clone()
}

pub(crate) fn echo() -> TypeScriptEngine {
    TypeScriptEngine::load(&Path::new(crate::support::ROOT).join("fixtures/echo/typescript")).unwrap()
}

//! Trees of Python handlers for the tests of their engine.

use std::path::Path;

use parity_engine::Engine;
use parity_engine_python::PythonEngine;
use serde_json::Value;

use crate::support::{step_input, tree};

/// A handler file whose class `Subject` does `body`, one statement a line (starts on line 10).
pub(crate) fn handler(identity: &str, body: &str) -> String {
    let body = body.replace('\n', "\n        ");
    format!(
        "from tasker_core import *\nfrom tasker_core.errors import *\nfrom tasker_core import StepHandlerResult\n\n\nclass \
         Subject(StepHandler):\n    handler_name = '{identity}'\n\n    def call(self, context):\n        {body}\n"
    )
}

/// An engine whose handler `test/subject` does `body`.
pub(crate) fn engine(body: &str) -> PythonEngine {
    let tree = tree(&[("subject_handler.py", &handler("test/subject", body))]);
    PythonEngine::load(tree.path()).unwrap()
}

/// What `body` does.
pub(crate) fn observe(body: &str) -> Value {
    let observation = engine(body).run(&step_input("test/subject", &Value::Null)).unwrap();
    serde_json::to_value(observation).unwrap()
}

/// The result of `body`.
pub(crate) fn result_of(body: &str) -> Value {
    observe(body)["result"].clone()
}

/// The echo handler.
pub(crate) fn echo() -> PythonEngine {
    PythonEngine::load(&Path::new(crate::support::ROOT).join("fixtures/echo/python")).unwrap()
}

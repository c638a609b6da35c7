//! The vectors tell right from wrong: every planted defect fails on some vector of its handler.

use std::path::PathBuf;

use parity_engine::Engine;
use parity_engine_python::PythonEngine;
use parity_engine_typescript::TypeScriptEngine;
use parity_model::HandlerId;
use parity_vectors::mismatches;
use rstest::rstest;
use serde_json::Value;

use crate::vectors_test::vectors_of;

#[rstest]
fn a_planted_defect_fails_on_a_vector(#[files("../../fixtures/defects/*/defect.json")] file: PathBuf) {
    let defect: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    let tree = file.parent().unwrap();
    let mut engine: Box<dyn Engine> = match defect["language"].as_str().unwrap() {
        "python" => Box::new(PythonEngine::load(tree).unwrap()),
        _ => Box::new(TypeScriptEngine::load(tree).unwrap()),
    };
    let handler: HandlerId = defect["handler"].as_str().unwrap().parse().unwrap();
    let found = mismatches(engine.as_mut(), &vectors_of(&handler)).unwrap();
    assert!(!found.is_empty(), "no vector of {handler} tells");
}

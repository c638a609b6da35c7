//! What a fuzz target has written becomes a saved divergence.

use std::path::{Path, PathBuf};

use parity_blog::Oracle;
use parity_blog::fuzz::ByteSource;
use parity_engine::Engine;
use parity_engine_python::PythonEngine;
use parity_suite::template::load_all;
use rstest::rstest;
use serde_json::{Value, json};
use similar_asserts::assert_eq;
use tempfile::TempDir;

use crate::cli::support::{ROOT, code, parity, stderr, stdout};

const WORKFLOW: &str = "ecommerce/ecommerce_order_processing";
const DEFECT: &str = "fixtures/defects/line_total_rounded_half_even";

/// A file with these bytes.
fn written(bytes: &[u8]) -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("crash-0");
    std::fs::write(&file, bytes).unwrap();
    (dir, file)
}

#[test]
fn the_input_of_a_file_can_be_replayed() {
    let (_dir, file) = written(&[3, 2, 1, 200, 17, 90, 4, 4, 255, 13]);
    let output = parity(&["fuzz-case", WORKFLOW, file.to_str().unwrap()], "");
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let input: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(input["handler"], json!("ecommerce/create_order"));
    let replayed = parity(&["replay", "-"], &stdout(&output));
    assert_eq!(code(&replayed), 0, "{}", stdout(&replayed));
}

/// Bytes of a normal cart that Python rounds otherwise.
fn bytes_of_a_divergence() -> Vec<u8> {
    let templates = load_all(&Path::new(ROOT).join("fixtures/templates")).unwrap();
    let template = templates.iter().find(|template| template.id.to_string() == WORKFLOW).unwrap();
    let source = ByteSource::new(template).unwrap();
    let mut python = PythonEngine::load(&Path::new(ROOT).join(DEFECT)).unwrap();
    let candidates = (0..=u8::MAX).map(|draw| vec![0, 2, draw, 0]);
    let mut differs = |bytes: &Vec<u8>| {
        let input = source.draw(bytes).unwrap();
        let path = "/result/validated_items";
        python.run(&input).unwrap().at(path) != Oracle::default().run(&input).unwrap().at(path)
    };
    candidates.into_iter().find(|bytes| differs(bytes)).unwrap()
}

#[test]
fn a_divergence_of_a_file_is_saved_as_it_is_smallest() {
    let corpus = tempfile::tempdir().unwrap();
    let (_dir, file) = written(&bytes_of_a_divergence());
    let arguments = ["fuzz-case", WORKFLOW, file.to_str().unwrap(), "--save", corpus.path().to_str().unwrap()];
    let output = parity(&arguments, "");
    assert_eq!((code(&output), stdout(&output).as_str()), (0, "agreement: nothing to save\n"), "{}", stderr(&output));

    let output = parity(&[&arguments[..], &["--python", DEFECT]].concat(), "");
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    let saved = stdout(&output).trim().strip_prefix("saved: ").map(PathBuf::from).unwrap();
    let saved: Value = serde_json::from_str(&std::fs::read_to_string(saved).unwrap()).unwrap();
    assert_eq!(saved["signature"]["path"], json!("/result/validated_items/*/line_total"));
    assert_eq!(saved["input"]["context"], json!({"cart_items": [{"product_id": 1, "quantity": 0.5}]}));
}

#[rstest]
#[case(&["ecommerce/nothing", "Cargo.toml"], "ecommerce/nothing")]
#[case(&[WORKFLOW, "nowhere"], "nowhere")]
fn bad_usage_is_refused_with_a_message(#[case] arguments: &[&str], #[case] message: &str) {
    let output = parity(&[&["fuzz-case"], arguments].concat(), "");
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    assert!(stderr(&output).contains(message), "{message:?} is not in {:?}", stderr(&output));
}

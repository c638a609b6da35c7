//! What a fuzz target has written becomes a saved divergence.

use std::path::PathBuf;

use rstest::rstest;
use serde_json::{Value, json};
use similar_asserts::assert_eq;
use tempfile::TempDir;

use crate::support::{code, parity, stderr, stdout};

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

#[test]
fn a_divergence_of_a_file_is_saved_as_it_is_smallest() {
    // Bytes of which the first step, on a small input, makes a cart with a tie in a line total: found by trying.
    let corpus = tempfile::tempdir().unwrap();
    let saved = (0..200_u32).find_map(|number| {
        let noise = (1..400_u32).map(|place| place.wrapping_mul(2_654_435_761).wrapping_add(number * number * 40_503));
        let bytes: Vec<u8> = [0, 2].into_iter().chain(noise.map(|word| word.to_be_bytes()[0])).collect();
        let (_dir, file) = written(&bytes);
        let arguments = ["fuzz-case", WORKFLOW, file.to_str().unwrap(), "--python", DEFECT];
        let output = parity(&[&arguments[..], &["--save", corpus.path().to_str().unwrap()]].concat(), "");
        match code(&output) {
            0 => assert_eq!(stdout(&output), "agreement: nothing to save\n"),
            1 => return stdout(&output).trim().strip_prefix("saved: ").map(PathBuf::from),
            _ => panic!("{}", stderr(&output)),
        }
        None
    });
    let saved: Value = serde_json::from_str(&std::fs::read_to_string(saved.unwrap()).unwrap()).unwrap();
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

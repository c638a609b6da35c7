//! The binary as somebody who keeps vectors and saved divergences meets it.

use std::fs;

use similar_asserts::assert_eq;

use crate::cli::support::{ROOT, code, parity, stderr, stdout};

const DEFECT: &str = "fixtures/defects/flat_shipping";

#[test]
fn the_vectors_are_whole_and_the_oracle_answers_as_they_expect() {
    let output = parity(&["vectors", "check"], "");
    assert_eq!((code(&output), stdout(&output)), (0, "the vectors are whole and true\n".to_owned()));
    let output = parity(&["vectors", "diff"], "");
    assert_eq!((code(&output), stdout(&output)), (0, "the oracle answers as the vectors expect\n".to_owned()));
    let output = parity(&["vectors", "diff", "--format", "json"], "");
    assert_eq!((code(&output), stdout(&output)), (0, "[]\n".to_owned()));
}

#[test]
fn a_vector_that_differs_and_a_file_that_can_not_be_read_have_exit_codes_of_their_own() {
    let dir = tempfile::tempdir().unwrap();
    for part in ["handlers", "fixtures"] {
        std::os::unix::fs::symlink(fs::canonicalize(format!("{ROOT}/{part}")).unwrap(), dir.path().join(part)).unwrap();
    }
    let file = dir.path().join("vectors/ecommerce/validate_cart.json");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    let text = fs::read_to_string(format!("{ROOT}/vectors/ecommerce/validate_cart.json")).unwrap();
    fs::write(&file, text.replace("\"shipping\": 5.99", "\"shipping\": 4.99")).unwrap();
    let root = dir.path().to_str().unwrap();
    let output = parity(&["vectors", "diff", "--root", root], "");
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    assert!(
        stdout(&output).starts_with("ecommerce/validate_cart: value at \"/result/shipping\": "),
        "{}",
        stdout(&output)
    );
    assert!(stdout(&output).contains(": /result/shipping: 4.99 -> 5.99\n"), "{}", stdout(&output));
    let output = parity(&["vectors", "check", "--root", root], "");
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    assert!(stdout(&output).contains("vectors/ecommerce/create_order.json: is missing"), "{}", stdout(&output));

    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    let output = parity(&["vectors", "check", "--root", root], "");
    assert_eq!(code(&output), 2, "{}", stdout(&output));
    assert!(stderr(&output).contains("validate_cart.json"), "{}", stderr(&output));
}

#[test]
fn a_divergence_is_saved_replayed_and_run_first() {
    let dir = tempfile::tempdir().unwrap();
    let corpus = dir.path().to_str().unwrap();
    let diff = |cases: &str| {
        let arguments =
            ["diff", "--typescript", DEFECT, "--engine", "typescript", "--handler", "ecommerce/validate_cart"];
        parity(&[&arguments[..], &["--seed", "1", "--cases", cases, "--save", corpus]].concat(), "")
    };
    let output = diff("500");
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    assert!(stderr(&output).starts_with(&format!("saved: {corpus}/ecommerce/validate_cart/")), "{}", stderr(&output));
    // One case alone does not show it; the saved one does.
    let output = diff("1");
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    assert!(stdout(&output).contains("value at /result/shipping"), "{}", stdout(&output));

    let replayed = |more: &[&str]| {
        let output = parity(&[&["replay", "--all", "--corpus", corpus], more].concat(), "");
        (code(&output), stdout(&output))
    };
    let (exit, text) = replayed(&[]);
    assert!(exit == 0 && text.contains(": FIXED\n") && !text.contains("STILL"), "{text}");
    let (exit, text) = replayed(&["--typescript", DEFECT]);
    assert!(exit == 1 && text.contains(": STILL FAILING: typescript value at \"/result/shipping\""), "{text}");
    fs::write(dir.path().join("ecommerce/validate_cart/x.json"), "{").unwrap();
    let (exit, text) = replayed(&[]);
    assert!(exit == 3 && text.contains("x.json: ERROR: "), "{text}");
}

#[test]
fn nothing_is_promoted_without_a_file_and_a_note() {
    let output = parity(&["promote", "nowhere.json", "--note", "x"], "");
    assert_eq!(code(&output), 2);
    assert!(
        stderr(&output).contains("nowhere.json: can not be promoted: there is no such file"),
        "{}",
        stderr(&output)
    );
    let output = parity(&["promote", "nowhere.json"], "");
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("--note"), "{}", stderr(&output));
}

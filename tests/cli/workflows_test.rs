//! The binary as a user of whole workflows meets it.

use std::path::Path;
use std::process::Command;

use parity_suite::template::load_all;
use rstest::rstest;
use serde_json::{Value, json};
use similar_asserts::assert_eq;
use tempfile::TempDir;

use crate::cli::support::{ROOT, code, parity, stderr, stdout, tree};

const CHECKOUT: &str = "ecommerce/ecommerce_order_processing";

/// Our Python handlers with `text` in `file` replaced.
fn python_with(file: &str, text: &str, replacement: &str) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    let python = Path::new(ROOT).join("handlers/python");
    let status = Command::new("cp").arg("-r").arg(python.join(".")).arg(copy.path()).status().unwrap();
    assert!(status.success());
    let file = copy.path().join(file);
    let before = std::fs::read_to_string(&file).unwrap();
    assert!(before.contains(text), "{text:?} is not in {}", file.display());
    std::fs::write(&file, before.replace(text, replacement)).unwrap();
    copy
}

#[test]
fn our_own_handlers_agree_in_every_workflow_and_mode() {
    let arguments = ["diff", "--workflow", "all", "--cases", "20", "--allow-unexercised", "--format", "json"];
    let output = parity(&arguments, "");
    assert_eq!(code(&output), 0, "{}{}", stdout(&output), stderr(&output));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let workflows = load_all(&Path::new(ROOT).join("fixtures/templates")).unwrap().len();
    assert_eq!(report["cases"], json!(workflows * 20));
    let rows = report["workflows"].as_array().unwrap();
    assert_eq!(rows.len(), workflows * 2 * 2);
    assert!(rows.iter().all(|row| row["cases"] == json!(20) && row["agreed"] == json!(20)), "{rows:?}");
    assert_eq!((&report["divergences"], &report["faults"], &report["absent"]), (&json!([]), &json!([]), &json!([])));
}

#[test]
fn a_mode_can_be_chosen() {
    let output = parity(
        &[
            "diff",
            "--workflow",
            CHECKOUT,
            "--mode",
            "lock-step",
            "--engine",
            "python",
            "--cases",
            "5",
            "--allow-unexercised",
            "--format",
            "json",
        ],
        "",
    );
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut rows = report["workflows"].clone();
    // How the tasks end depends on what is drawn.
    let ends = rows[0]["ends"].take();
    assert_eq!(ends.as_object().unwrap().values().map(|cases| cases.as_u64().unwrap()).sum::<u64>(), 5);
    let row = json!({"workflow": CHECKOUT, "mode": "lock-step", "engine": "python", "cases": 5, "agreed": 5, "divergences": 0,
                     "ends": null});
    assert_eq!(rows, json!([row]));
}

#[test]
fn a_divergence_is_shown_in_both_modes_and_its_commands_reproduce_it() {
    let wrong =
        python_with("post_01_ecommerce/create_order_handler.py", "\"status\": \"confirmed\"", "\"status\": \"placed\"");
    let arguments =
        ["diff", "--workflow", CHECKOUT, "--cases", "60", "--seed", "1", "--python", wrong.path().to_str().unwrap()];
    let output = parity(&[&arguments[..], &["--format", "json"]].concat(), "");
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let divergences = report["divergences"].as_array().unwrap();
    let found: Vec<(&Value, &Value)> =
        divergences.iter().map(|divergence| (&divergence["mode"], &divergence["signature"])).collect();
    let path = "/result/status";
    let step = json!({"handler": "ecommerce/create_order", "engine": "python", "class": "value", "path": path,
                      "manner": "letter added"});
    let run = json!({"workflow": CHECKOUT, "step": "create_order", "engine": "python", "class": "value", "path": path});
    assert_eq!(found, [(&json!("lock-step"), &step), (&json!("end-to-end"), &run)]);

    for divergence in divergences {
        let command = divergence["reproduce"].as_str().unwrap().replace("cargo parity", env!("CARGO_BIN_EXE_parity"));
        let output = Command::new("sh").args(["-c", &command]).current_dir(ROOT).output().unwrap();
        assert_eq!(code(&output), 1, "{command}: {}", stderr(&output));
        assert!(stdout(&output).contains("python differs from rust"), "{}", stdout(&output));
    }

    let text = stdout(&parity(&arguments, ""));
    for part in [
        "divergence 1: ecommerce/create_order in python",
        "divergence 2: workflow ecommerce/ecommerce_order_processing in python",
        "first step that differs: ecommerce/ecommerce_order_processing, step create_order",
        "create_order       completed  at 0 ms",
        "2 divergences: 60 cases in",
        "create_order_handler.py:17 (python)\n",
        "create_order_handler.py:17 (python), which runs step create_order; ",
    ] {
        assert!(text.contains(part), "{part:?} is not in\n{text}");
    }
}

#[test]
fn a_saved_divergence_of_a_workflow_is_replayed() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("divergence.json");
    let saved = json!({"signature": {}, "input": {"workflow": CHECKOUT, "context": {}}});
    std::fs::write(&file, saved.to_string()).unwrap();
    let output = parity(&["replay", file.to_str().unwrap()], "");
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let text = stdout(&output);
    assert!(text.contains("validate_cart      failed   at 0 ms"), "{text}");
    assert!(text.contains("create_order       skipped  without update_inventory"), "{text}");
    assert!(text.ends_with("agreement\n"));
}

#[rstest]
#[case(&["diff", "--workflow", "process_refund"], "did you mean customer_success/process_refund or payments/process_refund?")]
#[case(&["diff", "--workflow", "nothing"], "there is no workflow nothing; there are customer_success/process_refund, ")]
#[case(&["diff", "--workflow", "all", "--handler", "ecommerce/validate_cart"], "cannot be used with")]
#[case(&["diff", "--mode", "lock-step"], "--workflow <ID>")]
#[case(&["diff", "--workflow", "all", "--templates", "nowhere"], "nowhere: can not be read")]
#[case(&["diff", "--workflow", "all", "--templates", "reference_rs"], "no templates here or below; files named *.yaml or *.yml")]
#[case(
    &["diff", "--workflow", CHECKOUT, "--python", "fixtures/echo/python"],
    "ecommerce_order_processing.yaml:32: step validate_cart: the python engine has no handler ecommerce/validate_cart"
)]
fn bad_usage_is_refused_with_a_message(#[case] arguments: &[&str], #[case] message: &str) {
    let output = parity(arguments, "");
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    assert!(stderr(&output).contains(message), "{message:?} is not in {:?}", stderr(&output));
    assert_eq!(stdout(&output), "");
}

#[test]
fn a_template_that_is_wrong_is_named_by_file_line_and_step() {
    let templates = tree(&[(
        "x.yaml",
        "name: x\nnamespace_name: y\nversion: 1.0.0\nsteps:\n  - name: a\n    handler: { callable: y/a }\n    dependencies: [b]\n",
    )]);
    let dir = templates.path().to_str().unwrap();
    let output = parity(&["diff", "--workflow", "all", "--templates", dir], "");
    assert_eq!(code(&output), 2);
    let message = format!("{dir}/x.yaml:5: step a: depends on b, which is no step of this template");
    assert!(stderr(&output).contains(&message), "{}", stderr(&output));
}

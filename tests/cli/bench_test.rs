//! The benchmark tells its figures, and what it can not measure.

use std::process::Command;

use reference_rs::HANDLERS;
use rstest::rstest;
use serde_json::{Value, json};
use similar_asserts::assert_eq;

use crate::cli::support::{ROOT, code, parity, stderr, stdout};

const PEERS: [&str; 4] = ["fast-check", "hypothesis", "json-lines", "process-per-call"];

fn number(figures: &Value, pointer: &str) -> f64 {
    figures.pointer(pointer).and_then(Value::as_f64).unwrap()
}

fn names(figures: &Value, member: &str) -> Vec<String> {
    figures[member].as_object().unwrap().keys().cloned().collect()
}

#[test]
fn the_figures_of_all_handlers_hold_together() {
    let output = parity(&["bench", "--cases", "50", "--rounds", "1", "--format", "json"], "");
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let figures: Value = serde_json::from_slice(&output.stdout).unwrap();

    let ratio = number(&figures, "/ratio");
    assert!(ratio > 0.0, "{figures}");
    let ratios = figures["handlers"].as_array().unwrap();
    let handlers: Vec<&str> = ratios.iter().map(|line| line["handler"].as_str().unwrap()).collect();
    assert_eq!(handlers, HANDLERS.iter().map(|spec| spec.id).collect::<Vec<_>>());
    let worst = ratios.iter().max_by(|one, other| number(one, "/ratio").total_cmp(&number(other, "/ratio")));
    assert_eq!(&number(&figures, "/worst/ratio"), &number(worst.unwrap(), "/ratio"));
    assert!(handlers.contains(&figures["worst"]["handler"].as_str().unwrap()));

    let rate = |name: &str| number(&figures, &format!("/cases_per_second/{name}"));
    // The ratio is the time of the whole loop over that of oracle, Python and TypeScript by themselves.
    let bare: f64 = ["oracle", "python", "typescript"].map(|name| rate(name).recip()).iter().sum();
    assert!((rate("full").recip() / bare / ratio - 1.0).abs() < 0.01, "{figures}");
    assert!((number(&figures, "/shares/bare") * ratio - 1.0).abs() < 0.01, "{figures}");

    let datasets = figures["datasets"].as_array().unwrap();
    assert_eq!(datasets.len(), 3);
    for dataset in datasets {
        assert_eq!(dataset["records"], json!(500));
        assert!(number(dataset, "/ratio") > 0.0 && number(dataset, "/microseconds_per_record") > 0.0, "{dataset}");
    }
    for pointer in ["/shrinking/divergences", "/shrinking/evaluations", "/shrinking/ms", "/startup_ms", "/peak_rss_mb"]
    {
        assert!(number(&figures, pointer) > 0.0, "{figures}");
    }
    assert!(number(&figures, "/runs/confinement") > 0.0, "{figures}");
    assert!(figures.pointer("/runs/node").is_some_and(|node| node.is_null() || node.as_f64() > Some(0.0)), "{figures}");
    assert_eq!((&figures["peers"], &figures["peers_left_out"]), (&json!({}), &json!({})));
}

#[test]
#[ignore = "needs Node and npm"]
fn the_peers_run_on_the_same_inputs() {
    let arguments = ["bench", "--handler", "ecommerce/create_order", "--cases", "10", "--rounds", "3", "--peers"];
    let output = parity(&[&arguments[..], &["--format", "json"]].concat(), "");
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let figures: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(figures["peers_left_out"], json!({}));
    assert_eq!(names(&figures, "peers"), PEERS);
    for peer in PEERS {
        assert!(number(&figures, &format!("/peers/{peer}")) > 0.0, "{figures}");
        assert!(number(&figures, &format!("/peer_runs/{peer}/cases")) > 0.0, "{figures}");
    }
}

#[test]
fn peers_that_can_not_run_are_named_with_the_reason() {
    let empty = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_parity"))
        .args(["bench", "--handler", "ecommerce/create_order", "--cases", "5", "--rounds", "1", "--peers"])
        .args([empty.path().to_str().unwrap(), "--format", "json"])
        .current_dir(ROOT)
        .output()
        .unwrap();
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let figures: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(figures["peers"], json!({}));
    assert_eq!(names(&figures, "peers_left_out"), PEERS);
    for peer in PEERS {
        let reason = figures["peers_left_out"][peer].as_str().unwrap();
        assert!(reason.contains("package.json") && reason.contains("No such file"), "{reason}");
    }
}

#[test]
fn the_table_of_the_readme_has_a_line_for_ours() {
    let arguments = ["bench", "--handler", "ecommerce/create_order", "--cases", "5", "--rounds", "1"];
    let output = parity(&[&arguments[..], &["--format", "markdown"]].concat(), "");
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let lines: Vec<String> = stdout(&output).lines().map(str::to_owned).collect();
    assert_eq!(lines[..2], ["| Way | µs a case | Times ours |", "|---|---|---|"]);
    assert!(lines[2].starts_with("| `parity diff` | ") && lines[2].ends_with(" | 1 |"), "{lines:?}");
}

#[rstest]
#[case(&["--format", "xml"], "invalid value 'xml' for '--format <FORMAT>'")]
#[case(&["--growth", "--peers"], "the argument '--growth' cannot be used with '--peers [<DIR>]'")]
#[case(&["--handler", "ecommerce/nothing"], "ecommerce/nothing")]
#[case(&["--cases", "0"], "0 is not in 1..=100000")]
fn bad_usage_is_refused_with_a_message(#[case] arguments: &[&str], #[case] message: &str) {
    let output = parity(&[&["bench"], arguments].concat(), "");
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    assert!(stderr(&output).contains(message), "{message:?} is not in {:?}", stderr(&output));
}

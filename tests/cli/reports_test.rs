//! A report in all its forms, of handlers of somebody's own outside a checkout.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use similar_asserts::assert_eq;

use crate::cli::settings_test::{SETTINGS, project};
use crate::cli::support::{ROOT, code, parity_in, stderr, stdout};

/// What is wrong with a document, as the schema of reports says.
pub(crate) fn problems_of(report: &Value) -> Vec<String> {
    let text = std::fs::read_to_string(Path::new(ROOT).join("docs/report.schema.json")).unwrap();
    let schema = jsonschema::draft202012::new(&serde_json::from_str(&text).unwrap()).unwrap();
    schema.iter_errors(report).map(|error| format!("{error} at {}", error.instance_path())).collect()
}

/// Settings with a file of each form.
const FILES: &str = "html = 'report.html'\njunit = 'junit.xml'\nsummary = 'summary.md'\nsarif = 'report.sarif'\n";

#[test]
fn one_run_writes_every_form_of_its_report_and_says_what_to_do() {
    let project = project(&[("parity.toml", &format!("{SETTINGS}{FILES}"))]);
    let output = parity_in(project.path(), &["diff", "--seed", "1", "--report", "report.json", "--annotations"]);
    assert_eq!((code(&output), stderr(&output).as_str()), (1, ""));
    let read = |name: &str| std::fs::read_to_string(project.path().join(name)).unwrap();
    let text = stdout(&output);
    assert!(text.contains("look at web/src/price.ts:3 (typescript)"), "{text}");
    assert!(text.contains("with `--emit node` before its last `-` the command prints a test of it"), "{text}");
    let annotation =
        "::error file=web/src/price.ts,line=3,title=shop/price differs::value /result/at; odd one out: typescript";
    assert!(text.contains(annotation), "{text}");

    let report: Value = serde_json::from_str(&read("report.json")).unwrap();
    assert_eq!(problems_of(&report), Vec::<String>::new());
    let place = json!({"handler": "shop/price", "engine": "typescript", "file": "web/src/price.ts", "line": 3});
    assert!(report["places"].as_array().unwrap().contains(&place), "{report}");
    // The command is that of this program, and works where no checkout is.
    let command = report["divergences"][0]["reproduce"].as_str().unwrap();
    assert!(command.contains(&format!("| {} replay ", env!("CARGO_BIN_EXE_parity"))), "{command}");
    let again = Command::new("sh").args(["-c", command]).current_dir(project.path()).output().unwrap();
    assert_eq!(code(&again), 1, "{}", stderr(&again));

    let junit = read("junit.xml");
    assert!(
        junit.contains("tests=\"1\" skipped=\"0\" failures=\"1\" errors=\"0\"")
            && junit.contains("name=\"shop/price\""),
        "{junit}"
    );
    assert!(read("summary.md").starts_with("## Parity: 1 divergence: 20 cases in "), "{}", read("summary.md"));
    assert!(read("report.html").contains("<mark>2</mark>"));
    let sarif: Value = serde_json::from_str(&read("report.sarif")).unwrap();
    let location = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(location["artifactLocation"]["uri"], json!("web/src/price.ts"));

    // A report of all its shards is written in the same forms.
    let merged = parity_in(project.path(), &["merge", "report.json", "--junit", "merged.xml"]);
    assert_eq!(code(&merged), 1, "{}", stderr(&merged));
    assert_eq!(read("merged.xml"), junit);
}

#[test]
fn a_file_that_cannot_be_written_is_named_and_no_report_is_taken_for_another() {
    let project = project(&[("parity.toml", SETTINGS), ("other.json", "{\"version\": 2}")]);
    let output = parity_in(project.path(), &["diff", "--cases", "2", "--sarif", "nowhere/report.sarif"]);
    assert_eq!(code(&output), 2, "{}", stdout(&output));
    assert!(stderr(&output).contains("nowhere/report.sarif"), "{}", stderr(&output));
    let output = parity_in(project.path(), &["merge", "other.json"]);
    assert!(stderr(&output).contains("a report of version 2; this program reads version 1"), "{}", stderr(&output));
}

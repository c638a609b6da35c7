//! Many processes and many machines say what one says.

use std::path::Path;
use std::process::Command;

use parity_suite::template::load_all;
use rstest::rstest;
use serde_json::{Value, json};
use similar_asserts::assert_eq;
use tempfile::TempDir;

use crate::cli::support::{ROOT, code, parity, stderr, stdout};

const CHECKOUT: &str = "ecommerce/ecommerce_order_processing";

/// The JSON report as it was printed, without how long it took.
fn untimed(report: &str) -> String {
    let seconds = report.find("\"seconds\":").unwrap();
    let end = seconds + report[seconds..].find(',').unwrap();
    format!("{}{}", &report[..seconds], &report[end..])
}

fn json_report(arguments: &[&str]) -> (i32, String) {
    let output = parity(&[&["diff", "--format", "json"], arguments].concat(), "");
    assert_eq!(stderr(&output), "");
    (code(&output), stdout(&output))
}

/// More handlers than shards and processes.
const HANDLERS: &[&str] = &[
    "--handler",
    "ecommerce/validate_cart",
    "--handler",
    "ecommerce/process_payment",
    "--handler",
    "ecommerce/update_inventory",
    "--handler",
    "ecommerce/create_order",
    "--handler",
    "ecommerce/send_confirmation",
    "--cases",
    "230",
    "--seed",
    "5",
    "--typescript",
];
const WORKFLOWS: &[&str] = &["--workflow", CHECKOUT, "--cases", "50", "--seed", "1", "--allow-absent", "--typescript"];

/// Our TypeScript handlers, of which one answers something else.
fn wrong_typescript() -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    let ours = Path::new(ROOT).join("handlers/typescript");
    for part in ["post_01_ecommerce", "support"] {
        let status = Command::new("cp").arg("-r").arg(ours.join(part)).arg(copy.path()).status().unwrap();
        assert!(status.success());
    }
    let file = copy.path().join("post_01_ecommerce/create_order_handler.ts");
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("'confirmed'"));
    std::fs::write(file, text.replace("'confirmed'", "'placed'")).unwrap();
    copy
}

#[rstest]
#[case("2")]
#[case("3")]
fn the_report_does_not_depend_on_the_number_of_processes(#[case] jobs: &str) {
    let tree = wrong_typescript();
    for arguments in [HANDLERS, WORKFLOWS] {
        let arguments = &[arguments, &[tree.path().to_str().unwrap()]].concat()[..];
        let (exit, one) = json_report(&[arguments, &["--jobs", "1"]].concat());
        let (_, many) = json_report(&[arguments, &["--jobs", jobs]].concat());
        assert_eq!(exit, 1);
        assert_eq!(untimed(&many), untimed(&one));
    }
}

/// The reports of all shards, in files.
fn shards(arguments: &[&str], count: u64) -> (TempDir, Vec<String>) {
    let dir = tempfile::tempdir().unwrap();
    let files = (1..=count).map(|number| {
        let (_, report) = json_report(&[arguments, &["--shard", &format!("{number}/{count}")]].concat());
        let file = dir.path().join(format!("{number}.json"));
        std::fs::write(&file, report).unwrap();
        file.to_str().unwrap().to_owned()
    });
    let files = files.collect();
    (dir, files)
}

#[test]
fn the_shards_of_a_campaign_together_say_what_the_whole_says() {
    let tree = wrong_typescript();
    for arguments in [HANDLERS, WORKFLOWS] {
        let arguments = &[arguments, &[tree.path().to_str().unwrap()]].concat()[..];
        let (exit, whole) = json_report(arguments);
        let (dir, files) = shards(arguments, 4);
        let merge = |files: &[&str]| {
            let output = parity(&[&["merge", "--format", "json"], files].concat(), "");
            (code(&output), stdout(&output))
        };
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        let (merged_exit, merged) = merge(&[files[2], files[0], files[3], files[1], files[0]]);
        assert_eq!(untimed(&merged), untimed(&whole));
        assert_eq!((exit, merged_exit), (1, 1));

        // In two steps, as machines that know only some of the others do.
        let half = merge(&files[..2]).1;
        let half_file = dir.path().join("half.json");
        std::fs::write(&half_file, half).unwrap();
        let merged = merge(&[half_file.to_str().unwrap(), files[3], files[2]]).1;
        assert_eq!(untimed(&merged), untimed(&whole));
    }
}

#[test]
fn a_merge_of_some_shards_is_no_agreement() {
    let arguments = ["--handler", "ecommerce/validate_cart", "--cases", "40", "--seed", "1"];
    let (_dir, files) = shards(&arguments, 2);
    let output = parity(&["merge", &files[0]], "");
    assert_eq!(code(&output), 3);
    assert!(stdout(&output).contains("not all of the campaign: shard 2/2 is not in it"), "{}", stdout(&output));
    let output = parity(&["merge", &files[0], &files[1]], "");
    assert_eq!(code(&output), 0, "{}{}", stdout(&output), stderr(&output));
    assert!(stdout(&output).contains("agreement: 40 cases in"), "{}", stdout(&output));
}

#[test]
fn reports_of_two_campaigns_are_not_joined() {
    let dir = tempfile::tempdir().unwrap();
    let files = ["1", "2"].map(|seed| {
        let file = dir.path().join(seed);
        let arguments = ["--handler", "ecommerce/validate_cart", "--cases", "10", "--seed", seed];
        std::fs::write(&file, json_report(&arguments).1).unwrap();
        file.to_str().unwrap().to_owned()
    });
    let output = parity(&["merge", &files[0], &files[1]], "");
    assert_eq!(code(&output), 2);
    let message = "the seed differs: 0000000000000001 and 0000000000000002; only reports of one campaign can be joined";
    assert!(stderr(&output).contains(message), "{}", stderr(&output));
}

#[rstest]
#[case(&["diff", "--shard", "5/4", "--seed", "1"], "a shard is K/N with K from 1 to N")]
#[case(&["diff", "--shard", "1/4"], "--seed <HEX>")]
#[case(&["diff", "--jobs", "0"], "0 is not in 1..=1024")]
#[case(&["merge"], "<REPORT>")]
#[case(&["merge", "nowhere.json"], "nowhere.json: can not be read")]
#[case(&["merge", "Cargo.toml"], "Cargo.toml: not a JSON report of `parity diff`")]
#[case(&["diff", "--changed", "no-such-revision"], "git can not tell what has changed: fatal: Needed a single revision")]
fn bad_usage_is_refused_with_a_message(#[case] arguments: &[&str], #[case] message: &str) {
    let output = parity(arguments, "");
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    assert!(stderr(&output).contains(message), "{message:?} is not in {:?}", stderr(&output));
}

#[test]
fn without_handlers_and_workflows_both_are_run() {
    let (exit, report) = json_report(&["--cases", "20", "--allow-unexercised"]);
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(exit, 0);
    let workflows = load_all(&Path::new(ROOT).join("fixtures/templates")).unwrap().len();
    let handlers = reference_rs::HANDLERS.len();
    assert_eq!((&report["cases"], &report["tasks"]), (&json!(handlers * 20), &json!(workflows * 2)));
    assert_eq!(report["handlers"].as_array().unwrap().len(), handlers * 2);
    assert_eq!(report["workflows"].as_array().unwrap().len(), workflows * 2 * 2);
}

#[test]
fn when_the_time_is_over_what_was_found_is_reported_as_far_as_it_is_shrunk() {
    // Every call takes a while, and the first shrinking alone would take a thousand of them.
    let tree = tempfile::tempdir().unwrap();
    let source = "from tasker_core import StepHandler\n\n\nclass ValidateCartHandler(StepHandler):\n    \
                  handler_name = 'ecommerce/validate_cart'\n\n    def call(self, context):\n        \
                  sum(range(3_000_000))\n        return self.success({'total': repr(context.input_data)})\n";
    std::fs::write(tree.path().join("validate_cart_handler.py"), source).unwrap();
    let tree = tree.path().to_str().unwrap();
    let arguments = ["--python", tree, "--engine", "python", "--handler", "ecommerce/validate_cart"];
    let (exit, report) =
        json_report(&[&arguments[..], &["--max-time", "2", "--cases", "100000", "--allow-unexercised"]].concat());
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(exit, 1);
    assert!(report["cases"].as_u64() < Some(100_000), "{}", report["cases"]);
    let divergences = report["divergences"].as_array().unwrap();
    assert!(!divergences.is_empty());
    assert!(divergences.iter().any(|divergence| divergence["cut_short"] == json!(true)), "{divergences:?}");
}

/// A repository with two handlers and a module that one of them uses.
fn repository() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let ours = Path::new(ROOT).join("handlers/python");
    for part in ["post_01_ecommerce", "support"] {
        let status = Command::new("cp").arg("-r").arg(ours.join(part)).arg(dir.path()).status().unwrap();
        assert!(status.success());
    }
    for arguments in [
        &["init", "--quiet"][..],
        &["add", "."],
        &["-c", "user.name=x", "-c", "user.email=x@x", "commit", "--quiet", "-m", "x"],
    ] {
        let status = Command::new("git").arg("-C").arg(dir.path()).args(arguments).status().unwrap();
        assert!(status.success());
    }
    dir
}

#[rstest]
#[case::a_handler("post_01_ecommerce/send_confirmation_handler.py", &["ecommerce/send_confirmation"])]
#[case::a_module("post_01_ecommerce/product.py", &["ecommerce/validate_cart", "ecommerce/update_inventory"])]
fn just_what_has_changed_is_run(#[case] file: &str, #[case] handlers: &[&str]) {
    let repository = repository();
    let path = repository.path().join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(path, text + "\n# changed\n").unwrap();
    let tree = repository.path().to_str().unwrap();
    let cases = ["--cases", "5", "--allow-unexercised"];
    let (exit, report) = json_report(&[&["--changed", "--python", tree, "--engine", "python"], &cases[..]].concat());
    let report: Value = serde_json::from_str(&report).unwrap();
    let run: Vec<&Value> = report["handlers"].as_array().unwrap().iter().map(|row| &row["handler"]).collect();
    assert_eq!((exit, json!(run)), (0, json!(handlers)));
}

#[test]
fn a_run_that_fails_fast_stops_at_the_first_divergence() {
    let tree = wrong_typescript();
    let options = ["--seed", "1", "--jobs", "1", "--fail-fast", "--handler", "ecommerce/create_order"];
    let diff = |more: &[&str]| parity(&[&["diff", "--format", "json"], &options[..], more].concat(), "");
    let output = diff(&[
        "--cases",
        "20000",
        "--handler",
        "ecommerce/validate_cart",
        "--typescript",
        tree.path().to_str().unwrap(),
    ]);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("stopped at the first divergence"), "{}", stderr(&output));
    let report: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert!(report["cases"].as_u64().unwrap() < 2000, "{report}");
    assert_eq!(report["divergences"][0]["signature"]["path"], json!("/result/status"));
    assert!(report["divergences"][0].get("cut_short").is_none(), "{report}");

    // Without one it runs to its end.
    let output = diff(&["--cases", "300"]);
    let report: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!((code(&output), stderr(&output).as_str(), &report["cases"]), (0, "", &json!(300)));
}

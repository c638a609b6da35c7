//! The life of a divergence of somebody's own handlers: found, saved, still failing, mended, FIXED, promoted, checked; and what its
//! vector says when the handlers break again.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use parity_campaign::Corpus;
use serde_json::{Value, json};
use similar_asserts::assert_eq;
use tempfile::TempDir;

use crate::cli::support::{NODE, ROOT, code, parity_in, stderr, stdout};

const SETTINGS: &str = "templates = 'templates'\npython = 'python'\ntypescript = 'typescript'\noracle = 'python'\nallow-absent = true\nisolation = 'in-process'\n";

/// Where Python differs: a parcel of 100 needs a signature.
const MISTAKE: [&str; 3] = ["python/parcels/handlers/dispatch.py", "value > SIGNATURE_FROM", "value >= SIGNATURE_FROM"];

/// Somebody's repository with settings.
struct Project {
    dir: TempDir,
}

impl Project {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let parts = ["python", "typescript", "templates"].map(|part| format!("{ROOT}/fixtures/foreign/{part}"));
        assert!(Command::new("cp").arg("-r").args(parts).arg(dir.path()).status().unwrap().success());
        fs::write(dir.path().join("parity.toml"), SETTINGS).unwrap();
        Self { dir }
    }

    fn path(&self, file: &str) -> PathBuf {
        self.dir.path().join(file)
    }

    fn replace(&self, file: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(file)).unwrap();
        assert!(text.contains(from), "{from} is not in {text}");
        fs::write(self.path(file), text.replace(from, to)).unwrap();
    }

    /// What a command says in a directory of the project.
    fn says(&self, below: &str, arguments: &[&str]) -> (i32, String) {
        let output = parity_in(&self.path(below), arguments);
        (code(&output), stdout(&output) + &stderr(&output))
    }

    /// What was saved of a divergence on another day.
    fn saved(&self) -> String {
        let input = json!({
            "handler": "parcels/book_carrier",
            "context": {"recipient": {"name": "a"}, "parcel": {"weight": 1, "declared_value": 100}},
            "dependencies": {"quote_price": {"price_cents": 0}, "plan_collection": {"depot": ""}},
        });
        let end = json!({"status": "completed", "result": {}, "metadata": {}});
        let signature = json!({
            "handler": "parcels/book_carrier", "engine": "typescript", "class": "value", "path": "/result/needs_signature",
        });
        let saved = json!({
            "actual": end, "expected": end, "input": input, "signature": signature, "version": "0", "well_formed": false,
        });
        let corpus = Corpus::new(self.path("parity-regressions"));
        let file = corpus.save(&serde_json::from_value(saved).unwrap()).unwrap();
        file.strip_prefix(self.dir.path()).unwrap().display().to_string()
    }

    fn found_and_saved(&self) -> String {
        let options = ["diff", "--handler", "parcels/book_carrier", "--cases", "60", "--seed", "4", "--save"];
        let (exit, said) = self.says("", &options);
        assert!(exit == 1 && said.contains("needs_signature"), "{said}");
        let files = Corpus::new(self.path("parity-regressions")).files(None).unwrap();
        assert_eq!(files.len(), 1);
        files[0].strip_prefix(self.dir.path()).unwrap().display().to_string()
    }
}

#[test]
fn a_divergence_of_somebody_s_own_handlers_becomes_a_vector_once_it_is_mended() {
    let project = Project::new();
    let saved = project.found_and_saved();
    let below = saved.strip_prefix("parity-regressions/").unwrap();
    let failing =
        format!("{below}: STILL FAILING: typescript value at \"/result/needs_signature\"\n1 saved divergences\n");
    assert_eq!(project.says("", &["replay", "--all"]), (1, failing));
    let promote = |below: &str, file: &str| project.says(below, &["promote", file, "--note", "100 needs a signature"]);
    let refused = format!(
        "parity: {saved}: can not be promoted: typescript still differs: value at \"/result/needs_signature\"; mend it first\n"
    );
    assert_eq!(promote("", &saved), (2, refused));
    assert!(!project.path("parity-vectors").exists());

    // What is mended is the oracle, and the settings say where vectors are kept.
    let [file, wrong, right] = MISTAKE;
    project.replace(file, wrong, right);
    assert_eq!(project.says("", &["replay", "--all"]), (0, format!("{below}: FIXED\n1 saved divergences\n")));
    let (exit, said) = promote("python", &format!("../{saved}"));
    assert_eq!(exit, 0, "{said}");
    let file_of_vectors = "parity-vectors/parcels/book_carrier.json";
    let id = said.trim_end().strip_prefix(&format!("../{file_of_vectors}: ")).unwrap_or_else(|| panic!("{said}"));
    let document: Value = serde_json::from_slice(&fs::read(project.path(file_of_vectors)).unwrap()).unwrap();
    assert_eq!(document["vectors"][0]["expected"]["result"]["needs_signature"], true);
    // The booking's number is random, and each language draws its own.
    let whole = (0, "the vectors are whole and true\n".to_owned());
    assert_eq!(project.says("", &["vectors", "check"]), whole);

    project.replace(file, right, wrong);
    // Also where all languages make the same mistake.
    project.replace("typescript/src/handlers/dispatch.ts", "value >= 100", "value > 100");
    let differs = |who: &str| format!("{file_of_vectors}: {id}: {who} differs: value at \"/result/needs_signature\"\n");
    let both = differs("python") + &differs("typescript") + "2 problems\n";
    assert_eq!(project.says("", &["vectors", "check"]), (1, both));
}

/// What `review` says to these lines, and its exit code.
fn reviewed(project: &Project, arguments: &[&str], lines: &str) -> (i32, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_parity"))
        .arg("review")
        .args(arguments)
        .current_dir(project.dir.path())
        .env(NODE.0, NODE.1)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    (code(&output), stdout(&output))
}

#[test]
fn what_was_saved_is_accepted_promoted_or_deleted_one_after_the_other() {
    let project = Project::new();
    let saved = project.saved();
    // A test, a day that is over, and another one.
    let because = |day: &str| format!("a\nbecause \u{1b}[2J\nteam\n#1\n{day}\n");
    let lines = format!("x\ne\na.test.mjs\ne\na.test.mjs\n{}{}", because("2020-01-01"), because("2999-12-31"));
    let (exit, said) = reviewed(&project, &["--ledger", "known.yaml", "--emit", "vitest"], &lines);
    assert_eq!(exit, 0, "{said}");
    for told in [
        "STILL FAILING: typescript value at \"/result/needs_signature\"",
        "  -     \"needs_signature\": false\n  +     \"needs_signature\": true",
        "written: a.test.mjs",
        "a.test.mjs is there already",
        "expired on 2020-01-01",
        "known.yaml: accepted until 2999-12-31",
    ] {
        assert!(said.contains(told), "{told} is not in {said}");
    }
    assert!(!said.contains('\u{1b}'), "{said}");
    assert!(fs::read_to_string(project.path("a.test.mjs")).unwrap().contains("from 'vitest'"));
    let (exit, said) = reviewed(&project, &["--ledger", "known.yaml"], "");
    assert!(exit == 0 && said.contains("known: it stands in the ledger"), "{said}");
    // Without the ledger it is asked about again, and nobody answers.
    let (exit, said) = reviewed(&project, &[], "a\n");
    assert!(exit == 1 && said.contains("no ledger is named") && said.ends_with("1 of 1 are left\n"), "{said}");

    let [file, wrong, right] = MISTAKE;
    project.replace(file, wrong, right);
    let (exit, said) = reviewed(&project, &[], "p\n100 needs a signature\nd\n");
    assert!(exit == 0 && said.contains("parity-vectors/parcels/book_carrier.json: book_carrier-"), "{said}");
    assert!(!project.path(&saved).exists() && project.path("parity-vectors/parcels/book_carrier.json").exists());
    assert_eq!(reviewed(&project, &[], ""), (0, "nothing to review\n".to_owned()));
}

#[test]
fn where_no_vectors_are_there_is_nothing_that_passes() {
    let project = Project::new();
    project.replace("parity.toml", "oracle =", "vectors = 'golden'\noracle =");
    let nothing = "parity: golden: no golden vectors; `parity promote` makes them, --vectors names another directory\n";
    assert_eq!(project.says("", &["vectors", "check"]), (2, nothing.to_owned()));
}

#[test]
fn our_own_vectors_are_those_of_our_own_trees() {
    let output = parity_in(Path::new(ROOT), &["vectors", "check", "--engine", "python"]);
    assert!(code(&output) == 2 && stderr(&output).contains("name a directory with --vectors"), "{}", stderr(&output));
}

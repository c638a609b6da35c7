//! The command works in the checkout that it is run in or that it is told, never in the one that it was built from; and somebody's
//! own handlers need none.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use rstest::rstest;
use serde_json::Value;
use similar_asserts::assert_eq;
use tempfile::TempDir;

use crate::cli::support::{ROOT, code, parity_in, stderr, stdout, tree};

const VECTORS: &str = "vectors/ecommerce/validate_cart.json";
const DEFECT: &str = "fixtures/defects/flat_shipping";
const HANDLER: [&str; 2] = ["--handler", "ecommerce/validate_cart"];

/// Another checkout: our handlers and templates, with vectors of its own.
fn checkout() -> TempDir {
    let (dir, root) = (tempfile::tempdir().unwrap(), fs::canonicalize(ROOT).unwrap());
    for part in ["handlers", "fixtures"] {
        symlink(root.join(part), dir.path().join(part)).unwrap();
    }
    assert!(Command::new("cp").arg("-r").arg(root.join("vectors")).arg(dir.path()).status().unwrap().success());
    dir
}

/// Runs a command in the other checkout, or beside it where `--root` names it, and looks that ours stays as it is.
fn elsewhere(checkout: &Path, named: bool, arguments: &[&str]) -> String {
    let state = || {
        let output = Command::new("git").args(["status", "--porcelain", "vectors"]).current_dir(ROOT).output().unwrap();
        (output.stdout, fs::read(Path::new(ROOT).join(VECTORS)).unwrap())
    };
    let (before, root) = (state(), checkout.to_str().unwrap());
    let output = if named {
        parity_in(ROOT.as_ref(), &[&["--root", root], arguments].concat())
    } else {
        parity_in(&checkout.join("vectors"), arguments)
    };
    assert_eq!(state(), before);
    format!("{} {}{}", code(&output), stderr(&output), stdout(&output))
}

fn ids(checkout: &Path) -> Vec<String> {
    let file: Value = serde_json::from_slice(&fs::read(checkout.join(VECTORS)).unwrap()).unwrap();
    file["vectors"].as_array().unwrap().iter().map(|vector| vector["id"].as_str().unwrap().to_owned()).collect()
}

#[rstest]
#[case::found_around_the_working_directory(false)]
#[case::named(true)]
fn a_divergence_is_saved_and_promoted_in_the_checkout_of_the_command(#[case] named: bool) {
    let checkout = checkout();
    let defect = fs::canonicalize(Path::new(ROOT).join(DEFECT)).unwrap();
    let run =
        ["diff", "--typescript", defect.to_str().unwrap(), "--engine", "typescript", "--cases", "300", "--seed", "1"];
    let said = elsewhere(checkout.path(), named, &[&run[..], &HANDLER, &["--save"]].concat());
    let root = checkout.path().canonicalize().unwrap();
    let saved: Vec<PathBuf> = said.lines().filter_map(|line| Some(line.split_once("saved: ")?.1.into())).collect();
    assert!(!saved.is_empty(), "{said}");
    assert!(saved[0].starts_with(root.join("vectors/regressions/ecommerce/validate_cart")), "{said}");

    let before = ids(checkout.path());
    let promote = ["promote", saved[0].to_str().unwrap(), "--note", "once it was flat"];
    let said = elsewhere(checkout.path(), named, &promote);
    let prefix = format!("0 {}: ", root.join(VECTORS).display());
    let id = said.strip_prefix(&prefix).unwrap_or_else(|| panic!("{said}")).trim_end();
    let added: Vec<String> = ids(checkout.path()).into_iter().filter(|id| !before.contains(id)).collect();
    assert_eq!(added, [id]);
}

#[test]
fn vectors_are_regenerated_in_the_checkout_of_the_command() {
    let checkout = checkout();
    let file = checkout.path().join(VECTORS);
    fs::remove_file(&file).unwrap();
    let said = elsewhere(checkout.path(), false, &[&["vectors", "regenerate"], &HANDLER[..]].concat());
    assert!(said.starts_with(&format!("0 written: {VECTORS}\n")), "{said}");
    assert!(file.is_file());
}

#[rstest]
#[case(&["diff", "--cases", "1"])]
#[case(&["list"])]
#[case(&["replay", "--all"])]
#[case(&["vectors", "check"])]
#[case(&["promote", "x.json", "--note", "x"])]
fn without_a_checkout_the_message_says_what_to_name(#[case] arguments: &[&str]) {
    let dir = tempfile::tempdir().unwrap();
    let output = parity_in(dir.path(), arguments);
    assert_eq!((code(&output), stdout(&output).as_str()), (2, ""));
    let message = format!(
        "parity: {}: neither this directory nor one above it is a checkout of Parity; `parity init` writes settings for handlers of \
         your own that are here and below, ",
        dir.path().canonicalize().unwrap().display()
    );
    assert!(stderr(&output).starts_with(&message), "{}", stderr(&output));
}

#[rstest]
#[case(&["vectors", "regenerate"], "`parity promote` makes golden vectors")]
#[case(&["vectors", "diff"], "`parity promote` makes golden vectors")]
#[case(&["coverage"], "the report of `parity diff` says")]
#[case(&["docs"], "`parity diff --html FILE` writes")]
#[case(&["bench"], "`parity diff` says")]
#[case(&["new-handler", "shop/pay"], "`parity init` writes settings")]
fn a_command_for_our_own_handlers_says_so_elsewhere_and_what_there_is_instead(
    #[case] arguments: &[&str],
    #[case] instead: &str,
) {
    let dir = tree(&[("parity.toml", "templates = 'flows'\n")]);
    let output = parity_in(dir.path(), arguments);
    assert_eq!((code(&output), stdout(&output).as_str()), (2, ""));
    let said = stderr(&output);
    assert!(said.contains(" of Parity's own") || said.contains("about Parity's own handlers"), "{said}");
    assert!(said.contains(instead), "{said}");
}

#[test]
fn a_binary_that_was_copied_elsewhere_compares_the_handlers_of_others() {
    let dir = tree(&[
        (
            "templates/t.yaml",
            "name: t\nnamespace_name: t\nversion: 1.0.0\n\
             input_schema: {type: object, required: [n], properties: {n: {type: integer, minimum: 0, maximum: 9}}}\n\
             steps:\n  - name: echo\n    handler: {callable: EchoHandler}\n",
        ),
        (
            "py/h.py",
            "from tasker_core import StepHandler\n\n\nclass EchoHandler(StepHandler):\n    \
             def call(self, context):\n        return self.success({\"n\": context.get_input(\"n\")})\n",
        ),
        (
            "ts/h.ts",
            "import { StepHandler } from '@tasker-systems/tasker';\n\nexport class EchoHandler extends StepHandler {\n  \
             async call(context: any) { return this.success({ n: context.getInput('n') }); }\n}\n",
        ),
    ]);
    let program = dir.path().join("parity");
    fs::copy(env!("CARGO_BIN_EXE_parity"), &program).unwrap();
    let output = Command::new(program)
        .args([
            "diff",
            "--templates",
            "templates",
            "--python",
            "py",
            "--typescript",
            "ts",
            "--cases",
            "20",
            "--seed",
            "1",
        ])
        .current_dir(dir.path())
        .output()
        .unwrap();
    assert_eq!((code(&output), stderr(&output).as_str()), (0, ""), "{}", stdout(&output));
    assert!(stdout(&output).contains("agreement: 20 cases in"), "{}", stdout(&output));
}

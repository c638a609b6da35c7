//! Settings in a file take the place of flags.

use std::path::Path;

use serde_json::Value;
use similar_asserts::assert_eq;
use tempfile::TempDir;

use crate::cli::support::{code, parity_in, stderr, stdout, tree};

const TEMPLATE: &str = "name: orders\nnamespace_name: shop\nversion: 1.0.0\ninput_schema:\n  type: object\n  required: [amount]\n  \
    additionalProperties: false\n  properties: { amount: { type: integer, minimum: 1, maximum: 99 } }\n\
    steps:\n  - name: price\n    handler: { callable: shop/price }\n";

const PYTHON: &str = "from tasker_core import StepHandler\n\n\nclass PriceHandler(StepHandler):\n    handler_name = 'shop/price'\n\n    \
    def call(self, context):\n        return self.success({'cents': context.get_input('amount'), 'at': 1})\n";

const TYPESCRIPT: &str = "import { StepHandler } from '@tasker-systems/tasker';\n\nexport class PriceHandler extends StepHandler {\n  \
    static handlerName = 'shop/price';\n  async call(context: any): Promise<any> {\n    \
    return this.success({ cents: context.getInput('amount'), at: 2 });\n  }\n}\n";

/// A project whose two handlers differ in a field.
pub(crate) fn project(files: &[(&str, &str)]) -> TempDir {
    let own =
        [("flows/shop.yaml", TEMPLATE), ("py/price.py", PYTHON), ("web/src/price.ts", TYPESCRIPT), ("docs/x", "")];
    tree(&[&own[..], files].concat())
}

/// What `diff` exits with, and in how many cases of how many paths it differs.
fn diff(dir: &Path, arguments: &[&str]) -> (i32, u64, usize) {
    let output = parity_in(dir, &[&["diff", "--format", "json"], arguments].concat());
    assert_eq!(stderr(&output), "");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    (code(&output), report["cases"].as_u64().unwrap(), report["divergences"].as_array().unwrap().len())
}

pub(crate) const SETTINGS: &str = "templates = 'flows'\npython = 'py'\ntypescript = 'web'\ncases = 20\n";

#[test]
fn settings_are_found_upwards_and_flags_take_their_place() {
    let project = project(&[("parity.toml", SETTINGS)]);
    for dir in [project.path().to_owned(), project.path().join("docs")] {
        assert_eq!(diff(&dir, &[]), (1, 20, 1));
        assert_eq!(diff(&dir, &["--cases", "30", "--ignore=/result/at"]), (0, 30, 0));
        let list = stdout(&parity_in(&dir, &["list"]));
        assert!(list.starts_with("settings: ") && list.contains("shop/price  python, typescript"), "{list}");
    }
    let output = parity_in(project.path(), &["diff", "--settings", "none"]);
    assert_eq!(code(&output), 2, "{}", stdout(&output));
    // A command of the same name below another one has nothing to do with it.
    let other = parity_in(project.path(), &["vectors", "diff", "--help"]);
    assert_eq!(code(&other), 0, "{}", stderr(&other));
}

#[test]
fn a_project_file_holds_settings_too_and_one_without_is_passed_over() {
    let section = format!("[tool.parity]\n{SETTINGS}ignore = ['/result/at']\n");
    let project = project(&[("pyproject.toml", &section), ("docs/pyproject.toml", "[project]\nname = 'docs'\n")]);
    assert_eq!(diff(&project.path().join("docs"), &[]), (0, 20, 0));
}

#[test]
fn a_mistake_in_settings_is_told_with_its_line() {
    let project = project(&[("parity.toml", "templates = 'flows'\npyton = 'py'\n")]);
    let output = parity_in(&project.path().join("docs"), &["diff"]);
    assert_eq!(
        (code(&output), stderr(&output).as_str()),
        (2, "parity: ../parity.toml:2: pyton: no such setting; did you mean python?\n")
    );
    let output = parity_in(project.path(), &["diff", "--settings", "other.toml"]);
    assert!(stderr(&output).starts_with("parity: other.toml: the settings can not be read: "), "{}", stderr(&output));
}

#[test]
fn init_writes_what_it_finds_and_compares() {
    let project = project(&[]);
    let output = parity_in(project.path(), &["init"]);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    let settings = std::fs::read_to_string(project.path().join("parity.toml")).unwrap();
    assert!(settings.contains("templates = \"flows\"\npython = \"py\"\ntypescript = \"web/src\"\n"), "{settings}");
    assert!(stdout(&output).contains("value at /result/at") && stdout(&output).contains("1 divergence: 200 cases"));
    let again = parity_in(project.path(), &["init"]);
    assert_eq!((code(&again), stderr(&again).contains("parity.toml is there already")), (2, true));
    assert_eq!(diff(project.path(), &["--ignore", "/result/at"]), (0, 1000, 0));
}

#[test]
fn init_begins_a_tree_where_its_imports_are_found_and_a_tree_that_begins_below_is_told_so() {
    let project = tree(&[
        ("flows/shop.yaml", TEMPLATE),
        ("py/src/shop/steps/price.py", &format!("from shop.common.rates import RATE\n{PYTHON}")),
        ("py/src/shop/common/rates.py", "RATE = 1\n"),
        ("ts/src/steps/price.ts", &format!("import {{ RATE }} from '../common/rates.js';\n{TYPESCRIPT}RATE;\n")),
        ("ts/src/common/rates.ts", "export const RATE = 1;\n"),
    ]);
    let output = parity_in(project.path(), &["init"]);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    assert!(
        stdout(&output).starts_with("templates: flows\npython: py/src\ntypescript: ts/src\n"),
        "{}",
        stdout(&output)
    );

    let below = ["list", "--python", "py/src/shop/steps", "--typescript", "ts/src/steps"];
    let list = stdout(&parity_in(project.path(), &below));
    let root = project.path().canonicalize().unwrap();
    let (python, typescript) = (root.join("py/src"), Path::new("ts/src"));
    for (what, dir, flag) in
        [("shop", python.as_path(), "--python"), ("which leaves the tree; it", typescript, "--typescript")]
    {
        let told = format!("{what} is found if the tree is {}, so name that with {flag}", dir.display());
        assert!(list.contains(&told), "{told:?} is not in\n{list}");
    }
}

#[test]
fn init_says_what_is_missing() {
    let lonely = tree(&[("flows/shop.yaml", TEMPLATE), ("py/price.py", PYTHON)]);
    let output = parity_in(lonely.path(), &["init"]);
    let message = "parity: handlers of two languages are needed, and here and below there is only python in py; ";
    assert!(code(&output) == 2 && stderr(&output).starts_with(message), "{}", stderr(&output));
    assert!(!lonely.path().join("parity.toml").exists());
    let without = tree(&[("py/price.py", PYTHON)]);
    let output = parity_in(without.path(), &["init"]);
    assert!(code(&output) == 2 && stderr(&output).contains("no templates here or below"), "{}", stderr(&output));
}

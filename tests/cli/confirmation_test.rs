//! A divergence is confirmed on a copy of the tree that holds all that the handlers import.

use std::os::unix::fs::symlink;
use std::path::Path;

use serde_json::{Value, json};
use similar_asserts::assert_eq;

use crate::cli::support::{code, parity, stderr, tree};

const TEMPLATE: &str = "name: t\nnamespace_name: t\nversion: 1.0.0\n\
                        input_schema: {type: object, required: [n], properties: {n: {type: integer, minimum: 0, maximum: 1000}}}\n\
                        steps:\n  - name: echo\n    handler: {callable: EchoHandler}\n";

const PYTHON: &str = "from tasker_core import StepHandler\n\n\nclass EchoHandler(StepHandler):\n    \
                      def call(self, context):\n        return self.success({\"n\": context.get_input(\"n\")})\n";

/// A handler that answers with what `tiny`, which comes from `module`, makes of its input.
fn typescript(module: &str) -> String {
    format!(
        "import {{ StepHandler }} from '@tasker-systems/tasker';\nimport {{ tiny }} from '{module}';\n\n\
         export class EchoHandler extends StepHandler {{\n  \
         async call(context: any) {{ return this.success({{ n: tiny(context.getInput('n')) }}); }}\n}}\n"
    )
}

const TINY: &str = "export const tiny = (n) => (n > 500 ? n + 1 : n);\n";

/// The inputs of the divergences of both languages, and how they differ.
fn divergences(dir: &Path, options: &[&str]) -> Vec<(Value, Value)> {
    let named = |name: &str| dir.join(name).to_str().unwrap().to_owned();
    let (templates, python, typescript) = (named("templates"), named("py"), named("ts"));
    let trees = ["diff", "--templates", &templates, "--python", &python, "--typescript", &typescript];
    let engines = ["--engine", "python", "--engine", "typescript", "--oracle", "python"];
    let run = ["--cases", "200", "--seed", "1", "--format", "json"];
    let output = parity(&[&trees[..], &engines, &run, options].concat(), "");
    assert_eq!(code(&output), 1, "{}{}", stderr(&output), String::from_utf8_lossy(&output.stdout));
    let mut report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["faults"], json!([]));
    let Value::Array(divergences) = report["divergences"].take() else { panic!("{report}") };
    let one = |divergence: &Value| (divergence["signature"]["class"].clone(), divergence["input"]["context"].clone());
    divergences.iter().map(one).collect()
}

#[test]
fn a_divergence_of_a_handler_that_imports_a_package_is_confirmed() {
    let dir = tree(&[
        ("templates/t.yaml", TEMPLATE),
        ("py/h.py", PYTHON),
        ("ts/h.ts", &typescript("tiny")),
        ("ts/node_modules/tiny/index.js", TINY),
        ("ts/node_modules/tiny/package.json", r#"{"name": "tiny", "type": "module", "exports": "./index.js"}"#),
    ]);
    let found = divergences(dir.path(), &["--alias", "tiny=./node_modules/tiny/index.js"]);
    assert_eq!(found, [(json!("value"), json!({"n": 501}))]);
}

#[test]
fn a_divergence_of_handlers_with_links_that_lead_round_and_round_is_confirmed() {
    let dir = tree(&[
        ("templates/t.yaml", TEMPLATE),
        ("py/h.py", PYTHON),
        ("ts/h.ts", &typescript("./tiny.js")),
        ("ts/tiny.js", TINY),
    ]);
    for language in ["py", "ts"] {
        for (link, leads_to) in [("a", "."), ("b", "c"), ("c", "b")] {
            symlink(leads_to, dir.path().join(language).join(link)).unwrap();
        }
    }
    assert_eq!(divergences(dir.path(), &[]), [(json!("value"), json!({"n": 501}))]);
}

#[test]
fn a_divergence_of_a_handler_that_reads_a_hidden_file_is_confirmed() {
    let python = PYTHON
        .replace(
            "\n\nclass",
            "\nfrom pathlib import Path\n\nLIMIT = int((Path(__file__).parent / '.limit').read_text())\n\n\nclass",
        )
        .replace("context.get_input(\"n\")", "min(context.get_input(\"n\"), LIMIT)");
    let dir = tree(&[
        ("templates/t.yaml", TEMPLATE),
        ("py/h.py", &python),
        ("py/.limit", "500"),
        ("ts/h.ts", &typescript("./tiny.js")),
        ("ts/tiny.js", "export const tiny = (n) => n;\n"),
    ]);
    assert_eq!(divergences(dir.path(), &[]), [(json!("value"), json!({"n": 501}))]);
}

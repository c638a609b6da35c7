//! The same seed gives the same report everywhere, and what does not repeat is called so.

use std::path::Path;
use std::process::Command;

use rstest::rstest;
use serde_json::{Value, json};
use similar_asserts::assert_eq;
use tempfile::TempDir;

use crate::cli::support::{NODE, ROOT, code, diff_in, parity, stderr, tree};

const DEFECT: &str = "fixtures/defects/line_total_rounded_half_even";

fn report(change: impl FnOnce(&mut Command)) -> String {
    let root = Path::new(ROOT).canonicalize().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_parity"));
    command
        .args(["diff", "--handler", "ecommerce/validate_cart", "--seed", "5", "--format", "json", "--python"])
        .arg(root.join(DEFECT));
    command.current_dir(&root);
    change(&mut command);
    let output = command.env(NODE.0, NODE.1).output().unwrap();
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    let mut report: Value = serde_json::from_slice(&output.stdout).unwrap();
    report["seconds"] = Value::Null;
    // Where handlers run decides who shuts them in.
    report.as_object_mut().unwrap().shift_remove("unconfined");
    // Files are named as seen from the working directory.
    report.as_object_mut().unwrap().shift_remove("places");
    report.to_string()
}

#[rstest]
#[case::other_environment(|command: &mut Command| {
    let locale = "tr_TR.UTF-8";
    command.env("TZ", "Pacific/Kiritimati").env("PYTHONHASHSEED", "7").env("LC_ALL", locale).env("LANG", locale);
    command.env("PYTHONPATH", "/tmp").env("PYTHONHOME", "/nowhere");
})]
#[case::no_environment(|command: &mut Command| { command.env_clear(); })]
#[case::directory(|command: &mut Command| { command.current_dir("/").args(["--root", ROOT]); })]
#[case::one_process(|command: &mut Command| { command.args(["--isolation", "in-process"]); })]
#[case::own_processes(|command: &mut Command| { command.args(["--isolation", "process"]); })]
fn the_same_seed_gives_the_same_report_everywhere(#[case] change: fn(&mut Command)) {
    assert_eq!(report(change), report(|_| {}));
}

/// A tree in which the total of `ecommerce/validate_cart` is what an expression says.
fn python_tree(definitions: &str, expression: &str) -> TempDir {
    let wrapper = format!(
        "from post_01_ecommerce.original import Checkout as Original\n{definitions}\n\n\n\
         class ValidateCartHandler(Original):\n    handler_name = 'ecommerce/validate_cart'\n\n    \
         def call(self, context):\n        result = super().call(context)\n        if result.is_success:\n            \
         result.result['total'] = {expression}\n        return result\n"
    );
    let ours = Path::new(ROOT).canonicalize().unwrap().join("handlers/python");
    let original = std::fs::read_to_string(ours.join("post_01_ecommerce/validate_cart_handler.py")).unwrap();
    let original = original
        .replace("class ValidateCartHandler", "class Checkout")
        .replace("handler_name = \"ecommerce/validate_cart\"", "handler_name = \"\"");
    let tree =
        tree(&[("post_01_ecommerce/validate_cart_handler.py", &wrapper), ("post_01_ecommerce/original.py", &original)]);
    for shared in ["support", "post_01_ecommerce/order.py", "post_01_ecommerce/product.py"] {
        std::os::unix::fs::symlink(ours.join(shared), tree.path().join(shared)).unwrap();
    }
    tree
}

const RACE: &str = "import threading\n\
    def race():\n    count, stop = [0], []\n    \
    def add():\n        while not stop:\n            count[0] += 1\n    \
    thread = threading.Thread(target=add)\n    thread.start()\n    \
    sum(range(10000))\n    stop.append(1)\n    thread.join()\n    return count[0]\n";

#[rstest]
#[case::process("import os", "os.getpid()")]
#[case::random_numbers("import _random", "_random.Random().random()")]
#[case::set_order("NAMES = {'apple', 'pear', 'plum', 'fig', 'quince'}", "' '.join(NAMES)")]
#[case::dict_order("NAMES = {'apple', 'pear', 'plum', 'fig', 'quince'}", "' '.join({name: 1 for name in NAMES})")]
#[case::module_state("import itertools\nCALLS = itertools.count(1000)", "next(CALLS)")]
#[case::identity("", "id(context) % 1000003")]
#[case::hash("", "hash('apple')")]
#[case::environment("import os", "os.environ.get('HOME')")]
#[case::locale("import locale", "locale.setlocale(locale.LC_ALL, '')")]
#[case::file_time("import os", "os.stat(__file__).st_mtime")]
#[case::thread_timing(RACE, "race()")]
fn what_does_not_repeat_is_nondeterministic(#[case] definitions: &str, #[case] expression: &str) {
    let tree = python_tree(definitions, expression);
    assert_nondeterministic("python", &tree);
}

#[test]
fn state_that_survives_a_call_is_nondeterministic_in_typescript_too() {
    let source = "import { type StepContext, StepHandler, type StepHandlerResult } from '@tasker-systems/tasker';\n\
                  let calls = 1000;\n\
                  export class ValidateCartHandler extends StepHandler {\n  \
                  static handlerName = 'ecommerce/validate_cart';\n  \
                  async call(_: StepContext): Promise<StepHandlerResult> {\n    \
                  return this.success({ total: (calls += 1) });\n  }\n}\n";
    assert_nondeterministic("typescript", &tree(&[("validate_cart_handler.ts", source)]));
}

const TEMPLATE: &str = "name: flow\nnamespace_name: shop\nversion: 1.0.0\n\
                        input_schema:\n  type: object\n  required: [n]\n  additionalProperties: false\n  \
                        properties: {n: {type: integer, minimum: 0, maximum: 1000}}\n\
                        steps:\n  - name: share\n    handler: {callable: share}\n  - name: echo\n    handler: {callable: echo}\n";
const PYTHON: &str = "from tasker_core import StepHandler, StepHandlerResult\n\
                      calls = 0\n\
                      class Share(StepHandler):\n    handler_name = 'share'\n    def call(self, context):\n        \
                      global calls\n        calls += 1\n        n = context.get_input('n')\n        \
                      return StepHandlerResult.success({'n': WORTH})\n\
                      class Echo(StepHandler):\n    handler_name = 'echo'\n    def call(self, context):\n        \
                      return StepHandlerResult.success({'n': context.get_input('n')})\n";
const TYPESCRIPT: &str = "import { StepHandler, type StepContext } from '@tasker-systems/tasker';\n\
                          let calls = 0;\n\
                          export class Share extends StepHandler {\n  static handlerName = 'share';\n  \
                          async call(context: StepContext) {\n    calls += 1;\n    const n = context.getInput<number>('n')!;\n    \
                          return this.success({ n: WORTH });\n  }\n}\n\
                          export class Echo extends StepHandler {\n  static handlerName = 'echo';\n  \
                          async call(context: StepContext) {\n    return this.success({ n: context.getInput<number>('n') });\n  }\n}\n";

#[rstest]
#[case::in_python("n + 1 if calls % 7 == 0 else n", "n", "python")]
#[case::later_in_python("n + 1 if calls > 40 else n", "n", "python")]
#[case::in_typescript("n", "calls % 7 === 0 ? n + 1 : n", "typescript")]
fn what_a_handler_keeps_from_one_call_to_the_next_does_not_show_who_ran_it(
    #[case] in_python: &str,
    #[case] in_typescript: &str,
    #[case] odd: &str,
) {
    let trees = tree(&[
        ("templates/flow.yaml", TEMPLATE),
        ("py/shop.py", &PYTHON.replace("WORTH", in_python)),
        ("ts/shop.ts", &TYPESCRIPT.replace("WORTH", in_typescript)),
    ]);
    let report = |jobs: &str| {
        let named =
            ["--templates", "templates", "--python", "py", "--typescript", "ts", "--node", "off", "--jobs", jobs];
        let (code, mut report) = diff_in(trees.path(), &[&named[..], &["--cases", "200", "--seed", "1"]].concat());
        assert_eq!(code, 1, "{report}");
        report["seconds"] = Value::Null;
        report
    };
    let (one, two) = (report("1"), report("2"));
    assert_eq!(one, two);
    let found = &one["divergences"][0];
    assert_eq!((&found["signature"]["class"], &found["odd"]), (&json!("nondeterministic"), &json!([odd])));
    let row = &one["handlers"][0];
    assert!(row["agreed"].as_u64() > Some(50) && row["agreed"].as_u64() < row["cases"].as_u64(), "{row}");
}

fn assert_nondeterministic(language: &str, tree: &TempDir) {
    let flag = format!("--{language}");
    let arguments = [
        "diff",
        &flag,
        tree.path().to_str().unwrap(),
        "--engine",
        language,
        "--cases",
        "100",
        "--seed",
        "1",
        "--allow-absent",
    ];
    let output = parity(&[&arguments[..], &["--format", "json"]].concat(), "");
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    // What repeats is told, too: that failures are missing, and fields.
    let is_told = |found: &&Value| found["signature"]["class"] == json!("nondeterministic");
    let divergences: Vec<&Value> = report["divergences"].as_array().unwrap().iter().filter(is_told).collect();
    let signatures: Vec<&Value> = divergences.iter().map(|divergence| &divergence["signature"]).collect();
    let expected = json!({
        "handler": "ecommerce/validate_cart", "engine": language, "class": "nondeterministic", "path": "",
    });
    assert_eq!(json!(signatures), json!([expected]));
    let repeats = divergences[0]["evidence"]["repeats"].as_array().unwrap();
    assert!(repeats.iter().any(|repeat| repeat["outcome"] != divergences[0]["actual"]), "{repeats:?}");
    let output = parity(&arguments, "");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("but the same input gives elsewhere:\n    in a fresh interpreter (1)"), "{text}");
}

#[test]
fn what_repeats_is_not_nondeterministic() {
    let report: Value = serde_json::from_str(&report(|_| {})).unwrap();
    let divergences = report["divergences"].as_array().unwrap();
    assert!(!divergences.is_empty());
    for found in divergences {
        assert_eq!((&found["signature"]["class"], found.get("evidence")), (&json!("value"), None));
    }
}

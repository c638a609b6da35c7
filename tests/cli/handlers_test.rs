//! The binary as a user of single handlers meets it: what it prints, what it exits with, and what it says to bad input.

use std::path::Path;
use std::process::{Command, Output};

use reference_rs::HANDLERS;
use rstest::rstest;
use serde_json::{Value, json};
use similar_asserts::assert_eq;

use crate::cli::support::{CART, ROOT, code, parity, stderr, stdout, tree};

fn diff_on(flag: &str, dir: &Path, more: &[&str]) -> Output {
    let arguments = ["diff", "--engine", &flag[2..], flag, dir.to_str().unwrap()];
    parity(&[&arguments, more].concat(), "")
}

#[test]
fn help_says_what_the_exit_codes_mean() {
    let output = parity(&["--help"], "");
    assert_eq!(code(&output), 0);
    assert!(
        stdout(&output).contains("0 everything agrees, 1 something differs, 2 bad usage or input, 3 could not compare")
    );
}

#[test]
fn our_own_handlers_agree() {
    let output = parity(&["diff", "--cases", "200", "--allow-unexercised", "--format", "json"], "");
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["cases"], json!(200 * HANDLERS.len()));
    assert_eq!(report["divergences"], json!([]));
    assert_eq!(report["faults"], json!([]));
    let rows = report["handlers"].as_array().unwrap();
    assert_eq!(rows.len(), 2 * HANDLERS.len());
    // Without a generator of its own, a handler is given some bad input, of which only its own checks are compared.
    let agreed = |row: &Value| row["agreed"].as_u64().unwrap() + row["malformed"].as_u64().unwrap_or(0);
    assert!(rows.iter().all(|row| row["cases"] == json!(200) && agreed(row) == 200), "{rows:?}");
    assert_eq!(stderr(&output), "");
}

#[rstest]
#[case("text")]
#[case("json")]
fn the_same_seed_gives_the_same_report_apart_from_timings(#[case] format: &str) {
    let tree = "fixtures/defects/flat_shipping";
    let report = || {
        let arguments =
            ["diff", "--cases", "200", "--seed", "c0ffee", "--typescript", tree, "--allow-absent", "--format", format];
        let output = parity(&arguments, "");
        assert_eq!(code(&output), 1, "{}", stderr(&output));
        match format {
            "json" => {
                let mut report: Value = serde_json::from_slice(&output.stdout).unwrap();
                report["seconds"] = json!(null);
                report.to_string()
            }
            _ => stdout(&output).split(' ').filter(|word| word.parse::<f64>().is_err()).collect(),
        }
    };
    assert_eq!(report(), report());
}

#[test]
fn the_command_of_a_divergence_reproduces_it() {
    let tree = "fixtures/defects/out_of_stock_is_permanent";
    let handler = "ecommerce/validate_cart";
    let output = parity(&["diff", "--python", tree, "--handler", handler, "--format", "json"], "");
    assert_eq!(code(&output), 1);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let divergences = report["divergences"].as_array().unwrap();
    assert_eq!(divergences.len(), 1);
    let signature = &divergences[0]["signature"];
    assert_eq!(signature["class"], json!("decision:retryable->OUT_OF_STOCK"));
    let command = divergences[0]["reproduce"].as_str().unwrap();
    let command = command.replace("cargo parity", env!("CARGO_BIN_EXE_parity"));
    let output = Command::new("sh").args(["-c", &command]).current_dir(ROOT).output().unwrap();
    assert_eq!(code(&output), 1, "{command}: {}", stderr(&output));
    assert!(
        stdout(&output).contains("python differs from rust: decision:retryable->OUT_OF_STOCK"),
        "{}",
        stdout(&output)
    );
}

#[test]
fn a_report_shows_the_divergence_and_the_table() {
    let tree = "fixtures/defects/flat_shipping";
    let output = parity(&["diff", "--typescript", tree, "--seed", "1", "--cases", "300", "--allow-absent"], "");
    assert_eq!(code(&output), 1);
    let text = stdout(&output);
    for part in [
        "divergence 1: ecommerce/validate_cart in typescript",
        "what differs: value at /result/shipping",
        "-     \"shipping\": 9.99,",
        "+     \"shipping\": 5.99,",
        "| cargo parity replay --typescript fixtures/defects/flat_shipping -",
        "absent: the typescript tree has no ecommerce/process_payment",
        "seems to be the same: divergence 2: value /result/total (grade value)",
        &format!("divergences: {} cases in", 300 * HANDLERS.len()),
    ] {
        assert!(text.contains(part), "{part:?} is not in\n{text}");
    }
}

#[rstest]
#[case(&["diff", "--handler", "ecommerce/nothing"], "there is no handler ecommerce/nothing; `parity list`")]
#[case(&["diff", "--handler", "validate_cart"], "did you mean ecommerce/validate_cart?")]
#[case(&["diff", "--handler", "cart"], "did you mean ecommerce/validate_cart?")]
#[case(&["diff", "--handler", "ecommerce/validate_crat"], "did you mean ecommerce/validate_cart?")]
#[case(&["diff", "--python", "nowhere"], "nowhere: not a directory")]
#[case(&["diff", "--python", "fixtures/templates-of-nobody"], "not a directory")]
#[case(&["diff", "--typescript", "docs-of-nobody"], "not a directory")]
#[case(&["diff", "--python", "reference_rs"], "reference_rs: no python handlers here; files named *_handler.py")]
#[case(&["diff", "--typescript", "reference_rs"], "reference_rs: no typescript handlers here")]
#[case(&["diff", "--cases", "0"], "invalid value '0'")]
#[case(&["diff", "--seed", "xyz"], "up to 16 hex digits")]
#[case(&["diff", "--max-time", "0"], "positive number of seconds")]
#[case(&["diff", "--engine", "perl"], "invalid value 'perl'")]
#[case(&["replay", "nowhere.json"], "nowhere.json: can not be read: No such file")]
#[case(&["replay", "README.md"], "README.md: neither a step input nor a task nor a saved divergence: expected value at line 1")]
#[case(&["run"], "--engine <NAME>")]
fn bad_usage_is_refused_with_a_message(#[case] arguments: &[&str], #[case] message: &str) {
    let output = parity(arguments, "");
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    assert!(stderr(&output).contains(message), "{message:?} is not in {:?}", stderr(&output));
    assert_eq!(stdout(&output), "");
}

#[test]
fn a_handler_asked_for_by_name_must_be_there() {
    let arguments = ["diff", "--python", "fixtures/defects/email_needs_a_dot", "--handler", "ecommerce/validate_cart"];
    let output = parity(&arguments, "");
    assert_eq!(code(&output), 2);
    let message = "the python tree fixtures/defects/email_needs_a_dot has no handler ecommerce/validate_cart";
    assert!(stderr(&output).contains(message), "{}", stderr(&output));
}

#[test]
fn nothing_executed_is_no_agreement() {
    let output = diff_on("--python", Path::new("fixtures/echo/python"), &[]);
    assert_eq!(code(&output), 3);
    assert!(stdout(&output).contains("absent: the python tree has no ecommerce/validate_cart"), "{}", stdout(&output));
}

#[rstest]
#[case("--python", "a_handler.py", "import tasker_core\n\ndef broken(:\n", "a_handler.py:3: SyntaxError: ")]
#[case("--python", "a_handler.py", "import nothing_like_it\n", "a_handler.py:1: ModuleNotFoundError: ")]
#[case("--python", "sub/a_handler.py", "x = 1\n", "sub/a_handler.py: no handler here; define a class that extends")]
#[case("--typescript", "a_handler.ts", "const x = 1;\nconst = 2;\n", "a_handler.ts:2: ")]
#[case("--typescript", "a_handler.ts", "import './nothing.js';\n", "a_handler.ts:1: ")]
#[case(
    "--typescript",
    "sub/a_handler.ts",
    "export const x = 1;\n",
    "sub/a_handler.ts: it exports no handler of its own"
)]
fn a_file_that_can_not_be_loaded_is_named(
    #[case] flag: &str,
    #[case] file: &str,
    #[case] text: &str,
    #[case] message: &str,
) {
    let tree = tree(&[(file, text)]);
    let output = diff_on(flag, tree.path(), &[]);
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    let expected = format!("{}/{message}", tree.path().display());
    assert!(stderr(&output).contains(&expected), "{expected:?} is not in {:?}", stderr(&output));
}

#[test]
fn run_answers_line_by_line_and_goes_on_after_a_bad_line() {
    let input = format!("{CART}\nnonsense\n\n{CART}\n");
    for engine in ["rust", "python", "typescript"] {
        let output = parity(&["run", "--engine", engine], &input);
        assert_eq!(code(&output), 2);
        let lines: Vec<Value> = stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 4);
        assert_eq!(lines[0]["code"], json!("PRODUCT_INACTIVE"));
        assert!(lines[1]["error"].as_str().unwrap().starts_with("not a step input: "));
        assert!(lines[2]["error"].is_string());
        assert_eq!(lines[3], lines[0]);
    }
}

#[test]
fn run_without_a_bad_line_exits_with_0() {
    let output = parity(&["run", "--engine", "rust"], CART);
    assert_eq!((code(&output), stdout(&output).lines().count()), (0, 1));
}

#[test]
fn run_answers_every_line_whatever_handlers_do() {
    let names = ["endless_loop_in_c", "segfault", "os_exit", "socket", "subprocess"];
    let lines =
        |value: u32| names.map(|name| json!({"handler": format!("hostile/{name}"), "context": {"value": value}}));
    let input = lines(1).into_iter().zip(lines(0)).map(|(hostile, harmless)| format!("{hostile}\n{harmless}\n"));
    let arguments = ["run", "--engine", "python", "--python", "fixtures/hostile_handlers/python", "--deadline", "0.3"];
    let output = parity(&arguments, &input.collect::<String>());
    let answers: Vec<Value> = stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let statuses: Vec<&str> = answers.iter().map(|answer| answer["status"].as_str().unwrap()).collect();
    let ends = ["timed_out", "crashed", "exited", "denied", "denied"];
    assert_eq!(statuses, ends.map(|end| [end, "completed"]).concat());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
}

#[test]
fn run_refuses_a_handler_that_the_engine_does_not_have() {
    let output = parity(&["run", "--engine", "python"], r#"{"handler":"a/b","context":{}}"#);
    assert_eq!(code(&output), 2);
    assert_eq!(stdout(&output), "{\"error\":\"the python engine has no handler a/b\"}\n");
}

#[test]
fn replay_shows_every_outcome() {
    let output = parity(&["replay", "-", "--format", "json"], CART);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["agree"], json!(true));
    let engines: Vec<&Value> =
        document["outcomes"].as_array().unwrap().iter().map(|outcome| &outcome["engine"]).collect();
    assert_eq!(engines, ["rust", "python", "typescript"]);

    let text = parity(&["replay", "-"], CART);
    assert!(stdout(&text).starts_with("ecommerce/validate_cart\n\nrust, python, typescript:\n{\n"));
    assert!(stdout(&text).ends_with("\nagreement\n"));
}

#[test]
fn replay_takes_a_saved_divergence() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("divergence.json");
    let input: Value = serde_json::from_str(CART).unwrap();
    std::fs::write(&file, json!({"signature": {}, "input": input}).to_string()).unwrap();
    let defect = ["--typescript", "fixtures/defects/inactive_product_sold"];
    let output = parity(&[&["replay", file.to_str().unwrap()][..], &defect].concat(), "");
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    assert!(stdout(&output).contains("typescript differs from rust: decision:PRODUCT_INACTIVE"));
}

#[test]
fn list_shows_handlers_engines_and_outcomes() {
    let output = parity(&["list", "--format", "json"], "");
    assert_eq!(code(&output), 0);
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let first = &document["handlers"][0];
    assert_eq!(first["handler"], json!("ecommerce/validate_cart"));
    assert_eq!(first["engines"], json!(["rust", "python", "typescript"]));
    assert!(first["outcomes"].as_array().unwrap().contains(&json!("PRODUCT_INACTIVE")));
    let text = stdout(&parity(&["list"], ""));
    assert!(text.contains("ecommerce/send_confirmation ") && text.contains(" rust, python, typescript "), "{text}");
}

#[test]
fn what_a_handler_says_can_not_act_on_the_terminal() {
    let handler = "from tasker_core import StepHandler, PermanentError\n\nclass H(StepHandler):\n    handler_name = \
                   'ecommerce/validate_cart'\n    def call(self, context):\n        print('not in the report')\n        \
                   raise PermanentError('\\x1b[2J\\x9b')\n";
    let tree = tree(&[("h_handler.py", handler)]);
    let output = diff_on("--python", tree.path(), &["--handler", "ecommerce/validate_cart"]);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    let text = stdout(&output);
    assert!(text.contains(r"\u001b[2J\u009b"), "{text}");
    assert!(!text.contains(['\u{1b}', '\u{9b}']) && !text.contains("not in the report"), "{text}");
}

/// A ledger that knows the flat shipping of the planted defect, with `expires` and a context.
fn ledger(expires: &str, quantity: u32) -> tempfile::TempDir {
    let entry = json!({
        "signature": {"handler": "ecommerce/validate_cart", "engine": "typescript", "class": "value", "path": "/result/shipping"},
        "input": {"handler": "ecommerce/validate_cart", "context": {"cart_items": [{"product_id": 1, "quantity": quantity}]}},
        "reason": "r", "owner": "o", "issue": "i", "expires": expires,
    });
    tree(&[("ledger.yaml", &json!({"divergences": [entry]}).to_string())])
}

/// `diff` on the planted defect with a ledger.
fn diff_with(ledger: &tempfile::TempDir) -> Output {
    let file = ledger.path().join("ledger.yaml");
    let tree = "fixtures/defects/flat_shipping";
    let more = ["--handler", "ecommerce/validate_cart", "--cases", "300", "--ledger", file.to_str().unwrap()];
    diff_on("--typescript", Path::new(tree), &more)
}

#[test]
fn a_known_divergence_fails_no_run() {
    let output = diff_with(&ledger("9999-12-31", 5));
    // What follows from the shipping is not in the ledger.
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    assert!(!stdout(&output).contains("value at /result/shipping"), "{}", stdout(&output));
    assert!(stdout(&output).contains("what differs: value at /result/total"), "{}", stdout(&output));
}

#[test]
fn a_ledger_that_is_out_of_date_fails_the_run() {
    let output = diff_with(&ledger("9999-12-31", 1));
    assert_eq!(code(&output), 1);
    let stale =
        "stale: the known divergence ecommerce/validate_cart typescript value /result/shipping no longer occurs";
    assert!(stdout(&output).contains(stale), "{}", stdout(&output));

    let output = diff_with(&ledger("2020-01-01", 5));
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("expired on 2020-01-01; mend the handler"), "{}", stderr(&output));
}

#[rstest]
#[case("pytest", "python", "line_total_rounded_half_even", "def test_validate_cart_")]
#[case("node", "typescript", "flat_shipping", "test('validate_cart_")]
#[case("rust", "python", "line_total_rounded_half_even", "PythonEngine::load")]
fn a_divergence_comes_with_a_test_of_its_own(
    #[case] kind: &str,
    #[case] language: &str,
    #[case] defect: &str,
    #[case] beginning: &str,
) {
    let tree = format!("fixtures/defects/{defect}");
    let flag = format!("--{language}");
    let arguments = ["diff", "--handler", "ecommerce/validate_cart", "--seed", "1", &flag, &tree, "--emit", kind];
    let output = parity(&arguments, "");
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    let text = stdout(&output);
    assert_eq!(text.matches(beginning).count(), 1, "{text}");
    let absolute = Path::new(ROOT).canonicalize().unwrap().join(&tree);
    assert!(text.contains(&json!(absolute).to_string()), "{text}");
    assert!(!text.contains("{{"), "{text}");
}

/// A tree with a handler, a class that no template asks for, and a file that can not be loaded.
fn strangers() -> tempfile::TempDir {
    let handler = |class: &str, name: &str| {
        format!(
            "from tasker_core import StepHandler\n\nclass {class}(StepHandler):\n    {name}\n    \
             def call(self, context):\n        return self.success({{}})\n"
        )
    };
    let template = "name: greeting\nnamespace_name: shop\nversion: 1.0.0\nsteps:\n  \
                    - { name: greet, handler: { callable: Shop::GreetHandler } }\n  \
                    - { name: part, handler: { callable: Shop::PartHandler } }\n";
    tree(&[
        ("templates/greet.yaml", template),
        ("python/greet.py", &handler("GreetHandler", "pass")),
        ("python/other.py", &handler("Stranger", "pass")),
        ("python/broken_handler.py", "import nowhere\n"),
    ])
}

#[test]
fn list_shows_what_a_named_tree_holds_and_why_the_rest_is_not_used() {
    let dir = strangers();
    let named = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let (templates, python) = (named("templates"), named("python"));
    let arguments = ["list", "--templates", &templates, "--python", &python];
    let output = parity(&[&arguments[..], &["--format", "json"]].concat(), "");
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        document["handlers"],
        json!([{"handler": "shop/greet", "engines": ["python"]}, {"handler": "shop/part", "engines": []}])
    );
    let holds = &document["trees"][0];
    assert_eq!((&holds["engine"], &holds["missing"]), (&json!("python"), &json!(["shop/part"])));
    let inventory = &holds["inventory"];
    assert_eq!(inventory["handlers"][0]["file"], "greet.py");
    assert_eq!(
        (&inventory["unused"][0]["name"], &inventory["unused"][0]["why"]),
        (&json!("Stranger"), &json!("unknown"))
    );
    assert_eq!(inventory["not_loaded"][0]["file"], "broken_handler.py");

    let text = stdout(&parity(&arguments, ""));
    for line in [
        "shop/greet  GreetHandler       greet.py:3",
        "-           Stranger           other.py:3           no step of the templates has this name",
        "-           broken_handler.py  broken_handler.py:1  ModuleNotFoundError: No module named 'nowhere'",
        "shop/part   -                  -                    nothing in the tree has this name",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

#[test]
fn the_example_of_the_readme_is_what_the_command_prints() {
    let readme = std::fs::read_to_string(Path::new(ROOT).join("README.md")).unwrap();
    let (_, example) = readme.split_once("$ cargo parity ").unwrap();
    let (command, example) = example.split_once('\n').unwrap();
    let (example, _) = example.split_once("```").unwrap();
    let output = parity(&command.split(' ').chain(["--seed", "1"]).collect::<Vec<_>>(), "");
    let printed = stdout(&output);
    // How many cases show it depends on the seed, and how many evaluations it takes on the case that is shrunk.
    let depends = |line: &&str| {
        ["evaluations:", "validate_cart  python ", "validate_cart  typescript ", "  completed "]
            .iter()
            .any(|part| line.contains(part))
    };
    for line in example.lines().filter(|line| *line != "  …").filter(|line| !depends(line)) {
        assert!(printed.lines().any(|other| other == line), "{line:?} is not in\n{printed}");
    }
}

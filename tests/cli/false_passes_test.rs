//! Ways in which nothing is compared, or too little: none of them passes. Each ends in exit code 3, and the report says why.

use rstest::rstest;
use serde_json::json;
use similar_asserts::assert_eq;

use crate::cli::support::{code, parity_in, stderr, stdout, tree};

const TEMPLATE: &str = "name: orders\nnamespace_name: shop\nversion: 1.0.0\ninput_schema:\n  type: object\n  required: [amount]\n  \
    additionalProperties: false\n  properties: { amount: { type: integer, minimum: 1, maximum: 99 } }\n\
    steps:\n  - name: price\n    handler: { callable: shop/price }\n  - name: pay\n    dependencies: [price]\n    \
    handler: { callable: shop/pay }\n";

/// A Python file with one handler.
fn py(class: &str, name: &str, body: &str) -> String {
    format!(
        "from tasker_core import StepHandler\n\n\nclass {class}(StepHandler):\n    handler_name = '{name}'\n\n    \
         def call(self, context):\n        {body}\n"
    )
}

/// A TypeScript file with one handler.
fn ts(class: &str, name: &str, body: &str) -> String {
    format!(
        "import {{ StepHandler }} from '@tasker-systems/tasker';\n\nexport class {class} extends StepHandler {{\n  \
         static handlerName = '{name}';\n\n  async call(context: any): Promise<any> {{\n    {body}\n  }}\n}}\n"
    )
}

/// The files of two trees that agree.
struct Files(Vec<(String, String)>);

impl Files {
    fn new() -> Self {
        let mut files = Self(vec![("templates/orders.yaml".to_owned(), TEMPLATE.to_owned())]);
        files.both("price", "return self.success({'cents': 100})", "return this.success({ cents: 100 });");
        files.both("pay", "return self.success({'paid': True})", "return this.success({ paid: true });");
        files
    }

    fn set(&mut self, file: &str, text: String) {
        self.0.retain(|(name, _)| name != file);
        self.0.push((file.to_owned(), text));
    }

    /// Gives the step a body in both languages.
    fn both(&mut self, step: &str, in_python: &str, in_typescript: &str) {
        let (class, name) = (format!("{}Handler", step[..1].to_uppercase() + &step[1..]), format!("shop/{step}"));
        self.set(&format!("py/{step}_handler.py"), py(&class, &name, in_python));
        self.set(&format!("ts/{step}_handler.ts"), ts(&class, &name, in_typescript));
    }

    /// What `diff` with these arguments exits with and says.
    fn diff(&self, arguments: &[&str]) -> (i32, String) {
        let files: Vec<(&str, &str)> = self.0.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let dir = tree(&files);
        let trees = ["diff", "--templates", "templates", "--python", "py", "--typescript", "ts", "--seed", "1"];
        let cases = if arguments.contains(&"--cases") { &[][..] } else { &["--cases", "20"] };
        let output = parity_in(dir.path(), &[&trees[..], cases, arguments].concat());
        (code(&output), stdout(&output) + &stderr(&output))
    }
}

fn with(file: &str, text: &str) -> Files {
    let mut files = Files::new();
    files.set(file, text.to_owned());
    files
}

fn both(step: &str, in_python: &str, in_typescript: &str) -> Files {
    let mut files = Files::new();
    files.both(step, in_python, in_typescript);
    files
}

#[test]
fn trees_that_agree_pass() {
    let (exit, said) = Files::new().diff(&[]);
    assert_eq!(exit, 0, "{said}");
    assert!(said.contains("agreement: 40 cases") && said.contains("completed 1"), "{said}");
}

#[rstest]
#[case::renamed_in_python(with("py/pay_handler.py", &py("PayHandler", "shop/pays", "return self.success({})")), "py", "pay_handler.py:4")]
#[case::renamed_in_typescript(with("ts/pay_handler.ts", &ts("PayHandler", "shop/pays", "return this.success({});")), "ts", "pay_handler.ts:3")]
#[case::no_syntax_in_python(with("py/pay_handler.py", "class PayHandler(:\n    pass\n"), "py", "pay_handler.py:1")]
#[case::no_syntax_in_typescript(
    with("ts/pay_handler.ts", "export class PayHandler {\n  static x = ;\n}\n"),
    "ts",
    "pay_handler.ts:2"
)]
#[case::no_package_in_python(
    with("py/pay_handler.py", "import numpy\n\n\nclass PayHandler:\n    pass\n"),
    "py",
    "numpy"
)]
#[case::no_module_in_typescript(
    with("ts/pay_handler.ts", "import { x } from './nowhere';\nexport class PayHandler { y = x }\n"),
    "ts",
    "nowhere"
)]
#[case::raises_while_it_loads(
    with("py/pay_handler.py", "raise ValueError('not configured')\n"),
    "py",
    "not configured"
)]
#[case::throws_while_it_loads(
    with("ts/pay_handler.ts", "throw new Error('not configured');\nexport class PayHandler {}\n"),
    "ts",
    "not configured"
)]
#[case::no_handler(with("py/pay_handler.py", "def pay(context):\n    return None\n"), "py", "shop/pay")]
#[case::an_empty_file(with("ts/pay_handler.ts", "export {};\n"), "ts", "shop/pay")]
#[case::two_of_one_name(with("py/other_handler.py", &py("OtherHandler", "shop/pay", "return self.success({})")), "py", "other_handler.py")]
fn a_handler_that_a_tree_lacks_is_absent_with_the_reason(
    #[case] files: Files,
    #[case] tree: &str,
    #[case] reason: &str,
) {
    let language = if tree == "py" { "python" } else { "typescript" };
    let (exit, said) = files.diff(&[]);
    assert_eq!(exit, 3, "{said}");
    assert!(said.contains(&format!("absent: the {language} tree has no shop/pay")) && said.contains(reason), "{said}");
    assert!(!said.contains("\nagreement"), "{said}");
    let (exit, said) = files.diff(&["--allow-absent"]);
    assert_eq!(exit, 0, "{said}");
    assert_eq!(files.diff(&["--allow-absent=shop/pay"]).0, 0);
    assert_eq!(files.diff(&["--allow-absent=shop/price"]).0, 3);
    let (exit, said) = files.diff(&["--workflow", "all", "--cases", "5"]);
    assert_eq!(exit, 3, "{said}");
    assert!(said.contains("absent: shop/orders"), "{said}");
}

#[rstest]
#[case::refused(
    "return self.failure('no', error_code='AUTH_FAILED', retryable=False)",
    "return this.failure('no', 'handler_error', false, {}, 'AUTH_FAILED');",
    "AUTH_FAILED 20"
)]
#[case::retried(
    "return self.failure('later', error_code='BUSY', retryable=True)",
    "return this.failure('later', 'handler_error', true, {}, 'BUSY');",
    "BUSY 20"
)]
#[case::crashed("return {}['x']", "return (undefined as any).x;", "crashed:KeyError 20")]
#[case::no_json("return self.success({'a': object()})", "return this.success({ a: () => 1 });", "unserialisable")]
#[case::exited("import os; os._exit(1)", "process.exit(1);", "exited")]
fn a_handler_that_is_never_expected_to_complete_is_not_exercised(
    #[case] in_python: &str,
    #[case] in_typescript: &str,
    #[case] ends: &str,
) {
    let files = both("pay", in_python, in_typescript);
    let (exit, said) = files.diff(&["--oracle", "python"]);
    assert_eq!(exit, 3, "{said}");
    assert!(
        said.contains("not exercised: no case of shop/pay was expected to complete") && said.contains(ends),
        "{said}"
    );
    assert!(!said.contains("of shop/price was"), "{said}");
}

#[test]
fn what_is_behind_a_step_that_never_completes_is_not_exercised() {
    let mut files = both(
        "price",
        "return self.failure('no', error_code='AUTH_FAILED', retryable=False)",
        "return this.failure('no', 'handler_error', false, {}, 'AUTH_FAILED');",
    );
    files.both(
        "pay",
        "return self.success({'cents': context.get_dependency_field('price', 'cents') + 1})",
        "return this.success({ cents: context.getDependencyField('price', 'cents').cents });",
    );
    let (exit, said) = files.diff(&[]);
    assert_eq!(exit, 3, "{said}");
    for step in ["price", "pay"] {
        assert!(said.contains(&format!("no case of shop/{step} was expected to complete")), "{said}");
    }
    assert_eq!(files.diff(&["--allow-unexercised=shop/pay"]).0, 3);
    let (exit, said) = files.diff(&["--workflow", "all", "--cases", "5"]);
    assert_eq!(exit, 3, "{said}");
    assert!(said.contains("no case of shop/orders was expected to complete: price:AUTH_FAILED 5"), "{said}");
}

#[test]
fn an_accepted_handler_that_never_completes_passes() {
    let files = both(
        "pay",
        "return self.failure('no', error_code='AUTH_FAILED', retryable=False)",
        "return this.failure('no', 'handler_error', false, {}, 'AUTH_FAILED');",
    );
    assert_eq!(files.diff(&["--allow-unexercised"]).0, 0);
    let (exit, said) = files.diff(&["--allow-unexercised=shop/pay", "--allow-absent=shop/pay"]);
    assert_eq!(exit, 0, "{said}");
    assert!(said.contains("note: --allow-absent=shop/pay is not needed"), "{said}");
    assert!(!said.contains("note: --allow-unexercised"), "{said}");
}

#[rstest]
#[case(&["--max-time", "0.000001"])]
#[case(&["--handler", "shop/pay", "--max-time", "0.000001"])]
fn where_no_case_was_run_nothing_agrees(#[case] arguments: &[&str]) {
    let (exit, said) = Files::new().diff(arguments);
    assert_eq!(exit, 3, "{said}");
    assert!(said.contains("no case was executed"), "{said}");
}

#[test]
fn the_shards_of_a_campaign_that_exercises_nothing_do_not_pass_together() {
    let files = both(
        "pay",
        "return self.failure('no', error_code='AUTH_FAILED', retryable=False)",
        "return this.failure('no', 'handler_error', false, {}, 'AUTH_FAILED');",
    );
    let dir = tempfile::tempdir().unwrap();
    let reports = ["1/2", "2/2"].map(|shard| dir.path().join(shard.replace('/', "-")));
    for (shard, report) in ["1/2", "2/2"].into_iter().zip(&reports) {
        let (exit, said) = files.diff(&["--shard", shard, "--report", report.to_str().unwrap()]);
        // A part of a campaign does not say that nothing completes.
        assert_eq!(exit, 0, "{said}");
    }
    let merged = parity_in(dir.path(), &["merge", "1-2", "2-2"]);
    assert_eq!(code(&merged), 3);
    assert!(stdout(&merged).contains("not exercised: no case of shop/pay was expected to complete: AUTH_FAILED 20"));
    let half = parity_in(dir.path(), &["merge", "1-2"]);
    assert_eq!(code(&half), 3);
}

#[test]
fn a_handler_that_no_run_of_its_workflow_calls_is_not_exercised() {
    let template = TEMPLATE.replace(
        "  - name: pay",
        "  - name: refund\n    dependencies: [price]\n    handler: { callable: shop/refund }\n  - name: pay",
    );
    let template = template.replace("  - name: price\n", "  - name: price\n    type: decision\n");
    let mut files = with("templates/orders.yaml", &template);
    let outcome = "{'decision_point_outcome': {'type': 'create_steps', 'step_names': ['pay']}}";
    files.both("price", &format!("return self.success({outcome})"), &format!("return this.success({outcome});"));
    files.both("refund", "return self.success({'refund': 1})", "return this.success({ refund: 2 });");
    let (exit, said) = files.diff(&["--workflow", "all"]);
    assert_eq!(exit, 3, "{said}");
    assert!(said.contains("not exercised: no run of shop/orders has called shop/refund\n"), "{said}");
    let (exit, said) = files.diff(&["--workflow", "all", "--allow-unexercised=shop/refund"]);
    assert_eq!(exit, 0, "{said}");
    // By itself it is called, and differs.
    let (exit, said) = files.diff(&["--handler", "shop/refund"]);
    assert_eq!(exit, 1, "{said}");
}

#[rstest]
#[case::here(&[])]
#[case::in_processes(&["--isolation", "process"])]
#[case::in_workflows(&["--workflow", "all"])]
fn a_result_that_is_too_deep_ends_no_run(#[case] arguments: &[&str]) {
    // As deep as it may be, and one level more: what differs elsewhere is found all the same.
    for (depth, said_of_pay) in [(99, "divergence"), (100, "unserialisable")] {
        let python = |last: u32| {
            format!(
                "return self.success({{'x': __import__('functools').reduce(lambda x, _: [x], range({depth}), {last})}})"
            )
        };
        let typescript = |last: u32| {
            format!("return this.success({{ x: Array.from({{ length: {depth} }}).reduce((x: any) => [x], {last}) }});")
        };
        let mut files = both("pay", &python(1), &typescript(2));
        files.both("price", "return self.success({'cents': 1})", "return this.success({ cents: 2 });");
        let (exit, said) = files.diff(arguments);
        assert!(exit == 1 || exit == 3, "{said}");
        assert!(said.contains("/result/cents") && said.contains(said_of_pay), "{said}");
        assert!(!said.contains("recursion"), "{said}");
    }
}

#[test]
fn a_template_that_cannot_be_used_is_in_the_report_and_in_that_of_its_shards() {
    let files = with("templates/bad.yaml", "name: bad\n");
    let dir = tempfile::tempdir().unwrap();
    let reports = ["1/2", "2/2"].map(|shard| dir.path().join(shard.replace('/', "-")));
    for (shard, report) in ["1/2", "2/2"].into_iter().zip(&reports) {
        let (exit, said) = files.diff(&["--shard", shard, "--report", report.to_str().unwrap()]);
        assert_eq!(exit, 2, "{said}");
    }
    let merged = parity_in(dir.path(), &["merge", "1-2", "2-2"]);
    let said = stdout(&merged);
    assert_eq!(code(&merged), 2, "{said}");
    assert!(said.contains("not compared: templates/bad.yaml:1: ") && said.contains("1 unusable template"), "{said}");
}

#[test]
fn a_field_of_which_the_form_alone_was_compared_is_named() {
    let files = both(
        "pay",
        "import random; return self.success({'paid': True, 'wait': random.random()})",
        "return this.success({ paid: true, wait: 0.5 });",
    );
    let (exit, said) = files.diff(&["--tolerance", "/result/paid=1"]);
    assert_eq!(exit, 0, "{said}");
    assert!(said.contains("by form: shop/pay /result/wait: random where it is expected"), "{said}");
    assert!(said.contains("tolerated: numbers may differ by /result/paid=1\n"), "{said}");
}

/// A handler that asks for a part of Tasker that is not provided, and goes on if it is refused.
fn calling_out(language: &str, goes_on: bool) -> (&'static str, String) {
    if language == "python" {
        let body = if goes_on {
            "try:\n            self.get('/payments')\n        except Exception:\n            pass\n        \
             return self.success({'paid': True})"
        } else {
            "return self.get('/payments')"
        };
        let text = py("PayHandler", "shop/pay", body);
        let text = text.replace("StepHandler", "ApiHandler");
        return ("py/pay_handler.py", text.replace("from tasker_core import", "from tasker_core.step_handler import"));
    }
    let body = if goes_on {
        "try { this.get('/payments'); } catch {}\n    return this.success({ paid: true });"
    } else {
        "return this.get('/payments');"
    };
    ("ts/pay_handler.ts", ts("PayHandler", "shop/pay", body).replace("StepHandler", "ApiHandler"))
}

#[rstest]
#[case::in_python(&["python"])]
#[case::in_typescript(&["typescript"])]
#[case::in_both(&["python", "typescript"])]
fn what_is_not_provided_is_unsupported(#[case] languages: &[&str], #[values(false, true)] goes_on: bool) {
    let mut files = Files::new();
    for language in languages {
        let (file, text) = calling_out(language, goes_on);
        files.set(file, text);
    }
    let (exit, said) = files.diff(&["--oracle", "python"]);
    assert_eq!(exit, 3, "{said}");
    assert!(said.contains("unsupported: shop/pay asks for what is not provided: "), "{said}");
    assert!(said.contains("ApiHandler"), "{said}");
    assert!(!said.contains("divergence 1"), "{said}");
    let (exit, said) = files.diff(&["--oracle", "python", "--workflow", "all", "--cases", "5"]);
    assert_eq!(exit, 3, "{said}");
}

#[test]
fn a_handler_that_no_tree_has_is_absent_from_both() {
    let mut files = with("py/pay_handler.py", "x = 1\n");
    files.set("ts/pay_handler.ts", "export const x = 1;\n".to_owned());
    let (exit, said) = files.diff(&[]);
    assert_eq!(exit, 3, "{said}");
    for language in ["python", "typescript"] {
        assert!(said.contains(&format!("absent: the {language} tree has no shop/pay")), "{said}");
    }
}

#[test]
fn where_engines_vote_who_lacks_a_handler_tells_why_and_the_vote_says_nothing() {
    let files = with("py/pay_handler.py", "raise ValueError('not configured')\n");
    let three = ["--engine", "python", "--engine", "python-process", "--engine", "typescript"];
    let (exit, said) = files.diff(&three);
    assert_eq!(exit, 3, "{said}");
    for engine in ["python", "python-process"] {
        let line = format!("absent: the {engine} tree has no shop/pay\n  pay_handler.py:1: ValueError: not configured");
        assert!(said.contains(&line), "{said}");
    }
    assert!(!said.contains("the majority tree"), "{said}");
}

#[test]
fn a_corpus_that_does_not_exist_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let output = parity_in(dir.path(), &["replay", "--all", "--templates", ".", "--corpus", "saved"]);
    assert_eq!(code(&output), 2, "{}", stderr(&output));
}

#[test]
fn an_input_outside_the_contract_is_not_compared_unless_it_is_asked_for() {
    let dir = tree(&[(
        "py/post_01_ecommerce/validate_cart_handler.py",
        &py("ValidateCartHandler", "ecommerce.validate_cart", "return self.success({})"),
    )]);
    let input = json!({"handler": "ecommerce/validate_cart", "context": {"cart_items": 1}});
    std::fs::write(dir.path().join("input.json"), input.to_string()).unwrap();
    let python = dir.path().join("py");
    let input = dir.path().join("input.json");
    let arguments = ["replay", input.to_str().unwrap(), "--engine", "python", "--python", python.to_str().unwrap()];
    let output = crate::cli::support::parity(&arguments, "");
    assert_eq!(code(&output), 3, "{}", stdout(&output));
    assert!(stdout(&output).contains("outside the contract"));
    let output = crate::cli::support::parity(&[&arguments[..], &["--include-invalid"]].concat(), "");
    assert_eq!(code(&output), 1, "{}", stdout(&output));
}

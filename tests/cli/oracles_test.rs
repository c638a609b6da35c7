//! Handlers of which we know nothing but a template: who is right, what counts, and what is said of it.

use rstest::rstest;
use serde_json::{Value, json};
use similar_asserts::assert_eq;
use tempfile::TempDir;

use crate::cli::support::{code, heads, parity, stderr, stdout, tree, worker};

const TEMPLATE: &str = "
name: greeting
namespace_name: shop
version: 1.0.0
input_schema:
  type: object
  required: [amount]
  additionalProperties: false
  properties:
    amount: { type: integer, minimum: 0, maximum: 100 }
    note: { type: string, maxLength: 3 }
steps:
  - name: greet
    handler: { callable: shop/greet }
";

/// A template, and one handler in two languages that gives these answers, as expressions of `amount`.
fn shop(python: &str, typescript: &str) -> TempDir {
    let python = format!(
        "import secrets\nimport time\n\nfrom tasker_core import StepHandler\n\n\n\
         class GreetHandler(StepHandler):\n    handler_name = 'shop/greet'\n\n    \
         def call(self, context):\n        amount = context.get_input('amount')\n        return {python}\n"
    );
    let typescript = format!(
        "import {{ type StepContext, StepHandler, type StepHandlerResult }} from '@tasker-systems/tasker';\n\
         const hex = () => Math.floor(Math.random() * 16).toString(16);\n\
         export class GreetHandler extends StepHandler {{\n  static handlerName = 'shop/greet';\n  \
         async call(context: StepContext): Promise<StepHandlerResult> {{\n    \
         const amount = context.getInput<number>('amount') ?? 0;\n    return {typescript};\n  }}\n}}\n"
    );
    tree(&[
        ("templates/greet.yaml", TEMPLATE),
        ("python/greet_handler.py", &python),
        ("typescript/greet_handler.ts", &typescript),
    ])
}

/// Exit code and JSON report of a campaign over the shop.
fn diff(shop: &TempDir, more: &[&str]) -> (i32, Value) {
    let dir = |name: &str| shop.path().join(name).to_str().unwrap().to_owned();
    let (templates, python, typescript) = (dir("templates"), dir("python"), dir("typescript"));
    let trees = ["--templates", &templates, "--python", &python, "--typescript", &typescript];
    let campaign = ["diff", "--seed", "1", "--cases", "200", "--format", "json", "--jobs", "1"];
    let output = parity(&[&campaign[..], &trees, more].concat(), "");
    assert!(!output.stdout.is_empty(), "{}", stderr(&output));
    (code(&output), serde_json::from_slice(&output.stdout).unwrap())
}

/// What the only divergence is beside those that follow from it, as `grade class path context`.
fn only(report: &Value) -> String {
    let [found] = heads(report)[..] else { panic!("{report}") };
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let signature = &found["signature"];
    format!(
        "{} {} {} {}",
        text(&found["grade"]),
        text(&signature["class"]),
        text(&signature["path"]),
        found["input"]["context"]
    )
}

const DOUBLED: &str = "self.success({'total': amount * 2})";

#[rstest]
#[case::decision(
    "self.failure('no', 'permanent_error', False) if amount > 50 else self.success({'total': 1})",
    "this.success({ total: 1 })",
    r#"decision decision:permanent->completed  {"amount":51}"#
)]
#[case::value(
    DOUBLED,
    "this.success({ total: amount > 50 ? 1 : amount * 2 })",
    r#"value value /result/total {"amount":51}"#
)]
#[case::contract(DOUBLED, "this.success({ sum: amount * 2 })", r#"contract missing /result/total {"amount":0}"#)]
fn differences_are_graded(#[case] python: &str, #[case] typescript: &str, #[case] expected: &str) {
    let (code, report) = diff(&shop(python, typescript), &[]);
    assert_eq!((code, only(&report)), (1, expected.to_owned()));
    assert_eq!((&report["oracle"], &report["strictness"]), (&json!("python"), &json!("contract")));
}

#[test]
fn messages_and_metadata_count_in_full_only() {
    let shop = shop("self.success({}, {'by': 'python'})", "this.success({}, { by: 'typescript' })");
    assert_eq!(diff(&shop, &[]).0, 0);
    let (code, report) = diff(&shop, &["--strictness", "full"]);
    assert_eq!((code, only(&report)), (1, r#"cosmetic value /metadata/by {"amount":0}"#.to_owned()));
}

#[rstest]
#[case("0.25", 0)]
#[case("0.125", 1)]
fn numbers_may_differ_by_as_much_as_was_said(#[case] most: &str, #[case] exit: i32) {
    let shop = shop(DOUBLED, "this.success({ total: amount * 2 + 0.25 })");
    assert_eq!(diff(&shop, &["--tolerance", &format!("/result/total={most}")]).0, exit);
    assert_eq!(diff(&shop, &["--tolerance", &format!("/result/sum={most}")]).0, 1);
}

#[rstest]
#[case::same_shape("hex() + hex() + hex() + hex()", 0)]
#[case::too_short("hex() + hex() + hex()", 1)]
#[case::other_letters("'wxyz'", 1)]
fn what_is_random_is_matched_by_its_shape(#[case] typescript: &str, #[case] exit: i32) {
    let shop = shop("self.success({'id': secrets.token_hex(2)})", &format!("this.success({{ id: {typescript} }})"));
    assert_eq!(diff(&shop, &[]).0, exit);
    assert_eq!(diff(&shop, &["--strictness", "full"]).0, 1);
}

#[test]
fn a_time_is_compared_exactly_unless_it_is_declared_volatile() {
    let shop =
        shop("self.success({'at': int(time.time())})", "this.success({ at: Math.floor(Date.now() / 1000) + 1 })");
    let (code, report) = diff(&shop, &[]);
    assert_eq!((code, only(&report)), (1, r#"value value /result/at {"amount":0}"#.to_owned()));
    assert_eq!(diff(&shop, &["--volatile", "/result/at"]).0, 0);
}

#[rstest]
#[case::first_engine(&[], "python")]
#[case::named(&["--oracle", "typescript"], "typescript")]
#[case::majority(&["--engine", "python", "--engine", "typescript", "--engine", "python-process"], "majority")]
fn any_engine_can_be_the_oracle(#[case] more: &[&str], #[case] oracle: &str) {
    let shop = shop(DOUBLED, "this.success({ total: amount > 50 ? 1 : amount * 2 })");
    let (code, report) = diff(&shop, more);
    assert_eq!((code, &report["oracle"]), (1, &json!(oracle)));
    assert_eq!(only(&report), r#"value value /result/total {"amount":51}"#);
    let divergence = &report["divergences"][0];
    assert_eq!(divergence["matters"], json!(["/context/amount"]));
    let sides = divergence["sides"].as_array().unwrap();
    let totals: Vec<(&str, &Value)> =
        sides.iter().map(|side| (side["engine"].as_str().unwrap(), &side["outcome"]["result"]["total"])).collect();
    for (engine, total) in totals {
        assert_eq!(*total, json!(if engine == "typescript" { 1 } else { 102 }), "{engine}");
    }
    // Of two engines, the one that is not the oracle stands alone.
    let odd = if oracle == "typescript" { "python" } else { "typescript" };
    assert_eq!(divergence["odd"], json!([odd]));
    let places: Vec<&Value> = report["places"].as_array().unwrap().iter().map(|place| &place["engine"]).collect();
    assert!(places.contains(&&json!("python")) && places.contains(&&json!("typescript")), "{}", report["places"]);
}

#[test]
fn where_no_two_agree_nobody_is_blamed() {
    let shop = shop(DOUBLED, "this.success({ total: 3 })");
    let other = shop.path().join("other");
    std::fs::create_dir(&other).unwrap();
    let text = std::fs::read_to_string(shop.path().join("python/greet_handler.py")).unwrap();
    std::fs::write(other.join("greet_handler.py"), text.replace("amount * 2", "amount * 5 + 1")).unwrap();
    let (_told, command) = worker("python", &other);
    let third = format!("third={command}");
    let (code, report) =
        diff(&shop, &["--engine", "python", "--engine", "typescript", "--engine", &third, "--oracle", "majority"]);
    assert_eq!(code, 1, "{report}");
    for divergence in report["divergences"].as_array().unwrap() {
        assert_eq!(divergence.get("odd"), None, "{divergence}");
    }
}

#[test]
fn a_campaign_ends_when_nothing_new_turns_up() {
    let shop = shop(DOUBLED, "this.success({ total: amount > 50 ? 1 : amount * 2 })");
    let dir = |name: &str| shop.path().join(name).to_str().unwrap().to_owned();
    let (templates, python, typescript) = (dir("templates"), dir("python"), dir("typescript"));
    let file = dir("report.json");
    let arguments =
        ["diff", "--templates", &templates, "--python", &python, "--typescript", &typescript, "--seed", "1"];
    let output = parity(&[&arguments[..], &["--until-quiet", "0.2", "--report", &file]].concat(), "");
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    let report: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    let last_new = report["quiet"]["last_new"].as_u64().unwrap();
    assert!(0 < last_new && last_new < report["cases"].as_u64().unwrap(), "{}", report["quiet"]);
    let text = stdout(&output);
    assert!(text.contains(&format!("quiet: the last new divergence was found after {last_new} cases")), "{text}");
    let line = r#"shop/greet  value  value /result/total  typescript   {"context":{"amount":51},"#;
    assert_eq!(text.matches(line).count(), 1, "{text}");
}

#[rstest]
#[case(&["--oracle", "perl"], "any other program joins as NAME=COMMAND")]
#[case(&["--oracle", "majority"], "a majority needs at least 3 engines")]
#[case(&["--oracle", "python", "--engine", "python"], "nothing to compare with python")]
#[case(&["--tolerance", "/result/total"], "write PATH=MOST")]
#[case(&["--tolerance", "/total=1"], "is no field of an outcome")]
#[case(&["--tolerance", "/result/total=-1"], "write a number that is not negative")]
#[case(&["--volatile", "result/at"], "is no field of an outcome")]
#[case(&["--report", "/nowhere/report.json"], "/nowhere/report.json")]
fn what_can_not_be_meant_is_refused(#[case] arguments: &[&str], #[case] message: &str) {
    let output = parity(&[&["diff", "--cases", "1", "--handler", "ecommerce/validate_cart"], arguments].concat(), "");
    assert_eq!(code(&output), 2, "{}", stdout(&output));
    assert!(stderr(&output).contains(message), "{}", stderr(&output));
}

//! Several mistakes in one handler stay several divergences: in one place, behind one refused input, beside a random id, and
//! behind what a ledger knows.

use rstest::rstest;
use serde_json::{Value, json};
use similar_asserts::assert_eq;
use tempfile::TempDir;

use crate::cli::support::{diff_in, differences, parity_in, stderr, stdout, tree};

/// Two functions of one input that is called `value`, and its schema.
fn project(schema: &str, python: &str, typescript: &str) -> TempDir {
    let template = format!(
        "name: flow\nnamespace_name: t\nversion: 1.0.0\ninput_schema:\n  type: object\n  required: [value]\n  \
         additionalProperties: false\n  properties: {{ value: {schema} }}\nsteps:\n  - name: go\n    handler: {{ callable: go }}\n"
    );
    let python = format!(
        "import uuid\nfrom datetime import date\nfrom tasker_core.errors import PermanentError\n\
         from tasker_core.step_handler import inputs, step_handler\n\n\n@step_handler('go')\n@inputs('value')\n\
         def go(value, context):\n{python}"
    );
    let typescript = format!(
        "import {{ randomBytes }} from 'node:crypto';\n\
         import {{ defineHandler, StepHandlerResult }} from '@tasker-systems/tasker';\n\
         export const Go = defineHandler('go', {{ inputs: {{ value: 'value' }} }}, async ({{ value }}: any) => {{\n{typescript}\n}});\n"
    );
    tree(&[("templates/flow.yaml", &template), ("py/handlers.py", &python), ("ts/handlers.ts", &typescript)])
}

const TREES: &[&str] =
    &["--templates", "templates", "--python", "py", "--typescript", "ts", "--oracle", "python", "--seed", "1"];

fn diff(dir: &TempDir, more: &[&str]) -> (i32, Value) {
    diff_in(dir.path(), &[TREES, more].concat())
}

fn values(report: &Value) -> Vec<&Value> {
    differences(report).into_iter().map(|(_, _, context)| &context["value"]).collect()
}

#[test]
fn the_sign_of_zero_does_not_stand_for_every_tie() {
    let (python, typescript) =
        ("    return {'text': f'{value:.2f} EUR'}\n", "  return { text: `${value.toFixed(2)} EUR` };");
    // Nobody sends it, so it is rarely drawn.
    let cases = ["--cases", "6000"];
    let (_, report) = diff(&project("{ type: number, minimum: 0, maximum: 1000 }", python, typescript), &cases);
    let is_tie = |value: &&Value| (value.as_f64().unwrap() * 1000.0) % 10.0 == 5.0;
    assert_eq!(values(&report).iter().filter(|value| is_tie(value)).count(), 1, "{report}");
    assert!(values(&report).contains(&&json!(-0.0)), "{report}");
}

#[test]
fn two_exceptions_of_one_class_are_two_divergences() {
    let python = "    day = date.fromisoformat(value)\n    until = day.replace(year=day.year + 1)\n    return {'until': until.isoformat()}\n";
    let typescript = "  return { until: `${Number(value.slice(0, 4)) + 1}${value.slice(4)}` };";
    let (_, report) = diff(&project("{ type: string, format: date }", python, typescript), &[]);
    let leap_days = values(&report).into_iter().filter(|value| value.as_str().unwrap().ends_with("-02-29")).count();
    assert_eq!(leap_days, 1, "{report}");
    let classes: Vec<&str> = differences(&report).into_iter().map(|(class, _, _)| class).collect();
    assert!(classes.contains(&"decision:crashed:ValueError at handlers.py:11->completed"), "{classes:?}");
}

const TEXTS: (&str, &str, &str) = (
    "{ type: string, maxLength: 10, pattern: \"^[A-Za-z\\t\\n]*$\" }",
    "    return {'text': value}\n",
    "  return { text: value.replaceAll('\\t', ' ').replaceAll('\\n', '').toLowerCase() };",
);

#[test]
fn three_mistakes_in_one_text_are_three_divergences_and_a_ledger_knows_the_one_that_it_shows() {
    let (schema, python, typescript) = TEXTS;
    let dir = project(schema, python, typescript);
    let (_, report) = diff(&dir, &[]);
    let mut found: Vec<&str> = values(&report).into_iter().map(|value| value.as_str().unwrap()).collect();
    found.sort_unstable();
    assert_eq!(found, ["\t", "\n", "A"]);

    let entry = json!({
        "signature": {"handler": "t/go", "engine": "typescript", "class": "value", "path": "/result/text"},
        "input": {"handler": "t/go", "context": {"value": "\t"}},
        "reason": "only the tab", "owner": "me", "issue": "none", "expires": "2999-12-31",
    });
    std::fs::write(dir.path().join("ledger.yaml"), json!({"divergences": [entry]}).to_string()).unwrap();
    let (exit, report) = diff(&dir, &["--ledger", "ledger.yaml"]);
    let mut found: Vec<&str> = values(&report).into_iter().map(|value| value.as_str().unwrap()).collect();
    found.sort_unstable();
    assert_eq!((exit, found, &report["stale"]), (1, vec!["\n", "A"], &json!([])));
    assert!(report["handlers"][0]["known"].as_u64().unwrap() > 0, "{report}");
}

#[test]
fn shrinking_does_not_turn_a_missing_check_into_one_that_comes_later() {
    let python = "    if '@' not in value:\n        raise PermanentError('no mail', error_code='INVALID')\n    return {'sent': True}\n";
    let typescript = "  if (value === '') return StepHandlerResult.failure('nothing', 'validation', false, {}, 'MISSING');\n  return { sent: true };";
    let (_, report) = diff(&project("{ type: string, maxLength: 8 }", python, typescript), &["--cases", "200"]);
    let found: Vec<(&Value, &Value)> = report["divergences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|found| (&found["signature"]["class"], &found["grade"]))
        .collect();
    let (sent, missing) = (json!("decision:INVALID->completed"), json!("decision:INVALID->MISSING"));
    assert_eq!(found, [(&sent, &json!("decision")), (&missing, &json!("contract"))]);
    // Both are of one check, and the worse one stands for it.
    assert_eq!(report["divergences"][1]["under"], json!(1));
}

#[rstest]
#[case::another_length("uuid.uuid4().hex", "randomBytes(8).toString('hex')", Some("form"))]
#[case::with_dashes("str(uuid.uuid4())", "randomBytes(16).toString('hex')", Some("form"))]
#[case::the_version_of_a_uuid_is_a_digit("uuid.uuid4().hex[:16]", "randomBytes(8).toString('hex')", None)]
fn a_random_id_of_another_form_hides_nothing(
    #[case] python: &str,
    #[case] typescript: &str,
    #[case] form: Option<&str>,
) {
    let python = format!("    return {{'id': {python}, 'fee': value, 'status': 'new'}}\n");
    let typescript = format!("  return {{ id: {typescript}, fee: value * 2, status: 'open' }};");
    let dir = project("{ type: integer, minimum: 1, maximum: 9 }", &python, &typescript);
    let (exit, report) = diff(&dir, &["--cases", "60"]);
    let mut found: Vec<(&str, &str)> = differences(&report).into_iter().map(|(class, path, _)| (class, path)).collect();
    found.sort_unstable();
    let id = form.map(|form| (form, "/result/id"));
    let expected: Vec<(&str, &str)> =
        id.into_iter().chain([("value", "/result/fee"), ("value", "/result/status")]).collect();
    assert_eq!((exit, found), (1, expected));
    let grade = |path: &str| {
        let all = report["divergences"].as_array().unwrap();
        all.iter().find(|found| found["signature"]["path"] == path).map(|found| found["grade"].clone())
    };
    assert_eq!((grade("/result/id"), grade("/result/fee")), (form.map(|_| json!("contract")), Some(json!("value"))));
}

#[test]
fn an_ignored_field_is_not_compared_and_the_report_says_so() {
    let dir = project("{ type: integer }", "    return {'fee': value}\n", "  return { fee: value + 1 };");
    let (exit, report) = diff(&dir, &["--cases", "20", "--ignore", "/result/fee"]);
    assert_eq!((exit, &report["ignored"]), (0, &json!(["/result/fee"])));
}

#[test]
fn a_field_that_no_outcome_has_is_told_once_and_changes_nothing() {
    let dir = project("{ type: integer }", "    return {'fee': value}\n", "  return { fee: value, left: value };");
    let fields = ["--ignore", "/result/left", "--volatile", "/result/fees", "--tolerance", "/result/fee/*=1"];
    let arguments = [&["--cases", "20"][..], &fields].concat();
    let (exit, report) = diff(&dir, &arguments);
    assert_eq!((exit, &report["unmet"]), (0, &json!(["/result/fee/*", "/result/fees"])));
    let text = stdout(&parity_in(dir.path(), &[&["diff"], TREES, &arguments].concat()));
    assert_eq!(text.matches("no outcome has /result/fees;").count(), 1, "{text}");
}

#[test]
fn recorded_inputs_are_compared_as_they_are_and_others_are_drawn_from_them() {
    let python = "    return {'left': value % 97003 if value > 4 * 10**9 else 1}\n";
    let typescript = "  return { left: value > 4e9 && value % 97003 == 11 ? 0 : value > 4e9 ? value % 97003 : 1 };";
    let dir = project("{ type: integer, minimum: 1, maximum: 9000000000 }", python, typescript);
    let one = json!({"handler": "t/go", "context": {"value": 97003_u64 * 50_000 + 11}, "dependencies": {}});
    let request = json!({"id": 1, "input": {"handler": "t/go", "context": {"value": 7}, "dependencies": {}}});
    std::fs::write(dir.path().join("seen.jsonl"), format!("{request}\n\n{one}\n")).unwrap();
    assert_eq!(diff(&dir, &["--cases", "40"]).0, 0);
    let (exit, report) = diff(&dir, &["--cases", "1", "--inputs", "seen.jsonl"]);
    assert_eq!((exit, &report["handlers"][0]["cases"]), (1, &json!(2)));
    assert_eq!(values(&report).len(), 1, "{report}");

    std::fs::write(dir.path().join("bad.jsonl"), format!("{request}\n{{\"handler\": 3}}\n")).unwrap();
    let output = parity_in(dir.path(), &[&["diff"], TREES, &["--inputs", "bad.jsonl"]].concat());
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("bad.jsonl:2: no step input: "), "{}", stderr(&output));
}

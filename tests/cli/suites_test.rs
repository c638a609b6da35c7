//! Somebody's own handlers and ours are compared by the same rules, in single calls and in workflows.

use rstest::rstest;
use serde_json::{Value, json};
use similar_asserts::assert_eq;

use crate::cli::support::{ROOT, code, diff_in, differences, parity_in, stderr, stdout, tree};

const TREES: [&str; 6] = ["--templates", "templates", "--python", "py", "--typescript", "ts"];

#[test]
fn one_defect_in_an_object_whose_members_data_names_is_one_divergence() {
    let dir = tree(&[
        (
            "templates/count.yaml",
            "name: count\nnamespace_name: texts\nversion: 1.0.0\ninput_schema:\n  type: object\n  required: [words]\n  \
             properties: { words: { type: array, maxItems: 6, items: { type: string, pattern: '^[a-z]{1,3}$' } } }\n\
             steps:\n  - name: count_words\n    handler: { callable: texts/count_words }\n",
        ),
        (
            "py/count_words_handler.py",
            "from tasker_core import StepHandler\n\n\nclass CountWordsHandler(StepHandler):\n    \
             handler_name = 'texts/count_words'\n\n    def call(self, context):\n        counts = {}\n        \
             for word in context.get_input('words'):\n            counts[word] = counts.get(word, 0) + 1\n        \
             return self.success({'counts': counts})\n",
        ),
        (
            "ts/count_words_handler.ts",
            "import { StepHandler } from '@tasker-systems/tasker';\n\n\
             export class CountWordsHandler extends StepHandler {\n  static handlerName = 'texts/count_words';\n\n  \
             async call(context: any) {\n    const counts: Record<string, number> = {};\n    \
             for (const word of context.getInput('words')) counts[word] = (counts[word] ?? 1) + 1;\n    \
             return this.success({ counts });\n  }\n}\n",
        ),
    ]);
    let (exit, report) =
        diff_in(dir.path(), &[&TREES[..], &["--oracle", "python", "--cases", "100", "--seed", "1"]].concat());
    assert_eq!(differences(&report), [("value", "/result/counts/*", &json!({"words": ["a"]}))]);
    assert_eq!(exit, 1);
}

#[test]
fn a_template_that_cannot_be_used_stops_nothing_but_itself() {
    let template = |name: &str, schema: &str| {
        format!(
            "name: {name}\nnamespace_name: t\nversion: 1.0.0\ninput_schema:\n  required: [n]\n  properties:\n    n: {schema}\n\
             steps:\n  - name: go\n    handler: {{ callable: t/{name} }}\n"
        )
    };
    let dir = tree(&[
        ("templates/good.yaml", &template("good", "{ type: integer }")),
        ("templates/bad.yaml", &template("bad", "{ type: string, minLength: 2, maxLength: 1 }")),
        (
            "py/handlers.py",
            "from tasker_core.step_handler import inputs, step_handler\n\n\n@step_handler('t/good')\n@inputs('n')\n\
             def good(n, context):\n    return {'n': n}\n",
        ),
        (
            "ts/handlers.ts",
            "import { defineHandler } from '@tasker-systems/tasker';\n\
             export const Good = defineHandler('t/good', { inputs: { n: 'n' } }, async ({ n }: any) => ({ n }));\n",
        ),
    ]);
    let output = parity_in(
        dir.path(),
        &[&["diff"], &TREES[..], &["--oracle", "python", "--cases", "20", "--seed", "1"]].concat(),
    );
    let why = "not compared: templates/bad.yaml:7: input_schema at /properties/n: minLength is greater than maxLength; loosen one of the two\n";
    assert!(stdout(&output).contains(why), "{}", stdout(&output));
    let verdict = "could not compare: 1 unusable template, 0 divergences: 20 cases";
    assert!(stdout(&output).contains(verdict), "{}", stdout(&output));
    assert_eq!(stderr(&output), format!("parity: {why}"));
    assert_eq!(code(&output), 2);
}

#[test]
fn one_defect_in_a_member_that_an_input_names_is_one_divergence() {
    let dir = tree(&[
        (
            "templates/t.yaml",
            "name: w\nnamespace_name: r\nversion: 1.0.0\ninput_schema:\n  type: object\n  required: [name]\n  \
             additionalProperties: false\n  properties: { name: { type: string, minLength: 1, maxLength: 6 } }\n\
             steps:\n  - name: go\n    handler: { callable: go }\n",
        ),
        (
            "py/handlers.py",
            "from tasker_core.step_handler import inputs, step_handler\n\n\n@step_handler('go')\n@inputs('name')\n\
             def go(name, context):\n    return {'fields': {name: 1}}\n",
        ),
        (
            "ts/handlers.ts",
            "import { defineHandler } from '@tasker-systems/tasker';\n\
             export const Go = defineHandler('go', { inputs: { name: 'name' } }, async ({ name }: any) => ({ fields: { [name]: 2 } }));\n",
        ),
    ]);
    let (exit, report) =
        diff_in(dir.path(), &[&TREES[..], &["--oracle", "python", "--cases", "200", "--seed", "1"]].concat());
    assert_eq!(differences(&report), [("value", "/result/fields/*", &json!({"name": "a"}))]);
    assert_eq!(exit, 1);
}

#[rstest]
#[case::single_calls(&[])]
#[case::whole_workflows(&["--workflow", "all"])]
fn a_minimal_input_keeps_to_the_schema_of_the_template(#[case] more: &[&str]) {
    let dir = tree(&[
        (
            "templates/post.yaml",
            "name: parcel\nnamespace_name: post\nversion: 1.0.0\ninput_schema:\n  type: object\n  \
             required: [recipient, weight]\n  additionalProperties: false\n  properties:\n    \
             recipient: { type: object, required: [name], additionalProperties: false, properties: { name: { type: string, minLength: 1, maxLength: 9 } } }\n    \
             weight: { type: integer, minimum: 1, maximum: 400 }\n\
             steps:\n  - name: address\n    handler: { callable: post/address }\n  \
             - name: weigh\n    handler: { callable: post/weigh }\n    dependencies: [address]\n",
        ),
        (
            "py/steps.py",
            "from tasker_core import StepHandler\n\n\nclass AddressHandler(StepHandler):\n    \
             def call(self, context):\n        return self.success({'to': context.get_input('recipient')['name']})\n\n\n\
             class WeighHandler(StepHandler):\n    \
             def call(self, context):\n        return self.success({'grams': context.get_input('weight')})\n",
        ),
        (
            "ts/steps.ts",
            "import { StepHandler } from '@tasker-systems/tasker';\n\nexport class AddressHandler extends StepHandler {\n  \
             async call(context: any) { const { name } = context.getInput('recipient'); return this.success({ to: name, for: name }); }\n}\n\n\
             export class WeighHandler extends StepHandler {\n  \
             async call(context: any) { return this.success({ grams: Math.min(context.getInput('weight'), 300) }); }\n}\n",
        ),
    ]);
    let options = ["--oracle", "python", "--cases", "60", "--seed", "1"];
    let (exit, report) = diff_in(dir.path(), &[&TREES[..], &options, more].concat());
    let context = |weight: u32| json!({"recipient": {"name": "a"}, "weight": weight});
    let found = report["divergences"].as_array().unwrap().iter();
    let in_calls: Vec<&Value> = found.filter(|found| found["mode"] != "end-to-end").collect();
    let in_calls = json!({ "divergences": in_calls });
    let expected = [("value", "/result/grams", &context(301)), ("extra", "/result/for", &context(1))];
    assert_eq!(differences(&in_calls), expected);
    assert_eq!(exit, 1);
}

#[rstest]
#[case::single_calls(&["--handler", "ecommerce/validate_cart"])]
#[case::whole_workflows(&["--workflow", "ecommerce/ecommerce_order_processing"])]
fn a_known_divergence_that_no_longer_occurs_is_stale(#[case] what: &[&str]) {
    let entry = json!({
        "signature": {"handler": "ecommerce/validate_cart", "engine": "python", "class": "value", "path": "/result/tax"},
        "input": {"handler": "ecommerce/validate_cart", "context": {"cart_items": [{"product_id": 1, "quantity": 1}]}},
        "reason": "r", "owner": "o", "issue": "i", "expires": "9999-12-31",
    });
    let dir = tree(&[("ledger.yaml", &json!({"divergences": [entry]}).to_string())]);
    let ledger = dir.path().join("ledger.yaml");
    let options = ["--ledger", ledger.to_str().unwrap(), "--engine", "python", "--cases", "20", "--seed", "1"];
    let options = [&options[..], &["--allow-unexercised"]].concat();
    let output = parity_in(ROOT.as_ref(), &[&["diff"], what, &options].concat());
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    let stale = "stale: the known divergence ecommerce/validate_cart python value /result/tax no longer occurs";
    assert_eq!(stdout(&output).matches(stale).count(), 1, "{}", stdout(&output));
}

#[test]
fn what_ends_the_options_is_no_argument_of_the_processes_of_a_run() {
    let arguments =
        ["--handler", "ecommerce/validate_cart", "--engine", "python", "--cases", "10", "--seed", "1", "--"];
    let (exit, report) = diff_in(ROOT.as_ref(), &arguments);
    assert_eq!((exit, &report["cases"], differences(&report)), (0, &json!(10), vec![]));
}

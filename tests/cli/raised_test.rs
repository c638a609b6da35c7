//! What Tasker's worker makes of errors that are raised at it is told once a tree.

use rstest::rstest;
use serde_json::{Value, json};
use similar_asserts::assert_eq;
use tempfile::TempDir;

use crate::cli::support::{diff_in, parity_in, stdout, tree};

/// Three ways to refuse the same: a class that raises, a function that raises, and a class that returns.
fn project() -> TempDir {
    let template = "name: flow\nnamespace_name: t\nversion: 1.0.0\ninput_schema:\n  type: object\n  required: [value]\n  \
                    additionalProperties: false\n  properties: { value: { type: integer, minimum: 0, maximum: 9 } }\nsteps:\n  \
                    - { name: raise, handler: { callable: raise } }\n  - { name: function, handler: { callable: function } }\n  \
                    - { name: return, handler: { callable: return } }\n";
    let python = "from tasker_core import ErrorType, PermanentError, RetryableError, StepHandler\n\
                  from tasker_core.step_handler import inputs, step_handler\n\n\n\
                  class Raise(StepHandler):\n    handler_name = 'raise'\n\n    def call(self, context):\n        \
                  if context.get_input('value') > 4:\n            raise PermanentError('no', error_code='NO')\n        \
                  if context.get_input('value') == 4:\n            raise RetryableError('later', retry_after=5)\n        \
                  return self.success({})\n\n\n\
                  @step_handler('function')\n@inputs('value')\ndef function(value):\n    if value > 4:\n        \
                  raise PermanentError('no', error_code='NO')\n\n\n\
                  class Return(StepHandler):\n    handler_name = 'return'\n\n    def call(self, context):\n        \
                  if context.get_input('value') > 4:\n            \
                  return self.failure('no', ErrorType.PERMANENT_ERROR, False, error_code='NO')\n        \
                  return self.success({})\n";
    let class = |name: &str, retryable: &str| {
        format!(
            "export class {name}Handler extends StepHandler {{\n  static override handlerName = '{}';\n  \
             async call(context: any): Promise<any> {{\n    const value = context.getInput('value');\n    {retryable}\
             if (value > 4) return this.failure('no', 'permanent_error', false, {{}}, 'NO');\n    \
             return this.success({{}});\n  }}\n}}\n",
            name.to_lowercase()
        )
    };
    let later = "if (value === 4) return this.failure('later', 'retryable_error', true, { retry_after: 5 });\n    ";
    let typescript = [
        "import { StepHandler } from '@tasker-systems/tasker';\n".to_owned(),
        class("Raise", later),
        class("Function", ""),
        class("Return", ""),
    ]
    .concat();
    tree(&[("templates/flow.yaml", template), ("py/handlers.py", python), ("ts/handlers.ts", &typescript)])
}

const TREES: &[&str] = &[
    "--templates",
    "templates",
    "--python",
    "py",
    "--typescript",
    "ts",
    "--seed",
    "1",
    "--cases",
    "60",
    "--jobs",
    "1",
];

fn raised(engine: &str) -> Value {
    json!([{"engine": engine, "grade": "contract", "handlers": ["t/raise"],
        "instead": "return self.failure(..., retryable=False)"}])
}

#[rstest]
#[case::as_what_is_expected("python", "typescript", "python")]
#[case::as_what_is_compared("typescript", "python", "python")]
#[case::by_another_interpreter("typescript", "python-process", "python-process")]
fn a_worker_that_retries_what_is_raised_is_told_once_a_tree(
    #[case] oracle: &str,
    #[case] engine: &str,
    #[case] told: &str,
) {
    let dir = project();
    let (exit, report) = diff_in(dir.path(), &[TREES, &["--oracle", oracle, "--engine", engine]].concat());
    assert_eq!((exit, &report["divergences"], &report["raised"]), (0, &json!([]), &raised(told)));
    let differ = |row: &Value| {
        row["cases"].as_u64() != row["agreed"].as_u64().zip(row["malformed"].as_u64()).map(|(one, other)| one + other)
    };
    assert!(!report["handlers"].as_array().unwrap().iter().any(differ), "{report}");
}

#[test]
fn it_is_one_line_and_may_be_accepted() {
    let dir = project();
    let sides = [TREES, &["--oracle", "typescript", "--engine", "python"]].concat();
    let text = stdout(&parity_in(dir.path(), &[&["diff"], &sides[..]].concat()));
    let line = "raised: python: Tasker's worker retries the permanent errors that 1 handler raised, and drops their codes and contexts; \
                write `return self.failure(..., retryable=False)` (grade contract): t/raise\n";
    assert_eq!((text.matches("\nraised: ").count(), text.contains(line)), (1, true), "{text}");
    assert!(text.contains("\nagreement: "), "{text}");

    let (exit, report) = diff_in(dir.path(), &[&sides[..], &["--ignore", "/raised"]].concat());
    assert_eq!((exit, report.get("raised"), report.get("unmet")), (0, None, None));
    let (exit, report) = diff_in(dir.path(), &[&sides[..], &["--handler", "t/return"]].concat());
    assert_eq!((exit, report.get("raised")), (0, None));
}

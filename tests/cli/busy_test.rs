//! A busy machine invents nothing: handlers that are the same agree, or the run says that they could not be compared.

use std::process::{Child, Command};

use rstest::rstest;
use serde_json::json;

use crate::cli::support::{code, stderr, stdout, tree};

/// As many as keep two processors from whoever else wants them.
const LOOPS: usize = 6;

/// Processes that do nothing, all the time, until they are dropped.
struct BusyLoops(Vec<Child>);

impl BusyLoops {
    fn start() -> Self {
        let busy = || Command::new("sh").args(["-c", "while :; do :; done"]).spawn().unwrap();
        Self(std::iter::repeat_with(busy).take(LOOPS).collect())
    }
}

impl Drop for BusyLoops {
    fn drop(&mut self) {
        for child in &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

const TEMPLATE: &str = "name: flow\nnamespace_name: t\nversion: 1.0.0\ninput_schema:\n  type: object\n  required: [value]\n  \
                        additionalProperties: false\n  properties: { value: { type: integer, minimum: 0, maximum: 9 } }\nsteps:\n  \
                        - { name: plain, handler: { callable: plain } }\n  - { name: waits, handler: { callable: waits } }\n";

/// One that takes a fair part of its deadline for itself, and one that waits in a loop of its own and imports what it needs when it is called.
const PYTHON: &str = "from tasker_core import StepHandler\n\n\n\
                      class Plain(StepHandler):\n    handler_name = 'plain'\n\n    def call(self, context):\n        \
                      value = context.get_input('value')\n        for number in range(40000):\n            \
                      value = (value * 31 + number) % 1009\n        return self.success({'value': value})\n\n\n\
                      class Waits(StepHandler):\n    handler_name = 'waits'\n\n    async def call(self, context):\n        \
                      import asyncio, decimal, email.message, json\n        await asyncio.sleep(0.01)\n        \
                      return self.success({'value': json.loads(str(decimal.Decimal(context.get_input('value'))))})\n";

const TYPESCRIPT: &str = "import { setTimeout as sleep } from 'node:timers/promises';\n\
                          import { StepHandler } from '@tasker-systems/tasker';\n\
                          export class Plain extends StepHandler {\n  static override handlerName = 'plain';\n  \
                          async call(context: any): Promise<any> {\n    let value = context.getInput('value');\n    \
                          for (let number = 0; number < 40000; number += 1) {\n      value = (value * 31 + number) % 1009;\n    }\n    \
                          return this.success({ value });\n  }\n}\n\
                          export class Waits extends StepHandler {\n  static override handlerName = 'waits';\n  \
                          async call(context: any): Promise<any> {\n    await sleep(10);\n    \
                          return this.success({ value: context.getInput('value') });\n  }\n}\n";

#[rstest]
#[case::in_this_process("python", "typescript", &["--isolation", "in-process"])]
#[case::in_worker_processes("python", "typescript", &[])]
#[case::in_interpreters("python-process", "node", &[])]
#[ignore = "keeps the machine busy for some seconds"]
fn a_short_deadline_on_a_busy_machine_is_no_divergence(
    #[case] oracle: &str,
    #[case] engine: &str,
    #[case] isolation: &[&str],
) {
    let dir = tree(&[("templates/flow.yaml", TEMPLATE), ("py/handlers.py", PYTHON), ("ts/handlers.ts", TYPESCRIPT)]);
    let trees = ["diff", "--format", "json", "--templates", "templates", "--python", "py", "--typescript", "ts"];
    let options = ["--oracle", oracle, "--engine", engine, "--seed", "1", "--cases", "120", "--deadline", "0.03"];
    let _busy = BusyLoops::start();
    // Node is asked for a second opinion, too.
    let mut command = Command::new(env!("CARGO_BIN_EXE_parity"));
    let output = command.args([&trees[..], &options, isolation].concat()).current_dir(dir.path()).output().unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["divergences"], json!([]), "{report:#}");
    assert!([0, 3].contains(&code(&output)), "{} {}", stdout(&output), stderr(&output));
}

//! The executor where steps are created while the workflow runs. The handlers here are scripted.

use parity_model::{Observation, Outcome, StepInput};
use parity_suite::template;
use parity_suite::workflow::{Execution, Runner, StepState, Task, WorkflowState};
use serde_json::{Value, json};
use similar_asserts::assert_eq;

use crate::support::{Scripted, tree};

const APPROVALS: &str = "
name: approvals
namespace_name: test
version: 1.0.0
steps:
  - { name: route, type: decision, handler: { callable: test/route } }
  - { name: auto, handler: { callable: test/auto }, dependencies: [route] }
  - { name: manager, handler: { callable: test/manager }, dependencies: [route] }
  - { name: finish, type: deferred_convergence, handler: { callable: test/finish }, dependencies: [auto, manager] }
";

const IMPORT: &str = "
name: import
namespace_name: test
version: 1.0.0
steps:
  - { name: split, type: batchable, handler: { callable: test/split } }
  - { name: work, type: batch_worker, handler: { callable: test/work }, dependencies: [split] }
  - { name: sum, type: deferred_convergence, handler: { callable: test/sum }, dependencies: [work] }
";

const HANDLERS: &[&str] =
    &["test/route", "test/auto", "test/manager", "test/finish", "test/split", "test/work", "test/sum"];

fn completed(result: Value, metadata: Value) -> Observation {
    Outcome::Completed { result, metadata }.into()
}

fn run(template: &str, script: impl Fn(&StepInput) -> Option<Observation> + Send + Sync + 'static) -> Execution {
    let dir = tree(&[("template.yaml", template)]);
    let templates = template::load_all(dir.path()).unwrap();
    let pool = Scripted::pool(HANDLERS, move |step_input| {
        Ok(script(step_input).unwrap_or_else(|| completed(json!({"step": step_input.handler.step()}), json!({}))))
    });
    let runner = Runner::new(&templates).unwrap();
    let task: Task = serde_json::from_value(json!({"workflow": templates[0].id, "context": {}})).unwrap();
    runner.run(runner.template(&task.workflow).unwrap(), &task, &pool).unwrap()
}

fn steps(execution: &Execution) -> Vec<&str> {
    execution.trace.steps.iter().map(|step| step.step.as_str()).collect()
}

#[test]
fn only_what_a_decision_names_is_created_and_a_convergence_waits_for_that() {
    let decided = |names: Value| {
        run(APPROVALS, move |input| {
            let outcome = json!({"decision_point_outcome": {"type": "create_steps", "step_names": names}});
            (input.handler.step() == "route").then(|| completed(outcome, json!({})))
        })
    };
    let execution = decided(json!(["auto"]));
    assert_eq!(steps(&execution), ["route", "auto", "finish"]);
    assert_eq!(execution.trace.state, WorkflowState::Completed);
    let dependencies: Vec<&String> = execution.calls[2].0.dependencies.keys().collect();
    assert_eq!(dependencies, ["route", "auto"]);
    assert_eq!(steps(&decided(json!(["manager", "auto"]))), ["route", "auto", "manager", "finish"]);
    assert_eq!(steps(&decided(json!(["nobody"]))), ["route"]);
}

/// Two batches, and a worker of the first one that stops once at 3.
fn imported(input: &StepInput) -> Option<Observation> {
    let cursors = json!([{"batch_id": "001", "start_cursor": 0}, {"batch_id": "002", "start_cursor": 5}]);
    match input.handler.step() {
        "split" => {
            let outcome = json!({"type": "create_batches", "worker_template_name": "work", "cursor_configs": cursors});
            Some(completed(json!({"batch_processing_outcome": outcome}), json!({})))
        }
        "work" if input.step_inputs["cursor"]["start_cursor"] == 0 && input.checkpoint.is_none() => {
            let checkpoint = json!({"type": "checkpoint_yield", "cursor": 3, "items_processed": 3});
            Some(completed(checkpoint, json!({"checkpoint_yield": true})))
        }
        _ => None,
    }
}

#[test]
fn a_worker_that_yields_a_checkpoint_is_called_again_from_there() {
    let execution = run(IMPORT, imported);
    assert_eq!(steps(&execution), ["split", "work_001", "work_002", "sum"]);
    let work = &execution.trace.steps[1];
    assert_eq!(work.attempts.iter().map(|attempt| attempt.attempt).collect::<Vec<_>>(), [1, 1]);
    let checkpoints: Vec<Value> = execution.calls.iter().map(|(input, _)| json!(input.checkpoint)).collect();
    let checkpoint = json!({"cursor": 3, "items_processed": 3, "accumulated_results": null});
    assert_eq!(checkpoints, [json!(null), json!(null), checkpoint, json!(null), json!(null)]);
    let summed: Vec<&String> = execution.calls[4].0.dependencies.keys().collect();
    assert_eq!(summed, ["split", "work_001", "work_002"]);
}

#[test]
fn a_worker_that_never_ends_has_failed() {
    let execution = run(IMPORT, |input| match imported(input) {
        Some(end) => Some(end),
        None if input.handler.step() == "work" => Some(completed(json!({}), json!({"checkpoint_yield": true}))),
        None => None,
    });
    assert_eq!(execution.trace.step("work_001").unwrap().state, StepState::Failed);
    assert_eq!(execution.trace.state, WorkflowState::Failed);
}

//! The executor of workflows: what is run, when, with what, and what is compared. The handlers here are scripted; our own run
//! in `e2e`.

use std::sync::{Arc, Mutex};

use parity_engine::EngineFault;
use parity_judge::{Criteria, Strictness};
use parity_model::{Ambient, Failure, Outcome, StepInput};
use parity_model::{Observation, Unplanned};
use parity_suite::template;
use parity_suite::template::Template;
use parity_suite::workflow::{
    Execution, Pool, Runner, StepState, Task, Trace, WorkflowSignature, WorkflowState, compare_traces,
    compare_traces_fully,
};
use rstest::rstest;
use serde_json::{Value, json};
use similar_asserts::assert_eq;

use crate::support::{Scripted, tree};

/// `a` and `b` run side by side; `c` waits for both, `d` for `b` alone, `e` for `c`.
const DIAMOND: &str = "
name: diamond
namespace_name: test
version: 1.0.0
steps:
  - { name: e, handler: { callable: test/e }, dependencies: [c] }
  - name: a
    handler: { callable: test/a, initialization: { size: 3 } }
    retry: { max_attempts: 3, backoff: linear, backoff_base_ms: 100 }
  - { name: b, handler: { callable: test/b } }
  - { name: c, handler: { callable: test/c }, dependencies: [a, b] }
  - { name: d, handler: { callable: test/d }, dependencies: [b] }
";
const HANDLERS: &[&str] = &["test/a", "test/b", "test/c", "test/d", "test/e"];

fn diamond() -> Vec<Template> {
    let dir = tree(&[("diamond.yaml", DIAMOND)]);
    template::load_all(dir.path()).unwrap()
}

fn task() -> Task {
    serde_json::from_value(json!({"workflow": "test/diamond", "context": {"order": 1}})).unwrap()
}

fn completed(result: Value) -> Observation {
    Outcome::Completed { result, metadata: json!({}) }.into()
}

fn failed(failure: Failure) -> Observation {
    Outcome::Failed(failure).into()
}

/// Runs the diamond; a handler answers its own name unless `script` has something else for it.
fn run(script: impl Fn(&StepInput) -> Option<Observation> + Send + Sync + 'static) -> Execution {
    let pool = Scripted::pool(HANDLERS, move |step_input| {
        Ok(script(step_input).unwrap_or_else(|| completed(json!({"step": step_input.handler.step()}))))
    });
    try_run(&pool).unwrap()
}

fn try_run(pool: &Pool) -> Result<Execution, EngineFault> {
    let templates = diamond();
    let runner = Runner::new(&templates).unwrap();
    runner.run(runner.template(&task().workflow).unwrap(), &task(), pool)
}

/// The times of a step's attempts.
fn times(trace: &Trace, step: &str) -> Vec<u64> {
    trace.step(step).unwrap().attempts.iter().map(|attempt| attempt.at_ms).collect()
}

#[test]
fn steps_stand_behind_what_they_depend_on_and_get_the_results_of_all_ancestors() {
    let execution = run(|_| None);
    assert_eq!(execution.trace.state, WorkflowState::Completed);
    let order: Vec<&str> = execution.trace.steps.iter().map(|step| step.step.as_str()).collect();
    assert_eq!(order, ["a", "b", "c", "e", "d"]);
    let input_of = |step: &str| {
        let calls = &execution.calls;
        calls.iter().map(|(input, _)| input).find(|input| input.handler.step() == step).unwrap().clone()
    };
    let result = |step: &str| json!({"step": step});
    assert_eq!(Value::from(input_of("e").dependencies), json!({"a": result("a"), "b": result("b"), "c": result("c")}));
    assert_eq!(Value::from(input_of("d").dependencies), json!({"b": result("b")}));
    assert_eq!(Value::from(input_of("a").step_config), json!({"size": 3}));
    assert_eq!(input_of("a").max_attempts, 3);
    assert_eq!(Value::from(input_of("e").context), json!({"order": 1}));
}

#[test]
fn a_retryable_failure_is_tried_again_after_the_backoff_and_the_clock_goes_on() {
    let execution = run(|input| {
        (input.handler.step() == "a" && input.attempt < 3).then(|| {
            let mut failure = Failure::retryable(0, "later");
            failure.retry_after = None;
            failed(failure)
        })
    });
    let trace = &execution.trace;
    assert_eq!(trace.state, WorkflowState::Completed);
    assert_eq!(times(trace, "a"), [0, 100, 300]);
    // What waits for it starts when it has ended; what does not, does not wait.
    assert_eq!((times(trace, "c"), times(trace, "e"), times(trace, "d")), (vec![300], vec![300], vec![0]));
    let nows: Vec<String> = execution.calls[..3].iter().map(|(input, _)| input.ambient.now.to_string()).collect();
    assert_eq!(nows, ["2026-01-15T09:30:00Z", "2026-01-15T09:30:00.1Z", "2026-01-15T09:30:00.3Z"]);
    let attempts: Vec<u32> = execution.calls[..3].iter().map(|(input, _)| input.attempt).collect();
    assert_eq!(attempts, [1, 2, 3]);
}

#[test]
fn the_delay_that_a_failure_asks_for_goes_before_the_backoff() {
    let trace = run(|input| {
        (input.handler.step() == "a" && input.attempt == 1).then(|| failed(Failure::retryable(7, "later")))
    })
    .trace;
    assert_eq!(times(&trace, "a"), [0, 7000]);
}

#[rstest]
#[case::retries_are_used_up(failed(Failure::retryable(1, "later")), 3)]
#[case::what_nobody_planned_is_retryable(Unplanned::TimedOut.into(), 3)]
#[case::a_permanent_failure_is_not_tried_again(failed(Failure::permanent("BROKEN", "broken")), 1)]
fn a_failed_step_fails_the_workflow_and_skips_what_depends_on_it(#[case] end: Observation, #[case] attempts: usize) {
    let trace = run(move |input| (input.handler.step() == "a").then(|| end.clone())).trace;
    assert_eq!(trace.state, WorkflowState::Failed);
    assert_eq!(trace.step("a").unwrap().attempts.len(), attempts);
    assert_eq!(trace.in_state(&StepState::Failed), ["a"]);
    assert_eq!(trace.step("c").unwrap().state, StepState::Skipped(vec!["a".to_owned()]));
    assert_eq!(trace.step("e").unwrap().state, StepState::Skipped(vec!["c".to_owned()]));
    assert_eq!(trace.in_state(&StepState::Completed), ["b", "d"]);
}

#[test]
fn an_engine_that_fails_leaves_no_trace() {
    let fault = |step_input: &StepInput| EngineFault::Call {
        engine: "scripted".to_owned(),
        handler: step_input.handler.clone(),
        message: "out of order".to_owned(),
    };
    let pool = Scripted::pool(HANDLERS, move |step_input| match step_input.handler.step() {
        "c" => Err(fault(step_input)),
        _ => Ok(completed(json!({}))),
    });
    assert!(try_run(&pool).unwrap_err().to_string().contains("failed on test/c: out of order"));
}

#[test]
fn a_worker_that_dies_is_a_fault_and_not_a_hang() {
    let pool = Scripted::pool(HANDLERS, |_| panic!("the engine is broken"));
    let error = try_run(&pool).unwrap_err();
    assert!(error.to_string().contains("its thread ended"), "{error}");
    // All workers are gone now.
    for _ in 0..3 {
        assert!(try_run(&pool).is_err());
    }
}

#[test]
fn a_trace_does_not_depend_on_which_step_is_faster() {
    // Whichever of the two comes first waits until the other one has been called.
    let slow_first = |slow: &'static str| {
        let called = Arc::new((Mutex::new(false), std::sync::Condvar::new()));
        run(move |input| {
            let (lock, bell) = &*called;
            match input.handler.step() {
                step if step == slow => {
                    let guard = lock.lock().unwrap();
                    drop(bell.wait_while(guard, |called| !*called).unwrap());
                }
                "a" | "b" => {
                    *lock.lock().unwrap() = true;
                    bell.notify_all();
                }
                _ => {}
            }
            None
        })
    };
    assert_eq!(slow_first("a"), slow_first("b"));
}

/// The first difference where everything counts.
fn differing(expected: &Trace, actual: &Trace, engine: &str) -> Option<WorkflowSignature> {
    compare_traces_fully(expected, actual, engine).unwrap()
}

/// The oracle's run of the diamond in which `a` draws an id and says two numbers; `d` repeats the id.
fn drawn(entropy: u64) -> Trace {
    run(move |input| {
        let id = format!("id-{:04x}", entropy % 0x1_0000);
        match input.handler.step() {
            "a" => Some(completed(json!({"id": id, "total": 1.5}))),
            "d" => Some(completed(json!({"of": id}))),
            _ => None,
        }
    })
    .trace
}

#[rstest]
#[case::same_shape("id-ffff", json!(1.5), Strictness::Contract, None)]
#[case::other_shape("id-ffff0", json!(1.5), Strictness::Contract, Some("a form /result/id"))]
#[case::exactly("id-ffff", json!(1.5), Strictness::Full, Some("a value /result/id"))]
#[case::not_random("id-ffff", json!(1.75), Strictness::Contract, Some("a value /result/total"))]
#[case::tolerated("id-ffff", json!(1.625), Strictness::Contract, None)]
fn an_id_that_flows_through_a_workflow_is_matched_by_shape(
    #[case] id: &str,
    #[case] total: Value,
    #[case] strictness: Strictness,
    #[case] differs: Option<&str>,
) {
    let ambient = Ambient { entropy: 7, ..Ambient::default() };
    let actual = run({
        let id = id.to_owned();
        move |input| match input.handler.step() {
            "a" => Some(completed(json!({"id": id, "total": total}))),
            "d" => Some(completed(json!({"of": id}))),
            _ => None,
        }
    });
    let tolerances = vec!["/result/total=0.125".parse().unwrap()];
    let criteria = Criteria { strictness, tolerances, ..Criteria::default() };
    let again = &mut |ambient: &Ambient| Ok(drawn(ambient.entropy));
    let found = compare_traces(&drawn(7), &actual.trace, "scripted", (&criteria, &ambient), again).unwrap();
    assert_eq!(found.map(|found| format!("{} {} {}", found.step, found.class, found.path)).as_deref(), differs);
}

#[test]
fn the_oracle_runs_once_more_for_each_ambient_however_many_fields_are_random() {
    let actual = run(|input| match input.handler.step() {
        "a" => Some(completed(json!({"id": "id-ffff", "total": 1.5}))),
        "d" => Some(completed(json!({"of": "id-fffg"}))),
        _ => None,
    });
    let criteria = Criteria { strictness: Strictness::Contract, ..Criteria::default() };
    let mut entropies = Vec::new();
    let again = &mut |ambient: &Ambient| {
        entropies.push(ambient.entropy);
        Ok(drawn(ambient.entropy))
    };
    let ambient = Ambient { entropy: 7, ..Ambient::default() };
    let found = compare_traces(&drawn(7), &actual.trace, "scripted", (&criteria, &ambient), again).unwrap();
    assert_eq!(found.unwrap().to_string(), "test/diamond d scripted value /result/of");
    let count = entropies.len();
    entropies.sort_unstable();
    entropies.dedup();
    assert!(count == entropies.len() && count > 1, "{count} runs with {entropies:?}");
}

#[test]
fn an_oracle_that_can_not_run_again_is_a_fault_and_no_agreement() {
    let actual = drawn(8);
    let criteria = Criteria { strictness: Strictness::Contract, ..Criteria::default() };
    let fault = || EngineFault::NoHandler { engine: "rust".to_owned(), handler: "test/a".parse().unwrap() };
    let counts = (&criteria, &Ambient::default());
    assert!(compare_traces(&drawn(7), &actual, "scripted", counts, &mut |_| Err(fault())).is_err());
}

/// The trace of the diamond as JSON with one value replaced, compared with the unchanged one.
#[rstest]
#[case::time("/steps/0/attempts/0/at_ms", json!(1), Some("a value /attempts/*/at_ms"))]
#[case::number("/steps/0/attempts/0/attempt", json!(2), Some("a value /attempts/*/at_ms"))]
#[case::attempts("/steps/2/attempts", json!([]), Some("c length /attempts"))]
#[case::state("/steps/3/state", json!({"skipped": ["c"]}), Some("e value /state"))]
#[case::outcome("/steps/1/attempts/0/outcome/result/step", json!("x"), Some("b value /result/step"))]
#[case::order("/steps/4/step", json!("x"), Some("d value /handler"))]
#[case::handler("/steps/4/handler", json!("test/x"), Some("d value /handler"))]
#[case::delegation("/steps/4/delegated", json!({"workflow": "x/y", "trace": null}), Some("d value /delegated"))]
#[case::end("/state", json!("failed"), Some(" value /state"))]
#[case::workflow("/workflow", json!("test/other"), Some(" value /state"))]
#[case::nothing("/state", json!("completed"), None)]
fn every_part_of_a_trace_is_compared(#[case] pointer: &str, #[case] other: Value, #[case] differs: Option<&str>) {
    let expected = run(|_| None).trace;
    let mut document = json!(expected);
    let (parent, member) = pointer.rsplit_once('/').unwrap();
    document.pointer_mut(parent).unwrap()[member] = other;
    let actual: Trace = serde_json::from_value(document).unwrap();
    let found =
        differing(&expected, &actual, "scripted").map(|found| format!("{} {} {}", found.step, found.class, found.path));
    assert_eq!(found.as_deref(), differs);
}

#[test]
fn a_missing_step_and_a_difference_in_a_delegated_workflow_are_seen() {
    let expected = run(|_| None).trace;
    let mut shorter = expected.clone();
    shorter.steps.pop();
    assert_eq!(differing(&expected, &shorter, "scripted").unwrap().path, "/state");

    let delegating = |inner: &Trace| {
        let mut trace = expected.clone();
        let workflow = "test/inner".parse().unwrap();
        trace.steps[1].delegated =
            Some(parity_suite::workflow::Delegated { workflow, trace: Some(Box::new(inner.clone())) });
        trace
    };
    let other = run(|input| (input.handler.step() == "d").then(|| completed(json!({"step": "x"})))).trace;
    assert_eq!(differing(&delegating(&expected), &delegating(&expected), "scripted"), None);
    let found = differing(&delegating(&expected), &delegating(&other), "scripted").unwrap();
    assert_eq!((found.step.as_str(), found.path.as_str()), ("d", "/result/step"));
    let mut lost = delegating(&expected);
    lost.steps[1].delegated.as_mut().unwrap().trace = None;
    assert_eq!(differing(&delegating(&expected), &lost, "scripted").unwrap().path, "/delegated");
    let mut elsewhere = lost.clone();
    elsewhere.steps[1].delegated.as_mut().unwrap().workflow = "test/other".parse().unwrap();
    assert_eq!(differing(&lost, &lost, "scripted"), None);
    assert_eq!(differing(&lost, &elsewhere, "scripted").unwrap().path, "/delegated");
}

#[test]
fn a_trace_reads_back_as_the_same_trace() {
    let trace = run(|input| (input.handler.step() == "a").then(|| failed(Failure::retryable(1, "later")))).trace;
    let text = serde_json::to_string(&trace).unwrap();
    assert_eq!(serde_json::from_str::<Trace>(&text).unwrap(), trace);
}

//! The executor: runs the steps of a template as soon as what they depend on has completed, and retries what may be retried.
//!
//! Time is virtual. A call takes none; only the waits between attempts move a step's clock, and a step starts when the last
//! of its dependencies has ended. So a trace does not depend on the speed of anything, and nobody sleeps.

use std::collections::BTreeMap;

use parity_model::{FailureKind, Outcome, StepInput};
use serde_json::{Map, Value};
use tokio::task::JoinSet;

use crate::checkpoint::{checkpoint_in, is_checkpoint};
use crate::template::{CreatedStep, Retry, Step, Template, created};
use crate::workflow::delegation::delegated_task;
use crate::workflow::pool::Pool;
use crate::workflow::task::Task;
use crate::workflow::trace::{Attempt, Delegated, StepState, StepTrace, Trace, WorkflowState};
use parity_engine::EngineFault;
use parity_model::Observation;

/// One run of a workflow.
#[derive(Clone, Debug, PartialEq)]
pub struct Execution {
    /// What happened.
    pub trace: Trace,
    /// Every call with its outcome, in the order of the trace, those of a delegated workflow last.
    pub calls: Vec<(StepInput, Observation)>,
}

/// Runs `template` on the engine of `pool`.
///
/// - Steps whose dependencies have completed run concurrently. Each is handed the results of all its ancestors.
/// - Steps that a decision names, and the workers of a batchable step, are created when it has completed. What is never created
///   is no part of the trace.
/// - A step that yields a checkpoint is called again from there, as the same attempt.
/// - A retryable failure is tried again, if the template allows it, after the failure's `retry_after` or else after the
///   template's backoff. An end that nobody planned counts as retryable, as it does for Tasker's workers.
/// - Any other failure fails the workflow. Steps that depend on it are skipped; steps that do not still run.
/// - Where a step handed the task on to one of `templates`, that one runs, too, from the time at which the step ended.
///
/// An engine that fails ends the run: nothing is known about the workflow then.
pub async fn execute(
    templates: &[Template],
    template: &Template,
    task: &Task,
    pool: &Pool,
) -> Result<Execution, EngineFault> {
    let mut execution = run(template, task, 0, pool).await?;
    let delegations: Vec<(usize, Task, u64)> = execution
        .trace
        .steps
        .iter()
        .enumerate()
        .filter_map(|(place, step)| Some((place, delegated_task(&execution.trace, step, task)?, step.ended_at_ms())))
        .collect();
    for (place, task, at_ms) in delegations {
        let mut delegated = Delegated { workflow: task.workflow.clone(), trace: None };
        // One level deep: a subject may answer anything, also a delegation to itself.
        if let Some(template) = templates.iter().find(|template| template.id == task.workflow) {
            let mut run = run(template, &task, at_ms, pool).await?;
            execution.calls.append(&mut run.calls);
            delegated.trace = Some(Box::new(run.trace));
        }
        execution.trace.steps[place].delegated = Some(delegated);
    }
    Ok(execution)
}

/// A step that has ended, and its calls.
type Ended = (StepTrace, Vec<(StepInput, Observation)>);

async fn run(template: &Template, task: &Task, start_ms: u64, pool: &Pool) -> Result<Execution, EngineFault> {
    let mut live = Live::new(template);
    let mut waiting = live.steps();
    let mut ended: BTreeMap<String, Ended> = BTreeMap::new();
    let mut running = JoinSet::new();
    loop {
        // In this order a step that is skipped is seen by those behind it in the same round.
        waiting.retain(|CreatedStep { step, inputs, .. }| match readiness(step, &ended) {
            Readiness::Waiting => true,
            Readiness::Blocked(dependencies) => {
                ended.insert(step.name.clone(), (skipped(step, dependencies), Vec::new()));
                false
            }
            Readiness::Ready => {
                let dependencies = ancestor_results(&live.template, step, &ended);
                let input = StepInput {
                    step_config: step.handler.initialization.clone(),
                    step_inputs: inputs.clone(),
                    max_attempts: step.retry.max_attempts,
                    ..StepInput::new(step.handler.callable.clone(), task.context.clone(), dependencies)
                };
                let parents = step.dependencies.iter().filter_map(|name| ended.get(name));
                let ready_ms = parents.map(|(parent, _)| parent.ended_at_ms()).max().unwrap_or(start_ms);
                running.spawn(run_step(step.clone(), input, task.clone(), ready_ms, pool.clone()));
                false
            }
        });
        match running.join_next().await {
            None => break,
            Some(Ok(step)) => {
                let step = step?;
                ended.insert(step.0.step.clone(), step);
                waiting.extend(live.created(template, &ended));
            }
            Some(Err(error)) => std::panic::resume_unwind(error.into_panic()),
        }
    }
    let mut execution = Execution {
        trace: Trace { workflow: template.id.clone(), state: WorkflowState::Completed, steps: Vec::new() },
        calls: Vec::new(),
    };
    for (step, mut calls) in live.template.in_order().iter().filter_map(|step| ended.remove(&step.name)) {
        if step.state != StepState::Completed {
            execution.trace.state = WorkflowState::Failed;
        }
        execution.trace.steps.push(step);
        execution.calls.append(&mut calls);
    }
    Ok(execution)
}

/// A template with the steps that there are by now.
struct Live {
    template: Template,
    is_dynamic: bool,
}

impl Live {
    fn new(template: &Template) -> Self {
        let mut live = Self { template: template.clone(), is_dynamic: template.is_dynamic() };
        if live.is_dynamic {
            live.template.steps.clear();
            live.created(template, &BTreeMap::new());
        }
        live
    }

    /// The steps, each behind those that it depends on.
    fn steps(&self) -> Vec<CreatedStep> {
        let steps = self.template.in_order().into_iter().cloned();
        steps.map(|step| CreatedStep { inputs: Map::new(), like: step.name.clone(), step }).collect()
    }

    /// The steps that there are beside those that there were.
    fn created(&mut self, template: &Template, ended: &BTreeMap<String, Ended>) -> Vec<CreatedStep> {
        if !self.is_dynamic {
            return Vec::new();
        }
        let result = |name: &str| ended.get(name)?.0.result();
        let steps = created(template, &result);
        // In an order that does not depend on which of them were created first; those that run already stay as they are.
        let step = |new: &CreatedStep| self.template.step(&new.step.name).unwrap_or(&new.step).clone();
        let ordered: Vec<Step> = steps.iter().map(step).collect();
        let is_new = |new: &CreatedStep| self.template.step(&new.step.name).is_none();
        let created = steps.into_iter().filter(is_new).collect();
        self.template.steps = ordered;
        created
    }
}

enum Readiness {
    Waiting,
    Ready,
    Blocked(Vec<String>),
}

fn readiness(step: &Step, ended: &BTreeMap<String, Ended>) -> Readiness {
    if step.dependencies.iter().any(|name| !ended.contains_key(name)) {
        return Readiness::Waiting;
    }
    let completed = |name: &&String| ended.get(*name).is_some_and(|(step, _)| step.state == StepState::Completed);
    let blocking: Vec<String> = step.dependencies.iter().filter(|name| !completed(name)).cloned().collect();
    if blocking.is_empty() { Readiness::Ready } else { Readiness::Blocked(blocking) }
}

fn skipped(step: &Step, dependencies: Vec<String>) -> StepTrace {
    StepTrace {
        step: step.name.clone(),
        handler: step.handler.callable.clone(),
        state: StepState::Skipped(dependencies),
        attempts: Vec::new(),
        delegated: None,
    }
}

fn ancestor_results(template: &Template, step: &Step, ended: &BTreeMap<String, Ended>) -> Map<String, Value> {
    let result = |step: &Step| Some((step.name.clone(), ended.get(&step.name)?.0.result()?.clone()));
    template.ancestors(step).into_iter().filter_map(result).collect()
}

/// All attempts of one step.
async fn run_step(step: Step, input: StepInput, task: Task, ready_ms: u64, pool: Pool) -> Result<Ended, EngineFault> {
    let mut trace = StepTrace {
        step: step.name,
        handler: step.handler.callable,
        state: StepState::Failed,
        attempts: Vec::new(),
        delegated: None,
    };
    let mut calls = Vec::new();
    let (mut attempt, mut at_ms, mut checkpoint) = (1, ready_ms, None);
    loop {
        let ambient = task.ambient_of(&trace.handler, attempt, at_ms);
        let input = StepInput { attempt, ambient, checkpoint: checkpoint.clone(), ..input.clone() };
        let outcome = pool.call(input.clone()).await?;
        calls.push((input, outcome.clone()));
        if let Some(next) = checkpoint_of(&outcome) {
            trace.attempts.push(Attempt { attempt, at_ms, outcome });
            if calls.len() >= MOST_CALLS {
                return Ok((trace, calls));
            }
            checkpoint = Some(next);
            continue;
        }
        if matches!(outcome, Observation::Planned(Outcome::Completed { .. })) {
            trace.state = StepState::Completed;
        }
        let wait = wait_ms(&outcome, attempt, &step.retry);
        trace.attempts.push(Attempt { attempt, at_ms, outcome });
        match wait {
            None => return Ok((trace, calls)),
            Some(wait) => {
                attempt += 1;
                at_ms = at_ms.saturating_add(wait);
            }
        }
    }
}

/// So many calls a step may take that yields checkpoints: one that yields them for ever has failed.
const MOST_CALLS: usize = 200;

/// Where a call stopped to be made again from there.
fn checkpoint_of(outcome: &Observation) -> Option<Map<String, Value>> {
    let Observation::Planned(Outcome::Completed { result, metadata }) = outcome else { return None };
    is_checkpoint(metadata).then(|| checkpoint_in(result))
}

/// Milliseconds until the next attempt, if there is one.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast of a float ends at the limits of the integer, and no wait is negative"
)]
fn wait_ms(outcome: &Observation, attempt: u32, retry: &Retry) -> Option<u64> {
    let retry_after = match outcome {
        Observation::Planned(Outcome::Completed { .. }) => return None,
        Observation::Planned(Outcome::Failed(failure)) if failure.kind == FailureKind::Permanent => return None,
        Observation::Planned(Outcome::Failed(failure)) => {
            failure.retry_after.as_ref().and_then(serde_json::Number::as_f64)
        }
        Observation::Unplanned(_) => None,
    };
    let again = retry.retryable && attempt < retry.max_attempts;
    again.then(|| retry_after.map_or_else(|| retry.wait_ms(attempt), |seconds| (seconds * 1000.0).round() as u64))
}

//! Shrinking a task without losing its signature or leaving its domain.

use std::time::Instant;

use parity_model::Ambient;
use serde_json::{Value, json};

use super::crew::is_over;
use super::shrink_case::shrink_parts;
use super::workflow_tally::WorkflowDivergence;
use parity_engine::{Engine, EngineFault};
use parity_judge::Criteria;
use parity_schema::Domain;
use parity_suite::template::Template;
use parity_suite::workflow::{Pool, Runner, Task, Trace, WorkflowSignature, compare_traces};

/// What of a task is shrunk: `{"context"}`.
pub(super) fn document_of_task(task: &Task) -> Value {
    json!({"context": task.context})
}

/// Makes `start`, which shows `signature`, as small as possible, as [`super::shrink_case`] does with a step input.
pub(super) fn shrink_task(
    runner: &Runner,
    template: &Template,
    (oracle, subject): (&Pool, &Pool),
    domain: &Domain,
    (signature, criteria): (&WorkflowSignature, &Criteria),
    start: &Task,
    limit: Option<Instant>,
) -> Result<WorkflowDivergence, EngineFault> {
    let build = |document: &Value, ambient: &Ambient| {
        let context = document.as_object().filter(|parts| parts.len() == 1)?.get("context")?.as_object()?.clone();
        Some(Task { workflow: start.workflow.clone(), context, ambient: ambient.clone() })
    };
    let run = |task: &Task| -> Result<(Trace, Trace), EngineFault> {
        Ok((runner.run(template, task, oracle)?.trace, runner.run(template, task, subject)?.trace))
    };
    let mut shows = |task: Task| {
        let (expected, actual) = run(&task)?;
        let again = &mut |ambient: &Ambient| runner.run_again(template, &task, ambient, oracle);
        let found = compare_traces(&expected, &actual, subject.name(), (criteria, &task.ambient), again)?;
        Ok(found.as_ref() == Some(signature))
    };
    let parts = (document_of_task(start), start.ambient.clone());
    let ((document, ambient), evaluations) = shrink_parts(parts, domain, &build, &mut shows, limit)?;
    let input = build(&document, &ambient).unwrap_or(start.clone());
    let (expected, actual) = run(&input)?;
    let cut_short = is_over(limit);
    Ok(WorkflowDivergence {
        signature: signature.clone(),
        input,
        expected,
        actual,
        evaluations,
        cut_short,
        start: None,
    })
}

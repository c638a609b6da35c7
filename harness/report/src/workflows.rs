//! What was found in workflows, as text.

use std::fmt::Write as _;

use console::style;
use parity_model::Ambient;
use serde_json::json;

use super::escape::printable;
use super::outcomes::{pretty, value_diff};
use super::table::{table, table_within};
use super::view::View;
use parity_campaign::{WorkflowDivergence, WorkflowFault, WorkflowRow};
use parity_suite::template::TemplateId;
use parity_suite::workflow::{StepState, StepTrace, Trace};

/// Said of a divergence that is not as small as it could be.
pub(super) const CUT_SHORT: &str =
    "the time was over: a smaller input may show the same, and it was not run again elsewhere";

/// The counts of workflows.
pub(super) fn workflow_table(rows: &[WorkflowRow], view: View) -> String {
    let mut cells = vec![["workflow", "mode", "engine", "cases", "agreed", "divergences"].map(str::to_owned).to_vec()];
    cells.extend(rows.iter().map(|row| {
        vec![
            row.workflow.to_string(),
            row.mode.to_string(),
            row.engine.clone(),
            row.cases.to_string(),
            row.agreed.to_string(),
            row.divergences.to_string(),
        ]
    }));
    table_within(&cells, 3, view.width)
}

pub(super) fn push_workflow_fault(text: &mut String, fault: &WorkflowFault) {
    let title = style(format!("could not compare {} in {}", fault.workflow, fault.engine)).yellow().bold();
    let task = printable(&json!(fault.input).to_string());
    let _ = writeln!(text, "{title}\n  {}\n  task: {task}\n", printable(&fault.message));
}

pub(super) fn push_workflow(text: &mut String, (number, oracle): (usize, &str), divergence: &WorkflowDivergence) {
    let signature = &divergence.signature;
    let title = format!("divergence {number}: workflow {} in {}", divergence.input.workflow, signature.engine);
    let place = if signature.path.is_empty() { "the outcome as a whole" } else { &signature.path };
    let step = printable(&format!("{}, step {}", signature.workflow, signature.step));
    let _ = writeln!(
        text,
        "{}\n  first step that differs: {step}\n  what differs: {} at {}\n",
        style(title).bold(),
        printable(&signature.class.to_string()),
        printable(place)
    );
    let mut task = json!({"context": divergence.input.context});
    if divergence.input.ambient != Ambient::default() {
        task["ambient"] = json!(divergence.input.ambient);
    }
    let _ = writeln!(text, "  minimal task, found in {} evaluations:", divergence.evaluations);
    for line in pretty(&task).lines() {
        let _ = writeln!(text, "    {line}");
    }
    for (engine, trace) in [(oracle, &divergence.expected), (signature.engine.as_str(), &divergence.actual)] {
        let _ = writeln!(text, "\n  {engine}:");
        for line in trace_lines(trace) {
            let _ = writeln!(text, "    {line}");
        }
    }
    let sides = [&divergence.expected, &divergence.actual]
        .map(|trace| step_of(trace, signature.step.as_str(), &signature.workflow));
    let _ = writeln!(text, "\n  the step (- {oracle}, + {}):", signature.engine);
    for line in value_diff(&sides[0], &sides[1]).lines() {
        let _ = writeln!(text, "{line}");
    }
    if divergence.cut_short {
        let _ = writeln!(text, "\n  {CUT_SHORT}");
    }
}

/// A step of a run, or of the run of a workflow that one of its steps delegated to.
fn step_of<'a>(trace: &'a Trace, name: &str, workflow: &TemplateId) -> Option<&'a StepTrace> {
    if trace.workflow == *workflow {
        return trace.step(name);
    }
    let mut delegated = trace.steps.iter().filter_map(|step| step.delegated.as_ref()?.trace.as_deref());
    delegated.find_map(|trace| step_of(trace, name, workflow))
}

/// A run, one line a step.
#[must_use]
pub fn trace_lines(trace: &Trace) -> Vec<String> {
    let mut rows = Vec::new();
    push_rows(&mut rows, trace, "");
    table(&rows, 3).lines().map(str::to_owned).collect()
}

fn push_rows(rows: &mut Vec<Vec<String>>, trace: &Trace, indent: &str) {
    for step in &trace.steps {
        let times: Vec<String> = step.attempts.iter().map(|attempt| attempt.at_ms.to_string()).collect();
        let (state, why) = match &step.state {
            StepState::Completed => ("completed", format!("at {} ms", times.join(", "))),
            StepState::Failed => ("failed", format!("at {} ms", times.join(", "))),
            StepState::Skipped(dependencies) => ("skipped", format!("without {}", dependencies.join(", "))),
        };
        rows.push(vec![printable(&format!("{indent}{}", step.step)), state.to_owned(), why]);
        if let Some(delegated) = &step.delegated {
            let found = if delegated.trace.is_some() { "delegated" } else { "no such workflow" };
            rows.push(vec![printable(&format!("{indent}  {}", delegated.workflow)), found.to_owned(), String::new()]);
            if let Some(trace) = &delegated.trace {
                push_rows(rows, trace, &format!("{indent}    "));
            }
        }
    }
}

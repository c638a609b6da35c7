//! The report of a campaign over workflows, as data and as text.

use std::fmt::Write as _;

use console::style;
use reference_rs::Ambient;
use serde_json::{Value, json};

use super::escape::printable;
use super::outcomes::{pretty, value_diff};
use super::reproduce::Trees;
use super::text::{closing_line, push_divergence, push_fault, table, verdict};
use crate::campaign::{WorkflowDivergence, WorkflowTally};
use crate::generate::Scope;
use crate::template::TemplateId;
use crate::workflow::{StepState, StepTrace, Trace};

/// A workflow that was not run on an engine, because the engine's tree lacks one of its handlers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AbsentWorkflow {
    /// The workflow.
    pub workflow: TemplateId,
    /// The engine.
    pub engine: String,
    /// Which handler is missing, and where it is asked for.
    pub reason: String,
}

/// Everything that is said about a campaign over workflows.
#[derive(Clone, Debug)]
pub struct WorkflowReport {
    /// The campaign's seed.
    pub seed: u64,
    /// Its largest scope.
    pub scope: Scope,
    /// What was found.
    pub tally: WorkflowTally,
    /// What was not run.
    pub absent: Vec<AbsentWorkflow>,
    /// The directories that were named.
    pub trees: Trees,
    /// How long it took.
    pub seconds: f64,
}

impl WorkflowReport {
    /// The report as one JSON document:
    /// `{"seed", "cases", "seconds", "workflows": [WorkflowRow], "divergences": [{"mode", "signature", "input", "expected",
    /// "actual", "evaluations", "reproduce"}], "faults", "absent": [{"workflow", "engine", "reason"}]}`.
    ///
    /// A divergence of the mode `lock-step` is one of a single step input, see [`crate::divergence::Divergence`]; one of the
    /// mode `end-to-end` is one of a task, see [`WorkflowDivergence`]. Only `seconds` differs between two runs with one seed.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let entry = |mode: &str, mut document: Value, reproduce: String| {
            document["mode"] = mode.into();
            document["reproduce"] = reproduce.into();
            document
        };
        let tally = &self.tally;
        let lock_step = tally
            .lock_step
            .iter()
            .map(|divergence| entry("lock-step", json!(divergence), self.trees.reproduce(&divergence.input)));
        let end_to_end = tally
            .end_to_end
            .iter()
            .map(|divergence| entry("end-to-end", json!(divergence), self.trees.reproduce_task(&divergence.input)));
        let faults = tally.faults.iter().map(|fault| json!(fault));
        let absent = self
            .absent
            .iter()
            .map(|absent| json!({"workflow": absent.workflow, "engine": absent.engine, "reason": absent.reason}));
        json!({
            "seed": format!("{:016x}", self.seed),
            "cases": tally.cases,
            "seconds": (self.seconds * 1000.0).round() / 1000.0,
            "workflows": tally.rows,
            "divergences": lock_step.chain(end_to_end).collect::<Vec<_>>(),
            "faults": faults.chain(tally.step_faults.iter().map(|fault| json!(fault))).collect::<Vec<_>>(),
            "absent": absent.collect::<Vec<_>>(),
        })
    }

    /// How many divergences, and how many faults.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        let tally = &self.tally;
        (tally.lock_step.len() + tally.end_to_end.len(), tally.faults.len() + tally.step_faults.len())
    }
}

/// The whole report as a person reads it.
#[must_use]
pub fn render_workflows(report: &WorkflowReport) -> String {
    let tally = &report.tally;
    let mut text = String::new();
    for (number, divergence) in tally.lock_step.iter().enumerate() {
        push_divergence(&mut text, number + 1, divergence, &report.trees);
    }
    for (number, divergence) in tally.end_to_end.iter().enumerate() {
        push_workflow(&mut text, tally.lock_step.len() + number + 1, divergence, &report.trees);
    }
    for fault in &tally.faults {
        let title = style(format!("could not compare {} in {}", fault.workflow, fault.engine)).yellow().bold();
        let task = printable(&json!(fault.input).to_string());
        let _ = writeln!(text, "{title}\n  {}\n  task: {task}\n", printable(&fault.message));
    }
    for fault in &tally.step_faults {
        push_fault(&mut text, fault);
    }
    let mut rows = vec![["workflow", "mode", "engine", "cases", "agreed", "divergences"].map(str::to_owned).to_vec()];
    rows.extend(tally.rows.iter().map(|row| {
        vec![
            row.workflow.to_string(),
            row.mode.to_string(),
            row.engine.clone(),
            row.cases.to_string(),
            row.agreed.to_string(),
            row.divergences.to_string(),
        ]
    }));
    text.push_str(&table(&rows, 3));
    for absent in &report.absent {
        let _ = writeln!(text, "absent: {} on {}: {}", absent.workflow, absent.engine, printable(&absent.reason));
    }
    let (divergences, faults) = report.counts();
    text + &closing_line(&verdict(divergences, 0, faults), tally.cases, report.seconds, report.seed, report.scope)
}

fn push_workflow(text: &mut String, number: usize, divergence: &WorkflowDivergence, trees: &Trees) {
    let signature = &divergence.signature;
    let title = format!("divergence {number}: workflow {} in {}", divergence.input.workflow, signature.engine);
    let place = if signature.path.is_empty() { "the outcome as a whole" } else { &signature.path };
    let step = printable(&format!("{}, step {}", signature.workflow, signature.step));
    let _ = writeln!(
        text,
        "{}\n  first step that differs: {step}\n  what differs: {} at {}\n",
        style(title).bold(),
        printable(&signature.class),
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
    for (engine, trace) in [("rust", &divergence.expected), (signature.engine.as_str(), &divergence.actual)] {
        let _ = writeln!(text, "\n  {engine}:");
        for line in trace_lines(trace) {
            let _ = writeln!(text, "    {line}");
        }
    }
    let sides = [&divergence.expected, &divergence.actual]
        .map(|trace| step_of(trace, signature.step.as_str(), &signature.workflow));
    let _ = writeln!(text, "\n  the step (- rust, + {}):", signature.engine);
    for line in value_diff(&sides[0], &sides[1]).lines() {
        let _ = writeln!(text, "{line}");
    }
    let _ = writeln!(text, "\n  reproduce:\n    {}\n", trees.reproduce_task(&divergence.input));
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

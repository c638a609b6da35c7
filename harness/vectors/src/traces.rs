//! Choosing the traces of a workflow: runs in which different steps end in different ways.

use std::collections::{BTreeMap, BTreeSet};

use super::error::VectorError;
use super::model::{SEED, TraceVector};
use super::replay::Engines;
use parity_json::canonical_of;
use parity_model::{Observation, Zone};
use parity_schema::Scope;
use parity_suite::template::Template;
use parity_suite::workflow::{StepState, Task, Trace};
use parity_suite::{CaseId, Literals, TaskSource};

/// Traces a workflow.
const TRACES: usize = 20;

/// Tasks that they are chosen from.
const TASKS: u64 = 400;

/// Chooses the traces of `template`, run by the oracle.
pub(super) fn select_traces(template: &Template, engines: &Engines) -> Result<Vec<TraceVector>, VectorError> {
    let source = TaskSource::new(template, &parity_blog::OWN, &Literals::default())?;
    let mut left: Vec<(BTreeSet<String>, Task, Trace)> = Vec::new();
    for index in 0..TASKS {
        let mut drawn = source.draw(CaseId { seed: SEED, index }, Scope::Normal.of_case(index))?;
        // None of our handlers tells a local time.
        drawn.ambient.zone = Zone::default();
        let task: Task = serde_json::from_value(canonical_of(&drawn)).unwrap_or(drawn);
        let trace = engines.trace_of(template, &task)?;
        left.push((ends(&trace), task, trace));
    }
    let mut covered: BTreeMap<String, u32> = BTreeMap::new();
    let mut vectors: Vec<TraceVector> = Vec::new();
    while vectors.len() < TRACES && !left.is_empty() {
        let gain = |ends: &BTreeSet<String>| -> u32 {
            ends.iter().map(|end| 1000 / (1 + covered.get(end).copied().unwrap_or(0)).pow(3)).sum()
        };
        // The first of several equally good ones.
        let best = left.iter().enumerate().rev().max_by_key(|(_, (ends, ..))| gain(ends)).map(|(place, _)| place);
        let (ends, task, trace) = left.remove(best.unwrap_or(0));
        let new: Vec<String> = ends.iter().filter(|end| !covered.contains_key(*end)).cloned().collect();
        let vector = TraceVector::new(task, trace, note(&new));
        if vectors.iter().all(|other| other.id != vector.id) {
            for end in ends {
                *covered.entry(end).or_default() += 1;
            }
            vectors.push(vector);
        }
    }
    Ok(vectors)
}

fn note(new: &[String]) -> String {
    match new {
        [] => "Another run in which the steps end in known ways.".to_owned(),
        new => format!("A run in which {}.", new.join(", ")),
    }
}

/// How the steps of a run end.
fn ends(trace: &Trace) -> BTreeSet<String> {
    let mut ends = BTreeSet::new();
    for step in &trace.steps {
        let name = &step.step;
        if let StepState::Skipped(_) = step.state {
            ends.insert(format!("{name} is skipped"));
        }
        if step.attempts.len() > 1 {
            ends.insert(format!("{name} is tried {} times", step.attempts.len()));
        }
        for attempt in &step.attempts {
            ends.insert(format!("{name} ends in {}", decision(&attempt.outcome)));
        }
        if step.delegated.is_some() {
            ends.insert(format!("{name} hands the task on"));
        }
    }
    ends
}

fn decision(observation: &Observation) -> String {
    let outcome = canonical_of(observation);
    let text = |name: &str| outcome.get(name).filter(|value| !value.is_null()).map(ToString::to_string);
    let decision = text("code").or_else(|| text("kind")).or_else(|| text("status")).unwrap_or_default();
    decision.trim_matches('"').to_owned()
}

//! What happened in one run of a workflow.

use parity_model::{HandlerId, Outcome};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::template::TemplateId;
use parity_model::Observation;

/// One run of a workflow on one engine.
///
/// JSON: `{"workflow", "state": "completed" | "failed", "steps": [StepTrace]}`, the steps after everything that they depend
/// on, otherwise in the order of the template. It does not depend on which of two concurrent steps was faster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    /// The template.
    pub workflow: TemplateId,
    /// How it ended.
    pub state: WorkflowState,
    /// The steps.
    pub steps: Vec<StepTrace>,
}

impl Trace {
    /// The step of this name.
    #[must_use]
    pub fn step(&self, name: &str) -> Option<&StepTrace> {
        self.steps.iter().find(|step| step.step == name)
    }

    /// The step of this name in the run of `workflow`: this one, or one that a step handed the task on to.
    #[must_use]
    pub fn step_of(&self, workflow: &TemplateId, name: &str) -> Option<&StepTrace> {
        if self.workflow == *workflow {
            return self.step(name);
        }
        let mut handed_on = self.steps.iter().filter_map(|step| step.delegated.as_ref()?.trace.as_deref());
        handed_on.find_map(|trace| trace.step_of(workflow, name))
    }

    /// The names of the steps in this state.
    #[must_use]
    pub fn in_state(&self, state: &StepState) -> Vec<&str> {
        self.steps.iter().filter(|step| step.state == *state).map(|step| step.step.as_str()).collect()
    }
}

/// How a workflow ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkflowState {
    /// Every step completed.
    Completed,
    /// A step failed for good.
    Failed,
}

/// What happened to one step.
///
/// JSON: `{"step", "handler", "state", "attempts": [Attempt], "delegated"}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepTrace {
    /// Its name in the template.
    pub step: String,
    /// What it runs.
    pub handler: HandlerId,
    /// How it ended.
    pub state: StepState,
    /// The attempts, in their order; none if it was skipped.
    pub attempts: Vec<Attempt>,
    /// The workflow that it handed the task on to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delegated: Option<Delegated>,
}

impl StepTrace {
    /// The result, if it completed.
    #[must_use]
    pub fn result(&self) -> Option<&Value> {
        match &self.attempts.last()?.outcome {
            Observation::Planned(Outcome::Completed { result, .. }) => Some(result),
            _ => None,
        }
    }

    /// Milliseconds from the start of the workflow to the end of the last attempt; a call takes no time.
    #[must_use]
    pub fn ended_at_ms(&self) -> u64 {
        self.attempts.last().map_or(0, |attempt| attempt.at_ms)
    }
}

/// How a step ended.
///
/// JSON: `"completed"`, `"failed"`, or `{"skipped": ["the dependency that did not complete", …]}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// The last attempt completed.
    Completed,
    /// The last attempt failed, and there was no further one.
    Failed,
    /// It never ran, because these dependencies did not complete.
    Skipped(Vec<String>),
}

/// One call of a step's handler.
///
/// JSON: `{"attempt", "at_ms", "outcome"}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attempt {
    /// Its number, from 1.
    pub attempt: u32,
    /// When it ran, in milliseconds of virtual time since the start of the workflow.
    pub at_ms: u64,
    /// How it ended.
    pub outcome: Observation,
}

/// A workflow that a step handed the task on to.
///
/// JSON: `{"workflow", "trace"}`; `trace` is null if there is no such template.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delegated {
    /// The template that the step named.
    pub workflow: TemplateId,
    /// What happened there.
    pub trace: Option<Box<Trace>>,
}

//! Who does the work of a campaign: one process here, or several elsewhere. What is to be done, and what came of it, are
//! documents, so that it makes no difference.

use std::time::Instant;

use parity_model::{HandlerId, StepInput};
use serde::{Deserialize, Serialize};

use super::run::CampaignError;
use super::tally::Fault;
use super::workflow_tally::{WorkflowDivergence, WorkflowFault};
use super::workflows::Mode;
use crate::divergence::{Divergence, Start};
use parity_model::Observation;
use parity_model::Signature;
use parity_suite::template::TemplateId;
use parity_suite::workflow::{Task, WorkflowSignature};

/// A piece of a campaign's work. It depends on no other piece.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "job", rename_all = "snake_case")]
pub enum Job {
    /// Run these cases of a handler, as far as they are in the campaign's shard.
    Cases {
        /// The handler.
        handler: HandlerId,
        /// The number of the first case.
        first: u64,
        /// The number behind the last case.
        end: u64,
        /// How often the handler has taken too long so far, by engine; not run again on those that are stopped.
        engines: Vec<Standing>,
    },
    /// Run these tasks of a workflow.
    Tasks {
        /// The workflow.
        workflow: TemplateId,
        /// The number of the first task.
        first: u64,
        /// The number behind the last task.
        end: u64,
        /// The engines to run them on.
        engines: Vec<String>,
    },
    /// Make an input that shows this signature as small as possible, and see whether it repeats.
    Shrink {
        /// What to keep.
        signature: Signature,
        /// Where to start.
        input: StepInput,
    },
    /// Make a task that shows this signature as small as possible.
    ShrinkTask {
        /// What to keep.
        signature: WorkflowSignature,
        /// Where to start.
        task: Task,
    },
    /// See which known divergences of a handler on an engine still occur.
    Known {
        /// The handler.
        handler: HandlerId,
        /// The engine.
        engine: String,
    },
}

/// How an engine does with a handler so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// The engine.
    pub engine: String,
    /// How many calls have timed out.
    pub timeouts: u32,
}

/// What came of a [`Job`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "done", rename_all = "snake_case")]
pub enum Done {
    /// Of [`Job::Cases`].
    Cases(Log<Note>),
    /// Of [`Job::Tasks`].
    Tasks(Log<TaskNote>),
    /// Of [`Job::Shrink`].
    Shrunk(Box<Divergence>),
    /// The same, if an engine failed.
    Fault(Box<Fault>),
    /// Of [`Job::ShrinkTask`].
    ShrunkTask(Box<WorkflowDivergence>),
    /// The same, if an engine failed.
    TaskFault(Box<WorkflowFault>),
    /// Of [`Job::Known`].
    Known {
        /// Those that no longer occur.
        stale: Vec<Signature>,
        /// Those of which it is not known.
        faults: Vec<Fault>,
    },
    /// The work can not be done at all.
    Failed {
        /// Why.
        message: String,
    },
}

/// What happened in some cases, engine by engine, in the order of the cases.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Log<N> {
    /// Generated inputs.
    pub cases: u64,
    /// One an engine.
    pub engines: Vec<EngineLog<N>>,
}

/// What happened on one engine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EngineLog<N> {
    /// The engine.
    pub engine: String,
    /// What happened, in order.
    pub notes: Vec<N>,
}

/// What happened with one or more cases of a handler.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "note", rename_all = "snake_case")]
pub enum Note {
    /// So many cases agreed, one after the other.
    Agreed {
        /// How many.
        cases: u64,
    },
    /// A case showed nothing but what the ledger knows.
    Known,
    /// A case differs.
    Differs {
        /// How.
        signature: Signature,
        /// The case itself, if it is the smallest of its signature among those of this job so far.
        shown: Option<Box<Shown>>,
    },
    /// An engine failed; nothing comes after it.
    Fault {
        /// What happened.
        fault: Box<Fault>,
    },
}

/// A case that differs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    /// Its number in the campaign.
    pub case: u64,
    /// The workflow of which it was a call, if it was.
    pub workflow: Option<TemplateId>,
    /// Whether its input is well-formed.
    pub well_formed: bool,
    /// Its input.
    pub input: StepInput,
    /// What the oracle answered.
    pub expected: Observation,
    /// What the subject answered.
    pub actual: Observation,
}

impl Shown {
    /// The case as the start of shrinking.
    pub(super) fn start(&self) -> Start {
        let Self { case, workflow, well_formed, input, .. } = self.clone();
        Start { case, workflow, well_formed, input }
    }
}

/// What happened with one task of a workflow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "note", rename_all = "snake_case")]
pub enum TaskNote {
    /// A step differs in lock-step.
    Step {
        /// How.
        signature: Signature,
        /// The call, if it is the smallest of its signature so far.
        shown: Option<Box<Shown>>,
    },
    /// The whole run differs.
    Run {
        /// How.
        signature: WorkflowSignature,
        /// The task, if it is the smallest of its signature so far.
        shown: Option<Box<ShownTask>>,
    },
    /// A task was run and compared in a mode; what was noted since the last such note belongs to it.
    Ran {
        /// The mode.
        mode: Mode,
    },
    /// An engine failed; nothing comes after it.
    Fault {
        /// What happened.
        fault: Box<WorkflowFault>,
    },
}

/// A task of which the whole run differs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShownTask {
    /// Its number in the campaign.
    pub case: u64,
    /// Whether it is well-formed.
    pub well_formed: bool,
    /// The task.
    pub task: Task,
    /// The workflow's run by the oracle.
    pub expected: parity_suite::workflow::Trace,
    /// The workflow's run by the subject.
    pub actual: parity_suite::workflow::Trace,
}

/// Somebody who can do a job.
pub trait Member {
    /// Does `job`, and ends it early, with as much of it as is done, after `limit`.
    fn work(&mut self, job: &Job, limit: Option<Instant>) -> Result<Done, CampaignError>;
}

/// Takes the next job, if there is one, and until when it is to be done.
pub type Next<'a> = dyn FnMut() -> Option<(Job, Option<Instant>)> + 'a;

/// Is told what came of a job.
pub type Report<'a> = dyn FnMut(Job, Done) -> Result<(), CampaignError> + 'a;

/// Does all the jobs that there are, in any order.
pub trait Crew {
    /// Takes jobs until there are no more, and reports each of them. What is not done long after its limit is given up and
    /// not reported.
    fn work(&mut self, next: &mut Next<'_>, report: &mut Report<'_>) -> Result<(), CampaignError>;
}

/// A crew of one, which works here and now.
pub struct Alone<'a>(pub &'a mut dyn Member);

impl Crew for Alone<'_> {
    fn work(&mut self, next: &mut Next<'_>, report: &mut Report<'_>) -> Result<(), CampaignError> {
        while let Some((job, limit)) = next() {
            let done = self.0.work(&job, limit)?;
            report(job, done)?;
        }
        Ok(())
    }
}

/// Whether the time is over.
pub(super) fn is_over(limit: Option<Instant>) -> bool {
    limit.is_some_and(|limit| Instant::now() >= limit)
}

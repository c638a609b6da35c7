//! What a campaign over workflows counts and finds.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::divergence::Divergence;
use crate::opinions::Opinions;
use crate::seen::Seen;
use crate::tally::{COMPLETED, Fault};
use parity_model::Signature;
use parity_suite::template::TemplateId;
use parity_suite::workflow::{Task, Trace, WorkflowSignature};

/// What a subject is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Every step gets the oracle's upstream results, which pins a divergence to one handler.
    LockStep,
    /// Every engine feeds itself, and the whole trace is compared.
    EndToEnd,
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LockStep => "lock-step",
            Self::EndToEnd => "end-to-end",
        })
    }
}

/// The counts of one workflow on one engine in one mode.
///
/// JSON: `{"workflow", "mode", "engine", "cases", "agreed", "divergences", "ends"}`, and `"unsupported"`, as of a [`Row`](crate::Row).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkflowRow {
    /// The template.
    pub workflow: TemplateId,
    /// The mode.
    pub mode: Mode,
    /// The engine.
    pub engine: String,
    /// Tasks that were run and compared.
    pub cases: u64,
    /// Tasks in which the engine agreed with the oracle.
    pub agreed: u64,
    /// Distinct signatures among the others.
    pub divergences: u64,
    /// How many tasks came to which expected end: `completed`, or the first step that failed and how, e.g. `validate:INVALID`.
    #[serde(default)]
    pub ends: BTreeMap<String, u64>,
    /// Tasks of which a call could not be compared, by what an engine does not provide.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub unsupported: BTreeMap<String, u64>,
    /// Which they are; only said of a shard of a campaign.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signatures: Vec<String>,
}

impl WorkflowRow {
    /// Whether no task was expected to complete.
    #[must_use]
    pub fn is_unexercised(&self) -> bool {
        !self.ends.contains_key(COMPLETED)
    }
}

/// What is reported of one signature of a workflow.
///
/// JSON: `{"signature", "input", "expected", "actual", "evaluations"}` and `"cut_short"`; `input` is a whole
/// task, the others are traces.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkflowDivergence {
    /// Who differs, and how.
    pub signature: WorkflowSignature,
    /// The minimal task.
    pub input: Task,
    /// What the oracle makes of it.
    pub expected: Trace,
    /// What the subject makes of it.
    pub actual: Trace,
    /// How often shrinking ran the two.
    pub evaluations: u32,
    /// There was no time to make it smaller.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut_short: bool,
    /// Where shrinking began; only said of a shard of a campaign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<TaskStart>,
}

/// The smallest task of a signature in a shard of a campaign.
///
/// JSON: `{"case", "task"}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskStart {
    /// Its number in the campaign.
    pub case: u64,
    /// Whether it is well-formed: such tasks come before others.
    pub well_formed: bool,
    /// The task.
    pub task: Task,
}

/// An engine failed on a task; nothing is known about it, and the engine is not run on that workflow any further.
///
/// JSON: `{"workflow", "engine", "message", "input"}` and `"case"`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkflowFault {
    /// The template.
    pub workflow: TemplateId,
    /// The engine that failed.
    pub engine: String,
    /// What happened.
    pub message: String,
    /// The task on which it happened.
    pub input: Task,
    /// Which case it was, if it was one: while shrinking, tasks have no number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<u64>,
}

/// The result of a campaign over workflows.
#[derive(Clone, Debug, Default)]
pub struct WorkflowTally {
    /// Workflow by workflow, engine by engine, mode by mode.
    pub rows: Vec<WorkflowRow>,
    /// Those of single handlers, found in lock-step: one a signature.
    pub lock_step: Vec<Divergence>,
    /// Those of whole runs: one a signature.
    pub end_to_end: Vec<WorkflowDivergence>,
    /// Tasks that could not be compared.
    pub faults: Vec<WorkflowFault>,
    /// Calls that could not be compared while they were shrunk.
    pub step_faults: Vec<Fault>,
    /// What second runtimes said, by engine.
    pub opinions: Opinions,
    /// What outcomes showed beside whether they agree.
    pub seen: Seen,
    /// Entries of the ledger that no longer occur.
    pub stale: Vec<Signature>,
    /// Generated tasks.
    pub cases: u64,
}

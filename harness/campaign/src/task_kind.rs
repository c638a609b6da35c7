//! Tasks of whole workflows as the cases of a campaign.

use std::fmt;

use parity_model::{DifferenceClass, Signature};
use parity_shrink::Size;
use parity_suite::template::TemplateId;
use parity_suite::workflow::{Task, Trace, WorkflowSignature, document_of_task};
use serde::{Deserialize, Serialize};

use crate::divergence::{Divergence, distinct};
use crate::kind::{Counted, Course, Gathered, Kind, Place, Rank};
use crate::step_kind::{StepKind, Witness};
use crate::tally::Fault;
use crate::workflow_tally::{Mode, TaskStart, WorkflowDivergence, WorkflowFault, WorkflowRow, WorkflowTally};

/// The kind of case that is a task of a whole workflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskKind;

/// How a task differs: in one call, or as a whole.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskSignature {
    /// In one call in lock-step.
    Step(Signature),
    /// In the whole run.
    Run(WorkflowSignature),
}

/// What shows how a task differs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskWitness {
    /// One call.
    Step(Box<Witness>),
    /// The whole run.
    Run(Box<RunWitness>),
}

/// A task of which the whole run differs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunWitness {
    /// Who differs, and how.
    pub signature: WorkflowSignature,
    /// The number of its case in the campaign.
    pub case: u64,
    /// Whether it is well-formed.
    pub well_formed: bool,
    /// The task.
    pub task: Task,
    /// The workflow's run by the oracle.
    pub expected: Trace,
    /// The workflow's run by the subject.
    pub actual: Trace,
}

impl RunWitness {
    /// What is known when there was no time for triage.
    pub(crate) fn untriaged(self) -> WorkflowDivergence {
        let Self { signature, task: input, expected, actual, .. } = self;
        WorkflowDivergence { signature, input, expected, actual, evaluations: 0, cut_short: true, start: None }
    }

    /// The rank of a task.
    pub(crate) fn rank_of(task: &Task, well_formed: bool) -> Rank {
        (!well_formed, Size::of(&document_of_task(task)))
    }
}

/// What a task showed, after triage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskDivergence {
    /// In one call.
    Step(Box<Divergence>),
    /// In the whole run.
    Run(Box<WorkflowDivergence>),
}

/// An engine failed, on one call or on a task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskFault {
    /// On one call.
    Step(Box<Fault>),
    /// On a task.
    Run(Box<WorkflowFault>),
}

impl Kind for TaskKind {
    type Group = TemplateId;
    type Mode = Mode;
    type Signature = TaskSignature;
    type Witness = TaskWitness;
    type Divergence = TaskDivergence;
    type Fault = TaskFault;
    type Tally = WorkflowTally;

    const BLOCK: u64 = 20;

    fn about(signature: &TaskSignature) -> String {
        match signature {
            TaskSignature::Step(signature) => signature.handler.to_string(),
            TaskSignature::Run(signature) => signature.workflow.to_string(),
        }
    }

    fn family(signature: &TaskSignature) -> TaskSignature {
        match signature {
            TaskSignature::Step(signature) => TaskSignature::Step(signature.family()),
            TaskSignature::Run(signature) => TaskSignature::Run(signature.clone()),
        }
    }

    fn is_timeout(signature: &TaskSignature) -> bool {
        let class = match signature {
            TaskSignature::Step(signature) => &signature.class,
            TaskSignature::Run(signature) => &signature.class,
        };
        *class == DifferenceClass::TimedOut
    }

    fn rank(witness: &TaskWitness) -> (Rank, Place) {
        match witness {
            TaskWitness::Step(witness) => witness.rank(),
            TaskWitness::Run(witness) => {
                let RunWitness { case, well_formed, task, .. } = witness.as_ref();
                (RunWitness::rank_of(task, *well_formed), (*case, task.workflow.to_string()))
            }
        }
    }

    fn untriaged(witness: TaskWitness) -> TaskDivergence {
        match witness {
            TaskWitness::Step(witness) => TaskDivergence::Step(Box::new(witness.untriaged())),
            TaskWitness::Run(witness) => TaskDivergence::Run(Box::new(witness.untriaged())),
        }
    }

    /// Steps that run side by side in several engines are in no order that could be had again.
    fn is_unsettled(_: &TaskDivergence) -> bool {
        false
    }

    fn with_start(divergence: TaskDivergence, witness: &TaskWitness) -> TaskDivergence {
        match (divergence, witness) {
            (TaskDivergence::Step(divergence), TaskWitness::Step(witness)) => {
                TaskDivergence::Step(Box::new(StepKind::with_start(*divergence, witness)))
            }
            (TaskDivergence::Run(divergence), TaskWitness::Run(witness)) => {
                let RunWitness { case, well_formed, task, .. } = witness.as_ref();
                let start = TaskStart { case: *case, well_formed: *well_formed, task: task.clone() };
                TaskDivergence::Run(Box::new(WorkflowDivergence { start: Some(start), ..*divergence }))
            }
            (divergence, _) => divergence,
        }
    }

    fn tally(gathered: Gathered<Self>) -> WorkflowTally {
        let Course { cases, opinions, seen } = gathered.course();
        let Gathered { rows, divergences, faults, stale, unknown, whole, .. } = gathered;
        let mut tally =
            WorkflowTally { cases, opinions, seen, stale, step_faults: unknown, ..WorkflowTally::default() };
        for Counted { group: workflow, engine, mode, counts } in rows {
            // Another shard may have run it, and the rows must be the same.
            if whole && counts.cases == 0 {
                continue;
            }
            let signatures = counts.signatures.iter().map(ToString::to_string).collect();
            tally.rows.push(WorkflowRow {
                workflow,
                mode,
                engine,
                cases: counts.cases,
                agreed: counts.agreed + counts.known,
                divergences: counts.signatures.len() as u64,
                ends: counts.ends,
                unsupported: counts.unsupported,
                signatures: if whole { Vec::new() } else { signatures },
            });
        }
        let mut steps = Vec::new();
        for divergence in divergences.into_values() {
            match divergence {
                TaskDivergence::Step(divergence) => steps.push(*divergence),
                TaskDivergence::Run(divergence) => tally.end_to_end.push(*divergence),
            }
        }
        tally.lock_step = if whole { distinct(steps) } else { steps };
        for fault in faults {
            match fault {
                TaskFault::Step(fault) => tally.step_faults.push(*fault),
                TaskFault::Run(fault) => tally.faults.push(*fault),
            }
        }
        tally
    }
}

impl fmt::Display for TaskSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Step(signature) => signature.fmt(f),
            Self::Run(signature) => signature.fmt(f),
        }
    }
}

//! From cases to divergences.
//!
//! ```text
//! Campaign -> jobs -> Executor -> Worker: Source draws a case -> Probe: a Verdict -> notes -> Findings, one a signature
//!          -> jobs -> Executor -> Worker: Triage (shrink, confirm, attribute, grade) -> Divergences -> Tally
//! ```

mod attribute;
mod campaign;
mod confirm;
mod corpus;
mod divergence;
mod effort;
mod error;
mod examiner;
mod executor;
mod findings;
mod kind;
mod known;
mod minimise;
mod note;
mod opinions;
mod panel;
mod plan;
mod probe;
mod process;
mod processes;
mod raised;
mod roster;
mod run;
mod runner;
mod seen;
mod serve;
mod setting;
mod shard;
mod smallest;
mod step_kind;
mod steps;
mod tally;
mod task_kind;
mod task_probe;
mod tasks;
mod triage;
mod unmet;
mod worker;
mod workflow_tally;

pub use campaign::{Campaign, Event};
pub use confirm::{Confirmer, Fresh};
pub use corpus::{Corpus, Fate, Saved};
pub use divergence::{Divergence, Evidence, Repeat, Side, Start, distinct};
pub use effort::Effort;
pub use error::CampaignError;
pub use examiner::{Examiner, Held};
pub use kind::{Counted, Counts, Course, Document, Gathered, Kind, Place, Rank};
pub use minimise::SHRINK_BUDGET;
pub use note::{Standing, end_of};
pub use opinions::Opinions;
pub use panel::{Panel, TaskPanel};
pub use probe::{Probe, Verdict};
pub use process::WorkerProgram;
pub use raised::Raised;
pub use roster::{Roster, Rosters};
pub use run::{Compiled, Ran};
pub use runner::{Isolation, Loss, Runnable, Runner, With};
pub use seen::Seen;
pub use serve::{Libraries, serve};
pub use setting::Setting;
pub use shard::Shard;
pub use step_kind::{Direct, StepKind, Witness};
pub use steps::Steps;
pub use tally::{COMPLETED, Fault, Quiet, Row, Tally};
pub use task_kind::TaskKind;
pub use task_probe::TaskProbe;
pub use triage::{Examined, Incomparable, Triage};
pub use unmet::Unmet;
pub use worker::{Cases, Worker};
pub use workflow_tally::{Mode, TaskStart, WorkflowDivergence, WorkflowFault, WorkflowRow, WorkflowTally};

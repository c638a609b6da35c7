//! A campaign: many generated cases through the oracle and every engine, each disagreement shrunk once.
//!
//! ```text
//! campaign -> jobs -> crew (of one process or several) -> notes -> findings -> jobs (shrink) -> tally
//! ```

mod confirm;
mod corpus;
mod crew;
mod divergence;
mod findings;
mod run;
mod saved;
mod shard;
mod shrink_case;
mod shrink_task;
mod sides;
mod source;
mod steps;
mod tally;
mod tasks;
mod workflow_findings;
mod workflow_tally;
mod workflows;

pub use confirm::Fresh;
pub use corpus::{Corpus, Saved, Verdict};
pub use crew::{
    Alone, Crew, Done, EngineLog, Job, Log, Member, Next, Note, Report, Shown, ShownTask, Standing, TaskNote,
};
pub use divergence::{Divergence, Evidence, Repeat, Side, Start};
pub use run::{Campaign, CampaignError, Event, Roster, Rosters};
pub use saved::run_saved;
pub use shard::Shard;
pub use shrink_case::{SHRINK_BUDGET, shrink_case};
pub use steps::Steps;
pub use tally::{Fault, Quiet, Row, Tally};
pub use tasks::Tasks;
pub use workflow_tally::{TaskStart, WorkflowDivergence, WorkflowFault, WorkflowRow, WorkflowTally};
pub use workflows::{Mode, WorkflowCampaign};

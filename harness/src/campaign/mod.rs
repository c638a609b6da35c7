//! A campaign: many generated cases through the oracle and every engine, each disagreement shrunk once.

mod confirm;
mod run;
mod saved;
mod shrink_case;
mod shrink_task;
mod tally;
mod workflow_tally;
mod workflows;

pub use confirm::Fresh;
pub use run::{Campaign, CampaignError, Event};
pub use saved::run_saved;
pub use shrink_case::{SHRINK_BUDGET, shrink_case};
pub use tally::{Fault, Row, Tally};
pub use workflow_tally::{WorkflowDivergence, WorkflowFault, WorkflowRow, WorkflowTally};
pub use workflows::{Mode, WorkflowCampaign};

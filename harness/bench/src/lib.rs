//! What a case costs, beside what its handlers cost.

mod datasets;
mod figures;
mod growth;
mod inputs;
mod large;
mod measure;
mod peer_programs;
mod peers;
mod shrinking;

pub use figures::{Figures, HandlerFigures, Rates, Shares, Worst};
pub use growth::{CampaignCost, Growth};
pub use large::{DatasetFigures, RecordCost, ShrinkFigures};
pub use measure::{Bench, BenchError, Engines};
pub use peer_programs::PeerPrograms;
pub use peers::{PeerRun, Peers};

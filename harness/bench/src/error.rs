//! Why there are no figures.

use std::path::PathBuf;

use parity_blog::NoCases;
use parity_campaign::CampaignError;
use parity_engine::{EngineFault, TreeError};
use parity_model::HandlerId;
use parity_suite::GenerateError;
use thiserror::Error;

/// Why there are no figures.
#[derive(Debug, Error)]
pub enum BenchError {
    /// An engine failed.
    #[error(transparent)]
    Engine(#[from] EngineFault),
    /// The loop failed.
    #[error(transparent)]
    Campaign(#[from] CampaignError),
    /// There are no cases of a handler.
    #[error(transparent)]
    NoCases(#[from] NoCases),
    /// A strategy failed.
    #[error(transparent)]
    Generate(#[from] GenerateError),
    /// Handlers cannot be loaded.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// There is nothing large to measure.
    #[error("{0}: there is no dataset of cases that complete")]
    NoDataset(HandlerId),
    /// What is measured has to be right.
    #[error(
        "{handler}: {engine} differs from the oracle, so there is nothing to measure; `cargo parity diff` shows where"
    )]
    Differs {
        /// The handler that was called.
        handler: HandlerId,
        /// The engine that differs.
        engine: String,
    },
    /// There is nothing to shrink.
    #[error("{}: no case shows a divergence of this planted defect", .0.display())]
    NoDivergence(PathBuf),
    /// Another process failed.
    #[error("{what} failed: {message}")]
    Process {
        /// What it was to do.
        what: String,
        /// What it said.
        message: String,
    },
}

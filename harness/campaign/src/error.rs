//! Why a campaign has no result.

use std::io;

use parity_engine::{EngineFault, TreeError};
use parity_suite::GenerateError;
use parity_suite::template::TemplateId;
use thiserror::Error;

/// Why a campaign has no result.
#[derive(Debug, Error)]
pub enum CampaignError {
    /// There is no such workflow.
    #[error("there is no template of the workflow {0}")]
    NoTemplate(TemplateId),
    /// A worker was asked for an engine that it does not have.
    #[error("a worker has no engine {0}; the processes of this run are not of one version")]
    NoEngine(String),
    /// The oracle fails on the steps before a handler.
    #[error("nothing is known of what comes before a handler: {0}")]
    Upstream(String),
    /// The executor of workflows cannot start.
    #[error("the executor of workflows cannot start: {0}")]
    Runtime(#[source] io::Error),
    /// Nothing can be drawn.
    #[error(transparent)]
    Generate(#[from] GenerateError),
    /// An engine cannot be started.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// An engine failed.
    #[error(transparent)]
    Engine(#[from] EngineFault),
    /// The processes that run the handlers failed.
    #[error("{0}")]
    Processes(String),
    /// The processes that run the handlers refuse the campaign.
    #[error("{message}")]
    Refused {
        /// Why.
        message: String,
        /// Whether it is for the user to mend: an argument, a file or a tree of handlers.
        is_input: bool,
    },
    /// It was interrupted before anything was compared.
    #[error("interrupted before anything was compared")]
    Interrupted,
    /// Nothing was compared.
    #[error("no case was executed: no engine has one of the handlers, or there was no time or no case to run")]
    NothingExecuted,
}

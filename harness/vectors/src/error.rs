//! Why vectors can not be made, read or written.

use std::path::PathBuf;

use parity_json::document::DocumentError;
use thiserror::Error;

use parity_blog::NoCases;
use parity_campaign::CampaignError;
use parity_engine::{EngineFault, TreeError};
use parity_suite::GenerateError;
use parity_suite::template::TemplateError;

/// Why vectors can not be made, read or written.
#[derive(Debug, Error)]
pub enum VectorError {
    /// There are no cases of a handler.
    #[error(transparent)]
    NoCases(#[from] NoCases),
    /// A file or directory can not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A document can not be read or written.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// New vectors are not what an engine answers to them, so nothing was written.
    #[error("nothing was written, because engines do not agree with the new vectors:\n{}", mismatches.join("\n"))]
    Disagreement {
        /// One line each.
        mismatches: Vec<String>,
    },
    /// The oracle answers differently to vectors of handlers that were not asked for.
    #[error(
        "nothing was written: the oracle answers differently to vectors of handlers that were not named\n{}\nsee `parity \
         vectors diff`, then name them with --handler or leave --handler out",
        vectors.join("\n")
    )]
    OthersChanged {
        /// File and vector, one line each.
        vectors: Vec<String>,
    },
    /// Vectors would be dropped.
    #[error("nothing was written: vectors would be dropped\n{}\nallow it with --allow-removals", vectors.join("\n"))]
    Removals {
        /// File and vector, one line each.
        vectors: Vec<String>,
    },
    /// What was to be promoted can not become a vector.
    #[error("{}: can not be promoted: {reason}", file.display())]
    NotPromotable {
        /// The saved divergence.
        file: PathBuf,
        /// Why.
        reason: String,
    },
    /// There is nothing to check.
    #[error("{}: no golden vectors; `parity promote` makes them, --vectors names another directory", dir.display())]
    NoVectors {
        /// Where they were looked for.
        dir: PathBuf,
    },
    /// A strategy failed.
    #[error(transparent)]
    Generate(#[from] GenerateError),
    /// A template can not be used.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// A tree can not be loaded.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// An engine failed.
    #[error(transparent)]
    Engine(#[from] EngineFault),
    /// A campaign could not start.
    #[error(transparent)]
    Campaign(#[from] CampaignError),
}

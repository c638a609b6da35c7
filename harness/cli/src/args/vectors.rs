//! The arguments of the commands around golden vectors.

use std::path::PathBuf;

use clap::Subcommand;

use super::choices::Format;

#[derive(Debug, clap::Args)]
pub(crate) struct VectorsArgs {
    #[command(subcommand)]
    pub(crate) command: VectorsCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum VectorsCommand {
    /// Choose the vectors anew, replay them on every engine, and replace the files that are stale
    Regenerate(VectorsRegenerateArgs),
    /// Check that the files are whole and that oracle and engines answer as they expect
    Check,
    /// Show what the oracle answers otherwise than the vectors expect, grouped by what changed
    Diff(VectorsDiffArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct VectorsRegenerateArgs {
    /// Handler to choose vectors for, as namespace/step; may be given several times [default: all]
    #[arg(long = "handler", value_name = "ID")]
    pub(crate) handlers: Vec<String>,
    /// Write nothing; name the files that are stale and exit with 1 if there are any
    #[arg(long)]
    pub(crate) check: bool,
    /// Vectors that are no longer chosen may be dropped
    #[arg(long)]
    pub(crate) allow_removals: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct VectorsDiffArgs {
    /// How to print the changes
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Debug, clap::Args)]
pub(crate) struct PromoteArgs {
    /// The saved divergence
    pub(crate) file: PathBuf,
    /// Why the vector is there, in one sentence
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: String,
}

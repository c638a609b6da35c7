//! The arguments of the commands around golden vectors.

use std::path::PathBuf;

use clap::Subcommand;

use super::choices::Format;
use super::runtime::RuntimeArgs;
use super::suite::SuiteArgs;

#[derive(Debug, clap::Args)]
pub(crate) struct VectorsArgs {
    #[command(subcommand)]
    pub(crate) command: VectorsCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum VectorsCommand {
    /// Of Parity's own handlers, choose the vectors anew, replay them on every engine, and replace the files that are stale
    Regenerate(VectorsRegenerateArgs),
    /// Check that the files are whole and that oracle and engines answer as they expect
    Check(Box<KeptArgs>),
    /// Of Parity's own handlers, show what the oracle answers otherwise than the vectors expect, grouped by what changed
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

/// Where vectors are kept, and who answers them.
#[derive(Debug, clap::Args)]
pub(crate) struct KeptArgs {
    /// Directory of the golden vectors [default: vectors of the checkout for Parity's own handlers, for others parity-vectors
    /// beside the settings, or in the working directory]
    #[arg(long, value_name = "DIR")]
    pub(crate) vectors: Option<PathBuf>,
    /// Accept that a tree lacks a handler: any, or with =ID this one; may be given several times
    #[arg(long, value_name = "ID", num_args = 0..=1, require_equals = true, default_missing_value = "all")]
    pub(crate) allow_absent: Vec<String>,
    #[command(flatten)]
    pub(crate) suite: SuiteArgs,
    #[command(flatten)]
    pub(crate) runtime: RuntimeArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct PromoteArgs {
    /// The saved divergence
    pub(crate) file: PathBuf,
    /// Why the vector is there, in one sentence
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: String,
    #[command(flatten)]
    pub(crate) kept: KeptArgs,
}

//! The arguments of all commands.

#[cfg(feature = "embedded-python")]
mod bench;
mod choices;
mod command;
mod output;
mod review;
mod runtime;
mod suite;
mod values;
mod vectors;

pub use command::Args;

#[cfg(feature = "embedded-python")]
pub(super) use bench::{BenchArgs, Figured};
pub(super) use choices::{Format, IsolationChoice, NodeChoice, OracleChoice};
pub(super) use command::{
    Command, CoverageArgs, DiffArgs, DocsArgs, FuzzCaseArgs, ListArgs, LogArgs, MergeArgs, ReplayArgs, RunArgs,
};
pub(super) use output::OutputArgs;
pub(super) use review::ReviewArgs;
pub(super) use suite::{SuiteArgs, TreeArgs};
pub(super) use vectors::{KeptArgs, PromoteArgs, VectorsArgs, VectorsCommand, VectorsDiffArgs, VectorsRegenerateArgs};

//! The arguments that say how a report is printed, and which files are written of it.

use std::path::PathBuf;

use super::choices::Format;

#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(crate) struct OutputArgs {
    /// How to print the report
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Show no progress
    #[arg(short, long)]
    pub(crate) quiet: bool,
    /// Print all divergences in full, not the twenty worst causes only
    #[arg(long)]
    pub(crate) all: bool,
    /// Print for each handler what was drawn, where it came from, and how long that took, too
    #[arg(long)]
    pub(crate) statistics: bool,
    /// Write the report to FILE as JSON, too
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// Write the report to FILE as one page of HTML, too, which needs no network
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Write the report to FILE as `JUnit` XML, too: a test case a handler and engine
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,
    /// Write the report to FILE as Markdown, too, as for `$GITHUB_STEP_SUMMARY`
    #[arg(long, value_name = "FILE")]
    pub(crate) summary: Option<PathBuf>,
    /// Write the report to FILE as SARIF, too
    #[arg(long, value_name = "FILE")]
    pub(crate) sarif: Option<PathBuf>,
    /// Print annotations for GitHub, too, at the lines of the handlers [default: where `GITHUB_ACTIONS` is true]
    #[arg(long)]
    pub(crate) annotations: bool,
}

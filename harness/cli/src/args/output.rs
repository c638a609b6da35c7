//! The arguments that say how a report is printed.

use super::choices::Format;

#[derive(Debug, clap::Args)]
pub(crate) struct OutputArgs {
    /// How to print the report
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Print all divergences in full, not the twenty worst causes only
    #[arg(long)]
    pub(crate) all: bool,
}

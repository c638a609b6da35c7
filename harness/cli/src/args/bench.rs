//! The arguments of `parity bench`.

use std::path::PathBuf;

use clap::ValueEnum;

use super::values::seed;

#[derive(Debug, clap::Args)]
pub(crate) struct BenchArgs {
    /// Handler to measure, as namespace/step; may be given several times [default: all]
    #[arg(long = "handler", value_name = "ID")]
    pub(crate) handlers: Vec<String>,
    /// Cases a handler and round
    #[arg(long, value_name = "N", default_value_t = 400, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub(crate) cases: u64,
    /// Rounds, of which the median counts
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) rounds: u32,
    /// Seed of all cases, up to 16 hex digits
    #[arg(long, value_name = "HEX", value_parser = seed, default_value = "0")]
    pub(crate) seed: u64,
    /// Measure the peers of DIR on the same inputs, too: other ways to hold two languages against each other [default DIR:
    /// benches/peers]. Takes Node 20 and npm; packages go to target/peers
    #[arg(long, value_name = "DIR", num_args = 0..=1)]
    #[expect(clippy::option_option, reason = "not given, given without a directory, and with one")]
    pub(crate) peers: Option<Option<PathBuf>>,
    /// Measure instead how time and memory grow with the number of cases and with the size of datasets
    #[arg(long, conflicts_with_all = ["peers", "handlers", "cases", "rounds"])]
    pub(crate) growth: bool,
    /// How to print the figures
    #[arg(long, value_enum, default_value_t = Figured::Text)]
    pub(crate) format: Figured,
}

/// How figures are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Figured {
    /// For people
    Text,
    /// One JSON document
    Json,
    /// The tables of docs/bench.md
    Markdown,
}

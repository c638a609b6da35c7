//! The arguments that say where handlers run, and for how long.

use std::time::Duration;

use super::choices::IsolationChoice;
use super::values::seconds;

#[derive(Debug, clap::Args)]
pub(crate) struct RuntimeArgs {
    /// Where handlers run
    #[arg(long, value_enum, default_value_t = IsolationChoice::Auto)]
    pub(crate) isolation: IsolationChoice,
    /// How long one call of a handler may take
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "2")]
    pub(crate) deadline: Duration,
}

//! The arguments of `parity review`.

use std::path::PathBuf;

use super::choices::EmitChoice;
use super::vectors::KeptArgs;

#[derive(Debug, clap::Args)]
pub(crate) struct ReviewArgs {
    /// JSON report of `parity diff` whose divergences are gone through instead of the saved ones
    #[arg(value_name = "REPORT")]
    pub(crate) file: Option<PathBuf>,
    /// Directory of saved divergences [default: where `diff --save` puts them]
    #[arg(long, value_name = "DIR")]
    pub(crate) corpus: Option<PathBuf>,
    /// Ledger that accepted divergences are written to, which need not be there [default: that of our own handlers for them]
    #[arg(long, value_name = "FILE")]
    pub(crate) ledger: Option<PathBuf>,
    /// What tests are written for [default: what is usual in the language of the handler]
    #[arg(long, value_enum, value_name = "KIND")]
    pub(crate) emit: Option<EmitChoice>,
    #[command(flatten)]
    pub(crate) kept: KeptArgs,
}

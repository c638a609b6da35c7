//! `parity merge`: the report of a campaign from those of its shards.

use std::io::Read;
use std::path::Path;

use super::args::MergeArgs;
use super::diff::exit_of;
use super::error::{CliError, Exit};
use super::output::put_out;
use parity_report::{Report, missing};

pub(super) fn merge(args: &MergeArgs) -> Result<Exit, CliError> {
    let reports: Vec<Report> = args.reports.iter().map(|file| read(file)).collect::<Result<_, _>>()?;
    let merged = parity_report::merge(reports)?;
    put_out(&merged, &args.output)?;
    Ok(match exit_of(&merged) {
        // Nobody knows what the others will say.
        Exit::Agreement if !missing(&merged.shards).is_empty() => Exit::CouldNotCompare,
        exit => exit,
    })
}

/// A report in a file, or in standard input.
pub(super) fn read(file: &Path) -> Result<Report, CliError> {
    let unreadable = |source| CliError::Unreadable { file: file.to_owned(), source };
    let mut text = String::new();
    if file == Path::new("-") {
        std::io::stdin().read_to_string(&mut text).map_err(unreadable)?;
    } else {
        text = std::fs::read_to_string(file).map_err(unreadable)?;
    }
    serde_json::from_str(&text)
        .map_err(|error| CliError::NoReport { file: file.to_owned(), message: error.to_string() })
}

//! What a shell and `man` know of the commands, made of the definitions that `--help` is made of.

use std::io::Write;
use std::path::Path;

use clap::CommandFactory;
use clap_complete::{Shell, generate};

use super::args::Args;
use super::error::{CliError, Exit};

/// Prints what a shell reads to complete commands and flags.
pub(super) fn completions(shell: Shell) -> Result<Exit, CliError> {
    // Where nobody reads on, the library would panic.
    let mut script = Vec::new();
    generate(shell, &mut Args::command(), "parity", &mut script);
    std::io::stdout().lock().write_all(&script)?;
    Ok(Exit::Agreement)
}

/// Writes a page of each command.
pub(super) fn man(directory: &Path) -> Result<Exit, CliError> {
    let failed = |source| CliError::Pages { directory: directory.to_owned(), source };
    std::fs::create_dir_all(directory).map_err(failed)?;
    clap_mangen::generate_to(Args::command(), directory).map_err(failed)?;
    Ok(Exit::Agreement)
}

//! The binary `parity`.

use std::process::ExitCode;

use clap::Parser;
use harness::cli::{Args, CliError, Exit, execute};
use harness::report::printable;

fn main() -> ExitCode {
    match execute(Args::parse()) {
        Ok(exit) => exit.into(),
        // Whoever reads the output has seen enough, as `head` does.
        Err(CliError::Io(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => Exit::Agreement.into(),
        Err(error) => {
            eprintln!("parity: {}", printable(&error.to_string()));
            error.exit().into()
        }
    }
}

//! The binary `parity`.

use std::process::ExitCode;

use mimalloc::MiMalloc;
use parity::{Args, CliError, Exit, LOG_VARIABLE, execute, with_settings};
use parity_report::printable;

/// A case is made of many small values that live as long as the case: a tenth of a campaign's time with the system's allocator.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let arguments = with_settings(std::env::args_os().collect()).map_err(CliError::from);
    // Where cargo runs this, as `cargo parity` does, it says so.
    let name = if std::env::var_os("CARGO").is_some() { "cargo parity" } else { "parity" };
    let run = |arguments| execute(Args::read(arguments, name), std::env::var_os(LOG_VARIABLE).as_deref());
    match arguments.and_then(run) {
        Ok(exit) => exit.into(),
        // Whoever reads the output has seen enough, as `head` does.
        Err(CliError::Io(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => Exit::Agreement.into(),
        Err(error) => {
            eprintln!("parity: {}", printable(&error.to_string()));
            error.exit().into()
        }
    }
}

//! Runs a command in a process that is watched, because a handler may end the process that it runs in.

use std::env;
use std::process::Command;

use reference_rs::StepInput;

use super::error::{CliError, Exit};
use crate::engine::journal::{GIVEN_UP, running};
use crate::report::printable;

/// How the watched process ended.
pub(super) enum End {
    /// By itself, with its work done.
    Done(Exit),
    /// Not by itself: the inputs that were running, each with its engine's name.
    Lost(Vec<(String, StepInput)>),
}

/// Runs this very command again in another process, in which the inputs that run are kept.
pub(super) fn supervise() -> Result<End, CliError> {
    let journal = tempfile::tempdir()?;
    let status =
        Command::new(env::current_exe()?).args(env::args_os().skip(1)).arg("--journal").arg(journal.path()).status()?;
    if let Some(exit) = status.code().and_then(Exit::from_code) {
        return Ok(End::Done(exit));
    }
    let inputs = running(journal.path())?;
    let how = if status.code() == Some(GIVEN_UP) {
        "a call does not end, or spoiled its engine".to_owned()
    } else {
        format!("the process ended with {status}")
    };
    for (engine, input) in &inputs {
        eprintln!("parity: {} in {engine}: {how}", input.handler);
        eprintln!("  step input: {}", printable(&serde_json::json!(input).to_string()));
    }
    if inputs.is_empty() {
        eprintln!("parity: {how}, and no handler was running");
    }
    eprintln!("parity: running again with every engine in a process of its own");
    Ok(End::Lost(inputs))
}

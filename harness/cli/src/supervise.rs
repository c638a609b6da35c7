//! What is said of a process that a handler has ended.

use std::path::Path;
use std::process::ExitStatus;

use parity_model::StepInput;

use super::error::CliError;
use parity_engine::journal::{GIVEN_UP, running};
use parity_report::printable;

/// Says how a process ended that kept its running inputs in `journal`; answers them, each with its engine's name.
pub(super) fn post_mortem(status: ExitStatus, journal: Option<&Path>) -> Result<Vec<(String, StepInput)>, CliError> {
    let inputs = journal.map_or_else(|| Ok(Vec::new()), running)?;
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
    Ok(inputs)
}

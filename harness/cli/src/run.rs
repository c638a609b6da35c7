//! `parity run`: one engine, step inputs in, outcomes out.

use std::io::{BufRead, Write};

use parity_model::StepInput;
use serde_json::{Value, json};

use super::args::RunArgs;
use super::engines::load_any;
use super::error::{CliError, Exit};
use parity_engine::{Engine, EngineFault};

pub(super) fn run(args: &RunArgs) -> Result<Exit, CliError> {
    let mut engine = load_any(args.engine, &args.trees.trees())?;
    let mut input = std::io::stdin().lock();
    let mut output = std::io::stdout().lock();
    let mut exit = Exit::Agreement;
    let mut line = Vec::new();
    while input.read_until(b'\n', &mut line)? > 0 {
        let (document, end) = answer(engine.as_mut(), &line);
        writeln!(output, "{document}")?;
        output.flush()?;
        exit = match (exit, end) {
            (Exit::CouldNotCompare, _) | (_, Exit::Agreement) => exit,
            _ => end,
        };
        line.clear();
    }
    Ok(exit)
}

fn answer(engine: &mut dyn Engine, line: &[u8]) -> (Value, Exit) {
    let step_input: StepInput = match serde_json::from_slice(line) {
        Ok(step_input) => step_input,
        Err(error) => return (json!({"error": format!("not a step input: {error}")}), Exit::BadInput),
    };
    match engine.run(&step_input) {
        Ok(observation) => (json!(observation), Exit::Agreement),
        Err(fault @ EngineFault::NoHandler { .. }) => (json!({"error": fault.to_string()}), Exit::BadInput),
        Err(fault) => (json!({"error": fault.to_string()}), Exit::CouldNotCompare),
    }
}

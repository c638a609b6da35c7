//! `parity run`: one engine, step inputs in, outcomes out.

use std::io::{BufRead, Write};
use std::path::Path;

use parity_engine::{Engine, EngineConfig, EngineFault, Launch, LaunchOptions};
use parity_engines::Launcher;
use parity_model::StepInput;
use parity_suite::template::{load_all, naming};
use serde_json::{Value, json};

use super::args::{IsolationChoice, OracleChoice, RunArgs};
use super::error::{CliError, Exit};
use super::root::Root;
use super::suite::{configured, usable};

pub(super) fn run(args: &RunArgs, root: Option<&Path>, launch: &Launcher) -> Result<Exit, CliError> {
    let mut engine = start(args, root, launch)?;
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

fn start(args: &RunArgs, root: Option<&Path>, launch: &Launcher) -> Result<Box<dyn Engine>, CliError> {
    let found = Root::find(root);
    let own = found.as_ref().ok();
    let engine = match &args.engine {
        OracleChoice::Reference => EngineConfig::reference(),
        // Nothing is compared, so that nothing needs to be confirmed.
        OracleChoice::Engine(engine) => EngineConfig { second: None, ..configured(engine.clone(), &args.trees, own)? },
        OracleChoice::Majority => return Err(CliError::NoEngine),
    };
    let naming = match (&args.trees.templates, own) {
        (Some(dir), _) => naming(&usable(dir)?.0).lenient(),
        (None, Some(root)) => naming(&load_all(&root.templates())?),
        (None, None) => found.map(|_| LaunchOptions::default().naming)?,
    };
    // A process of its own, so that every line has its answer, whatever a handler does.
    let isolated = args.runtime.isolation != IsolationChoice::InProcess;
    let options = LaunchOptions { naming, deadline: args.runtime.deadline, isolated, ..LaunchOptions::default() };
    Ok(launch.launch(&engine, &options)?)
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

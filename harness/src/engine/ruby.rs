//! The engine `ruby`: handlers in Ruby, with `ActiveSupport`, written for `TaskerCore`.

use std::path::Path;
use std::time::Duration;

use super::process::{Hosted, ProcessEngine, RuntimeFiles, Surroundings, WorkerCommand};
use super::{EngineFault, TreeError};

/// The engine's name, and the program's.
const NAME: &str = "ruby";

const WORKER: &str = "parity_worker.rb";
const FILES: &[(&str, &str)] = &[
    (WORKER, include_str!("../../runtime/ruby/parity_worker.rb")),
    ("parity_ambient.rb", include_str!("../../runtime/ruby/parity_ambient.rb")),
    ("parity_calls.rb", include_str!("../../runtime/ruby/parity_calls.rb")),
    ("parity_json.rb", include_str!("../../runtime/ruby/parity_json.rb")),
    ("tasker_core.rb", include_str!("../../runtime/ruby/tasker_core.rb")),
];

/// Starts the `ruby` on PATH on the handlers of `tree`: the files named `*_handler.rb` in it and below it.
pub fn ruby(tree: &Path, surroundings: &Surroundings, deadline: Duration) -> Result<Hosted, TreeError> {
    let tree = tree
        .canonicalize()
        .ok()
        .filter(|tree| tree.is_dir())
        .ok_or_else(|| TreeError::NoDirectory { dir: tree.to_owned(), language: NAME })?;
    let files = RuntimeFiles::write(FILES.iter().copied())
        .map_err(|error| EngineFault::Start { engine: NAME.to_owned(), message: error.to_string() })?;
    let command = WorkerCommand {
        program: NAME.into(),
        // Suggestions in messages depend on what else is loaded.
        arguments: vec!["--disable-did_you_mean".into(), files.path().join(WORKER).into()],
        tree: Some(tree),
        variables: [("TZ", "UTC"), ("LC_ALL", "C.UTF-8"), ("RUBYOPT", "")]
            .map(|(name, value)| (name.into(), value.into()))
            .to_vec(),
        surroundings: surroundings.clone(),
    };
    Ok(Hosted::new(ProcessEngine::start(NAME, command, deadline)?, files))
}

//! The engine `ruby`: handlers in Ruby, with `ActiveSupport`, written for `TaskerCore`.

use std::path::Path;
use std::time::Duration;

use serde_json::json;

use parity_engine::allowed::Allowed;
use parity_engine::catalog::{Catalog, directory};
use parity_engine::naming::Naming;
use parity_engine::process::{self, Hosted, Interpreter, ProcessEngine, RuntimeFiles, Surroundings, WorkerCommand};
use parity_engine::tree::RUBY;
use parity_engine::{EngineFault, TreeError};

/// The engine's usual name.
const NAME: &str = "ruby";

const WORKER: &str = "parity_worker.rb";
const FILES: &[(&str, &str)] = &[
    (WORKER, include_str!("../runtime/parity_worker.rb")),
    ("parity_ambient.rb", include_str!("../runtime/parity_ambient.rb")),
    ("parity_calls.rb", include_str!("../runtime/parity_calls.rb")),
    ("parity_json.rb", include_str!("../runtime/parity_json.rb")),
    ("tasker_batches.rb", include_str!("../runtime/tasker_batches.rb")),
    ("tasker_decisions.rb", include_str!("../runtime/tasker_decisions.rb")),
    ("tasker_core.rb", include_str!("../runtime/tasker_core.rb")),
];

/// Says where Ruby and its packages are.
const PLACES: &str = "puts \"parent #{Process.ppid}\", RbConfig.ruby, $LOAD_PATH, $LOADED_FEATURES, Gem.path, RbConfig::CONFIG['rubylibprefix']";

/// The names of the files to load, beside the worker.
const TREE_FILES: &str = "tree_files.json";

/// What is open to handlers, beside the worker.
const ALLOWED: &str = "allowed.json";

/// Starts a program, a Ruby, on the handlers of `tree`, under a name in reports.
pub fn ruby(
    (name, program): (&str, &Path),
    tree: &Path,
    naming: &Naming,
    allowed: &Allowed,
    surroundings: &Surroundings,
    deadline: Duration,
) -> Result<Hosted, TreeError> {
    let root = directory(tree, NAME)?;
    let catalog = Catalog::read(tree, NAME, &RUBY, naming)?;
    let (names, open) = (json!(catalog.names()).to_string(), allowed.document().to_string());
    let files = RuntimeFiles::write(FILES.iter().copied().chain([(TREE_FILES, names.as_str()), (ALLOWED, &open)]))
        .map_err(|error| EngineFault::Start { engine: name.to_owned(), message: error.to_string() })?;
    let Interpreter { program, readable, .. } = process::interpreter(program, &["-e", PLACES]);
    let command = WorkerCommand {
        program,
        readable: readable.map(|readable| allowed.beside(readable.with_tree(&root).with(files.path()))),
        doors: allowed.open(),
        // Suggestions in messages depend on what else is loaded.
        arguments: vec!["--disable-did_you_mean".into(), files.path().join(WORKER).into()],
        tree: Some(root),
        variables: [("TZ", "UTC"), ("LC_ALL", "C.UTF-8"), ("RUBYOPT", "")]
            .map(|(name, value)| (name.into(), value.into()))
            .to_vec(),
        surroundings: surroundings.clone(),
        ..WorkerCommand::default()
    };
    Ok(Hosted::new(ProcessEngine::start_with(name, command, deadline, catalog)?, files))
}

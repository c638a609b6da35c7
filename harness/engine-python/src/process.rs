//! The engine `python-process`: an ordinary CPython, with the modules that the embedded one uses.

use std::path::Path;
use std::time::Duration;

use serde_json::json;

use super::runtime::RUNTIME;
use parity_engine::catalog::{Catalog, directory};
use parity_engine::naming::Naming;
use parity_engine::process::{Hosted, ProcessEngine, RuntimeFiles, Surroundings, WorkerCommand};
use parity_engine::tree::PYTHON;
use parity_engine::{EngineFault, TreeError};

/// The engine's name.
const NAME: &str = "python-process";

/// The modules that only a process of its own needs, beside those that it shares with the embedded interpreter.
const WORKER: &str = "parity_worker.py";
const FILES: &[(&str, &str)] = &[
    (WORKER, include_str!("../runtime/parity_worker.py")),
    ("parity_call.py", include_str!("../runtime/parity_call.py")),
    ("parity_json.py", include_str!("../runtime/parity_json.py")),
    ("parity_sandbox.py", include_str!("../runtime/parity_sandbox.py")),
    ("refused.txt", include_str!("../runtime/refused.txt")),
    ("parity_streams.py", include_str!("../runtime/parity_streams.py")),
];

/// The names of the files to import, beside the worker.
const TREE_FILES: &str = "tree_files.json";

/// Starts `program`, a Python of at least 3.10, on the handlers of `tree`.
pub fn python_process(
    program: &Path,
    tree: &Path,
    naming: &Naming,
    surroundings: &Surroundings,
    deadline: Duration,
) -> Result<Hosted, TreeError> {
    let root = directory(tree, NAME)?;
    let catalog =
        Catalog { root: tree.to_owned(), files: PYTHON.files(tree, NAME)?, dialect: &PYTHON, naming: naming.clone() };
    let names = json!(catalog.names()).to_string();
    let shared: Vec<(String, &str)> = RUNTIME.iter().map(|(module, source)| (file_name(module), *source)).collect();
    let shared = shared.iter().map(|(name, source)| (name.as_str(), *source));
    let files = RuntimeFiles::write(shared.chain(FILES.iter().copied()).chain([(TREE_FILES, names.as_str())]))
        .map_err(|error| EngineFault::Start { engine: NAME.to_owned(), message: error.to_string() })?;
    let command = WorkerCommand {
        program: program.to_owned(),
        // No user's packages and no bytecode files.
        arguments: vec!["-s".into(), "-B".into(), files.path().join(WORKER).into()],
        tree: Some(root),
        variables: [("PYTHONHASHSEED", surroundings.hash_seed.to_string()), ("PYTHONUTF8", "1".to_owned())]
            .map(|(name, value)| (name.into(), value.into()))
            .to_vec(),
        surroundings: surroundings.clone(),
        ..WorkerCommand::default()
    };
    Ok(Hosted::new(ProcessEngine::start_with(NAME, command, deadline, catalog)?, files))
}

/// The file of a module; a package is its `__init__.py`.
fn file_name(module: &str) -> String {
    if module == "tasker_core" {
        return "tasker_core/__init__.py".to_owned();
    }
    format!("{}.py", module.replace('.', "/"))
}

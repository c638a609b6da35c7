//! The engine `node`: TypeScript handlers in Node. Types are stripped in Rust, and Node runs the rest.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::time::Duration;

use parity_model::StepInput;
use serde_json::json;

use super::alias::Alias;
use super::emit::{Emitted, emit};
use super::start::PRELUDE_SOURCE;
use parity_engine::allowed::Allowed;
use parity_engine::catalog::Catalog;
use parity_engine::naming::Naming;
use parity_engine::process::{self, Hosted, Interpreter, ProcessEngine, RuntimeFiles, Surroundings, WorkerCommand};
use parity_engine::program::on_path;
use parity_engine::tree::TYPESCRIPT;
use parity_engine::{Engine, EngineFault, TreeError, Wrapper};
use parity_model::{Observation, Unplanned};

/// The engine's name.
const NAME: &str = "node";

const WORKER: &str = "parity_worker.mjs";
const FILES: &[(&str, &str)] = &[
    (WORKER, include_str!("../runtime/node/parity_worker.mjs")),
    ("parity_calls.mjs", include_str!("../runtime/node/parity_calls.mjs")),
    ("parity_files.mjs", include_str!("../runtime/node/parity_files.mjs")),
    ("parity_guard.mjs", include_str!("../runtime/node/parity_guard.mjs")),
    ("parity_host.mjs", include_str!("../runtime/node/parity_host.mjs")),
    ("parity_json.mjs", include_str!("../runtime/node/parity_json.mjs")),
    ("parity_realm.mjs", include_str!("../runtime/node/parity_realm.mjs")),
    ("parity_sandbox.mjs", include_str!("../runtime/node/parity_sandbox.mjs")),
    ("parity_streams.mjs", include_str!("../runtime/node/parity_streams.mjs")),
    ("prelude.js", PRELUDE_SOURCE),
    ("tree/package.json", r#"{"type": "module"}"#),
    ("tree/node_modules/@tasker-systems/tasker/package.json", r#"{"type": "module", "exports": "./index.js"}"#),
];

/// Says where Node is, and with what it was started.
const PLACES: &str = "[process.execPath, `parent ${process.ppid}`, ...process.execArgv.slice(0, -2).map((option) => `option ${option}`)].join('\\n')";

/// Lets each handler have modules of its own.
const MODULES: [&str; 2] = ["--experimental-vm-modules", "--experimental-import-meta-resolve"];

/// Limits the memory outside of the heap, gives the worker its replies on descriptor 3, and what handlers print to standard
/// error.
const START: &str = r#"ulimit -d 1048576; exec "$0" "$@" 3>&1 1>&2"#;

/// Runs the TypeScript handlers of one tree in Node.
pub struct NodeEngine {
    engine: Hosted,
    emitted: Emitted,
}

impl NodeEngine {
    /// Strips the files of `tree` that may hold handlers with all that they import, and starts the `node` on PATH on the result.
    pub fn load(
        tree: &Path,
        naming: &Naming,
        aliases: &[Alias],
        surroundings: &Surroundings,
        deadline: Duration,
    ) -> Result<Self, TreeError> {
        Self::load_program((NAME, NAME.as_ref()), tree, naming, aliases, &Allowed::default(), surroundings, deadline)
    }

    /// The same with a `program` of its own under another `name` in reports, where handlers may do what is `allowed`, too.
    pub fn load_program(
        (name, program): (&str, &Path),
        tree: &Path,
        naming: &Naming,
        aliases: &[Alias],
        allowed: &Allowed,
        surroundings: &Surroundings,
        deadline: Duration,
    ) -> Result<Self, TreeError> {
        let fault = |message: String| EngineFault::Start { engine: name.to_owned(), message };
        if on_path(program).is_none() {
            let message = match program.to_str() {
                Some(NAME) => "there is no node on PATH; install Node 20 or newer, or leave the engine out".to_owned(),
                _ => format!("there is no program {}", program.display()),
            };
            return Err(fault(message).into());
        }
        let catalog = Catalog::read(tree, NAME, &TYPESCRIPT, naming)?;
        let emitted = emit(tree, &catalog.names(), aliases, allowed)?;
        let methods = catalog.naming.methods();
        let Emitted { handlers, not_loaded, .. } = &emitted;
        let allowed_document = allowed.document();
        let told =
            json!({"modules": handlers, "not_loaded": not_loaded, "methods": methods, "allowed": allowed_document});
        let handlers = told.to_string();
        let modules: Vec<(String, &str)> =
            emitted.files.iter().map(|(name, code)| (format!("tree/{name}"), code.as_str())).collect();
        let modules = modules.iter().map(|(name, code)| (name.as_str(), *code));
        let files = FILES.iter().copied().chain(modules).chain([("handlers.json", handlers.as_str())]);
        let files = RuntimeFiles::write(files).map_err(|error| fault(error.to_string()))?;
        link_packages(tree, &files.path().join("tree"), &emitted).map_err(|error| fault(error.to_string()))?;
        let Interpreter { program, options, readable } = process::interpreter(program, &["-p", PLACES]);
        let mut arguments: Vec<OsString> = vec!["-c".into(), START.into(), program.into()];
        arguments.extend(options);
        arguments.extend(MODULES.map(OsString::from));
        arguments.extend(["--max-old-space-size=256".into(), "--no-warnings".into(), files.path().join(WORKER).into()]);
        let command = WorkerCommand {
            // By its path, so that no other place is tried: the worker may run this and Node, and nothing more.
            program: "/bin/sh".into(),
            later_programs: 1,
            arguments,
            tree: Some(files.path().join("tree")),
            variables: [("TZ", "UTC"), ("LC_ALL", "en_US.UTF-8"), ("NODE_OPTIONS", "")]
                .map(|(name, value)| (name.into(), value.into()))
                .to_vec(),
            surroundings: surroundings.clone(),
            readable: readable.map(|readable| allowed.beside(readable.with_tree(tree).with(files.path()))),
            doors: allowed.open(),
            works_ahead: true,
            ..WorkerCommand::default()
        };
        Ok(Self { engine: Hosted::new(ProcessEngine::start_with(name, command, deadline, catalog)?, files), emitted })
    }

    fn shown(&self, observation: Observation) -> Observation {
        match observation {
            planned @ Observation::Planned(_) => planned,
            Observation::Unplanned(unplanned) => self.translated(unplanned).into(),
        }
    }

    /// The end as readers of TypeScript want it.
    fn translated(&self, unplanned: Unplanned) -> Unplanned {
        match unplanned {
            // V8 ends the process when its heap is full.
            Unplanned::Crashed { class, message, .. }
                if class.to_lowercase().starts_with("sig") && message.contains("out of memory") =>
            {
                Unplanned::OutOfMemory
            }
            Unplanned::Crashed { class, message, trace } => {
                Unplanned::Crashed { class, message, trace: self.emitted.trace(&trace) }
            }
            other => other,
        }
    }
}

/// Lets Node find the packages of the tree beside its JavaScript. Tasker's own package is the harness's.
fn link_packages(tree: &Path, emitted_tree: &Path, emitted: &Emitted) -> io::Result<()> {
    for dir in emitted.package_dirs() {
        let target = emitted_tree.join(&dir).join("node_modules");
        fs::create_dir_all(&target)?;
        for entry in fs::read_dir(tree.join(&dir).join("node_modules"))? {
            let entry = entry?;
            let link = target.join(entry.file_name());
            if !link.exists() {
                symlink(entry.path().canonicalize()?, link)?;
            }
        }
    }
    Ok(())
}

impl Wrapper for NodeEngine {
    fn inner(&self) -> &dyn Engine {
        &self.engine
    }

    fn inner_mut(&mut self) -> &mut dyn Engine {
        &mut self.engine
    }

    fn run_wrapped(&mut self, step_input: &StepInput) -> Result<Observation, EngineFault> {
        let observation = self.engine.run(step_input)?;
        Ok(self.shown(observation))
    }

    fn run_wrapped_expecting(
        &mut self,
        step_input: &StepInput,
        expected: &Observation,
    ) -> Result<Option<Observation>, EngineFault> {
        let observation = self.engine.run_expecting(step_input, expected)?;
        Ok(observation.map(|observation| self.shown(observation)))
    }
}

//! The engines that the arguments ask for.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use parity_model::HandlerId;
use reference_rs::HANDLERS;

use super::args::{EngineName, Isolation, RuntimeArgs};
use super::error::CliError;
use super::subject::{Language, SubjectName};
use crate::external;
use parity_blog::Oracle;
use parity_engine::journal::Journalled;
use parity_engine::naming::Naming;
use parity_engine::process::{ProcessEngine, Surroundings, WorkerCommand};
use parity_engine::{Engine, EngineFault, TreeError};
use parity_engine_python::PythonEngine;
use parity_engine_typescript::{Alias, TypeScriptEngine};
use parity_report::Trees;
use parity_suite::template;
use parity_suite::template::{Template, TemplateError};
use parity_suite::workflow::Pool;

pub(super) const PYTHON_TREE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../handlers/python");
pub(super) const TEMPLATES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/templates");
pub(super) const TYPESCRIPT_TREE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../handlers/typescript");

/// The engines that are compared with the oracle unless others are named.
pub(super) const SUBJECTS: [SubjectName; 2] = [SubjectName::Python, SubjectName::Typescript];

/// The engines that were named, each once, or the usual ones.
pub(super) fn subjects(named: &[SubjectName]) -> Vec<SubjectName> {
    let mut subjects = if named.is_empty() { SUBJECTS.to_vec() } else { named.to_vec() };
    remove_repeated(&mut subjects);
    subjects
}

/// Keeps the first of equal items.
pub(super) fn remove_repeated<T: PartialEq>(items: &mut Vec<T>) {
    let mut seen = Vec::new();
    for item in std::mem::take(items) {
        if !seen.contains(&item) {
            seen.push(item);
        }
    }
    *items = seen;
}

/// The tree that `engine` runs, as far as the harness knows it.
pub(super) fn tree_of(engine: &SubjectName, trees: &Trees) -> Option<PathBuf> {
    let own = match engine.language()? {
        Language::Python => Some(PYTHON_TREE),
        Language::Typescript => Some(TYPESCRIPT_TREE),
        Language::Ruby => None,
    };
    named_tree(engine, trees).cloned().or_else(|| own.map(own_dir))
}

/// The tree that was named for the language of `engine`.
pub(super) fn named_tree<'t>(engine: &SubjectName, trees: &'t Trees) -> Option<&'t PathBuf> {
    match engine.language()? {
        Language::Python => trees.python.as_ref(),
        Language::Typescript => trees.typescript.as_ref(),
        Language::Ruby => trees.ruby.as_ref(),
    }
}

/// A directory of ours without the detour through the package's own.
pub(super) fn own_dir(dir: &str) -> PathBuf {
    Path::new(dir).canonicalize().unwrap_or_else(|_| dir.into())
}

/// How long a worker may take for a call that it ends in time itself, if it can.
pub(super) fn patience(deadline: Duration) -> Duration {
    deadline + deadline.min(Duration::from_secs(1))
}

/// Where and how engines run their handlers.
#[derive(Clone, Debug)]
pub(super) struct Runtime {
    /// Each in a process of its own.
    pub(super) isolated: bool,
    /// How long a call may take.
    pub(super) deadline: Duration,
    /// Where the running input is kept.
    pub(super) journal: Option<PathBuf>,
}

impl Runtime {
    /// What the arguments say, and no process but those that they ask for.
    pub(super) fn of(args: &RuntimeArgs) -> Self {
        let isolated = args.isolation == Isolation::Process;
        Self { isolated, deadline: args.deadline, journal: args.journal.clone() }
    }

    /// Starts an engine on its tree.
    pub(super) fn load(&self, engine: &SubjectName, trees: &Trees) -> Result<Box<dyn Engine>, TreeError> {
        let loaded = load(engine, trees, self)?;
        // What runs elsewhere can not end this process.
        if SUBJECTS.contains(engine) { self.prepare(loaded) } else { Ok(loaded) }
    }

    /// Starts several engines.
    pub(super) fn load_all(&self, engines: &[SubjectName], trees: &Trees) -> Result<Vec<Box<dyn Engine>>, TreeError> {
        engines.iter().map(|engine| self.load(engine, trees)).collect()
    }

    /// Starts several workers of an engine on its tree.
    pub(super) fn pool(&self, engine: &SubjectName, trees: &Trees) -> Result<Pool, TreeError> {
        let (runtime, trees, engine) = (self.clone(), trees.clone(), engine.clone());
        if engine == SubjectName::Python && !self.isolated {
            let engine = PythonEngine::load_named(&tree_of(&engine, &trees).unwrap_or_default(), &naming(&trees)?)?;
            return Pool::start(WORKERS, move || runtime.prepare(Box::new(engine.clone())));
        }
        Pool::start(WORKERS, move || runtime.load(&engine, &trees))
    }

    fn prepare(&self, mut engine: Box<dyn Engine>) -> Result<Box<dyn Engine>, TreeError> {
        if !self.isolated {
            engine.set_deadline(self.deadline);
        }
        let Some(journal) = &self.journal else { return Ok(engine) };
        let name = engine.name().to_owned();
        let journalled = Journalled::new(engine, journal).map_err(|error| EngineFault::Start {
            engine: name,
            message: format!("no journal in {}: {error}", journal.display()),
        })?;
        Ok(Box::new(journalled))
    }
}

/// What handlers are called: as the templates say that were named, where nothing else needs to be right of the trees; else as
/// ours say.
pub(super) fn naming(trees: &Trees) -> Result<Naming, TreeError> {
    let templates = templates(trees).map_err(|error| TreeError::Refused { message: error.to_string() })?;
    let naming = template::naming(&templates);
    Ok(if trees.templates.is_some() { naming.lenient() } else { naming })
}

/// What specifiers of TypeScript mean that lead to no file.
pub(super) fn aliases(trees: &Trees) -> Result<Vec<Alias>, TreeError> {
    let alias = |text: &String| text.parse().map_err(|message| TreeError::Refused { message });
    trees.aliases.iter().map(alias).collect()
}

fn load(engine: &SubjectName, trees: &Trees, runtime: &Runtime) -> Result<Box<dyn Engine>, TreeError> {
    let (tree, naming) = (tree_of(engine, trees), naming(trees)?);
    match (engine, tree) {
        (SubjectName::Python | SubjectName::Typescript, Some(tree)) if runtime.isolated => {
            let name = engine.name();
            let command = worker_command(engine, &tree, trees, runtime.deadline)
                .map_err(|error| EngineFault::Start { engine: name.to_owned(), message: error.to_string() })?;
            Ok(Box::new(ProcessEngine::start(name, command, patience(runtime.deadline))?))
        }
        (SubjectName::Python, Some(tree)) => Ok(Box::new(PythonEngine::load_named(&tree, &naming)?)),
        (SubjectName::Typescript, Some(tree)) => {
            Ok(Box::new(TypeScriptEngine::load_named(&tree, &naming, &aliases(trees)?)?))
        }
        (engine, tree) => external::load(engine, tree.as_deref(), trees, &Surroundings::default(), runtime.deadline),
    }
}

/// Starts an engine to see what its tree holds: of a tree that was named, everything that is wrong is listed.
pub(super) fn load_to_list(engine: &SubjectName, trees: &Trees) -> Result<Box<dyn Engine>, TreeError> {
    match (engine, named_tree(engine, trees)) {
        (SubjectName::Python, Some(tree)) => Ok(Box::new(PythonEngine::load_named(tree, &naming(trees)?.lenient())?)),
        (SubjectName::Typescript, Some(tree)) => {
            Ok(Box::new(TypeScriptEngine::load_named(tree, &naming(trees)?.lenient(), &aliases(trees)?)?))
        }
        _ => load(engine, trees, &IN_PROCESS),
    }
}

/// Starts an engine on `tree` in another process of this program.
pub(super) fn worker_command(
    engine: &SubjectName,
    tree: &Path,
    trees: &Trees,
    deadline: Duration,
) -> io::Result<WorkerCommand> {
    let name = engine.name();
    let mut arguments: Vec<OsString> = ["worker", "--engine", name].map(OsString::from).to_vec();
    arguments.extend([format!("--{name}").into(), tree.into()]);
    if let Some(templates) = &trees.templates {
        // The worker may start in another directory.
        arguments.extend(["--templates".into(), std::path::absolute(templates)?.into()]);
    }
    arguments.extend(trees.aliases.iter().flat_map(|alias| ["--alias".into(), alias.into()]));
    arguments.extend(["--deadline".into(), deadline.as_secs_f64().to_string().into()]);
    Ok(WorkerCommand { program: std::env::current_exe()?, arguments, ..WorkerCommand::default() })
}

/// Starts engines in this process.
pub(super) fn load_all(engines: &[SubjectName], trees: &Trees) -> Result<Vec<Box<dyn Engine>>, TreeError> {
    engines.iter().map(|engine| load(engine, trees, &IN_PROCESS)).collect()
}

const IN_PROCESS: Runtime = Runtime { isolated: false, deadline: Duration::from_secs(10), journal: None };

/// Starts any engine, the oracle included.
pub(super) fn load_any(engine: EngineName, trees: &Trees) -> Result<Box<dyn Engine>, TreeError> {
    match engine {
        EngineName::Rust => Ok(Box::new(Oracle::default())),
        EngineName::Python => load(&SubjectName::Python, trees, &IN_PROCESS),
        EngineName::Typescript => load(&SubjectName::Typescript, trees, &IN_PROCESS),
    }
}

/// The widest of our workflows has three steps side by side.
const WORKERS: usize = 3;

/// Starts several workers of the oracle.
pub(super) fn oracle_pool() -> Result<Pool, TreeError> {
    Pool::start(WORKERS, || Ok(Box::new(Oracle::default())))
}

/// All workflow templates.
pub(super) fn templates(trees: &Trees) -> Result<Vec<Template>, TemplateError> {
    template::load_all(&trees.templates.clone().unwrap_or_else(|| own_dir(TEMPLATES)))
}

/// The template of this name, or an error that lists those of a similar one.
pub(super) fn known_template<'a>(templates: &'a [Template], name: &str) -> Result<&'a Template, CliError> {
    let known = templates.iter().find(|template| template.id.to_string() == name);
    known.ok_or_else(|| {
        let bare = name.rsplit('/').next().unwrap_or(name);
        let similar = templates.iter().filter(|template| template.id.name == bare);
        CliError::UnknownWorkflow {
            workflow: name.to_owned(),
            suggestions: similar.map(|template| template.id.to_string()).collect(),
            known: templates.iter().map(|template| template.id.to_string()).collect(),
        }
    })
}

/// All handlers of the oracle, in its order.
pub(super) fn all_handlers() -> Vec<HandlerId> {
    HANDLERS.iter().filter_map(|spec| spec.id.parse().ok()).collect()
}

/// The handler of this name among our own.
pub(super) fn known_handler(name: &str) -> Result<HandlerId, CliError> {
    handler_among(&all_handlers(), name)
}

/// The handler of this name among `all`.
pub(super) fn handler_among(all: &[HandlerId], name: &str) -> Result<HandlerId, CliError> {
    let known = name.parse().ok().filter(|handler| all.contains(handler));
    known.ok_or_else(|| {
        let step = name.rsplit('/').next().unwrap_or(name);
        let similar = all.iter().find(|handler| handler.step() == step);
        CliError::UnknownHandler { handler: name.to_owned(), suggestion: similar.map(ToString::to_string) }
    })
}

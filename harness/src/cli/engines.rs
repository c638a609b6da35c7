//! The engines that the arguments ask for.

use std::path::{Path, PathBuf};

use reference_rs::{HANDLERS, HandlerId};

use super::args::{EngineName, SubjectName};
use super::error::CliError;
use crate::engine::oracle::Oracle;
use crate::engine::python::PythonEngine;
use crate::engine::typescript::TypeScriptEngine;
use crate::engine::{Engine, TreeError};
use crate::report::Trees;
use crate::template::{self, Template, TemplateError};
use crate::workflow::Pool;

const PYTHON_TREE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../handlers/python");
const TEMPLATES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/templates");
const TYPESCRIPT_TREE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../handlers/typescript");

/// Every engine that is compared with the oracle.
pub(super) const SUBJECTS: [SubjectName; 2] = [SubjectName::Python, SubjectName::Typescript];

/// The tree that `engine` runs.
pub(super) fn tree_of(engine: SubjectName, trees: &Trees) -> PathBuf {
    let (named, own) = match engine {
        SubjectName::Python => (&trees.python, PYTHON_TREE),
        SubjectName::Typescript => (&trees.typescript, TYPESCRIPT_TREE),
    };
    named.clone().unwrap_or_else(|| own_dir(own))
}

/// A directory of ours without the detour through the package's own.
pub(super) fn own_dir(dir: &str) -> PathBuf {
    Path::new(dir).canonicalize().unwrap_or_else(|_| dir.into())
}

/// Starts an engine on its tree.
pub(super) fn load(engine: SubjectName, trees: &Trees) -> Result<Box<dyn Engine>, TreeError> {
    let tree = tree_of(engine, trees);
    Ok(match engine {
        SubjectName::Python => Box::new(PythonEngine::load(&tree)?),
        SubjectName::Typescript => Box::new(TypeScriptEngine::load(&tree)?),
    })
}

/// Starts several engines.
pub(super) fn load_all(engines: &[SubjectName], trees: &Trees) -> Result<Vec<Box<dyn Engine>>, TreeError> {
    engines.iter().map(|engine| load(*engine, trees)).collect()
}

/// Starts any engine, the oracle included.
pub(super) fn load_any(engine: EngineName, trees: &Trees) -> Result<Box<dyn Engine>, TreeError> {
    match engine {
        EngineName::Rust => Ok(Box::new(Oracle::default())),
        EngineName::Python => load(SubjectName::Python, trees),
        EngineName::Typescript => load(SubjectName::Typescript, trees),
    }
}

/// The widest of our workflows has three steps side by side.
const WORKERS: usize = 3;

/// Starts several workers of the oracle.
pub(super) fn oracle_pool() -> Result<Pool, TreeError> {
    Pool::start(WORKERS, || Ok(Box::new(Oracle::default())))
}

/// Starts several workers of an engine on its tree.
pub(super) fn pool(engine: SubjectName, trees: &Trees) -> Result<Pool, TreeError> {
    let tree = tree_of(engine, trees);
    match engine {
        SubjectName::Python => {
            let engine = PythonEngine::load(&tree)?;
            Pool::start(WORKERS, move || Ok(Box::new(engine.clone())))
        }
        SubjectName::Typescript => Pool::start(WORKERS, move || Ok(Box::new(TypeScriptEngine::load(&tree)?))),
    }
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

/// The handler of this name.
pub(super) fn known_handler(name: &str) -> Result<HandlerId, CliError> {
    let known = name.parse().ok().filter(|handler| reference_rs::find(handler).is_some());
    known.ok_or_else(|| {
        let step = name.rsplit('/').next().unwrap_or(name);
        let similar = all_handlers().into_iter().find(|handler| handler.step() == step);
        CliError::UnknownHandler { handler: name.to_owned(), suggestion: similar.map(|handler| handler.to_string()) }
    })
}

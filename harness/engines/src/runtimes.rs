//! What runs the handlers of each language: a row a runtime that is built in, and a row an interpreter.

use std::path::Path;

use parity_confine::outside;
use parity_engine::EngineFault;
use parity_engine::language::{PYTHON, RUBY, TYPESCRIPT};
use parity_engine::recorder::Recorder;
use parity_engine::{Engine, EngineConfig, Language, LaunchOptions, TreeError};
#[cfg(feature = "embedded-python")]
use parity_engine_python::PythonEngine;
use parity_engine_python::python_process;
use parity_engine_ruby::ruby;
use parity_engine_typescript::{Alias, NodeEngine, Profile, TypeScriptEngine};

use super::second::Second;

type Started = Result<Box<dyn Engine>, TreeError>;

/// An engine that another thread may have started: its handlers run in a process of their own.
pub(crate) type Remote = Result<Box<dyn Engine + Send>, TreeError>;

/// Starts the runtime of a language in this process.
type Embedded = fn(&Path, &EngineConfig, &LaunchOptions) -> Started;

static EMBEDDED: &[(&Language, Embedded)] = &[
    #[cfg(feature = "embedded-python")]
    (&PYTHON, |tree, engine, options| Ok(Box::new(python(tree, engine, options)?))),
    (&TYPESCRIPT, |tree, engine, options| {
        let profile = engine.version.map_or_else(Profile::default, Profile::of);
        Ok(Box::new(TypeScriptEngine::load_allowing(
            &engine.allowed,
            profile,
            tree,
            &options.naming,
            &aliases(engine)?,
        )?))
    }),
];

/// Starts a program that runs a language.
type Interpreted = fn(&Path, &Path, &EngineConfig, &LaunchOptions) -> Remote;

static INTERPRETERS: [(&Language, Interpreted); 3] = [
    (&PYTHON, |program, tree, engine, LaunchOptions { naming, surroundings, deadline, .. }| {
        Ok(Box::new(python_process((&engine.name, program), tree, naming, &engine.allowed, surroundings, *deadline)?))
    }),
    (&TYPESCRIPT, |program, tree, engine, options| Ok(node(program, tree, engine, options)?)),
    (&RUBY, |program, tree, engine, LaunchOptions { naming, surroundings, deadline, .. }| {
        Ok(Box::new(ruby((&engine.name, program), tree, naming, &engine.allowed, surroundings, *deadline)?))
    }),
];

/// Whether the runtime of a language is built in, if any program of Parity's may have it.
#[must_use]
pub fn is_built_in(language: &Language) -> bool {
    EMBEDDED.iter().any(|(known, _)| *known == language)
}

/// Loads a tree of Python in this process.
#[cfg(feature = "embedded-python")]
fn python(tree: &Path, engine: &EngineConfig, options: &LaunchOptions) -> Result<PythonEngine, TreeError> {
    PythonEngine::load_allowing(&engine.allowed, tree, &options.naming, options.surroundings.hash_seed)
}

/// Starts the engine in this process.
pub(super) fn embedded(language: &Language, tree: &Path, engine: &EngineConfig, options: &LaunchOptions) -> Started {
    let start = EMBEDDED.iter().find(|(known, _)| *known == language);
    let (_, start) = start.ok_or_else(|| refused(format!("no runtime of {language} is built in")))?;
    start(tree, engine, options)
}

/// Starts the engine in a program.
pub(super) fn interpreter(
    language: &Language,
    program: &Path,
    tree: &Path,
    engine: &EngineConfig,
    options: &LaunchOptions,
) -> Remote {
    let start = INTERPRETERS.iter().find(|(known, _)| *known == language);
    let (_, start) = start.ok_or_else(|| refused(format!("no interpreter of {language} is known")))?;
    start(program, tree, engine, options)
}

/// Starts Node, which may cross from one thread to another.
fn node(
    program: &Path,
    tree: &Path,
    engine: &EngineConfig,
    LaunchOptions { naming, surroundings, deadline, .. }: &LaunchOptions,
) -> Result<Box<NodeEngine>, TreeError> {
    let aliases = aliases(engine)?;
    let name = (engine.name.as_str(), program);
    Ok(Box::new(NodeEngine::load_program(name, tree, naming, &aliases, &engine.allowed, surroundings, *deadline)?))
}

/// What has the last word on the answers of an embedded engine, if there is something.
pub(super) fn second(
    language: &Language,
    tree: &Path,
    engine: &EngineConfig,
    options: &LaunchOptions,
) -> Option<Second> {
    let Some(parity_engine::Second::Program { program, runtime }) = &engine.second else { return None };
    if *language != TYPESCRIPT {
        return None;
    }
    let (program, tree, engine, options) = (program.clone(), tree.to_owned(), engine.clone(), options.clone());
    let start = move || {
        let (program, tree, engine, options) = (program.clone(), tree.clone(), engine.clone(), options.clone());
        outside(move || Ok(node(&program, &tree, &engine, &options)? as Box<dyn Engine + Send>))
    };
    Some(Second::new(runtime, Box::new(start)))
}

/// Makes engines that share what was loaded, for a language whose interpreter is one for the whole process.
type Shared = Box<dyn Fn() -> Box<dyn Engine> + Send + Sync>;

/// Loads a tree for several engines of this process.
type Share = fn(&Path, &EngineConfig, &LaunchOptions) -> Result<Shared, TreeError>;

static SHARED: &[(&Language, Share)] = &[
    #[cfg(feature = "embedded-python")]
    (&PYTHON, |tree, engine, options| {
        let engine = python(tree, engine, options)?;
        Ok(Box::new(move || Box::new(engine.clone())))
    }),
];

/// Loads a tree for several engines of this process, if its language can.
pub(super) fn shared(
    language: &Language,
    tree: &Path,
    engine: &EngineConfig,
    options: &LaunchOptions,
) -> Result<Option<Shared>, TreeError> {
    let share = SHARED.iter().find(|(known, _)| *known == language);
    share.map(|(_, share)| share(tree, engine, options)).transpose()
}

/// What specifiers of TypeScript mean that lead to no file.
fn aliases(engine: &EngineConfig) -> Result<Vec<Alias>, TreeError> {
    engine.aliases.iter().map(|text| text.parse().map_err(refused)).collect()
}

fn refused(message: String) -> TreeError {
    TreeError::Refused { message }
}

/// An engine of this process with its deadline and its running input kept.
pub(crate) fn prepared(mut engine: Box<dyn Engine>, options: &LaunchOptions) -> Result<Box<dyn Engine>, TreeError> {
    engine.set_deadline(options.deadline);
    recorded(engine, options)
}

/// The engine with its running input kept, if that was asked for.
pub(crate) fn recorded(engine: Box<dyn Engine>, options: &LaunchOptions) -> Result<Box<dyn Engine>, TreeError> {
    let Some(journal) = &options.journal else { return Ok(engine) };
    let name = engine.name().to_owned();
    let journalled = Recorder::new(engine, journal).map_err(|error| EngineFault::Start {
        engine: name,
        message: format!("no journal in {}: {error}", journal.display()),
    })?;
    Ok(Box::new(journalled))
}

#[cfg(test)]
mod tests {
    use parity_engine::{LANGUAGES, Runner};
    use rstest::rstest;

    use super::*;

    #[test]
    fn every_language_has_what_its_row_promises() {
        for language in LANGUAGES {
            let is_embedded = EngineConfig::embedded(language).is_some();
            assert_eq!(EMBEDDED.iter().any(|(known, _)| *known == language), is_embedded, "{language}");
            let is_installed = language.interpreter.is_some();
            assert_eq!(INTERPRETERS.iter().any(|(known, _)| *known == language), is_installed, "{language}");
        }
    }

    #[rstest]
    #[case("node@24=/nowhere/node", "the node@24 engine cannot start: there is no program /nowhere/node")]
    #[case("python-process@3=/nowhere/python", "the python-process@3 engine cannot start: there is no /nowhere/python")]
    fn a_program_that_is_not_there_is_named(#[case] engine: &str, #[case] message: &str) {
        let tree = tempfile::tempdir().unwrap();
        std::fs::write(tree.path().join("a_handler.py"), "").unwrap();
        std::fs::write(tree.path().join("a_handler.ts"), "").unwrap();
        let engine: EngineConfig = engine.parse().unwrap();
        let Runner::Interpreter { language, program } = &engine.runner else { unreachable!() };
        let started = interpreter(language, program, tree.path(), &engine, &LaunchOptions::default());
        let error = started.err().unwrap().to_string();
        assert!(error.starts_with(message), "{error}");
    }
}

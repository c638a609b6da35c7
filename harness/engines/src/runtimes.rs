//! What runs the handlers of each language: a row a runtime that is built in, and a row an interpreter.

use std::path::Path;

use parity_engine::EngineFault;
use parity_engine::language::{PYTHON, RUBY, TYPESCRIPT};
use parity_engine::recorder::Recorder;
use parity_engine::{Engine, EngineConfig, Language, LaunchOptions, TreeError};
use parity_engine_python::{PythonEngine, python_process};
use parity_engine_ruby::ruby;
use parity_engine_typescript::{Alias, NodeEngine, TypeScriptEngine};

type Started = Result<Box<dyn Engine>, TreeError>;

/// An engine that another thread may have started: its handlers run in a process of their own.
pub(crate) type Remote = Result<Box<dyn Engine + Send>, TreeError>;

/// Starts the runtime of a language in this process.
type Embedded = fn(&Path, &EngineConfig, &LaunchOptions) -> Started;

static EMBEDDED: [(&Language, Embedded); 2] = [
    (&PYTHON, |tree, _, options| {
        Ok(Box::new(PythonEngine::load_seeded(tree, &options.naming, options.surroundings.hash_seed)?))
    }),
    (&TYPESCRIPT, |tree, engine, options| {
        Ok(Box::new(TypeScriptEngine::load_named(tree, &options.naming, &aliases(engine)?)?))
    }),
];

/// Starts a program that runs a language.
type Interpreted = fn(&Path, &Path, &EngineConfig, &LaunchOptions) -> Remote;

static INTERPRETERS: [(&Language, Interpreted); 3] = [
    (&PYTHON, |program, tree, _, LaunchOptions { naming, surroundings, deadline, .. }| {
        Ok(Box::new(python_process(program, tree, naming, surroundings, *deadline)?))
    }),
    (&TYPESCRIPT, |_, tree, engine, LaunchOptions { naming, surroundings, deadline, .. }| {
        Ok(Box::new(NodeEngine::load(tree, naming, &aliases(engine)?, surroundings, *deadline)?))
    }),
    (&RUBY, |_, tree, _, LaunchOptions { naming, surroundings, deadline, .. }| {
        Ok(Box::new(ruby(tree, naming, surroundings, *deadline)?))
    }),
];

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
    let usual = language.interpreter.as_ref().map(|interpreter| Path::new(interpreter.program));
    if *language != PYTHON && Some(program) != usual {
        let message = format!("{} runs the {} on PATH, not {}", engine.name, engine.name, program.display());
        return Err(refused(message));
    }
    start(program, tree, engine, options)
}

/// Makes engines that share what was loaded, for a language whose interpreter is one for the whole process.
type Shared = Box<dyn Fn() -> Box<dyn Engine> + Send + Sync>;

/// Loads a tree for several engines of this process, if its language can.
pub(super) fn shared(language: &Language, tree: &Path, options: &LaunchOptions) -> Result<Option<Shared>, TreeError> {
    if *language != PYTHON {
        return Ok(None);
    }
    let engine = PythonEngine::load_seeded(tree, &options.naming, options.surroundings.hash_seed)?;
    Ok(Some(Box::new(move || Box::new(engine.clone()))))
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
    use parity_engine::LANGUAGES;

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

    #[test]
    fn a_program_that_cannot_be_chosen_is_refused() {
        let node = EngineConfig::interpreter(&TYPESCRIPT).unwrap();
        let started = interpreter(&TYPESCRIPT, "/opt/node".as_ref(), "x".as_ref(), &node, &LaunchOptions::default());
        assert_eq!(started.err().unwrap().to_string(), "node runs the node on PATH, not /opt/node");
    }
}

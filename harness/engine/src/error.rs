//! What can go wrong around handlers: a tree that cannot be loaded (the user's to mend), an engine that fails (ours).

use std::path::PathBuf;

use parity_model::HandlerId;
use thiserror::Error;

/// A tree of handlers that cannot be loaded.
#[derive(Debug, Error)]
pub enum TreeError {
    /// The directory is not there or is not one.
    #[error("{}: not a directory; name the root of a tree of {language} handlers", dir.display())]
    NoDirectory {
        /// What was given.
        dir: PathBuf,
        /// The engine's name.
        language: &'static str,
    },
    /// The directory holds no handler file.
    #[error("{}: no {language} handlers here; files named {pattern}, and others that speak of Tasker's StepHandler, are looked for in it and below it", dir.display())]
    NoHandlers {
        /// What was given.
        dir: PathBuf,
        /// The engine's name.
        language: &'static str,
        /// What a handler file is called.
        pattern: &'static str,
    },
    /// What speaks of handlers stands in directories of tests, which are not looked into.
    #[error("{}: no {language} handlers here but in {folder}/, where tests are; name that directory if they are meant", dir.display())]
    OnlyTests {
        /// What was given.
        dir: PathBuf,
        /// The engine's name.
        language: &'static str,
        /// The first directory of tests with handlers, below the other.
        folder: String,
    },
    /// A file cannot be read, parsed or loaded.
    #[error("{}{}: {message}", file.display(), line.map(|line| format!(":{line}")).unwrap_or_default())]
    BadFile {
        /// The file, below the tree as it was named.
        file: PathBuf,
        /// The line, counted from 1, where one is known.
        line: Option<u32>,
        /// What is wrong and what to do.
        message: String,
    },
    /// Two classes claim the same identity.
    #[error("{}: handler {handler} is also in {}; give one of them another name", second.display(), first.display())]
    Duplicate {
        /// The identity.
        handler: HandlerId,
        /// Where it was seen first.
        first: PathBuf,
        /// Where it was seen again.
        second: PathBuf,
    },
    /// A worker process cannot load its tree.
    #[error("{message}")]
    Refused {
        /// Where and why, in the worker's words.
        message: String,
    },
    /// The language's runtime cannot be started; no tree was looked at.
    #[error(transparent)]
    Engine(#[from] EngineFault),
}

/// A failure of the engine itself. Never a divergence, never a pass.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EngineFault {
    /// The runtime cannot be started.
    #[error("the {engine} engine cannot start: {message}")]
    Start {
        /// The engine's name.
        engine: String,
        /// What is wrong and what to do.
        message: String,
    },
    /// The engine failed during a call.
    #[error("the {engine} engine failed on {handler}: {message}")]
    Call {
        /// The engine's name.
        engine: String,
        /// The handler that was called.
        handler: HandlerId,
        /// What happened.
        message: String,
    },
    /// A handler left the engine in a state in which nothing can be run any more.
    #[error("the {engine} engine cannot be used after {handler}, which leaves {what}")]
    Spoiled {
        /// The engine's name.
        engine: String,
        /// The handler that was called.
        handler: HandlerId,
        /// What the handler left.
        what: String,
    },
    /// A divergence cannot be confirmed, because no fresh engine starts.
    #[error("the divergence of {handler} cannot be confirmed: no fresh {engine} engine: {message}")]
    Fresh {
        /// The engine's name.
        engine: String,
        /// The handler that was to be called.
        handler: HandlerId,
        /// What happened.
        message: String,
    },
    /// A handler asked for something that an engine does not provide, so that nothing is known of what follows.
    #[error("{handler} asks for {what}, which is not provided (oracle or {engine})")]
    Unsupported {
        /// The engine that was compared.
        engine: String,
        /// The handler that was called.
        handler: HandlerId,
        /// What it asked for.
        what: String,
    },
    /// The engine was asked for a handler that its tree does not hold.
    #[error("the {engine} engine has no handler {handler}")]
    NoHandler {
        /// The engine's name.
        engine: String,
        /// The handler that was asked for.
        handler: HandlerId,
    },
}

//! What the commands exit with, and what they say when they can not do what was asked for.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use parity_json::document::DocumentError;
use parity_model::HandlerId;
use thiserror::Error;

use crate::new_handler::NewHandlerError;
use crate::settings::SettingsError;
#[cfg(feature = "embedded-python")]
use parity_bench::BenchError;
use parity_blog::NoCases;
use parity_blog::coverage::CoverageError;
use parity_blog::docs::DocsError;
use parity_campaign::CampaignError;
use parity_engine::naming::WhyAbsent;
use parity_engine::program::ProgramError;
use parity_engine::{EngineConfig, EngineFault, TreeError};
use parity_judge::LedgerError;
use parity_report::MergeError;
use parity_suite::RecordedError;
use parity_suite::template::TemplateError;
use parity_vectors::VectorError;

/// How a command ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: everything that was compared agrees.
    Agreement,
    /// 1: something differs.
    Divergence,
    /// 2: the arguments, a file or a tree of handlers can not be used.
    BadInput,
    /// 3: an engine failed, so it is not known whether there is agreement.
    CouldNotCompare,
    /// 130 or 143: Ctrl-C or SIGTERM ended a run before its end.
    Interrupted(u8),
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Agreement => 0,
            Exit::Divergence => 1,
            Exit::BadInput => 2,
            Exit::CouldNotCompare => 3,
            Exit::Interrupted(code) => code,
        }
        .into()
    }
}

/// Why a command did not run to its end.
#[derive(Debug, Error)]
pub enum CliError {
    /// No such handler anywhere.
    #[error("there is no handler {handler}; `parity list` shows the handlers{}", near(suggestion.as_deref()))]
    UnknownHandler {
        /// What was asked for.
        handler: String,
        /// A handler of a similar name.
        suggestion: Option<String>,
    },
    /// No such workflow.
    #[error("there is no workflow {workflow}; {}", suggest(suggestions, known))]
    UnknownWorkflow {
        /// What was asked for.
        workflow: String,
        /// Workflows of the same name in some namespace.
        suggestions: Vec<String>,
        /// All workflows.
        known: Vec<String>,
    },
    /// Settings can not be used.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// There are settings already.
    #[error("{} is there already; change it, or remove it first", file.display())]
    SettingsThere {
        /// The file.
        file: PathBuf,
    },
    /// There is nothing to compare.
    #[error(
        "handlers of two languages are needed, and here and below {}; name the others in parity.toml, or on the command line",
        of(trees)
    )]
    TooFewTrees {
        /// What was found.
        trees: Vec<String>,
    },
    /// Arguments do not go together.
    #[error("{0}")]
    Usage(String),
    /// A template can not be used.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// Recorded inputs cannot be used.
    #[error(transparent)]
    Recorded(#[from] RecordedError),
    /// There are no saved divergences to replay.
    #[error("{}: no directory of saved divergences; `parity diff --save` makes one, --corpus names another", dir.display())]
    NoCorpus {
        /// Where they were looked for.
        dir: PathBuf,
    },
    /// A handler that was asked for by name is not in a tree.
    #[error("{} has no handler {handler}; leave the handler or the engine out, or name another tree{}", place(engine, tree.as_deref()), because(why))]
    Absent {
        /// What was asked for.
        handler: HandlerId,
        /// The engine.
        engine: String,
        /// Its tree, if it is one that is known.
        tree: Option<PathBuf>,
        /// Why, as far as can be told.
        why: Vec<WhyAbsent>,
    },
    /// A tree can not be loaded.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// The ledger can not be used.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// There are no cases of a handler of ours.
    #[error(transparent)]
    NoCases(#[from] NoCases),
    /// There is no coverage.
    #[error(transparent)]
    Coverage(#[from] CoverageError),
    /// The pages of the documentation can not be made.
    #[error(transparent)]
    Docs(#[from] DocsError),
    /// There are no skeletons of a new handler.
    #[error(transparent)]
    NewHandler(#[from] NewHandlerError),
    /// A document can not be read or written.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// Vectors can not be made, read or written.
    #[error(transparent)]
    Vectors(#[from] VectorError),
    /// An engine failed.
    #[error(transparent)]
    Engine(#[from] EngineFault),
    /// The campaign has no result.
    #[error(transparent)]
    Campaign(#[from] CampaignError),
    /// There is no checkout.
    #[error(
        "{}: {}; `parity init` writes settings for handlers of your own that are here and below, --templates DIR and their trees name \
         them, and --root DIR names the checkout of Parity",
        dir.display(),
        no_checkout(*named)
    )]
    NoRoot {
        /// Where it was looked for.
        dir: PathBuf,
        /// Whether it was named.
        named: bool,
    },
    /// There is no checkout, and the command is about our own handlers.
    #[error(
        "{}: {}; `parity {command}` is about Parity's own handlers, and --root DIR names its checkout. For handlers of your own: {instead}",
        dir.display(),
        no_checkout(*named)
    )]
    OwnOnly {
        /// The command.
        command: &'static str,
        /// What there is for handlers of others.
        instead: &'static str,
        /// Where a checkout was looked for.
        dir: PathBuf,
        /// Whether it was named.
        named: bool,
    },
    /// What was named is no single engine.
    #[error("majority is no engine that runs handlers; name one, e.g. --engine python")]
    NoEngine,
    /// A file can not be read.
    #[error("{}: can not be read: {source}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file is none of what can be replayed.
    #[error("{}: neither a step input nor a task nor a saved divergence: {message}", file.display())]
    NoInput {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        message: String,
    },
    /// A tool of a language fails.
    #[error("{tool}: {message}")]
    Tool {
        /// The tool.
        tool: String,
        /// What it said.
        message: String,
    },
    /// There are no figures.
    #[cfg(feature = "embedded-python")]
    #[error(transparent)]
    Bench(#[from] BenchError),
    /// A file is no report.
    #[error("{}: not a JSON report of `parity diff`: {message}", file.display())]
    NoReport {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        message: String,
    },
    /// Reports can not be joined.
    #[error(transparent)]
    Merge(#[from] MergeError),
    /// It can not be told what has changed.
    #[error("{}: git can not tell what has changed: {message}", dir.display())]
    Git {
        /// Where.
        dir: PathBuf,
        /// What git says.
        message: String,
    },
    /// There is nothing to compare.
    #[error("could not compare: nothing that is compared here has changed since {base}")]
    NothingChanged {
        /// The revision.
        base: String,
    },
    /// A program that was named runs nothing of what it is to run.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// A Node is of another version than the one that was asked for.
    #[error("{program} is Node {version}, and --node-version asks for {asked}")]
    OtherNode {
        /// The program.
        program: String,
        /// Its version.
        version: String,
        /// What was asked for.
        asked: u32,
    },
    /// Two engines have one name.
    #[error("two engines are called {name}; tell them apart, e.g. {}", labelled(name))]
    OneName {
        /// The name.
        name: String,
    },
    /// There are not enough engines to vote.
    #[error(
        "a majority needs at least {fewest} engines, and there are {engines}; name more with --engine, or one as --oracle"
    )]
    TooFewToVote {
        /// How many there are.
        engines: usize,
        /// How many it takes.
        fewest: usize,
    },
    /// The oracle is the only engine.
    #[error("nothing to compare with {oracle}; name another engine with --engine")]
    NothingToCompare {
        /// The oracle.
        oracle: String,
    },
    /// A report can not be written.
    #[error("{}: the report can not be written: {source}", file.display())]
    Unwritable {
        /// The file.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// What is to be logged is not understood.
    #[error("what is to be logged, {filter:?}, is not understood: {message}; PARITY_LOG is e.g. parity=debug")]
    LogFilter {
        /// What was asked for.
        filter: String,
        /// What is wrong with it.
        message: String,
    },
    /// The pages of a manual cannot be written.
    #[error("{}: the pages cannot be written: {source}", directory.display())]
    Pages {
        /// Where to.
        directory: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The log cannot be written.
    #[error("{}: the log cannot be written: {source}", file.display())]
    Log {
        /// The file.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Standard input or output failed.
    #[error("standard input or output failed: {0}")]
    Io(#[from] std::io::Error),
}

/// How an engine of this name may be called beside another one.
fn labelled(name: &str) -> String {
    let (kind, _) = name.split_once('@').unwrap_or((name, ""));
    let is_interpreter = kind.parse().is_ok_and(|engine: EngineConfig| !engine.is_embedded());
    if is_interpreter { format!("{kind}@old=PROGRAM and {kind}@new=PROGRAM") } else { format!("{kind}-2=COMMAND") }
}

fn place(engine: &str, tree: Option<&Path>) -> String {
    tree.map_or_else(|| format!("the engine {engine}"), |tree| format!("the {engine} tree {}", tree.display()))
}

fn no_checkout(named: bool) -> &'static str {
    if named { "is no checkout of Parity" } else { "neither this directory nor one above it is a checkout of Parity" }
}

fn of(trees: &[String]) -> String {
    if trees.is_empty() { "none is found".to_owned() } else { format!("there is only {}", trees.join(", ")) }
}

fn because(why: &[WhyAbsent]) -> String {
    let lines: Vec<String> = why.iter().map(|why| format!("\n  {why}")).collect();
    lines.concat()
}

fn near(suggestion: Option<&str>) -> String {
    suggestion.map_or_else(String::new, |suggestion| format!("; did you mean {suggestion}?"))
}

fn suggest(suggestions: &[String], known: &[String]) -> String {
    if suggestions.is_empty() {
        format!("there are {}", known.join(", "))
    } else {
        format!("did you mean {}?", suggestions.join(" or "))
    }
}

impl CliError {
    /// What the command exits with.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self {
            #[cfg(feature = "embedded-python")]
            Self::Bench(_) => Exit::CouldNotCompare,
            Self::Engine(_)
            | Self::NothingChanged { .. }
            | Self::Coverage(CoverageError::Generate(_))
            | Self::Tree(TreeError::Engine(_))
            | Self::Vectors(
                VectorError::Engine(_) | VectorError::Tree(TreeError::Engine(_)) | VectorError::Generate(_),
            ) => Exit::CouldNotCompare,
            Self::Campaign(error) | Self::Vectors(VectorError::Campaign(error)) if !error.is_input() => {
                Exit::CouldNotCompare
            }
            // The new vectors, or those of handlers that nobody named, are not what engines answer; vectors would be dropped.
            Self::Vectors(
                VectorError::Disagreement { .. } | VectorError::OthersChanged { .. } | VectorError::Removals { .. },
            ) => Exit::Divergence,
            _ => Exit::BadInput,
        }
    }
}

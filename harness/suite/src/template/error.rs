//! What can be wrong with a template. Every error names the file, and line and step where there are any.

use std::fmt;
use std::path::{Path, PathBuf};

use parity_model::HandlerId;
use parity_schema::{SchemaError, StrategyError};
use thiserror::Error;

/// A template that can not be used.
#[derive(Debug, Error)]
pub struct TemplateError {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: Option<u32>,
    /// The step.
    pub step: Option<String>,
    /// What is wrong.
    #[source]
    pub problem: Problem,
}

impl TemplateError {
    pub(super) fn of_file(file: &Path, problem: Problem) -> Self {
        Self { file: file.to_owned(), line: None, step: None, problem }
    }
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(step) = &self.step {
            write!(f, ": step {step}")?;
        }
        write!(f, ": {}", self.problem)
    }
}

/// What is wrong with a template.
#[derive(Debug, Error)]
pub enum Problem {
    /// The file can not be read.
    #[error("can not be read: {0}")]
    Unreadable(#[from] std::io::Error),
    /// The directory holds no template.
    #[error("no templates here or below; files named *.yaml or *.yml are looked for")]
    NoTemplates,
    /// It is no YAML, or a value is missing or of the wrong type.
    #[error("{0}")]
    Yaml(String),
    /// The input schema is no JSON Schema, or nothing can be drawn from it.
    #[error("input_schema {0}")]
    InputSchema(SchemaError),
    /// What is said of a path of the task's input cannot be used.
    #[error("x-parity: {0}")]
    Strategy(StrategyError),
    /// The same, where it is said beside the template.
    #[error("{workflow}: {error}")]
    Beside {
        /// The workflow.
        workflow: String,
        /// What is wrong.
        error: StrategyError,
    },
    /// Something is said of a workflow that no template here has.
    #[error("no template in this directory is of the workflow {workflow}{}", meant(nearest.as_ref()))]
    NoWorkflow {
        /// The workflow.
        workflow: String,
        /// The one that may be meant.
        nearest: Option<String>,
    },
    /// There is nothing to do.
    #[error("the template has no steps")]
    NoSteps,
    /// No language has such a method.
    #[error(
        "handler.method is {method:?}, which is no name of a method; write one such as refund, or leave it out for call"
    )]
    Method {
        /// What stands there.
        method: String,
    },
    /// A step may never be tried.
    #[error("max_attempts is 0; a step is tried at least once, so write 1")]
    NoAttempts,
    /// Two steps have the same name.
    #[error("there is another step of this name in line {first}; give one of them another name")]
    DuplicateStep {
        /// The line of the first one.
        first: u32,
    },
    /// A dependency that is no step.
    #[error("depends on {dependency}, which is no step of this template")]
    UnknownDependency {
        /// What it depends on.
        dependency: String,
    },
    /// Steps that wait for one another.
    #[error("depends on itself: {}", cycle.join(" -> "))]
    Cycle {
        /// The way from the step back to it.
        cycle: Vec<String>,
    },
    /// Two templates of one namespace have the same name and version.
    #[error("the template {id} is also in {}; give one of them another name, namespace or version", first.display())]
    DuplicateTemplate {
        /// The identity of both.
        id: String,
        /// Where it was seen first.
        first: PathBuf,
    },
    /// Two callables that can not be told apart.
    #[error(
        "{callable} has the identity {handler}, and so has {first} in {}; give one of them another name, or another \
         namespace to one of the templates",
        file.display()
    )]
    TwoCallables {
        /// The identity of both.
        handler: HandlerId,
        /// This one.
        callable: String,
        /// The other one.
        first: String,
        /// The other one's template.
        file: PathBuf,
    },
    /// A handler that an engine lacks.
    #[error("the {engine} engine has no handler {handler}")]
    MissingHandler {
        /// The engine's name.
        engine: String,
        /// The handler.
        handler: HandlerId,
    },
}

fn meant(nearest: Option<&String>) -> String {
    nearest.map_or_else(String::new, |nearest| format!("; did you mean {nearest}?"))
}

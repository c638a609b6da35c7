//! A template as data.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use parity_model::HandlerId;
use parity_schema::Strategies;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use parity_engine::naming::Spelling;

/// A template's identity. The name alone is none: two namespaces may use the same one.
///
/// Text and JSON: `namespace/name`, e.g. `payments/process_refund`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TemplateId {
    /// The namespace.
    pub namespace: String,
    /// The name within the namespace.
    pub name: String,
}

impl fmt::Display for TemplateId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.namespace, self.name)
    }
}

impl FromStr for TemplateId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('/') {
            Some((namespace, name)) if !namespace.is_empty() && !name.is_empty() && !name.contains('/') => {
                Ok(Self { namespace: namespace.to_owned(), name: name.to_owned() })
            }
            _ => Err(format!("{text:?} is not a workflow of the form namespace/name")),
        }
    }
}

impl TryFrom<String> for TemplateId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<TemplateId> for String {
    fn from(id: TemplateId) -> Self {
        id.to_string()
    }
}

/// A workflow. Its steps were checked: names are unique, dependencies exist and have no cycle.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Template {
    /// Where it was read from.
    pub file: PathBuf,
    /// Who it is.
    pub id: TemplateId,
    /// Its version, e.g. `1.0.0`.
    pub version: String,
    /// JSON Schema of the task's input. The engine carries it and does not enforce it.
    pub input_schema: Value,
    /// What its author says of the values of the task's input.
    pub strategies: Strategies,
    /// The steps, in the order of the file.
    pub steps: Vec<Step>,
    /// What is to be said of it although it can be used, with file and line.
    pub notes: Vec<String>,
}

impl Template {
    /// The step of this name.
    #[must_use]
    pub fn step(&self, name: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.name == name)
    }

    /// Whether steps are created while it runs.
    #[must_use]
    pub fn is_dynamic(&self) -> bool {
        self.steps.iter().any(|step| step.kind != StepKind::Standard)
    }

    /// The steps in an order in which each stands after everything that it depends on, otherwise in that of the file.
    #[must_use]
    pub fn in_order(&self) -> Vec<&Step> {
        let mut ordered: Vec<&Step> = Vec::new();
        while ordered.len() < self.steps.len() {
            let is_placed = |name: &str| ordered.iter().any(|step| step.name == name);
            let is_next = |step: &&Step| !is_placed(&step.name) && step.dependencies.iter().all(|name| is_placed(name));
            match self.steps.iter().find(is_next) {
                Some(step) => ordered.push(step),
                // Only a cycle ends here, and loading refuses cycles.
                None => break,
            }
        }
        ordered
    }

    /// The steps whose results `step` is handed: all its ancestors, not only its parents, in the order of the file.
    #[must_use]
    pub fn ancestors(&self, step: &Step) -> Vec<&Step> {
        let mut names: Vec<&str> = Vec::new();
        let mut open: Vec<&str> = step.dependencies.iter().map(String::as_str).collect();
        while let Some(name) = open.pop() {
            if !names.contains(&name) {
                names.push(name);
                open.extend(self.step(name).into_iter().flat_map(|step| step.dependencies.iter().map(String::as_str)));
            }
        }
        self.steps.iter().filter(|step| names.contains(&step.name.as_str())).collect()
    }
}

/// A step of a workflow.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Step {
    /// Its name, unique in the template.
    pub name: String,
    /// When it is created, and what it may create.
    pub kind: StepKind,
    /// What its batches are like.
    pub batches: Option<BatchConfig>,
    /// What it runs.
    pub handler: HandlerRef,
    /// The steps that must be completed before it.
    pub dependencies: Vec<String>,
    /// How often it is tried.
    pub retry: Retry,
    /// How long one attempt may take.
    pub timeout_seconds: Option<u64>,
    /// Its line in the file, from 1.
    pub line: Option<u32>,
}

/// What a step has to do with the creation of steps while the workflow runs.
///
/// JSON: as a template spells it, e.g. `"deferred_convergence"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// Nothing.
    #[default]
    Standard,
    /// It says which of the steps behind it are created.
    Decision,
    /// It waits for those of its dependencies that are created.
    DeferredConvergence,
    /// It says how many workers there are, and what each of them does.
    Batchable,
    /// What every worker is like.
    BatchWorker,
}

/// What a template says of the batches of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchConfig {
    /// The step that every worker is like.
    #[serde(default)]
    pub worker_template: Option<String>,
    /// What a cursor counts.
    #[serde(default = "id")]
    pub cursor_field: String,
    /// What becomes of the other items when one fails.
    #[serde(default = "continue_on_failure")]
    pub failure_strategy: String,
}

fn id() -> String {
    "id".to_owned()
}

fn continue_on_failure() -> String {
    "continue_on_failure".to_owned()
}

impl Default for BatchConfig {
    fn default() -> Self {
        Self { worker_template: None, cursor_field: id(), failure_strategy: continue_on_failure() }
    }
}

/// A handler as a template names it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HandlerRef {
    /// The handler's identity; each language maps it to a class of its own.
    pub callable: HandlerId,
    /// What the template calls it.
    pub spelling: Spelling,
    /// The handler's configuration.
    pub initialization: Map<String, Value>,
}

/// How often a step is tried, and how long is waited in between.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Retry {
    /// Whether a retryable failure is tried again at all.
    pub retryable: bool,
    /// Attempts in all, the first included.
    pub max_attempts: u32,
    /// How the wait grows.
    pub backoff: Backoff,
    /// The first wait, in milliseconds.
    pub backoff_base_ms: u64,
    /// The longest wait, in milliseconds; without it the wait grows on.
    pub max_backoff_ms: Option<u64>,
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            retryable: true,
            max_attempts: 3,
            backoff: Backoff::Exponential,
            backoff_base_ms: 1000,
            max_backoff_ms: None,
        }
    }
}

impl Retry {
    /// Milliseconds between attempt number `attempt` (from 1), which failed, and the next one.
    #[must_use]
    pub fn wait_ms(&self, attempt: u32) -> u64 {
        let failures = u64::from(attempt.saturating_sub(1));
        let wait = match self.backoff {
            Backoff::None => 0,
            Backoff::Fixed => self.backoff_base_ms,
            Backoff::Linear => self.backoff_base_ms.saturating_mul(failures + 1),
            Backoff::Exponential => {
                let factor = 1_u64.checked_shl(u32::try_from(failures).unwrap_or(u32::MAX)).unwrap_or(u64::MAX);
                self.backoff_base_ms.saturating_mul(factor)
            }
        };
        self.max_backoff_ms.map_or(wait, |most| wait.min(most))
    }
}

/// How the wait between attempts grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Backoff {
    /// No wait.
    None,
    /// Always the first wait.
    #[serde(alias = "constant")]
    Fixed,
    /// The first wait once more each time.
    Linear,
    /// Twice the wait before.
    Exponential,
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(Backoff::None, [0, 0, 0, 0])]
    #[case(Backoff::Fixed, [100, 100, 100, 100])]
    #[case(Backoff::Linear, [100, 200, 300, 350])]
    #[case(Backoff::Exponential, [100, 200, 350, 350])]
    fn a_wait_grows_up_to_its_limit(#[case] backoff: Backoff, #[case] waits: [u64; 4]) {
        let retry = Retry { backoff, backoff_base_ms: 100, max_backoff_ms: Some(350), ..Retry::default() };
        assert_eq!([1, 2, 3, 4].map(|attempt| retry.wait_ms(attempt)), waits);
    }

    #[test]
    fn no_number_of_attempts_overflows() {
        let retry = Retry { max_backoff_ms: None, ..Retry::default() };
        assert_eq!(retry.wait_ms(u32::MAX), u64::MAX);
    }
}

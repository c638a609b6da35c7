//! The suite: what is compared, on what, and by which rules. It is made once, from arguments or a file, and nobody behind it asks
//! whose handlers they are.

use parity_engine::EngineConfig;
use parity_engine::naming::Naming;
use parity_judge::Criteria;
use parity_model::HandlerId;
use serde::{Deserialize, Serialize};

use crate::generators::Generators;
use crate::literals::Literals;
use crate::recorded::Recorded;
use crate::template::{self, Template};

/// What is compared.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suite {
    /// The handlers, in the order of reports.
    pub handlers: Vec<HandlerId>,
    /// The workflows whose steps they are.
    pub templates: Vec<Template>,
    /// Whether a file that cannot be loaded, or a handler that no template asks for, is an error: where all of a tree is meant
    /// to be right.
    pub strict_trees: bool,
    /// What the others are compared with.
    pub oracle: Oracle,
    /// What is compared with it.
    pub engines: Vec<EngineConfig>,
    /// What the handlers' sources say.
    pub literals: Literals,
    /// Inputs that somebody recorded.
    pub recorded: Recorded,
    /// What counts as a difference.
    pub criteria: Criteria,
    /// Where hand-written generators come from, by name; none for cases that come from templates alone.
    pub library: Option<String>,
    /// Those generators.
    #[serde(skip)]
    pub generators: Generators,
}

/// What is right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Oracle {
    /// What most of the engines answer.
    Majority,
    /// What this engine answers.
    Engine(EngineConfig),
}

impl Default for Oracle {
    fn default() -> Self {
        Self::Engine(EngineConfig::reference())
    }
}

impl Oracle {
    /// Its name in reports.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Majority => parity_judge::majority::NAME,
            Self::Engine(engine) => &engine.name,
        }
    }
}

impl Suite {
    /// The handlers that are compared, and those of all steps of the templates.
    #[must_use]
    pub fn steps(&self) -> Vec<HandlerId> {
        let steps =
            self.templates.iter().flat_map(|template| &template.steps).map(|step| step.handler.callable.clone());
        self.handlers.iter().cloned().chain(steps).collect()
    }

    /// What handlers are called.
    #[must_use]
    pub fn naming(&self) -> Naming {
        let naming = template::naming(&self.templates);
        if self.strict_trees { naming } else { naming.lenient() }
    }

    /// The engine of this name, if it is compared or the oracle.
    #[must_use]
    pub fn engine(&self, name: &str) -> Option<&EngineConfig> {
        self.all_engines().find(|engine| engine.name == name)
    }

    /// Every engine that takes part, the oracle last.
    pub fn all_engines(&self) -> impl Iterator<Item = &EngineConfig> {
        let oracle = match &self.oracle {
            Oracle::Engine(engine) => Some(engine),
            Oracle::Majority => None,
        };
        self.engines.iter().chain(oracle)
    }
}

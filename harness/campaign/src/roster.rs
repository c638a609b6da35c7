//! Who takes part in a campaign, as far as those know it who do not run the engines themselves.

use parity_engine::Engine;
use parity_engine::naming::Inventory;
use parity_model::HandlerId;
use serde::{Deserialize, Serialize};

/// An engine by its name and its handlers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roster {
    /// The engine's name.
    pub engine: String,
    /// The handlers that it has, sorted.
    pub handlers: Vec<HandlerId>,
    /// What its tree holds, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inventory: Option<Inventory>,
}

impl Roster {
    /// What is known of `engine`.
    #[must_use]
    pub fn of(engine: &dyn Engine) -> Self {
        let (name, inventory) = (engine.name().to_owned(), engine.inventory().cloned());
        Self { engine: name, handlers: engine.handlers().to_vec(), inventory }
    }

    /// Whether the engine has `handler`.
    #[must_use]
    pub fn has(&self, handler: &HandlerId) -> bool {
        self.handlers.binary_search(handler).is_ok()
    }
}

/// Who takes part in a campaign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rosters {
    /// What the others are compared with.
    pub oracle: Roster,
    /// Those that are compared.
    pub engines: Vec<Roster>,
}

impl Rosters {
    /// What is known of the oracle and the engines.
    #[must_use]
    pub fn of<'e>(oracle: &dyn Engine, engines: impl Iterator<Item = &'e dyn Engine>) -> Self {
        Self { oracle: Roster::of(oracle), engines: engines.map(Roster::of).collect() }
    }

    /// The names of the engines that can be compared on all of these handlers.
    pub(crate) fn able(&self, handlers: &[HandlerId]) -> Vec<String> {
        let has_all = |roster: &&Roster| handlers.iter().all(|handler| self.oracle.has(handler) && roster.has(handler));
        self.engines.iter().filter(has_all).map(|roster| roster.engine.clone()).collect()
    }
}

//! The handlers that raised a permanent error at a worker that does not take it for one.

use std::collections::{BTreeMap, BTreeSet};

use parity_judge::Criteria;
use parity_model::{HandlerId, Observation};
use serde::{Deserialize, Serialize};

/// By the engine, the handlers of which a call ended so.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Raised(BTreeMap<String, BTreeSet<HandlerId>>);

impl Raised {
    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Looks at how a call ended on `engine`.
    pub(crate) fn see(&mut self, criteria: &Criteria, engine: &str, handler: &HandlerId, end: &Observation) {
        if criteria.is_retried(engine, end) {
            self.0.entry(engine.to_owned()).or_default().insert(handler.clone());
        }
    }

    /// Takes those that were seen elsewhere, too.
    pub fn add(&mut self, other: Self) {
        unite(&mut self.0, other.0);
    }

    /// The engines, each with its handlers.
    pub fn into_engines(self) -> impl Iterator<Item = (String, BTreeSet<HandlerId>)> {
        self.0.into_iter()
    }
}

/// Adds what another map has under each key.
pub(crate) fn unite<K: Ord, V: Ord>(one: &mut BTreeMap<K, BTreeSet<V>>, other: BTreeMap<K, BTreeSet<V>>) {
    for (key, values) in other {
        one.entry(key).or_default().extend(values);
    }
}

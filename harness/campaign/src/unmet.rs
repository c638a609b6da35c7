//! The fields of outcomes that somebody named and that no outcome has: most likely they are misspelt.

use std::collections::BTreeSet;

use parity_judge::{Criteria, Field};
use parity_model::Observation;
use serde::{Deserialize, Serialize};

/// The fields that criteria treat apart and that no outcome had so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unmet(BTreeSet<Field>);

impl Unmet {
    /// All of them.
    pub(crate) fn new(criteria: &Criteria) -> Self {
        Self(criteria.fields().collect())
    }

    /// Crosses out what an outcome has.
    pub(crate) fn see(&mut self, outcome: &Observation) {
        if !self.0.is_empty()
            && let Ok(document) = serde_json::to_value(outcome)
        {
            self.0.retain(|field| !field.is_in(&document));
        }
    }

    /// Crosses out what was met elsewhere.
    #[must_use]
    pub fn and(self, other: &Self) -> Self {
        Self(self.0.into_iter().filter(|field| other.0.contains(field)).collect())
    }

    /// The fields, in alphabetical order.
    #[must_use]
    pub fn into_fields(self) -> Vec<Field> {
        self.0.into_iter().collect()
    }
}

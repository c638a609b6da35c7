//! Making a case as small as it can be while it stays what it was chosen for.

use std::collections::BTreeSet;
use std::convert::Infallible;

use parity_model::{Ambient, StepInput};
use serde_json::Value;

use super::examine::Examined;
use super::feature::Feature;
use parity_model::with_document;
use parity_schema::Domain;
use parity_shrink::{Answer, shrink};

/// How often the oracle is asked at most to make one case smaller.
const BUDGET: u32 = 800;

impl Examined {
    /// The same case with the default clock and randomness, where its outcome depends on none.
    pub(super) fn in_plain_ambient(self) -> Self {
        let default = Ambient::default();
        let mut ambient = self.input.ambient.clone();
        if !self.depends_on_time() {
            ambient.now = default.now;
        }
        if !self.depends_on_randomness() {
            ambient.entropy = default.entropy;
        }
        if ambient == self.input.ambient {
            return self;
        }
        let input = StepInput { ambient, ..self.input.clone() };
        Self::new(&input).unwrap_or(self)
    }

    /// The smallest case found with the same declared outcome and all of `features`, well-formed if this one is.
    pub(super) fn minimised(&self, features: &BTreeSet<Feature>, domain: &Domain) -> Self {
        let is_well_formed = domain.holds(&self.document);
        let candidate = |document: &Value| {
            let input = with_document(&self.input, document)?;
            if is_well_formed && !domain.holds(document) { None } else { Self::new(&input) }
        };
        let mut holds = |document: &Value| -> Result<Answer, Infallible> {
            Ok(match candidate(document) {
                None => Answer::OutOfDomain,
                Some(smaller) if smaller.class == self.class && smaller.has_all(features, domain) => Answer::Holds,
                Some(_) => Answer::HoldsNot,
            })
        };
        let Ok(minimal) = shrink(self.document.clone(), BUDGET, &mut holds);
        candidate(&minimal.value).map_or_else(|| self.clone(), Self::in_plain_ambient)
    }
}

//! The engines of a campaign, in the process that runs them.

use std::time::Instant;

use parity_engine::Engine;
use parity_judge::Criteria;
use parity_suite::workflow::Pool;

use crate::confirm::Fresh;
use crate::error::CampaignError;
use crate::roster::Rosters;
use crate::triage::Triage;

/// The oracle, and the engines that are compared with it.
pub struct Panel {
    /// What is expected.
    pub oracle: Box<dyn Engine>,
    /// What is compared.
    pub engines: Vec<Box<dyn Engine>>,
}

impl Panel {
    /// Who they are.
    #[must_use]
    pub fn rosters(&self) -> Rosters {
        Rosters::of(self.oracle.as_ref(), self.engines.iter().map(AsRef::as_ref))
    }

    /// What triage on this panel works with.
    pub fn triage<'a>(
        &'a mut self,
        criteria: &'a Criteria,
        fresh: Option<&'a dyn Fresh>,
        limit: Option<Instant>,
    ) -> Triage<'a> {
        let engines = self.engines.iter_mut().map(|engine| engine.as_mut() as &mut dyn Engine).collect();
        Triage { oracle: self.oracle.as_mut(), engines, criteria, fresh, limit }
    }
}

/// The oracle, and the engines that are compared with it, each with several workers: concurrent steps run at the same time.
#[derive(Clone, Debug)]
pub struct TaskPanel {
    /// What is expected.
    pub oracle: Pool,
    /// What is compared.
    pub engines: Vec<Pool>,
}

impl TaskPanel {
    /// Who they are.
    #[must_use]
    pub fn rosters(&self) -> Rosters {
        Rosters::of(&self.oracle, self.engines.iter().map(|pool| pool as &dyn Engine))
    }

    pub(crate) fn engine(&self, name: &str) -> Result<&Pool, CampaignError> {
        let engine = self.engines.iter().find(|pool| pool.name() == name);
        engine.ok_or_else(|| CampaignError::NoEngine(name.to_owned()))
    }
}

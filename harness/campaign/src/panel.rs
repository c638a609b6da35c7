//! The engines of a campaign, in the process that runs them.

use std::time::Instant;

use parity_engine::Engine;
use parity_judge::Criteria;
use parity_suite::workflow::Pool;

use crate::confirm::Confirmer;
use crate::error::CampaignError;
use crate::known::with_causes;
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

    /// `criteria` whose ledger knows the causes that the inputs of its entries show here. Where one of them cannot be asked now, the
    /// ledger stays as it is: looking whether its entries still occur tells the fault.
    pub(crate) fn criteria(&mut self, criteria: &Criteria) -> Criteria {
        let mut engines: Vec<&mut dyn Engine> = Vec::new();
        for engine in &mut self.engines {
            engines.push(engine.as_mut());
        }
        with_causes(criteria, self.oracle.as_mut(), &mut engines).unwrap_or_else(|_| criteria.clone())
    }

    /// What triage on this panel works with.
    pub fn triage<'a>(
        &'a mut self,
        criteria: &'a Criteria,
        confirmer: Option<&'a Confirmer<'a>>,
        limit: Option<Instant>,
    ) -> Triage<'a> {
        let engines = self.engines.iter_mut().map(|engine| engine.as_mut() as &mut dyn Engine).collect();
        Triage { oracle: self.oracle.as_mut(), engines, criteria, confirmer, limit }
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

    /// `criteria` as [`Panel::criteria`] makes them.
    pub(crate) fn criteria(&self, criteria: &Criteria) -> Criteria {
        let (mut oracle, mut pools) = (self.oracle.clone(), self.engines.clone());
        let mut engines: Vec<&mut dyn Engine> = Vec::new();
        for pool in &mut pools {
            engines.push(pool);
        }
        with_causes(criteria, &mut oracle, &mut engines).unwrap_or_else(|_| criteria.clone())
    }

    pub(crate) fn engine(&self, name: &str) -> Result<&Pool, CampaignError> {
        let engine = self.engines.iter().find(|pool| pool.name() == name);
        engine.ok_or_else(|| CampaignError::NoEngine(name.to_owned()))
    }
}

//! Examines single inputs as a campaign would: with the same engines, criteria, confirmation and domains.

use parity_engine::{Engine, TreeError};
use parity_judge::{ComparedCall, Verdict};
use parity_model::{Observation, Signature, StepInput, document_of};
use parity_suite::Suite;

use crate::confirm::{Confirmer, Fresh};
use crate::corpus::{Fate, Saved};
use crate::divergence::Divergence;
use crate::error::CampaignError;
use crate::panel::Panel;
use crate::probe::call;
use crate::setting::Setting;
use crate::steps::Sources;
use crate::tally::Fault;
use crate::triage::{Examined, Incomparable};

/// An engine's answer, held against what somebody expects of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// The engine.
    pub engine: String,
    /// How it differs; nothing if the engine has no such handler.
    pub verdict: Option<Verdict>,
}

/// Examines single inputs of the handlers of a suite.
pub struct Examiner<'a> {
    suite: &'a Suite,
    panel: Panel,
    confirmer: Option<Confirmer<'a>>,
    sources: Sources,
}

impl<'a> Examiner<'a> {
    /// Starts the engines.
    pub fn new(setting: &'a Setting<'a>) -> Result<Self, TreeError> {
        Ok(Self::on(setting.suite, setting.panel()?, Some(setting)))
    }

    /// Examines on engines that somebody has started, and confirms divergences in `fresh` ones.
    #[must_use]
    pub fn on(suite: &'a Suite, mut panel: Panel, fresh: Option<&'a dyn Fresh>) -> Self {
        let sources = Sources::new(&panel.criteria(&suite.criteria));
        Self { suite, panel, confirmer: fresh.map(Confirmer::new), sources }
    }

    /// The engines.
    #[must_use]
    pub fn panel(&self) -> &Panel {
        &self.panel
    }

    /// What the oracle answers.
    pub fn expected(&mut self, input: &StepInput) -> Result<Observation, CampaignError> {
        Ok(self.panel.oracle.run(input)?)
    }

    /// What every engine that has the handler makes of `input` as it is.
    pub fn examine(&mut self, input: &StepInput) -> Result<Vec<Examined>, CampaignError> {
        let criteria = self.sources.criteria(&input.handler, self.suite, self.panel.oracle.as_mut())?;
        Ok(self.panel.triage(&criteria, self.confirmer.as_ref(), None).examine(input)?)
    }

    /// How the oracle and every engine answer, held against what is `expected` of all of them. What is random is found out from the
    /// oracle as it is now.
    pub fn hold(&mut self, input: &StepInput, expected: &Observation) -> Result<Vec<Held>, CampaignError> {
        let (handler, ambient) = (&input.handler, &input.ambient);
        let none = |engine: &dyn Engine| Held { engine: engine.name().to_owned(), verdict: None };
        if !self.panel.oracle.has(handler) {
            return Ok(vec![none(self.panel.oracle.as_ref())]);
        }
        let criteria = self.sources.criteria(handler, self.suite, self.panel.oracle.as_mut())?;
        let Panel { oracle, engines } = &mut self.panel;
        let mut all = Vec::new();
        for place in 0..=engines.len() {
            let subject = place.checked_sub(1).map_or(&mut *oracle, |place| &mut engines[place]);
            if !subject.has(handler) {
                all.push(none(subject.as_ref()));
                continue;
            }
            let actual = call(subject.as_mut(), input)?;
            let engine = subject.name().to_owned();
            let pair = ComparedCall { handler, ambient, expected, engine: &engine, actual: &actual };
            let verdict = criteria.judge(&pair, &mut |ambient| oracle.again(input, ambient))?;
            all.push(Held { engine, verdict: Some(verdict) });
        }
        Ok(all)
    }

    /// The divergence of `signature`, which `start` shows.
    pub fn triage(&mut self, signature: &Signature, start: StepInput) -> Result<Divergence, CampaignError> {
        let (source, criteria) = self.sources.of(&start.handler, self.suite, self.panel.oracle.as_mut())?;
        Ok(self.panel.triage(criteria, self.confirmer.as_ref(), None).run(signature, start, source.domain())?)
    }

    /// Whether an input is well-formed, as far as that is known of its handler.
    pub fn is_well_formed(&mut self, input: &StepInput) -> bool {
        let source = self.sources.of(&input.handler, self.suite, self.panel.oracle.as_mut());
        source.is_ok_and(|(source, _)| source.domain().holds(&document_of(input)))
    }

    /// What has become of a saved divergence.
    ///
    /// Where its engine is what the others are compared with, the two change sides: who differs is then said of it again.
    pub fn fate(&mut self, saved: &Saved) -> Fate {
        let engine = &saved.signature.engine;
        if self.panel.oracle.name() == engine && !self.panel.engines.is_empty() {
            std::mem::swap(&mut self.panel.oracle, &mut self.panel.engines[0]);
        }
        let handler = &saved.input.handler;
        let has = self.panel.engines.iter().any(|known| known.name() == engine && known.has(handler));
        if !has || !self.panel.oracle.has(handler) {
            return Fate::Error(format!("no engine {engine} with {handler}"));
        }
        match self.examine_on(engine, &saved.input) {
            Err(error) => Fate::Error(error.to_string()),
            Ok(Examined { incomparable: Some(Incomparable::Outside), .. }) => Fate::OutOfDomain,
            Ok(Examined { incomparable: Some(why), .. }) => Fate::Error(why.to_string()),
            // Of several differences the one that was saved, if it is among them.
            Ok(Examined { divergences, .. }) if !divergences.is_empty() => {
                let mut found = divergences.into_iter().map(|divergence| divergence.signature);
                let first = found.next();
                let same = found.find(|signature| *signature == saved.signature);
                Fate::StillFailing(same.or(first).unwrap_or_else(|| saved.signature.clone()))
            }
            Ok(_) if saved.well_formed && !self.is_well_formed(&saved.input) => Fate::OutOfDomain,
            Ok(_) => Fate::Fixed,
        }
    }

    fn examine_on(&mut self, engine: &str, input: &StepInput) -> Result<Examined, CampaignError> {
        let criteria = self.sources.criteria(&input.handler, self.suite, self.panel.oracle.as_mut())?;
        Ok(self.panel.triage(&criteria, self.confirmer.as_ref(), None).examine_on(engine, input)?)
    }

    /// What saved inputs show, each signature once, whichever engine it was found on.
    pub fn examine_saved(&mut self, saved: &[Saved]) -> (Vec<Divergence>, Vec<Fault>) {
        let (mut divergences, mut faults): (Vec<Divergence>, Vec<Fault>) = (Vec::new(), Vec::new());
        for saved in saved {
            match self.examine(&saved.input) {
                Ok(found) => {
                    for divergence in found.into_iter().flat_map(|examined| examined.divergences) {
                        let family = divergence.signature.family();
                        if divergences.iter().all(|known| known.signature.family() != family) {
                            divergences.push(divergence);
                        }
                    }
                }
                Err(error) => faults.push(Fault {
                    handler: saved.input.handler.clone(),
                    engine: saved.signature.engine.clone(),
                    message: error.to_string(),
                    input: saved.input.clone(),
                    case: None,
                }),
            }
        }
        (divergences, faults)
    }
}

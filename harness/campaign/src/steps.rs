//! Does the work of a campaign over single handlers: draws cases, asks the oracle, asks every engine, compares, notes.

use std::collections::BTreeMap;
use std::time::Instant;

use parity_model::{HandlerId, StepInput};

use super::confirm::{Fresh, confirm};
use super::crew::{Done, EngineLog, Job, Log, Member, Note, Shown, Standing, is_over};
use super::run::{Campaign, CampaignError, TIMEOUTS};
use super::shrink_case::shrink_until;
use super::sides::with_sides;
use super::source::{NoCase, Source};
use super::tally::{Fault, Smallest};
use crate::divergence::Divergence;
use parity_engine::{Engine, EngineFault};
use parity_judge::Criteria;
use parity_judge::Entry;
use parity_judge::compare_on;
use parity_model::Observation;
use parity_model::document_of;
use parity_model::{DifferenceClass, Signature};
use parity_schema::Domain;
use parity_shrink::Size;
use parity_suite::CaseId;

/// Cases that go through one side before the next one gets them. A language that runs several cases in a row finds its code and
/// data in the processor's caches: one by one, the whole loop takes a quarter longer.
const BATCH: usize = 32;

/// A case, and what the oracle answers to it.
type Drawn = (u64, StepInput, Result<Observation, Box<Fault>>);

/// What the work is done with.
pub struct Steps<'a> {
    campaign: &'a Campaign,
    oracle: &'a mut dyn Engine,
    engines: &'a mut [Box<dyn Engine>],
    fresh: Option<&'a dyn Fresh>,
    sources: BTreeMap<HandlerId, Source>,
}

impl<'a> Steps<'a> {
    /// Works on `engines`, and confirms divergences in `fresh` ones.
    pub fn new(
        campaign: &'a Campaign,
        oracle: &'a mut dyn Engine,
        engines: &'a mut [Box<dyn Engine>],
        fresh: Option<&'a dyn Fresh>,
    ) -> Self {
        Self { campaign, oracle, engines, fresh, sources: BTreeMap::new() }
    }

    fn cases(
        &mut self,
        handler: &HandlerId,
        (first, end): (u64, u64),
        standings: &[Standing],
        limit: Option<Instant>,
    ) -> Result<Log<Note>, CampaignError> {
        let source = source_of(&mut self.sources, self.campaign, handler, self.oracle)?;
        let Campaign { seed, scope, shard, criteria, .. } = self.campaign;
        let mut takers: Vec<Taker<'_>> = Vec::new();
        for engine in self.engines.iter_mut() {
            if let Some(standing) = standings.iter().find(|standing| standing.engine == engine.name()) {
                takers.push(Taker::new(engine.as_mut(), standing.timeouts));
            }
        }
        let mut cases = 0;
        let mut indices = (first..end).filter(|index| shard.holds(*index)).peekable();
        while indices.peek().is_some() && !is_over(limit) && takers.iter().any(|taker| !taker.stopped) {
            let mut inputs = Vec::new();
            for index in indices.by_ref().take(BATCH) {
                match source.draw(CaseId { seed: *seed, index }, scope.of_case(index), self.oracle) {
                    Ok(input) => inputs.push((index, Ok(input))),
                    Err(NoCase::Fault(fault)) => inputs.push((index, Err(fault))),
                    Err(NoCase::Generate(error)) => return Err(error.into()),
                }
            }
            let batch: Vec<Drawn> =
                inputs.into_iter().map(|(index, input)| expect(self.oracle, index, input)).collect();
            let take_all =
                |taker: &mut Taker<'_>| taker.take_all(&batch, (self.oracle, source.domain()), criteria, limit);
            cases += takers.iter_mut().map(take_all).max().unwrap_or(0);
        }
        Ok(Log { cases, engines: takers.into_iter().map(Taker::log).collect() })
    }

    fn known(&mut self, handler: &HandlerId, name: &str) -> Result<Done, CampaignError> {
        let engine = engine_of(self.engines, name)?;
        let criteria = &self.campaign.criteria;
        let (mut stale, mut faults) = (Vec::new(), Vec::new());
        let concerns = |entry: &&Entry| entry.signature.handler == *handler && entry.signature.engine == name;
        for entry in criteria.ledger.entries().iter().filter(concerns) {
            match occurs(entry, self.oracle, engine, criteria) {
                Ok(true) => {}
                Ok(false) => stale.push(entry.signature.clone()),
                Err(fault) => faults.push(Fault::new(handler, engine, &fault, &entry.input)),
            }
        }
        Ok(Done::Known { stale, faults })
    }
}

impl Member for Steps<'_> {
    fn work(&mut self, job: &Job, limit: Option<Instant>) -> Result<Done, CampaignError> {
        match job {
            Job::Cases { handler, first, end, engines } => {
                Ok(Done::Cases(self.cases(handler, (*first, *end), engines, limit)?))
            }
            Job::Shrink { signature, input } => {
                let source = source_of(&mut self.sources, self.campaign, &signature.handler, self.oracle)?;
                let engine = engine_of(self.engines, &signature.engine)?;
                let sides: (&mut dyn Engine, &mut dyn Engine) = (&mut *self.oracle, engine);
                let criteria = &self.campaign.criteria;
                let done = shrink_step(sides, source.domain(), (signature, criteria), input, self.fresh, limit);
                let mut engines: Vec<&mut dyn Engine> =
                    self.engines.iter_mut().map(|engine| engine.as_mut() as _).collect();
                Ok(beside(done, self.oracle, &mut engines, criteria, limit))
            }
            Job::Known { handler, engine } => self.known(handler, engine),
            Job::Tasks { .. } | Job::ShrinkTask { .. } => Err(CampaignError::Misplaced),
        }
    }
}

fn source_of<'s>(
    sources: &'s mut BTreeMap<HandlerId, Source>,
    campaign: &Campaign,
    handler: &HandlerId,
    oracle: &mut dyn Engine,
) -> Result<&'s Source, CampaignError> {
    if !sources.contains_key(handler) {
        sources.insert(handler.clone(), Source::of(campaign, handler, oracle)?);
    }
    sources.get(handler).ok_or(CampaignError::Misplaced)
}

/// A drawn case with what the oracle answers to it.
fn expect(oracle: &mut dyn Engine, index: u64, input: Result<StepInput, Box<Fault>>) -> Drawn {
    match input {
        Ok(input) => {
            let answered = oracle.run(&input);
            let answered =
                answered.map_err(|fault| Box::new(Fault::new(&input.handler, oracle, &fault, &input).of_case(index)));
            (index, input, answered)
        }
        Err(fault) => (index, fault.input.clone(), Err(fault)),
    }
}

fn engine_of<'e>(
    engines: &'e mut [Box<dyn Engine>],
    name: &str,
) -> Result<&'e mut (dyn Engine + 'static), CampaignError> {
    match engines.iter_mut().find(|engine| engine.name() == name) {
        Some(engine) => Ok(engine.as_mut()),
        None => Err(CampaignError::Misplaced),
    }
}

/// Makes `input` as small as possible and sees whether it repeats.
pub(super) fn shrink_step(
    (oracle, engine): (&mut dyn Engine, &mut dyn Engine),
    domain: &Domain,
    (signature, criteria): (&Signature, &Criteria),
    input: &StepInput,
    fresh: Option<&dyn Fresh>,
    limit: Option<Instant>,
) -> Done {
    let shrunk = shrink_until(&mut *oracle, &mut *engine, domain, signature, criteria, input.clone(), limit);
    let confirmed = shrunk.and_then(|divergence| match fresh {
        Some(_) if is_over(limit) => Ok(Divergence { cut_short: true, ..divergence }),
        Some(fresh) => confirm(divergence, criteria.named_by_data.of(&input.handler), fresh, limit),
        None => Ok(divergence),
    });
    match confirmed {
        Ok(divergence) => Done::Shrunk(Box::new(divergence)),
        Err(fault) => Done::Fault(Box::new(Fault::new(&signature.handler, engine, &fault, input))),
    }
}

/// Adds what all engines answer to what was shrunk.
pub(super) fn beside(
    done: Done,
    oracle: &mut dyn Engine,
    engines: &mut [&mut dyn Engine],
    criteria: &Criteria,
    limit: Option<Instant>,
) -> Done {
    let Done::Shrunk(divergence) = done else { return done };
    let (handler, input) = (divergence.signature.handler.clone(), divergence.input.clone());
    match with_sides(*divergence, oracle, engines, criteria, limit) {
        Ok(divergence) => Done::Shrunk(Box::new(divergence)),
        Err(fault) => Done::Fault(Box::new(Fault::new(&handler, oracle, &fault, &input))),
    }
}

/// Whether the input of a known divergence still shows it.
fn occurs(
    entry: &Entry,
    oracle: &mut dyn Engine,
    engine: &mut dyn Engine,
    criteria: &Criteria,
) -> Result<bool, EngineFault> {
    let expected = oracle.run(&entry.input)?;
    Ok(compare_on((oracle, engine), &entry.input, &expected, criteria)?.known.contains(&entry.signature))
}

/// An engine that takes the cases of one job.
struct Taker<'e> {
    engine: &'e mut dyn Engine,
    notes: Vec<Note>,
    smallest: Smallest<Signature, ()>,
    timeouts: u32,
    stopped: bool,
}

impl<'e> Taker<'e> {
    fn new(engine: &'e mut dyn Engine, timeouts: u32) -> Self {
        Self { engine, notes: Vec::new(), smallest: Smallest::default(), timeouts, stopped: timeouts >= TIMEOUTS }
    }

    /// Takes cases until it is stopped or the time is over; answers how many.
    fn take_all(
        &mut self,
        batch: &[Drawn],
        (oracle, domain): (&mut dyn Engine, &Domain),
        criteria: &Criteria,
        limit: Option<Instant>,
    ) -> u64 {
        let mut taken = 0;
        for (index, input, expected) in batch {
            if self.stopped || taken > 0 && is_over(limit) {
                break;
            }
            taken += 1;
            match expected {
                Ok(expected) => self.take(*index, input, (oracle, expected), criteria, domain),
                Err(fault) => self.fail(Fault::clone(fault)),
            }
        }
        taken
    }

    fn take(
        &mut self,
        index: u64,
        input: &StepInput,
        (oracle, expected): (&mut dyn Engine, &Observation),
        criteria: &Criteria,
        domain: &Domain,
    ) {
        let comparison = match compare_on((oracle, self.engine), input, expected, criteria) {
            Ok(comparison) => comparison,
            Err(fault) => return self.fail(Fault::new(&input.handler, self.engine, &fault, input).of_case(index)),
        };
        match (comparison.signature.clone(), self.notes.last_mut()) {
            (None, _) if !comparison.known.is_empty() => self.notes.push(Note::Known),
            (None, Some(Note::Agreed { cases })) => *cases += 1,
            (None, _) => self.notes.push(Note::Agreed { cases: 1 }),
            (Some(signature), _) => {
                self.timeouts += u32::from(signature.class == DifferenceClass::TimedOut);
                self.stopped = self.timeouts >= TIMEOUTS;
                let document = document_of(input);
                let well_formed = domain.holds(&document);
                let rank = (!well_formed, Size::of(&document));
                let shown = self.smallest.offer(signature.clone(), rank, (index, String::new()), || ()).then(|| {
                    let (expected, actual) = comparison.into_ends();
                    Box::new(Shown { case: index, workflow: None, well_formed, input: input.clone(), expected, actual })
                });
                self.notes.push(Note::Differs { signature, shown });
            }
        }
    }

    fn fail(&mut self, fault: Fault) {
        if !self.stopped {
            self.notes.push(Note::Fault { fault: Box::new(fault) });
            self.stopped = true;
        }
    }

    fn log(self) -> EngineLog<Note> {
        EngineLog { engine: self.engine.name().to_owned(), notes: self.notes }
    }
}

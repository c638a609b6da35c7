//! Runs single calls: draws cases, asks the oracle, asks every engine, notes what they show.

use std::collections::BTreeMap;
use std::time::Instant;

use parity_engine::Engine;
use parity_judge::{Criteria, Entry};
use parity_model::{DifferenceClass, HandlerId, Observation, Outcome, Signature, StepInput, Unplanned, document_of};
use parity_schema::Domain;
use parity_suite::{CaseId, Drawn, Source, Suite};
use serde_json::{Map, Value};

use crate::campaign::Campaign;
use crate::confirm::{Confirmer, Fresh, as_seen};
use crate::effort::Effort;
use crate::error::CampaignError;
use crate::kind::Kind;
use crate::note::{Ended, EngineLog, Finding, Log, MOST_TIMEOUTS, Note, end_of, is_over};
use crate::opinions::{Opinions, take_opinion};
use crate::panel::Panel;
use crate::probe::{Probe, call};
use crate::runner::{Runnable, With};
use crate::seen::Seen;
use crate::setting::Setting;
use crate::smallest::Smallest;
use crate::step_kind::{Direct, StepKind, Witness};
use crate::tally::{COMPLETED, Fault};
use crate::worker::{Cases, Found, Known, Rechecked, Triaged, Worker};

/// Cases that go through one engine before the next one gets them. A language that runs several cases in a row finds its code
/// and data in the processor's caches: one by one, the whole loop takes a quarter longer.
const BATCH: usize = 32;

/// Runs step inputs.
pub struct Steps<'a> {
    campaign: &'a Campaign<StepKind>,
    panel: &'a mut Panel,
    confirmer: Option<Confirmer<'a>>,
    sources: Sources,
    /// Starts the panel once more, if somebody can.
    start: Option<&'a dyn Fn() -> Result<Panel, CampaignError>>,
    /// Sources that were made on engines in which nothing ran before.
    fresh_sources: Sources,
}

impl<'a> Steps<'a> {
    /// Runs the cases of `campaign` on `panel`, and confirms divergences in `fresh` engines.
    pub fn new(campaign: &'a Campaign<StepKind>, panel: &'a mut Panel, fresh: Option<&'a dyn Fresh>) -> Self {
        let criteria = panel.criteria(&campaign.suite.criteria);
        let (sources, fresh_sources) = (Sources::new(&criteria), Sources::new(&criteria));
        Self { campaign, panel, confirmer: fresh.map(Confirmer::new), sources, start: None, fresh_sources }
    }

    /// Does a job for `handler`, and if it is to be done `afresh`, on engines in which nothing ran before, as far as they can be started
    /// here. Without that, what a handler keeps from one call to the next would make a job depend on those before it.
    fn on_panel<T>(
        &mut self,
        handler: &HandlerId,
        afresh: bool,
        job: impl FnOnce(&mut Self) -> Result<T, CampaignError>,
    ) -> Result<T, CampaignError> {
        let Some(start) = self.start.filter(|_| afresh) else { return job(self) };
        if self.fresh_sources.get(handler).is_none() {
            self.fresh_sources.of(handler, &self.campaign.suite, start()?.oracle.as_mut())?;
        }
        let mut panel = start()?;
        std::mem::swap(self.panel, &mut panel);
        std::mem::swap(&mut self.sources, &mut self.fresh_sources);
        let done = job(self);
        std::mem::swap(&mut self.sources, &mut self.fresh_sources);
        std::mem::swap(self.panel, &mut panel);
        done
    }
}

/// A case, and what the oracle answers to it.
struct Asked {
    index: u64,
    drawn: Drawn,
    expected: Result<Observation, Box<Fault>>,
}

/// A drawn case with what the oracle answers to it, unless it failed already while the case was drawn.
fn expect(oracle: &mut dyn Engine, (index, drawn, fault): (u64, Drawn, Option<Fault>)) -> Asked {
    let _span = tracing::trace_span!("case", index).entered();
    let expected = match fault {
        Some(fault) => Err(fault),
        None => call(oracle, &drawn.input).map_err(|fault| Fault::new(oracle, &fault, &drawn.input)),
    };
    Asked { index, drawn, expected: expected.map_err(|fault| Box::new(fault.of_case(index))) }
}

fn announce<'i>(engine: &mut dyn Engine, inputs: impl Iterator<Item = &'i StepInput>) {
    engine.announce(&inputs.collect::<Vec<_>>());
}

impl Steps<'_> {
    fn run(&mut self, cases: &Cases<StepKind>, limit: Option<Instant>) -> Result<Log<StepKind>, CampaignError> {
        let Campaign { seed, scope, shard, .. } = self.campaign;
        let Panel { oracle, engines } = &mut *self.panel;
        let (source, criteria) = self.sources.of(&cases.group, &self.campaign.suite, oracle.as_mut())?;
        let mut takers: Vec<Taker<'_>> = Vec::new();
        for engine in engines.iter_mut() {
            if let Some(standing) = cases.engines.iter().find(|standing| standing.engine == engine.name()) {
                takers.push(Taker::new(engine.as_mut(), standing.timeouts));
            }
        }
        let mut opinions = Opinions::new();
        let mut seen = Seen::default();
        let mut effort = Effort::default();
        let (mut count, mut late) = (0, 0);
        let mut indices = (cases.first..cases.end).filter(|index| shard.holds(*index)).peekable();
        let is_worth_it = |takers: &[Taker<'_>]| takers.iter().any(|taker| !taker.stopped);
        while indices.peek().is_some() && !is_over(limit) && late < MOST_TIMEOUTS && is_worth_it(&takers) {
            let begun = Instant::now();
            let mut inputs = Vec::with_capacity(BATCH);
            for index in indices.by_ref().take(BATCH) {
                let id = CaseId { seed: *seed, index };
                let (drawn, fault) = upstream(oracle.as_mut(), |run| source.draw(id, scope.of_case(index), run));
                let drawn = drawn?;
                effort.see(index, &drawn);
                inputs.push((index, drawn, fault));
            }
            let drawn = Instant::now();
            effort.drawing += drawn - begun;
            // What was said of calls that only drew the cases is not told.
            oracle.take_opinion();
            for taker in &mut takers {
                taker.engine.take_opinion();
            }
            announce(
                oracle.as_mut(),
                inputs.iter().filter(|(.., fault)| fault.is_none()).map(|(_, drawn, _)| &drawn.input),
            );
            // An oracle that takes too long does so three times, too.
            let in_time = |drawn| {
                let asked = (late < MOST_TIMEOUTS).then(|| expect(oracle.as_mut(), drawn))?;
                late += u32::from(asked.expected.as_ref().is_ok_and(is_late));
                Some(asked)
            };
            let batch: Vec<Asked> = inputs.into_iter().map_while(in_time).collect();
            for expected in batch.iter().flat_map(|asked| &asked.expected) {
                seen.outcome(criteria, oracle.name(), &cases.group, expected);
            }
            // Those in other processes work while the others do.
            for taker in takers.iter_mut().filter(|taker| !taker.stopped) {
                let known = batch.iter().filter(|asked| asked.expected.is_ok());
                announce(taker.engine, known.map(|asked| &asked.drawn.input));
            }
            let take_all =
                |taker: &mut Taker<'_>| taker.take_all(&batch, oracle.as_mut(), (criteria, source.domain()), limit);
            count += takers.iter_mut().map(take_all).max().unwrap_or(0);
            take_opinion(&mut opinions, oracle.as_mut());
            for taker in &mut takers {
                take_opinion(&mut opinions, taker.engine);
            }
            effort.running += drawn.elapsed();
        }
        seen.efforts.insert(cases.group.clone(), effort);
        for taker in &mut takers {
            seen.add(std::mem::take(&mut taker.seen));
        }
        Ok(Log { cases: count, engines: takers.into_iter().map(Taker::log).collect(), opinions, seen })
    }

    fn settle(&mut self, found: &Found<StepKind>, limit: Option<Instant>) -> Result<Triaged<StepKind>, CampaignError> {
        let (signature, input) = (&found.signature, &found.witness.input);
        let (source, criteria) =
            self.sources.of(&signature.handler, &self.campaign.suite, self.panel.oracle.as_mut())?;
        let divergence =
            self.panel.triage(criteria, self.confirmer.as_ref(), limit).run(signature, input.clone(), source.domain());
        let Witness { expected, actual, .. } = &found.witness;
        let as_seen = |divergence| as_seen(divergence, (self.panel.oracle.name(), input), (expected, actual), criteria);
        Ok(match divergence.map(as_seen) {
            Ok(divergence) => Triaged::Divergence(Box::new(divergence)),
            Err(fault) => Triaged::Fault(Box::new(Fault::named(&signature.engine, &fault, input))),
        })
    }
}

impl Worker<StepKind> for Steps<'_> {
    fn probe(&mut self, cases: &Cases<StepKind>, limit: Option<Instant>) -> Result<Log<StepKind>, CampaignError> {
        self.on_panel(&cases.group, cases.afresh, |steps| steps.run(cases, limit))
    }

    fn triage(&mut self, found: &Found<StepKind>, limit: Option<Instant>) -> Result<Triaged<StepKind>, CampaignError> {
        self.on_panel(&found.signature.handler, found.afresh, |steps| steps.settle(found, limit))
    }

    fn recheck(&mut self, known: &Known) -> Result<Rechecked, CampaignError> {
        let (_, criteria) = self.sources.of(&known.handler, &self.campaign.suite, self.panel.oracle.as_mut())?;
        let Panel { oracle, engines } = &mut *self.panel;
        let subject = engines.iter_mut().find(|engine| engine.name() == known.engine);
        let subject = subject.ok_or_else(|| CampaignError::NoEngine(known.engine.clone()))?;
        Ok(recheck(&mut Probe { oracle: oracle.as_mut(), subject: subject.as_mut(), criteria }, known))
    }
}

/// Which entries of the ledger still occur.
pub(crate) fn recheck(probe: &mut Probe<'_>, known: &Known) -> Rechecked {
    let (mut stale, mut faults) = (Vec::new(), Vec::new());
    let concerns = |entry: &&Entry| entry.signature.handler == known.handler && entry.signature.engine == known.engine;
    for entry in probe.criteria.ledger.entries().iter().filter(concerns) {
        match probe.ask(&entry.input) {
            Ok(verdict) if verdict.known.iter().any(|known| known.family() == entry.signature.family()) => {}
            Ok(_) => stale.push(entry.signature.clone()),
            Err(fault) => faults.push(Fault::named(&known.engine, &fault, &entry.input)),
        }
    }
    Rechecked { stale, faults }
}

/// The sources of the handlers that were asked for so far, each with the criteria for its outcomes.
pub(crate) struct Sources {
    criteria: Criteria,
    known: BTreeMap<HandlerId, (Source, Criteria)>,
}

impl Sources {
    pub(crate) fn new(criteria: &Criteria) -> Self {
        Self { criteria: criteria.clone(), known: BTreeMap::new() }
    }

    /// The criteria for outcomes of `handler`: with what is learned of it, if there are cases of it.
    pub(crate) fn criteria(
        &mut self,
        handler: &HandlerId,
        suite: &Suite,
        oracle: &mut dyn Engine,
    ) -> Result<Criteria, CampaignError> {
        match self.of(handler, suite, oracle) {
            Ok((_, criteria)) => Ok(criteria.clone()),
            Err(CampaignError::Generate(_)) => Ok(self.criteria.clone()),
            Err(error) => Err(error),
        }
    }

    /// What was learned of `handler` already.
    pub(crate) fn get(&self, handler: &HandlerId) -> Option<&(Source, Criteria)> {
        self.known.get(handler)
    }

    /// The source of `handler`, and the criteria with what its sample outcomes show to be named by data.
    pub(crate) fn of(
        &mut self,
        handler: &HandlerId,
        suite: &Suite,
        oracle: &mut dyn Engine,
    ) -> Result<&(Source, Criteria), CampaignError> {
        if !self.known.contains_key(handler) {
            let Suite { generators, templates, literals, .. } = suite;
            let (source, fault) = upstream(oracle, |run| Source::new(handler, generators, templates, literals, run));
            if let Some(fault) = fault {
                return Err(CampaignError::Upstream(fault.message));
            }
            let source = source?.with_recorded(&suite.recorded);
            let criteria = self.criteria.with_names(handler, source.named_by_data());
            self.known.insert(handler.clone(), (source, criteria));
        }
        self.known.get(handler).ok_or_else(|| CampaignError::Upstream(handler.to_string()))
    }
}

/// What `draw` draws, where it may run handlers on `oracle`; and how that failed, if it did.
pub(crate) fn upstream<T>(
    oracle: &mut dyn Engine,
    draw: impl FnOnce(&mut dyn FnMut(&StepInput) -> Option<Map<String, Value>>) -> T,
) -> (T, Option<Fault>) {
    let mut failed = None;
    let drawn = draw(&mut |input| {
        if failed.is_some() || !oracle.has(&input.handler) {
            return None;
        }
        match oracle.run(input) {
            Ok(Observation::Planned(Outcome::Completed { result: Value::Object(result), .. })) => Some(result),
            Ok(_) => None,
            Err(error) => {
                failed = Some(Fault::new(oracle, &error, input));
                None
            }
        }
    });
    (drawn, failed)
}

/// Whether a check of the handlers decided in two ways, or one of them never came to an end. What else they do with bad input that
/// they do not check is not said by anybody.
fn is_of_a_check(signature: &Signature, expected: &Observation) -> bool {
    let is_planned = matches!(expected, Observation::Planned(_));
    is_planned && matches!(signature.class, DifferenceClass::Decision(_) | DifferenceClass::TimedOut)
}

fn is_late(end: &Observation) -> bool {
    *end == Observation::Unplanned(Unplanned::TimedOut)
}

/// An engine that takes the cases of one job.
struct Taker<'e> {
    engine: &'e mut dyn Engine,
    notes: Vec<Note<StepKind>>,
    smallest: Smallest<Signature, ()>,
    seen: Seen,
    timeouts: u32,
    stopped: bool,
}

impl<'e> Taker<'e> {
    fn new(engine: &'e mut dyn Engine, timeouts: u32) -> Self {
        let stopped = timeouts >= MOST_TIMEOUTS;
        let (smallest, seen) = (Smallest::default(), Seen::default());
        Self { engine, notes: Vec::new(), smallest, seen, timeouts, stopped }
    }

    /// Takes cases until it is stopped or the time is over; returns how many.
    fn take_all(
        &mut self,
        batch: &[Asked],
        oracle: &mut dyn Engine,
        (criteria, domain): (&Criteria, &Domain),
        limit: Option<Instant>,
    ) -> u64 {
        let mut taken = 0;
        for Asked { index, drawn, expected } in batch {
            if self.stopped || taken > 0 && is_over(limit) {
                break;
            }
            taken += 1;
            let _span = tracing::trace_span!("case", index).entered();
            match expected {
                Ok(expected) => self.take(*index, drawn, (oracle, expected), criteria, domain),
                Err(fault) => self.fail(Fault::clone(fault)),
            }
        }
        taken
    }

    fn take(
        &mut self,
        index: u64,
        Drawn { input, is_spoilt, .. }: &Drawn,
        (oracle, expected): (&mut dyn Engine, &Observation),
        criteria: &Criteria,
        domain: &Domain,
    ) {
        let comparison = match (Probe { oracle, subject: self.engine, criteria }).compare(input, expected) {
            Ok(comparison) => comparison,
            Err(fault) => return self.fail(Fault::new(self.engine, &fault, input).of_case(index)),
        };
        if let Some(actual) = &comparison.other {
            self.seen.outcome(criteria, self.engine.name(), &input.handler, actual);
            self.seen.by_form(&input.handler, &comparison.verdict.by_form);
        }
        let ended = Ended { mode: Direct, end: end_of(expected) };
        let parity_judge::Verdict { signatures, known, unsupported, is_outside, .. } = &comparison.verdict;
        if *is_outside {
            return self.notes.push(Note::Outside { ended });
        }
        if let Some(what) = unsupported {
            return self.notes.push(Note::Unsupported { ended, what: what.clone() });
        }
        let counts = |signature: &&Signature| !is_spoilt || is_of_a_check(signature, expected);
        if *is_spoilt && !signatures.iter().any(|signature| counts(&signature)) {
            let end = (ended.end != COMPLETED).then_some(ended.end);
            return self.notes.push(Note::Malformed { mode: Direct, end });
        }
        let are_late = signatures.is_empty() && is_late(expected);
        self.timeouts += u32::from(are_late || signatures.iter().any(StepKind::is_timeout));
        self.stopped = self.timeouts >= MOST_TIMEOUTS;
        if signatures.is_empty() {
            return match self.notes.last_mut() {
                _ if !known.is_empty() => self.notes.push(Note::Known { ended }),
                Some(Note::Agreed { ended: last, cases }) if *last == ended => *cases += 1,
                _ => self.notes.push(Note::Agreed { ended, cases: 1 }),
            };
        }
        let well_formed = domain.holds(&document_of(input));
        let rank = Witness::rank_of(input, well_formed);
        let mut findings = Vec::new();
        for signature in signatures.iter().filter(counts) {
            let is_smallest = self.smallest.offer(signature.clone(), rank.clone(), (index, String::new()), || ());
            let witness = is_smallest.then(|| {
                let (expected, actual) = comparison.clone().into_ends();
                let (signature, input) = (signature.clone(), input.clone());
                Box::new(Witness { signature, case: index, workflow: None, well_formed, input, expected, actual })
            });
            findings.push(Finding { signature: signature.clone(), witness });
        }
        self.notes.push(Note::Differs { ended, findings });
    }

    fn fail(&mut self, fault: Fault) {
        if !self.stopped {
            self.notes.push(Note::Fault { fault: Box::new(fault) });
            self.stopped = true;
        }
    }

    fn log(self) -> EngineLog<StepKind> {
        EngineLog { engine: self.engine.name().to_owned(), notes: self.notes }
    }
}

impl Runnable for StepKind {
    const NAME: &'static str = "steps";

    fn with_worker(
        campaign: &Campaign<Self>,
        setting: &Setting<'_>,
        with: With<'_, Self>,
    ) -> Result<(), CampaignError> {
        let mut panel = setting.panel()?;
        let rosters = panel.rosters();
        let start = || Ok(setting.panel()?);
        let steps = Steps::new(campaign, &mut panel, Some(setting));
        with(&mut Steps { start: Some(&start), ..steps }, &rosters)
    }

    fn handlers(_: &Campaign<Self>, group: &HandlerId) -> Vec<HandlerId> {
        vec![group.clone()]
    }

    fn check(campaign: &Campaign<Self>) -> Result<(), CampaignError> {
        let (generators, templates) = (&campaign.suite.generators, &campaign.suite.templates);
        campaign.groups.iter().try_for_each(|handler| Source::check(handler, generators, templates))?;
        Ok(())
    }
}

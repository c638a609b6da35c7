//! The course of a campaign: blocks of cases are given out and what was noted on them is gathered, then what was found is
//! shrunk, each signature once.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::time::{Duration, Instant};

use parity_model::HandlerId;
use parity_suite::Generators;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::confirm::united;
use super::crew::{Alone, Crew, Done, Job, Shown};
use super::findings::Subject;
use super::shard::Shard;
use super::steps::Steps;
use super::tally::{Fault, Quiet, Tally};
use crate::divergence::Divergence;
use parity_engine::Engine;
use parity_judge::Criteria;
use parity_model::Signature;
use parity_schema::Scope;
use parity_suite::GenerateError;
use parity_suite::template::{Template, TemplateId};

/// What to run.
#[derive(Clone, Debug)]
pub struct Campaign {
    /// The handlers, in the order of the report.
    pub handlers: Vec<HandlerId>,
    /// The generators that somebody wrote.
    pub generators: Generators,
    /// The workflows whose steps these handlers are, if their inputs are drawn from nothing but the template; else our own
    /// generators draw them.
    pub templates: Vec<Template>,
    /// Cases a handler.
    pub cases: u64,
    /// No case is drawn after this time.
    pub max_time: Option<Duration>,
    /// No case is drawn when no new signature was found for so long.
    pub until_quiet: Option<Duration>,
    /// Fixes all cases.
    pub seed: u64,
    /// The largest scope.
    pub scope: Scope,
    /// Which of the cases.
    pub shard: Shard,
    /// What counts as a difference.
    pub criteria: Criteria,
}

/// An engine that is compared, as far as those know it who do not run it themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roster {
    /// The engine's name.
    pub engine: String,
    /// What it has, sorted.
    pub handlers: Vec<HandlerId>,
}

impl Roster {
    /// What is known of `engine`.
    #[must_use]
    pub fn of(engine: &dyn Engine) -> Self {
        Self { engine: engine.name().to_owned(), handlers: engine.handlers().to_vec() }
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

    /// The engines with the handlers that the oracle has, too.
    #[must_use]
    pub fn comparable(&self) -> Vec<Roster> {
        let mut engines = self.engines.clone();
        for engine in &mut engines {
            engine.handlers.retain(|handler| self.oracle.has(handler));
        }
        engines
    }
}

/// Something that a watcher of a campaign may want to know of a handler or a workflow.
#[derive(Clone, Copy)]
pub enum Event<'a> {
    /// This many more cases of it were run.
    Ran(&'a dyn fmt::Display, u64),
    /// Its divergences are being shrunk.
    Shrinking(&'a dyn fmt::Display),
}

/// Why a campaign has no result.
#[derive(Debug, Error)]
pub enum CampaignError {
    /// There is no generator for a handler.
    #[error("there is no generator for {0}")]
    NoGenerator(HandlerId),
    /// There is no such workflow.
    #[error("there is no template of the workflow {0}")]
    NoTemplate(TemplateId),
    /// A workflow's input schema can not be used.
    #[error("the input_schema of {workflow} is no JSON Schema: {message}")]
    InputSchema {
        /// The workflow.
        workflow: TemplateId,
        /// What is wrong.
        message: String,
    },
    /// The oracle fails on the steps before a handler.
    #[error("nothing is known of what comes before a handler: {0}")]
    Upstream(String),
    /// The executor of workflows can not start.
    #[error("the executor of workflows can not start: {0}")]
    Runtime(#[source] io::Error),
    /// A strategy failed.
    #[error(transparent)]
    Generate(#[from] GenerateError),
    /// A member of the crew was given what is not its work.
    #[error("a job came to somebody who can not do it; the processes of this run are not of one version")]
    Misplaced,
    /// The processes that run the handlers failed.
    #[error("{0}")]
    Crew(String),
    /// Nothing was compared.
    #[error("no case was executed: no engine has one of the handlers, or there was no time or no case to run")]
    NothingExecuted,
}

/// Handlers take turns after this many cases, so that a campaign that runs out of time has run all of them.
const BLOCK: u64 = 100;

/// How long after the end of a campaign's time its divergences may be shrunk.
pub(super) const GRACE: Duration = Duration::from_secs(1);

/// A handler that has taken too long this often is not run any further on that engine: it would take all the time.
pub(super) const TIMEOUTS: u32 = 3;

impl Campaign {
    /// How many blocks of cases there are to give out.
    #[must_use]
    pub fn jobs(&self) -> u64 {
        self.cases.div_ceil(BLOCK.saturating_mul(self.shard.count())).saturating_mul(self.handlers.len() as u64)
    }

    /// Runs the campaign on `engines` against `oracle`, here and now, and confirms nothing in fresh engines.
    ///
    /// An engine that lacks a handler is not run on it. An engine that fails on a handler is a [`Fault`] of the result and
    /// not run on that handler again; neither is one on which the handler takes too long three times.
    pub fn run(
        &self,
        oracle: &mut dyn Engine,
        engines: &mut [Box<dyn Engine>],
        watch: &mut dyn FnMut(Event<'_>),
    ) -> Result<Tally, CampaignError> {
        let rosters: Vec<Roster> = engines.iter().map(|engine| Roster::of(engine.as_ref())).collect();
        let mut steps = Steps::new(self, oracle, engines, None);
        self.conduct(&mut Alone(&mut steps), &rosters, Instant::now(), watch)
    }

    /// Lets `crew` run the campaign, which `started` at some time, on the engines of `rosters`. What is found does not depend
    /// on who does which part of it.
    pub fn conduct(
        &self,
        crew: &mut dyn Crew,
        rosters: &[Roster],
        started: Instant,
        watch: &mut dyn FnMut(Event<'_>),
    ) -> Result<Tally, CampaignError> {
        let able =
            |handler| rosters.iter().filter(move |roster| roster.has(handler)).map(|roster| roster.engine.as_str());
        self.handlers.iter().try_for_each(|handler| self.check_source(handler))?;
        let subjects = self.handlers.iter().map(|handler| Subject::new(handler, able(handler)));
        let mut subjects: Vec<Subject> = subjects.collect();
        let end = self.max_time.map(|max_time| started + max_time);
        let quiet = self.run_cases(crew, &mut subjects, end, watch)?;
        let tally = self.shrink(crew, subjects, end.map(|end| end + GRACE), watch)?;
        let tally = Tally { quiet, ..tally };
        if tally.faults.is_empty() && tally.rows.iter().all(|row| row.cases == 0) && self.shard.holds_any(self.cases) {
            return Err(CampaignError::NothingExecuted);
        }
        Ok(tally)
    }

    fn run_cases(
        &self,
        crew: &mut dyn Crew,
        subjects: &mut Vec<Subject>,
        end: Option<Instant>,
        watch: &mut dyn FnMut(Event<'_>),
    ) -> Result<Option<Quiet>, CampaignError> {
        let news = Cell::new((Instant::now(), 0));
        let is_quiet = || self.until_quiet.is_some_and(|quiet| news.get().0.elapsed() >= quiet);
        let step = BLOCK.saturating_mul(self.shard.count());
        let shared = RefCell::new((&mut *subjects, watch));
        let places =
            blocks(self.cases, step).flat_map(|block| (0..self.handlers.len()).map(move |number| (block, number)));
        let mut places = places.take_while(|_| end.is_none_or(|end| Instant::now() < end) && !is_quiet());
        let mut next = || {
            for ((first, last), number) in places.by_ref() {
                let (subjects, watch) = &mut *shared.borrow_mut();
                let subject = &subjects[number];
                let engines = subject.standings();
                if engines.is_empty() {
                    watch(Event::Ran(&subject.handler, last - first));
                    continue;
                }
                return Some((Job::Cases { handler: subject.handler.clone(), first, end: last, engines }, end));
            }
            None
        };
        let mut report = |job: Job, done: Done| {
            let (subjects, watch) = &mut *shared.borrow_mut();
            let (Job::Cases { handler, first, end, .. }, Done::Cases(log)) = (job, done) else {
                return Err(CampaignError::Misplaced);
            };
            watch(Event::Ran(&handler, end - first));
            let mut is_new = false;
            subjects.iter_mut().filter(|subject| subject.handler == handler).for_each(|subject| {
                is_new |= subject.take(first, end, log.clone());
            });
            if is_new {
                news.set((Instant::now(), subjects.iter().map(|subject| subject.cases).sum()));
            }
            Ok(())
        };
        crew.work(&mut next, &mut report)?;
        subjects.iter_mut().for_each(Subject::take_the_rest);
        let quiet = self.until_quiet.filter(|_| is_quiet());
        Ok(quiet.map(|quiet| Quiet { seconds: quiet.as_secs_f64(), last_new: news.get().1 }))
    }

    fn shrink(
        &self,
        crew: &mut dyn Crew,
        subjects: Vec<Subject>,
        limit: Option<Instant>,
        watch: &mut dyn FnMut(Event<'_>),
    ) -> Result<Tally, CampaignError> {
        let mut tally = Tally { cases: subjects.iter().map(|subject| subject.cases).sum(), ..Tally::default() };
        let mut found = Found::default();
        for subject in subjects {
            for pair in subject.pairs {
                found.faults.entry(subject.handler.clone()).or_default().extend(pair.faults);
                for (signature, shown) in pair.smallest.into_inputs() {
                    found.shown.insert(signature, shown);
                }
                tally.rows.push(pair.row);
            }
        }
        let mut jobs = Vec::new();
        for row in &tally.rows {
            let here = |signature: &&Signature| signature.handler == row.handler && signature.engine == row.engine;
            jobs.extend(
                found
                    .shown
                    .iter()
                    .filter(|(signature, _)| here(signature))
                    .map(|(signature, shown)| Job::Shrink { signature: signature.clone(), input: shown.input.clone() }),
            );
            if self.criteria.ledger.entries().iter().any(|entry| here(&&entry.signature)) {
                jobs.push(Job::Known { handler: row.handler.clone(), engine: row.engine.clone() });
            }
        }
        let mut jobs = jobs.into_iter();
        let mut next = || {
            let job = jobs.next()?;
            if let Job::Shrink { signature: Signature { handler, .. }, .. } | Job::Known { handler, .. } = &job {
                watch(Event::Shrinking(handler));
            }
            Some((job, limit))
        };
        crew.work(&mut next, &mut |job, done| found.take(job, done))?;
        found.fill(&mut tally, self.shard != Shard::WHOLE);
        Ok(tally)
    }
}

/// `0..cases` in blocks, the last of which may be shorter.
pub(super) fn blocks(cases: u64, step: u64) -> impl Iterator<Item = (u64, u64)> {
    let from = move |first: u64| (first < cases).then(|| (first, cases.min(first.saturating_add(step))));
    std::iter::successors(from(0), move |(_, end)| from(*end))
}

/// What is shrunk, and what came of it.
#[derive(Default)]
struct Found {
    shown: BTreeMap<Signature, Shown>,
    shrunk: BTreeMap<Signature, Option<Divergence>>,
    stale: Vec<Signature>,
    faults: BTreeMap<HandlerId, Vec<Fault>>,
}

impl Found {
    fn take(&mut self, job: Job, done: Done) -> Result<(), CampaignError> {
        match (job, done) {
            (Job::Shrink { signature, .. }, Done::Shrunk(divergence)) => {
                self.shrunk.insert(signature, Some(*divergence));
            }
            (Job::Shrink { signature, .. }, Done::Fault(fault)) => {
                self.faults.entry(signature.handler.clone()).or_default().push(*fault);
                self.shrunk.insert(signature, None);
            }
            (Job::Known { handler, .. }, Done::Known { stale, faults }) => {
                self.stale.extend(stale);
                self.faults.entry(handler).or_default().extend(faults);
            }
            _ => return Err(CampaignError::Misplaced),
        }
        Ok(())
    }

    /// Puts everything into the order of the rows, whatever was done first.
    fn fill(mut self, tally: &mut Tally, with_starts: bool) {
        for row in &mut tally.rows {
            let here = |signature: &Signature| signature.handler == row.handler && signature.engine == row.engine;
            let own: Vec<Signature> = self.shown.keys().filter(|signature| here(signature)).cloned().collect();
            let divergences = own.into_iter().filter_map(|signature| {
                let shown = self.shown.remove(&signature)?;
                let start = with_starts.then(|| shown.start());
                let divergence = self.shrunk.remove(&signature).unwrap_or_else(|| Some(unshrunk(signature, shown)))?;
                Some(Divergence { start, ..divergence })
            });
            let divergences = united(divergences.collect());
            row.divergences = divergences.len() as u64;
            tally.divergences.extend(divergences);
            tally.stale.extend(self.stale.iter().filter(|signature| here(signature)).cloned());
            for fault in self.faults.remove(&row.handler).unwrap_or_default() {
                if !tally.faults.contains(&fault) {
                    tally.faults.push(fault);
                }
            }
        }
    }
}

/// What is known of a signature when there was no time to shrink its smallest case.
pub(super) fn unshrunk(signature: Signature, shown: Shown) -> Divergence {
    let Shown { input, expected, actual, .. } = shown;
    Divergence { cut_short: true, ..Divergence::new(signature, input, expected, actual) }
}

//! The loop of a campaign: draw a case, ask the oracle, ask every engine, compare, count.

use std::fmt;
use std::io;
use std::time::{Duration, Instant};

use reference_rs::{HandlerId, StepInput};
use thiserror::Error;

use super::confirm::{Fresh, confirm, united};
use super::shrink_case::shrink_case;
use super::tally::{Fault, Row, Smallest, Tally};
use crate::compare::{Signature, TIMED_OUT};
use crate::divergence::{compare_on, expect};
use crate::domain::{Domain, document_of};
use crate::engine::{Engine, EngineFault};
use crate::generate::{self, CaseId, CaseSource, GenerateError, Scope};
use crate::ledger::{Entry, Ledger};
use crate::shrink::Size;
use crate::template::TemplateId;

/// What to run.
#[derive(Clone, Debug)]
pub struct Campaign {
    /// The handlers, in the order of the report.
    pub handlers: Vec<HandlerId>,
    /// Cases a handler.
    pub cases: u64,
    /// No case is drawn after this time.
    pub max_time: Option<Duration>,
    /// Fixes all cases.
    pub seed: u64,
    /// The largest scope.
    pub scope: Scope,
    /// Divergences that are counted and not reported.
    pub ledger: Ledger,
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
    /// There is no generator for a workflow.
    #[error("there is no generator for the tasks of {0}")]
    NoTaskGenerator(TemplateId),
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
    /// The executor of workflows can not start.
    #[error("the executor of workflows can not start: {0}")]
    Runtime(#[source] io::Error),
    /// A strategy failed.
    #[error(transparent)]
    Generate(#[from] GenerateError),
    /// Nothing was compared.
    #[error("no case was executed: no engine has one of the handlers, or there was no time or no case to run")]
    NothingExecuted,
}

/// Handlers take turns after this many cases, so that a campaign that runs out of time has run all of them.
const BLOCK: u64 = 100;

/// A handler that has taken too long this often is not run any further on that engine: it would take all the time.
const TIMEOUTS: u32 = 3;

impl Campaign {
    /// Runs the campaign on `engines` against `oracle`.
    ///
    /// An engine that lacks a handler is not run on it. An engine that fails on a handler is a [`Fault`] of the result and
    /// not run on that handler again; neither is one on which the handler takes too long three times.
    pub fn run(
        &self,
        oracle: &mut dyn Engine,
        engines: &mut [Box<dyn Engine>],
        watch: &mut dyn FnMut(Event<'_>),
    ) -> Result<Tally, CampaignError> {
        self.run_confirmed(oracle, engines, None, watch)
    }

    /// The same; divergences that do not repeat in `fresh` engines become nondeterministic ones.
    pub fn run_confirmed(
        &self,
        oracle: &mut dyn Engine,
        engines: &mut [Box<dyn Engine>],
        fresh: Option<&dyn Fresh>,
        watch: &mut dyn FnMut(Event<'_>),
    ) -> Result<Tally, CampaignError> {
        let deadline = self.max_time.map(|max_time| Instant::now() + max_time);
        let in_time = || deadline.is_none_or(|deadline| Instant::now() < deadline);
        let mut subjects: Vec<Subject> =
            self.handlers.iter().map(|handler| Subject::new(handler, engines)).collect::<Result<_, _>>()?;

        let mut first = 0;
        while first < self.cases && in_time() {
            let last = self.cases.min(first + BLOCK);
            for subject in &mut subjects {
                for index in first..last {
                    if !in_time() {
                        break;
                    }
                    let id = CaseId { seed: self.seed, index };
                    subject.run_case(id, self.scope, &self.ledger, oracle, engines)?;
                }
                watch(Event::Ran(&subject.handler, last - first));
            }
            first = last;
        }

        let mut tally = Tally::default();
        for subject in subjects {
            watch(Event::Shrinking(&subject.handler));
            subject.finish(&self.ledger, oracle, engines, fresh, &mut tally);
        }
        if tally.faults.is_empty() && tally.rows.iter().all(|row| row.cases == 0) {
            return Err(CampaignError::NothingExecuted);
        }
        Ok(tally)
    }
}

/// One handler of a campaign on all engines that have it.
struct Subject {
    handler: HandlerId,
    source: CaseSource,
    domain: Domain,
    cases: u64,
    pairs: Vec<Pair>,
    faults: Vec<Fault>,
}

/// One handler on one engine.
struct Pair {
    engine: usize,
    row: Row,
    smallest: Smallest<Signature, StepInput>,
    timeouts: u32,
    failed: bool,
}

impl Pair {
    fn new(handler: &HandlerId, engine: usize, name: &str) -> Self {
        let row =
            Row { handler: handler.clone(), engine: name.to_owned(), cases: 0, agreed: 0, known: 0, divergences: 0 };
        Self { engine, row, smallest: Smallest::default(), timeouts: 0, failed: false }
    }
}

impl Subject {
    fn new(handler: &HandlerId, engines: &[Box<dyn Engine>]) -> Result<Self, CampaignError> {
        let generator = generate::find(handler).ok_or_else(|| CampaignError::NoGenerator(handler.clone()))?;
        Ok(Self {
            handler: handler.clone(),
            source: CaseSource::new(generator, handler.clone()),
            domain: Domain::new(generator),
            cases: 0,
            pairs: engines
                .iter()
                .enumerate()
                .filter(|(_, engine)| engine.has(handler))
                .map(|(index, engine)| Pair::new(handler, index, engine.name()))
                .collect(),
            faults: Vec::new(),
        })
    }

    fn run_case(
        &mut self,
        id: CaseId,
        scope: Scope,
        ledger: &Ledger,
        oracle: &mut dyn Engine,
        engines: &mut [Box<dyn Engine>],
    ) -> Result<(), CampaignError> {
        let case = self.source.draw(id, scope.of_case(id.index))?;
        self.cases += 1;
        let expected = match expect(oracle, &case.step_input) {
            Ok(expected) => expected,
            Err(fault) => {
                self.faults.push(Fault::new(&self.handler, oracle, &fault, &case.step_input));
                self.pairs.iter_mut().for_each(|pair| pair.failed = true);
                return Ok(());
            }
        };
        for pair in self.pairs.iter_mut().filter(|pair| !pair.failed && pair.timeouts < TIMEOUTS) {
            let engine = engines[pair.engine].as_mut();
            match compare_on(engine, &case.step_input, expected.clone(), ledger) {
                Ok(comparison) => {
                    pair.row.cases += 1;
                    match comparison.signature {
                        None if comparison.known.is_empty() => pair.row.agreed += 1,
                        None => pair.row.known += 1,
                        Some(signature) => {
                            pair.timeouts += u32::from(signature.class == TIMED_OUT);
                            let document = document_of(&case.step_input);
                            let well_formed = self.domain.holds(&document);
                            pair.smallest.offer(signature, &case.step_input, well_formed, Size::of(&document));
                        }
                    }
                }
                Err(fault) => {
                    pair.failed = true;
                    self.faults.push(Fault::new(&self.handler, engine, &fault, &case.step_input));
                }
            }
        }
        Ok(())
    }

    fn finish(
        mut self,
        ledger: &Ledger,
        oracle: &mut dyn Engine,
        engines: &mut [Box<dyn Engine>],
        fresh: Option<&dyn Fresh>,
        tally: &mut Tally,
    ) {
        tally.cases += self.cases;
        for mut pair in std::mem::take(&mut self.pairs) {
            let engine = engines[pair.engine].as_mut();
            let mut divergences = Vec::new();
            for (signature, step_input) in pair.smallest.into_inputs() {
                let shrunk = shrink_case(oracle, engine, &self.domain, &signature, ledger, step_input.clone());
                let confirmed = shrunk.and_then(|divergence| match fresh {
                    Some(fresh) => confirm(divergence, fresh),
                    None => Ok(divergence),
                });
                match confirmed {
                    Ok(divergence) => divergences.push(divergence),
                    Err(fault) => self.faults.push(Fault::new(&self.handler, engine, &fault, &step_input)),
                }
            }
            let divergences = united(divergences);
            pair.row.divergences = divergences.len() as u64;
            tally.divergences.extend(divergences);
            let name = engine.name().to_owned();
            let concerns = |entry: &&Entry| entry.signature.handler == self.handler && entry.signature.engine == name;
            for entry in ledger.entries().iter().filter(concerns) {
                match occurs(entry, oracle, engine, ledger) {
                    Ok(true) => {}
                    Ok(false) => tally.stale.push(entry.signature.clone()),
                    Err(fault) => self.faults.push(Fault::new(&self.handler, engine, &fault, &entry.input)),
                }
            }
            tally.rows.push(pair.row);
        }
        tally.faults.append(&mut self.faults);
    }
}

/// Whether the input of a known divergence still shows it.
fn occurs(
    entry: &Entry,
    oracle: &mut dyn Engine,
    engine: &mut dyn Engine,
    ledger: &Ledger,
) -> Result<bool, EngineFault> {
    let expected = expect(oracle, &entry.input)?;
    Ok(compare_on(engine, &entry.input, expected, ledger)?.known.contains(&entry.signature))
}

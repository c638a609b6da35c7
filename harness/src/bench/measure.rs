//! Measures: the same inputs through the oracle alone, each language alone, and the whole loop, in turns, so that a machine that
//! becomes slower for a while is slow for all of them. Times are CPU times of this thread, and of several rounds the median
//! counts.

use std::time::Duration;

use reference_rs::{HandlerId, StepInput};
use thiserror::Error;

use super::figures::{Figures, HandlerFigures, Parts};
use crate::campaign::{Campaign, CampaignError, Job, Member, Shard, Standing, Steps};
use crate::compare::compare_observations;
use crate::criteria::Criteria;
use crate::engine::clock::{peak_memory, thread_time, thread_time_since};
use crate::engine::oracle::Oracle;
use crate::engine::python::PythonEngine;
use crate::engine::typescript::TypeScriptEngine;
use crate::engine::{Engine, EngineFault};
use crate::generate::{self, CaseId, CaseSource, GenerateError, Scope};
use crate::outcome::Observation;

/// What to measure.
#[derive(Clone, Debug)]
pub struct Bench {
    /// The handlers.
    pub handlers: Vec<HandlerId>,
    /// Cases a handler and round.
    pub cases: u64,
    /// Rounds.
    pub rounds: u32,
    /// Fixes the cases.
    pub seed: u64,
}

/// Why there are no figures.
#[derive(Debug, Error)]
pub enum BenchError {
    /// An engine failed.
    #[error(transparent)]
    Engine(#[from] EngineFault),
    /// The loop failed.
    #[error(transparent)]
    Campaign(#[from] CampaignError),
    /// A strategy failed.
    #[error(transparent)]
    Generate(#[from] GenerateError),
}

/// The engines that are measured; the loop has engines of its own, on the same trees.
pub struct Engines {
    /// Calls Python without anything around it.
    pub python: PythonEngine,
    /// The same for TypeScript.
    pub typescript: TypeScriptEngine,
    /// What the loop runs: first Python, then TypeScript.
    pub subjects: Vec<Box<dyn Engine>>,
}

impl Bench {
    /// Runs the first case on `subjects`, for the time from the start of the process until then.
    pub fn first_case(&self, subjects: &mut [Box<dyn Engine>]) -> Result<(), BenchError> {
        let Some(handler) = self.handlers.first() else { return Ok(()) };
        let case = Self::source(handler)?.draw(CaseId { seed: self.seed, index: 0 }, Scope::Normal)?;
        let mut oracle = Oracle::default();
        oracle.run(&case.step_input)?;
        for subject in subjects {
            subject.run(&case.step_input)?;
        }
        Ok(())
    }

    /// Measures on `engines`; the first case ended `startup` after the process began.
    pub fn run(&self, engines: &mut Engines, startup: Duration) -> Result<Figures, BenchError> {
        let campaign = Campaign {
            handlers: self.handlers.clone(),
            templates: Vec::new(),
            cases: self.cases,
            max_time: None,
            until_quiet: None,
            seed: self.seed,
            scope: Scope::Normal,
            shard: Shard::WHOLE,
            criteria: Criteria::default(),
        };
        let mut oracle = Oracle::default();
        let Engines { python, typescript, subjects } = engines;
        let names: Vec<Standing> =
            subjects.iter().map(|engine| Standing { engine: engine.name().to_owned(), timeouts: 0 }).collect();
        let mut steps = Steps::new(&campaign, &mut oracle, subjects, None);
        let job =
            |handler: &HandlerId, end| Job::Cases { handler: handler.clone(), first: 0, end, engines: names.clone() };
        let mut figures = Vec::new();
        for handler in &self.handlers {
            // Once without looking, so that nothing is measured that happens once.
            steps.work(&job(handler, 1), None)?;
            let source = Self::source(handler)?;
            let inputs = self.inputs(&source)?;
            let mut rounds = Vec::new();
            for _ in 0..self.rounds {
                let generation = timed(|| self.inputs(&source))?;
                let (expected, bare_oracle) = Self::oracle(&inputs)?;
                let (python_in, bare_python) = python.bare_loop(&inputs)?;
                let (typescript_in, bare_typescript) = typescript.bare_loop(&inputs)?;
                let loop_started = thread_time();
                steps.work(&job(handler, self.cases), None)?;
                let full = thread_time_since(loop_started);
                let comparison = compare(&expected) * 2;
                rounds.push(Parts {
                    oracle: bare_oracle,
                    python: bare_python,
                    typescript: bare_typescript,
                    full,
                    generation,
                    conversion_in: python_in + typescript_in,
                    comparison,
                });
            }
            figures.push(HandlerFigures { handler: handler.clone(), parts: Parts::median(&rounds) });
        }
        Ok(Figures::of(&figures, self.cases, startup, peak_memory()))
    }

    fn source(handler: &HandlerId) -> Result<CaseSource, BenchError> {
        let generator = generate::find(handler).ok_or_else(|| CampaignError::NoGenerator(handler.clone()))?;
        Ok(CaseSource::new(generator, handler.clone()))
    }

    fn inputs(&self, source: &CaseSource) -> Result<Vec<StepInput>, BenchError> {
        let draw = |index| {
            let case = source.draw(CaseId { seed: self.seed, index }, Scope::Normal.of_case(index))?;
            Ok(case.step_input)
        };
        (0..self.cases).map(draw).collect()
    }

    fn oracle(inputs: &[StepInput]) -> Result<(Vec<Observation>, Duration), BenchError> {
        let mut oracle = Oracle::default();
        let mut expected = Vec::with_capacity(inputs.len());
        let before = thread_time();
        for input in inputs {
            expected.push(oracle.run(input)?);
        }
        Ok((expected, thread_time_since(before)))
    }
}

fn timed<T>(work: impl FnOnce() -> Result<T, BenchError>) -> Result<Duration, BenchError> {
    let before = thread_time();
    let done = work()?;
    let time = thread_time_since(before);
    drop(done);
    Ok(time)
}

/// How long it takes to compare answers with themselves, which is to look at all of them.
fn compare(answers: &[Observation]) -> Duration {
    let before = thread_time();
    for answer in answers {
        std::hint::black_box(compare_observations(answer, answer, &mut |_| true));
    }
    thread_time_since(before)
}

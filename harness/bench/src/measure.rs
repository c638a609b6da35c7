//! Measures: the same inputs through the oracle alone, each language alone, and the whole loop, in turns, so that a machine that
//! becomes slower for a while is slow for all of them. Times are CPU times of this thread, and of several rounds the median
//! counts.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use parity_model::{HandlerId, StepInput};
use thiserror::Error;

use super::datasets::datasets;
use super::figures::{Figures, HandlerFigures, Parts};
use super::inputs::{draw, source};
use super::shrinking::shrinking;
use parity_blog::Oracle;
use parity_campaign::{Campaign, CampaignError, Job, Member, Shard, Standing, Steps};
use parity_engine::clock::{peak_memory, thread_time, thread_time_since};
use parity_engine::{Engine, EngineFault, TreeError};
use parity_engine_python::PythonEngine;
use parity_engine_typescript::TypeScriptEngine;
use parity_judge::compare_observations;
use parity_model::Observation;
use parity_schema::Scope;
use parity_suite::{CaseId, GenerateError};

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
    /// Handlers can not be loaded.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// There is nothing large to measure.
    #[error("{0}: there is no dataset of cases that complete")]
    NoDataset(HandlerId),
    /// What is measured has to be right.
    #[error(
        "{handler}: {engine} differs from the oracle, so there is nothing to measure; `cargo parity diff` shows where"
    )]
    Differs {
        /// The handler.
        handler: HandlerId,
        /// Who differs.
        engine: String,
    },
    /// There is nothing to shrink.
    #[error("{}: no case shows a divergence of this planted defect", .0.display())]
    NoDivergence(PathBuf),
    /// Another process failed.
    #[error("{what} failed: {message}")]
    Process {
        /// What it was to do.
        what: String,
        /// What it said.
        message: String,
    },
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
        let case = source(handler)?.draw(CaseId { seed: self.seed, index: 0 }, Scope::Normal)?;
        let mut oracle = Oracle::default();
        oracle.run(&case.step_input)?;
        for subject in subjects {
            subject.run(&case.step_input)?;
        }
        Ok(())
    }

    /// The first cases of every handler, which are those that are measured.
    pub fn inputs(&self) -> Result<Vec<StepInput>, BenchError> {
        let of = |handler| draw(&source(handler)?, self.cases, self.seed);
        Ok(self.handlers.iter().map(of).collect::<Result<Vec<_>, BenchError>>()?.concat())
    }

    /// Measures on `engines`; the first case ended `startup` after the process began, and divergences of the planted `defect`
    /// are shrunk.
    pub fn run(&self, engines: &mut Engines, startup: Duration, defect: &Path) -> Result<Figures, BenchError> {
        let handlers = self.handlers(engines)?;
        let datasets = datasets(engines, self.rounds, self.seed)?;
        let shrinking = shrinking(defect, self.seed)?;
        Ok(Figures { datasets, shrinking, ..Figures::of(&handlers, self.cases, startup, peak_memory()) })
    }

    fn handlers(&self, engines: &mut Engines) -> Result<Vec<HandlerFigures>, BenchError> {
        let campaign = Campaign {
            handlers: self.handlers.clone(),
            generators: parity_blog::OWN,
            templates: Vec::new(),
            cases: self.cases,
            max_time: None,
            until_quiet: None,
            seed: self.seed,
            scope: Scope::Normal,
            shard: Shard::WHOLE,
            criteria: parity_blog::own_criteria(),
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
            let source = source(handler)?;
            let inputs = draw(&source, self.cases, self.seed)?;
            let mut rounds = Vec::new();
            for _ in 0..self.rounds {
                let generation = timed(|| draw(&source, self.cases, self.seed))?;
                let (expected, bare_oracle) = bare_oracle(&inputs)?;
                let (python_in, bare_python) = python.bare_loop(&inputs)?;
                let (typescript_in, bare_typescript) = typescript.bare_loop(&inputs)?;
                let (loop_started, on_the_wall) = (thread_time(), Instant::now());
                steps.work(&job(handler, self.cases), None)?;
                let (full, wall) = (thread_time_since(loop_started), on_the_wall.elapsed());
                let comparison = compare(&expected) * 2;
                rounds.push(Parts {
                    oracle: bare_oracle,
                    python: bare_python,
                    typescript: bare_typescript,
                    full,
                    wall,
                    generation,
                    conversion_in: python_in + typescript_in,
                    comparison,
                });
            }
            figures.push(HandlerFigures { handler: handler.clone(), parts: Parts::median(&rounds) });
        }
        Ok(figures)
    }
}

/// What the oracle answers, and the CPU time of the calls.
pub(super) fn bare_oracle(inputs: &[StepInput]) -> Result<(Vec<Observation>, Duration), BenchError> {
    let mut oracle = Oracle::default();
    let mut expected = Vec::with_capacity(inputs.len());
    let before = thread_time();
    for input in inputs {
        expected.push(oracle.run(input)?);
    }
    Ok((expected, thread_time_since(before)))
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

//! Measures: the same inputs through the oracle alone, each language alone, and the whole loop, in turns, so that a machine that
//! becomes slower for a while is slow for all of them. Times are CPU times of this thread, and of several rounds the median
//! counts.

use std::path::Path;
use std::time::{Duration, Instant};

use parity_model::{HandlerId, StepInput};

use super::datasets::datasets;
use super::engines::{Engines, bare_oracle};
use super::error::BenchError;
use super::figures::{Figures, HandlerFigures};
use super::inputs::draw;
use super::shrinking::shrinking;
use super::times::RoundTimes;
use parity_blog::OwnCases;
use parity_campaign::{Campaign, Cases, Direct, Panel, Shard, Standing, StepKind, Steps, Worker};
use parity_engine::clock::{peak_memory, thread_time, thread_time_since};
use parity_judge::differences;
use parity_model::Observation;
use parity_schema::Scope;
use parity_suite::CaseId;

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

impl Bench {
    /// Runs the first case on `panel`, for the time from the start of the process until then.
    pub fn first_case(&self, panel: &mut Panel) -> Result<(), BenchError> {
        let Some(handler) = self.handlers.first() else { return Ok(()) };
        let case = OwnCases::of(handler)?.draw(CaseId { seed: self.seed, index: 0 }, Scope::Normal)?;
        panel.oracle.run(&case.step_input)?;
        for subject in &mut panel.engines {
            subject.run(&case.step_input)?;
        }
        Ok(())
    }

    /// The first cases of every handler, which are those that are measured.
    pub fn inputs(&self) -> Result<Vec<StepInput>, BenchError> {
        let of = |handler| draw(&OwnCases::of(handler)?, self.cases, self.seed);
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
        let campaign = Campaign::<StepKind> {
            groups: self.handlers.clone(),
            modes: vec![Direct],
            suite: parity_blog::suite(),
            cases: self.cases,
            max_time: None,
            until_quiet: None,
            fail_fast: false,
            seed: self.seed,
            scope: Scope::Normal,
            shard: Shard::WHOLE,
        };
        let Engines { python, typescript, panel } = engines;
        let names = panel.engines.iter().map(|engine| engine.name().to_owned());
        let standings: Vec<Standing> = names.map(|engine| Standing { engine, timeouts: 0 }).collect();
        let mut steps = Steps::new(&campaign, panel, None);
        let cases = |handler: &HandlerId, end| Cases {
            group: handler.clone(),
            first: 0,
            end,
            engines: standings.clone(),
            afresh: false,
        };
        let mut figures = Vec::new();
        for handler in &self.handlers {
            // Once without looking, so that nothing is measured that happens once.
            steps.probe(&cases(handler, 1), None)?;
            let source = OwnCases::of(handler)?;
            let inputs = draw(&source, self.cases, self.seed)?;
            let mut rounds = Vec::new();
            for _ in 0..self.rounds {
                let generation = timed(|| draw(&source, self.cases, self.seed))?;
                let (expected, bare_oracle) = bare_oracle(&inputs)?;
                let (python_in, bare_python) = python.bare_loop(&inputs)?;
                let (typescript_in, bare_typescript) = typescript.bare_loop(&inputs)?;
                let (loop_started, on_the_wall) = (thread_time(), Instant::now());
                steps.probe(&cases(handler, self.cases), None)?;
                let (full, wall) = (thread_time_since(loop_started), on_the_wall.elapsed());
                let comparison = compare(&expected) * 2;
                rounds.push(RoundTimes {
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
            figures.push(HandlerFigures { handler: handler.clone(), times: RoundTimes::median(&rounds) });
        }
        Ok(figures)
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
        std::hint::black_box(differences(answer, answer));
    }
    thread_time_since(before)
}

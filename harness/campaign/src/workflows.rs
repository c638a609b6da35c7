//! The course of a campaign over whole workflows: blocks of tasks are given out and what was noted on them is gathered, then
//! what was found is shrunk.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::confirm::united;
use super::crew::{Alone, Crew, Done, Job, Shown, ShownTask};
use super::run::{CampaignError, Event, GRACE, Roster, blocks, unshrunk};
use super::shard::Shard;
use super::tally::Fault;
use super::tasks::Tasks;
use super::workflow_findings::{Findings, Line};
use super::workflow_tally::{TaskStart, WorkflowDivergence, WorkflowFault, WorkflowTally};
use crate::divergence::Divergence;
use parity_judge::Criteria;
use parity_model::Signature;
use parity_schema::Scope;
use parity_suite::Generators;
use parity_suite::TaskSource;
use parity_suite::template::{Template, TemplateId};
use parity_suite::workflow::{Pool, WorkflowSignature};

/// What a subject is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Every step gets the oracle's upstream results, which pins a divergence to one handler
    LockStep,
    /// Every engine feeds itself, and the whole trace is compared
    EndToEnd,
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LockStep => "lock-step",
            Self::EndToEnd => "end-to-end",
        })
    }
}

/// What to run.
#[derive(Clone, Debug)]
pub struct WorkflowCampaign {
    /// All templates that there are; a step may hand its task on to any of them.
    pub templates: Vec<Template>,
    /// The generators that somebody wrote.
    pub generators: Generators,
    /// The workflows to run, in the order of the report.
    pub workflows: Vec<TemplateId>,
    /// The modes.
    pub modes: Vec<Mode>,
    /// Tasks a workflow.
    pub cases: u64,
    /// No task is drawn after this time.
    pub max_time: Option<Duration>,
    /// Fixes all tasks.
    pub seed: u64,
    /// The largest scope.
    pub scope: Scope,
    /// Which of the tasks.
    pub shard: Shard,
    /// Divergences of single handlers that are not reported.
    pub criteria: Criteria,
}

/// Workflows take turns after this many tasks.
const BLOCK: u64 = 20;

impl WorkflowCampaign {
    /// How many blocks of tasks there are to give out.
    #[must_use]
    pub fn jobs(&self) -> u64 {
        self.cases.div_ceil(BLOCK.saturating_mul(self.shard.count())) * self.workflows.len() as u64
    }

    /// Runs the campaign on `subjects` against `oracle`, here and now, and confirms nothing in fresh engines.
    ///
    /// A subject that lacks a handler of a workflow is not run on it. One that fails on a workflow is a fault of the result
    /// and not run on that workflow again.
    pub fn run(
        &self,
        oracle: &Pool,
        subjects: &[Pool],
        watch: &mut dyn FnMut(Event<'_>),
    ) -> Result<WorkflowTally, CampaignError> {
        let rosters: Vec<Roster> = subjects.iter().map(|pool| Roster::of(pool)).collect();
        let mut tasks = Tasks::new(self, oracle, subjects, None)?;
        self.conduct(&mut Alone(&mut tasks), &rosters, Instant::now(), watch)
    }

    /// Lets `crew` run the campaign, which `started` at some time, on the engines of `rosters`. What is found does not depend
    /// on who does which part of it.
    pub fn conduct(
        &self,
        crew: &mut dyn Crew,
        rosters: &[Roster],
        started: Instant,
        watch: &mut dyn FnMut(Event<'_>),
    ) -> Result<WorkflowTally, CampaignError> {
        let mut lines = Vec::new();
        for id in &self.workflows {
            let template = self.templates.iter().find(|template| template.id == *id);
            let template = template.ok_or_else(|| CampaignError::NoTemplate(id.clone()))?;
            TaskSource::new(template, &self.generators)?;
            let has_all = |roster: &&Roster| template.steps.iter().all(|step| roster.has(&step.handler.callable));
            let able = rosters.iter().filter(has_all).map(|roster| roster.engine.as_str());
            lines.push(Line::new(id, able));
        }
        let mut findings = Findings::new(lines);
        let end = self.max_time.map(|max_time| started + max_time);
        self.run_tasks(crew, &mut findings, end, watch)?;
        let tally = self.shrink(crew, findings, rosters, end.map(|end| end + GRACE), watch)?;
        if tally.faults.is_empty() && tally.rows.iter().all(|row| row.cases == 0) && self.shard.holds_any(self.cases) {
            return Err(CampaignError::NothingExecuted);
        }
        Ok(tally)
    }

    fn run_tasks(
        &self,
        crew: &mut dyn Crew,
        findings: &mut Findings,
        end: Option<Instant>,
        watch: &mut dyn FnMut(Event<'_>),
    ) -> Result<(), CampaignError> {
        let step = BLOCK.saturating_mul(self.shard.count());
        let shared = RefCell::new((&mut *findings, watch));
        let places =
            blocks(self.cases, step).flat_map(|block| (0..self.workflows.len()).map(move |line| (block, line)));
        let mut places = places.take_while(|_| end.is_none_or(|end| Instant::now() < end));
        let mut next = || {
            for ((first, last), number) in places.by_ref() {
                let (findings, watch) = &mut *shared.borrow_mut();
                let line = &findings.lines[number];
                let engines = line.going();
                if engines.is_empty() {
                    watch(Event::Ran(&line.workflow, last - first));
                    continue;
                }
                return Some((Job::Tasks { workflow: line.workflow.clone(), first, end: last, engines }, end));
            }
            None
        };
        let mut report = |job: Job, done: Done| {
            let (findings, watch) = &mut *shared.borrow_mut();
            let (Job::Tasks { workflow, first, end, .. }, Done::Tasks(log)) = (job, done) else {
                return Err(CampaignError::Misplaced);
            };
            watch(Event::Ran(&workflow, end - first));
            findings.take(&workflow, (first, end), log);
            Ok(())
        };
        crew.work(&mut next, &mut report)?;
        findings.take_the_rest();
        Ok(())
    }

    fn shrink(
        &self,
        crew: &mut dyn Crew,
        findings: Findings,
        rosters: &[Roster],
        limit: Option<Instant>,
        watch: &mut dyn FnMut(Event<'_>),
    ) -> Result<WorkflowTally, CampaignError> {
        let whole = self.shard == Shard::WHOLE;
        let (mut tally, steps, runs) = findings.into_parts(&self.modes, whole);
        let step_jobs = steps
            .iter()
            .map(|(signature, shown)| Job::Shrink { signature: signature.clone(), input: shown.input.clone() });
        let run_jobs = runs
            .iter()
            .map(|(signature, shown)| Job::ShrinkTask { signature: signature.clone(), task: shown.task.clone() });
        let mut jobs = step_jobs.chain(run_jobs);
        let mut next = || {
            let job = jobs.next()?;
            match &job {
                Job::Shrink { signature, .. } => watch(Event::Shrinking(&signature.handler)),
                Job::ShrinkTask { task, .. } => watch(Event::Shrinking(&task.workflow)),
                _ => {}
            }
            Some((job, limit))
        };
        let mut found = Found::default();
        crew.work(&mut next, &mut |job, done| found.take(job, done))?;
        found.fill(&mut tally, (steps, runs), rosters, !whole);
        Ok(tally)
    }
}

/// What came of shrinking.
#[derive(Default)]
struct Found {
    steps: BTreeMap<Signature, Result<Divergence, Box<Fault>>>,
    runs: BTreeMap<WorkflowSignature, Result<WorkflowDivergence, Box<WorkflowFault>>>,
}

impl Found {
    fn take(&mut self, job: Job, done: Done) -> Result<(), CampaignError> {
        match (job, done) {
            (Job::Shrink { signature, .. }, Done::Shrunk(divergence)) => {
                self.steps.insert(signature, Ok(*divergence));
            }
            (Job::Shrink { signature, .. }, Done::Fault(fault)) => {
                self.steps.insert(signature, Err(fault));
            }
            (Job::ShrinkTask { signature, .. }, Done::ShrunkTask(divergence)) => {
                self.runs.insert(signature, Ok(*divergence));
            }
            (Job::ShrinkTask { signature, .. }, Done::TaskFault(fault)) => {
                self.runs.insert(signature, Err(fault));
            }
            _ => return Err(CampaignError::Misplaced),
        }
        Ok(())
    }

    /// Puts everything into the order of the engines, whatever was done first.
    fn fill(
        mut self,
        tally: &mut WorkflowTally,
        (steps, runs): (BTreeMap<Signature, Shown>, BTreeMap<WorkflowSignature, ShownTask>),
        rosters: &[Roster],
        with_starts: bool,
    ) {
        for Roster { engine, .. } in rosters {
            let mut divergences = Vec::new();
            for (signature, shown) in steps.iter().filter(|(signature, _)| signature.engine == *engine) {
                let start = with_starts.then(|| shown.start());
                let cut = || Ok(unshrunk(signature.clone(), shown.clone()));
                match self.steps.remove(signature).unwrap_or_else(cut) {
                    Ok(divergence) => divergences.push(Divergence { start, ..divergence }),
                    Err(fault) => tally.step_faults.push(*fault),
                }
            }
            tally.lock_step.extend(united(divergences));
            for (signature, shown) in runs.iter().filter(|(signature, _)| signature.engine == *engine) {
                let ShownTask { case, well_formed, task, .. } = shown.clone();
                let start = with_starts.then_some(TaskStart { case, well_formed, task });
                let cut = || Ok(unshrunk_task(signature.clone(), shown.clone()));
                match self.runs.remove(signature).unwrap_or_else(cut) {
                    Ok(divergence) => tally.end_to_end.push(WorkflowDivergence { start, ..divergence }),
                    Err(fault) => tally.faults.push(*fault),
                }
            }
        }
    }
}

fn unshrunk_task(signature: WorkflowSignature, shown: ShownTask) -> WorkflowDivergence {
    let ShownTask { task: input, expected, actual, .. } = shown;
    WorkflowDivergence { signature, input, expected, actual, evaluations: 0, cut_short: true, start: None }
}

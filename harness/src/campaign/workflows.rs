//! The loop of a campaign over whole workflows: draw a task, let the oracle run it, give every engine the same calls and let
//! every engine run it itself, compare, count.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::{Duration, Instant};

use reference_rs::{HandlerId, StepInput};
use serde::Serialize;
use serde_json::Value;

use super::confirm::{Fresh, confirm, united};
use super::run::{CampaignError, Event};
use super::shrink_case::shrink_case;
use super::shrink_task::{document_of_task, shrink_task};
use super::tally::{Fault, Smallest};
use super::workflow_tally::{WorkflowFault, WorkflowRow, WorkflowTally};
use crate::compare::Signature;
use crate::divergence::{compare_on, expect};
use crate::domain::{Domain, document_of, domain_of_tasks};
use crate::engine::{Engine, EngineFault};
use crate::generate::{self, CaseId, Scope, TaskSource};
use crate::ledger::Ledger;
use crate::shrink::Size;
use crate::template::{Template, TemplateId};
use crate::workflow::{Execution, Pool, Runner, Task, WorkflowSignature, compare_traces};

/// What a subject is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, clap::ValueEnum)]
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
    /// Divergences of single handlers that are not reported.
    pub ledger: Ledger,
}

/// Workflows take turns after this many tasks.
const BLOCK: u64 = 20;

impl WorkflowCampaign {
    /// Runs the campaign on `subjects` against `oracle`.
    ///
    /// A subject that lacks a handler of a workflow is not run on it. One that fails on a workflow is a fault of the result
    /// and not run on that workflow again.
    pub fn run(
        &self,
        oracle: &Pool,
        subjects: &[Pool],
        watch: &mut dyn FnMut(Event<'_>),
    ) -> Result<WorkflowTally, CampaignError> {
        self.run_confirmed(oracle, subjects, None, watch)
    }

    /// The same; divergences of single handlers that do not repeat in `fresh` engines become nondeterministic ones.
    pub fn run_confirmed(
        &self,
        oracle: &Pool,
        subjects: &[Pool],
        fresh: Option<&dyn Fresh>,
        watch: &mut dyn FnMut(Event<'_>),
    ) -> Result<WorkflowTally, CampaignError> {
        let deadline = self.max_time.map(|max_time| Instant::now() + max_time);
        let in_time = || deadline.is_none_or(|deadline| Instant::now() < deadline);
        let runner = Runner::new(&self.templates).map_err(CampaignError::Runtime)?;
        let mut search = Search {
            oracle,
            runner: &runner,
            modes: &self.modes,
            ledger: &self.ledger,
            domains: Domains::of(&self.templates)?,
            found: subjects.iter().map(|_| Found::default()).collect(),
            tally: WorkflowTally::default(),
        };
        let mut lines: Vec<Line> =
            self.workflows.iter().map(|id| Line::new(id, &runner, subjects)).collect::<Result<_, _>>()?;

        let mut first = 0;
        while first < self.cases && in_time() {
            let last = self.cases.min(first + BLOCK);
            for line in &mut lines {
                for index in first..last {
                    if !in_time() {
                        break;
                    }
                    let id = CaseId { seed: self.seed, index };
                    let task = line.source.draw(id, self.scope.of_case(index))?;
                    search.run_task(line, subjects, &task);
                    watch(Event::Ran(&line.template.id, 1));
                }
            }
            first = last;
        }

        for (line, pair) in lines.iter().flat_map(|line| line.pairs.iter().map(move |pair| (line, pair))) {
            for (mode, counts) in &pair.counts {
                search.tally.rows.push(WorkflowRow {
                    workflow: line.template.id.clone(),
                    mode: *mode,
                    engine: subjects[pair.subject].name().to_owned(),
                    cases: counts.cases,
                    agreed: counts.agreed,
                    divergences: counts.signatures.len() as u64,
                });
            }
        }
        for (subject, found) in subjects.iter().zip(std::mem::take(&mut search.found)) {
            search.shrink(subject, found, fresh, watch);
        }
        if search.tally.faults.is_empty() && search.tally.rows.iter().all(|row| row.cases == 0) {
            return Err(CampaignError::NothingExecuted);
        }
        Ok(search.tally)
    }
}

/// One workflow of a campaign on all subjects that have its handlers.
struct Line<'a> {
    template: &'a Template,
    source: TaskSource,
    pairs: Vec<Pair>,
}

/// One workflow on one subject.
struct Pair {
    subject: usize,
    counts: BTreeMap<Mode, Counts>,
    failed: bool,
}

#[derive(Default)]
struct Counts {
    cases: u64,
    agreed: u64,
    signatures: BTreeSet<String>,
}

impl<'a> Line<'a> {
    fn new(id: &TemplateId, runner: &'a Runner, subjects: &[Pool]) -> Result<Self, CampaignError> {
        let template = runner.template(id).ok_or_else(|| CampaignError::NoTemplate(id.clone()))?;
        let source = TaskSource::new(id).ok_or_else(|| CampaignError::NoTaskGenerator(id.clone()))?;
        let able = subjects.iter().enumerate().filter(|(_, subject)| template.check_handlers(*subject).is_ok());
        let pair = |(subject, _)| Pair { subject, counts: BTreeMap::new(), failed: false };
        Ok(Self { template, source, pairs: able.map(pair).collect() })
    }
}

/// The smallest inputs of the signatures of one subject.
#[derive(Default)]
struct Found<'a> {
    lock_step: Smallest<Signature, StepInput>,
    end_to_end: Smallest<WorkflowSignature, (&'a Template, Task)>,
}

/// Which inputs are well-formed.
struct Domains {
    steps: BTreeMap<HandlerId, Domain>,
    tasks: BTreeMap<TemplateId, Domain>,
}

impl Domains {
    fn of(templates: &[Template]) -> Result<Self, CampaignError> {
        let mut domains = Self { steps: BTreeMap::new(), tasks: BTreeMap::new() };
        for template in templates {
            let schema = |message: String| CampaignError::InputSchema { workflow: template.id.clone(), message };
            domains.tasks.insert(template.id.clone(), domain_of_tasks(&template.input_schema).map_err(schema)?);
            for step in &template.steps {
                let handler = &step.handler.callable;
                // Without a generator nothing is known of what is well-formed, so everything is.
                let domain = match generate::find(handler) {
                    Some(generator) => Domain::new(generator),
                    None => Domain::of_schema(&Value::Bool(true)).map_err(schema)?,
                };
                domains.steps.insert(handler.clone(), domain);
            }
        }
        Ok(domains)
    }
}

/// What a campaign works with and what it has found.
struct Search<'a> {
    oracle: &'a Pool,
    runner: &'a Runner,
    modes: &'a [Mode],
    ledger: &'a Ledger,
    domains: Domains,
    found: Vec<Found<'a>>,
    tally: WorkflowTally,
}

impl<'a> Search<'a> {
    fn run_task(&mut self, line: &mut Line<'a>, subjects: &[Pool], task: &Task) {
        self.tally.cases += 1;
        let expected = match self.runner.run(line.template, task, self.oracle) {
            Ok(expected) => expected,
            Err(fault) => {
                self.fault(self.oracle, &fault, task);
                line.pairs.iter_mut().for_each(|pair| pair.failed = true);
                return;
            }
        };
        for pair in line.pairs.iter_mut().filter(|pair| !pair.failed) {
            let pool = &subjects[pair.subject];
            for mode in self.modes {
                let signatures = match mode {
                    Mode::LockStep => self.lock_step(pair.subject, pool, &expected),
                    Mode::EndToEnd => self.end_to_end(pair.subject, pool, line.template, task, &expected),
                };
                match signatures {
                    Ok(signatures) => {
                        let counts = pair.counts.entry(*mode).or_default();
                        counts.cases += 1;
                        counts.agreed += u64::from(signatures.is_empty());
                        counts.signatures.extend(signatures);
                    }
                    Err(fault) => {
                        pair.failed = true;
                        self.fault(pool, &fault, task);
                        break;
                    }
                }
            }
        }
    }

    /// Gives the subject every call that the oracle's run consists of; answers the signatures that showed.
    fn lock_step(&mut self, subject: usize, pool: &Pool, expected: &Execution) -> Result<Vec<String>, EngineFault> {
        let (mut oracle, mut pool) = (self.oracle.clone(), pool.clone());
        let mut signatures = Vec::new();
        for (step_input, _) in &expected.calls {
            let expected = expect(&mut oracle, step_input)?;
            if let Some(signature) = compare_on(&mut pool, step_input, expected, self.ledger)?.signature {
                signatures.push(signature.to_string());
                let document = document_of(step_input);
                let well_formed = self.domains.steps[&step_input.handler].holds(&document);
                self.found[subject].lock_step.offer(signature, step_input, well_formed, Size::of(&document));
            }
        }
        Ok(signatures)
    }

    /// Lets the subject run the whole workflow; answers the signature that showed, if any.
    fn end_to_end(
        &mut self,
        subject: usize,
        pool: &Pool,
        template: &'a Template,
        task: &Task,
        expected: &Execution,
    ) -> Result<Vec<String>, EngineFault> {
        let actual = self.runner.run(template, task, pool)?;
        let Some(signature) = compare_traces(&expected.trace, &actual.trace, pool.name(), self.ledger) else {
            return Ok(Vec::new());
        };
        let document = document_of_task(task);
        let well_formed = self.domains.tasks[&task.workflow].holds(&document);
        let shown = vec![signature.to_string()];
        self.found[subject].end_to_end.offer(signature, &(template, task.clone()), well_formed, Size::of(&document));
        Ok(shown)
    }

    fn shrink(&mut self, pool: &Pool, found: Found<'_>, fresh: Option<&dyn Fresh>, watch: &mut dyn FnMut(Event<'_>)) {
        let mut divergences = Vec::new();
        for (signature, step_input) in found.lock_step.into_inputs() {
            watch(Event::Shrinking(&signature.handler));
            let domain = &self.domains.steps[&signature.handler];
            let shrunk = shrink_case(
                &mut self.oracle.clone(),
                &mut pool.clone(),
                domain,
                &signature,
                self.ledger,
                step_input.clone(),
            );
            let confirmed = shrunk.and_then(|divergence| match fresh {
                Some(fresh) => confirm(divergence, fresh),
                None => Ok(divergence),
            });
            match confirmed {
                Ok(divergence) => divergences.push(divergence),
                Err(fault) => self.tally.step_faults.push(Fault::new(&signature.handler, pool, &fault, &step_input)),
            }
        }
        self.tally.lock_step.extend(united(divergences));
        for (signature, (template, task)) in found.end_to_end.into_inputs() {
            watch(Event::Shrinking(&task.workflow));
            let domain = &self.domains.tasks[&task.workflow];
            match shrink_task(self.runner, template, (self.oracle, pool), domain, (&signature, self.ledger), &task) {
                Ok(divergence) => self.tally.end_to_end.push(divergence),
                Err(fault) => self.fault(pool, &fault, &task),
            }
        }
    }

    fn fault(&mut self, pool: &Pool, fault: &EngineFault, task: &Task) {
        self.tally.faults.push(WorkflowFault {
            workflow: task.workflow.clone(),
            engine: pool.name().to_owned(),
            message: fault.to_string(),
            input: task.clone(),
        });
    }
}

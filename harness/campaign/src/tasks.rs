//! Runs tasks of whole workflows: draws a task, lets the oracle run it, gives every engine the same calls, lets every engine run
//! it itself, notes what they show.

use std::collections::BTreeMap;
use std::time::Instant;

use parity_engine::{Engine, EngineFault};
use parity_judge::Criteria;
use parity_model::{HandlerId, document_of};
use parity_schema::Domain;
use parity_suite::template::{Template, TemplateId, domain_of_tasks};
use parity_suite::workflow::{Execution, Pool, Runner, StepState, Task, document_of_task};
use parity_suite::{CaseId, GenerateError, TaskSource};

use crate::campaign::Campaign;
use crate::confirm::{Confirmer, Fresh};
use crate::error::CampaignError;
use crate::kind::Kind;
use crate::note::{Ended, EngineLog, Finding, Log, MOST_TIMEOUTS, Note, end_of, is_over};
use crate::opinions::{Opinions, take_opinion};
use crate::panel::TaskPanel;
use crate::probe::Probe;
use crate::runner::{Runnable, With};
use crate::seen::Seen;
use crate::setting::Setting;
use crate::smallest::Smallest;
use crate::step_kind::Witness;
use crate::steps::{Sources, recheck};
use crate::tally::{COMPLETED, Fault};
use crate::task_kind::{RunWitness, TaskDivergence, TaskFault, TaskKind, TaskSignature, TaskWitness};
use crate::task_probe::TaskProbe;
use crate::triage::Triage;
use crate::worker::{Cases, Found, Known, Rechecked, Triaged, Worker};
use crate::workflow_tally::{Mode, WorkflowFault};

/// Runs tasks.
pub(crate) struct Tasks<'a> {
    campaign: &'a Campaign<TaskKind>,
    panel: &'a TaskPanel,
    confirmer: Option<Confirmer<'a>>,
    runner: Runner,
    /// What counts, where nothing was learned of a handler.
    criteria: Criteria,
    steps: Sources,
    workflows: BTreeMap<TemplateId, (TaskSource, Domain)>,
}

/// The smallest of every signature among the tasks of one job, on one engine.
type SmallestTasks = Smallest<TaskSignature, ()>;

/// A task of a campaign, and what the oracle made of it.
struct Expected<'a> {
    index: u64,
    task: &'a Task,
    template: &'a Template,
    domain: &'a Domain,
    execution: &'a Execution,
}

impl Expected<'_> {
    /// The end of the oracle's run: `completed`, or the first step that failed and how.
    fn ended(&self, mode: Mode) -> Ended<TaskKind> {
        let failed = self.execution.trace.steps.iter().find(|step| step.state == StepState::Failed);
        let end = failed.and_then(|step| Some(format!("{}:{}", step.step, end_of(&step.attempts.last()?.outcome))));
        Ended { mode, end: end.unwrap_or_else(|| COMPLETED.to_owned()) }
    }
}

impl<'a> Tasks<'a> {
    /// Runs the cases of `campaign` on `panel`, and confirms divergences of single calls in `fresh` engines.
    pub(crate) fn new(
        campaign: &'a Campaign<TaskKind>,
        panel: &'a TaskPanel,
        fresh: Option<&'a dyn Fresh>,
    ) -> Result<Self, CampaignError> {
        let runner = Runner::new(&campaign.suite.templates).map_err(CampaignError::Runtime)?;
        let mut workflows = BTreeMap::new();
        for id in &campaign.groups {
            let template = runner.template(id).ok_or_else(|| CampaignError::NoTemplate(id.clone()))?;
            let source = TaskSource::new(template, &campaign.suite.generators, &campaign.suite.literals)?;
            let domain = domain_of_tasks(&template.input_schema)
                .map_err(|message| GenerateError::InputSchema { template: id.to_string(), message })?;
            workflows.insert(id.clone(), (source, domain));
        }
        let criteria = panel.criteria(&campaign.suite.criteria);
        let confirmer = fresh.map(Confirmer::new);
        Ok(Self { campaign, panel, confirmer, runner, steps: Sources::new(&criteria), criteria, workflows })
    }

    fn workflow(&self, id: &TemplateId) -> Result<(&Template, &TaskSource, &Domain), CampaignError> {
        let unknown = || CampaignError::NoTemplate(id.clone());
        let (source, domain) = self.workflows.get(id).ok_or_else(unknown)?;
        Ok((self.runner.template(id).ok_or_else(unknown)?, source, domain))
    }

    fn probe_of<'t>(&'t self, template: &'t Template, subject: &'t Pool) -> TaskProbe<'t> {
        let (runner, criteria) = (&self.runner, &self.criteria);
        TaskProbe { runner, template, oracle: &self.panel.oracle, subject, criteria }
    }

    /// Learns what is to be known of the handlers of a workflow before their calls are compared.
    fn learn(&mut self, id: &TemplateId) -> Result<(), CampaignError> {
        let template = self.runner.template(id).ok_or_else(|| CampaignError::NoTemplate(id.clone()))?;
        let mut leading = Vec::new();
        // The last steps come last: what leads to their end leads to that of the workflow.
        for step in template.in_order() {
            let handler = &step.handler.callable;
            if self.panel.oracle.has(handler) {
                let (source, _) = self.steps.of(handler, &self.campaign.suite, &mut self.panel.oracle.clone())?;
                leading = Some(source.leading(id)).filter(|leading| !leading.is_empty()).unwrap_or(leading);
            }
        }
        if let Some((source, _)) = self.workflows.get_mut(id) {
            source.lead(leading);
        }
        Ok(())
    }

    /// Gives the subject every call that the oracle's run consists of.
    fn lock_step(
        &self,
        expected: &Expected<'_>,
        pool: &Pool,
        (smallest, seen): (&mut SmallestTasks, &mut Seen),
    ) -> Result<Note<TaskKind>, EngineFault> {
        let (mut oracle, mut pool) = (self.panel.oracle.clone(), pool.clone());
        let (mut findings, mut known, mut unsupported) = (Vec::new(), false, None);
        for (input, _) in &expected.execution.calls {
            let learned = self.steps.get(&input.handler);
            let criteria = learned.map_or(&self.criteria, |(_, criteria)| criteria);
            let verdict = Probe { oracle: &mut oracle, subject: &mut pool, criteria }.ask(input)?;
            seen.outcome(criteria, pool.name(), &input.handler, &verdict.actual);
            seen.by_form(&input.handler, &verdict.by_form);
            known |= !verdict.known.is_empty();
            unsupported = unsupported.or(verdict.unsupported);
            let well_formed = learned.is_none_or(|(source, _)| source.domain().holds(&document_of(input)));
            let workflow = &expected.task.workflow;
            for signature in verdict.signatures {
                let (rank, place) = (Witness::rank_of(input, well_formed), (expected.index, workflow.to_string()));
                let step = TaskSignature::Step(signature.clone());
                let witness = smallest.offer(step.clone(), rank, place, || ()).then(|| {
                    Box::new(TaskWitness::Step(Box::new(Witness {
                        signature,
                        case: expected.index,
                        workflow: Some(workflow.clone()),
                        well_formed,
                        input: input.clone(),
                        expected: verdict.expected.clone(),
                        actual: verdict.actual.clone(),
                    })))
                });
                findings.push(Finding { signature: step, witness });
            }
        }
        let ended = expected.ended(Mode::LockStep);
        Ok(match (findings.is_empty(), unsupported, known) {
            (false, ..) => Note::Differs { ended, findings },
            (true, Some(what), _) => Note::Unsupported { ended, what },
            (true, None, true) => Note::Known { ended },
            (true, None, false) => Note::Agreed { ended, cases: 1 },
        })
    }

    /// Lets the subject run the whole workflow.
    fn end_to_end(
        &self,
        expected: &Expected<'_>,
        pool: &Pool,
        smallest: &mut SmallestTasks,
    ) -> Result<Note<TaskKind>, EngineFault> {
        let ended = expected.ended(Mode::EndToEnd);
        let Expected { index, task, domain, .. } = expected;
        let probe = self.probe_of(expected.template, pool);
        let Some((signature, actual)) = probe.differs(task, &expected.execution.trace)? else {
            return Ok(Note::Agreed { ended, cases: 1 });
        };
        let well_formed = domain.holds(&document_of_task(task));
        let (rank, place) = (RunWitness::rank_of(task, well_formed), (*index, task.workflow.to_string()));
        let of_run = TaskSignature::Run(signature.clone());
        let witness = smallest.offer(of_run.clone(), rank, place, || ()).then(|| {
            let (task, expected) = (Task::clone(task), expected.execution.trace.clone());
            Box::new(TaskWitness::Run(Box::new(RunWitness {
                signature,
                case: *index,
                well_formed,
                task,
                expected,
                actual,
            })))
        });
        Ok(Note::Differs { ended, findings: vec![Finding { signature: of_run, witness }] })
    }

    fn triage_step(&mut self, witness: &Witness, limit: Option<Instant>) -> Result<Triaged<TaskKind>, CampaignError> {
        let (signature, input) = (&witness.signature, &witness.input);
        let (mut oracle, mut pools) = (self.panel.oracle.clone(), self.panel.engines.clone());
        let (source, criteria) = self.steps.of(&signature.handler, &self.campaign.suite, &mut oracle)?;
        let engines = pools.iter_mut().map(|pool| pool as &mut dyn Engine).collect();
        let mut triage = Triage { oracle: &mut oracle, engines, criteria, confirmer: self.confirmer.as_ref(), limit };
        Ok(match triage.run(signature, input.clone(), source.domain()) {
            Ok(divergence) => Triaged::Divergence(Box::new(TaskDivergence::Step(Box::new(divergence)))),
            Err(fault) => {
                let fault = Fault::named(&signature.engine, &fault, input);
                Triaged::Fault(Box::new(TaskFault::Step(Box::new(fault))))
            }
        })
    }

    fn triage_run(&self, witness: &RunWitness, limit: Option<Instant>) -> Result<Triaged<TaskKind>, CampaignError> {
        let (template, _, domain) = self.workflow(&witness.task.workflow)?;
        let pool = self.panel.engine(&witness.signature.engine)?;
        Ok(match self.probe_of(template, pool).shrink(&witness.signature, &witness.task, domain, limit) {
            Ok(divergence) => Triaged::Divergence(Box::new(TaskDivergence::Run(Box::new(divergence)))),
            Err(fault) => Triaged::Fault(Box::new(TaskFault::Run(Box::new(fault_of(pool, &fault, &witness.task))))),
        })
    }
}

fn fault_of(pool: &Pool, fault: &EngineFault, task: &Task) -> WorkflowFault {
    WorkflowFault {
        workflow: task.workflow.clone(),
        engine: pool.name().to_owned(),
        message: fault.to_string(),
        input: task.clone(),
        case: None,
    }
}

/// An engine that takes the tasks of one job.
struct Taker<'p> {
    pool: &'p Pool,
    notes: Vec<Note<TaskKind>>,
    smallest: SmallestTasks,
    seen: Seen,
    timeouts: u32,
    stopped: bool,
}

impl Taker<'_> {
    fn take(&mut self, tasks: &Tasks<'_>, expected: &Expected<'_>) {
        for mode in &tasks.campaign.modes {
            let note = match mode {
                Mode::LockStep => tasks.lock_step(expected, self.pool, (&mut self.smallest, &mut self.seen)),
                Mode::EndToEnd => tasks.end_to_end(expected, self.pool, &mut self.smallest),
            };
            match note {
                Ok(note) => self.add(note),
                Err(fault) => return self.fail(self.pool, &fault, expected.task, expected.index),
            }
        }
    }

    fn add(&mut self, note: Note<TaskKind>) {
        if let Note::Differs { findings, .. } = &note {
            let is_late = |finding: &&Finding<TaskKind>| TaskKind::is_timeout(&finding.signature);
            self.timeouts += u32::try_from(findings.iter().filter(is_late).count()).unwrap_or(u32::MAX);
            self.stopped |= self.timeouts >= MOST_TIMEOUTS;
        }
        self.notes.push(note);
    }

    fn fail(&mut self, pool: &Pool, fault: &EngineFault, task: &Task, index: u64) {
        let fault = WorkflowFault { case: Some(index), ..fault_of(pool, fault, task) };
        self.notes.push(Note::Fault { fault: Box::new(TaskFault::Run(Box::new(fault))) });
        self.stopped = true;
    }
}

impl Tasks<'_> {
    /// Runs cases, as many as there is time for.
    fn run(&self, cases: &Cases<TaskKind>, limit: Option<Instant>) -> Result<Log<TaskKind>, CampaignError> {
        let Campaign { seed, scope, shard, .. } = self.campaign;
        let (template, source, domain) = self.workflow(&cases.group)?;
        let mut takers = Vec::new();
        for standing in &cases.engines {
            let (pool, timeouts) = (self.panel.engine(&standing.engine)?, standing.timeouts);
            let stopped = timeouts >= MOST_TIMEOUTS;
            let (smallest, seen) = (SmallestTasks::default(), Seen::default());
            takers.push(Taker { pool, notes: Vec::new(), smallest, seen, timeouts, stopped });
        }
        let mut seen = Seen::default();
        let mut count = 0;
        for index in (cases.first..cases.end).filter(|index| shard.holds(*index)) {
            if is_over(limit) || takers.iter().all(|taker| taker.stopped) {
                break;
            }
            let id = CaseId { seed: *seed, index };
            let task = source.draw_related(id, scope.of_case(index), domain)?;
            count += 1;
            let _span = tracing::trace_span!("case", index).entered();
            let execution = self.runner.run(template, &task, &self.panel.oracle);
            let calls = execution.iter().flat_map(|execution| &execution.calls);
            for (input, outcome) in calls {
                seen.outcome(&self.criteria, self.panel.oracle.name(), &input.handler, outcome);
                seen.called(&cases.group, &input.handler);
            }
            for taker in takers.iter_mut().filter(|taker| !taker.stopped) {
                match &execution {
                    Ok(execution) => {
                        taker.take(self, &Expected { index, task: &task, template, domain, execution });
                    }
                    Err(fault) => taker.fail(&self.panel.oracle, fault, &task, index),
                }
            }
        }
        for taker in &mut takers {
            seen.add(std::mem::take(&mut taker.seen));
        }
        let log = |taker: Taker<'_>| EngineLog { engine: taker.pool.name().to_owned(), notes: taker.notes };
        let engines = takers.into_iter().map(log).collect();
        Ok(Log { cases: count, engines, opinions: Opinions::new(), seen })
    }
}

impl Worker<TaskKind> for Tasks<'_> {
    fn probe(&mut self, cases: &Cases<TaskKind>, limit: Option<Instant>) -> Result<Log<TaskKind>, CampaignError> {
        self.learn(&cases.group)?;
        let mut pools = vec![self.panel.oracle.clone()];
        for standing in &cases.engines {
            pools.push(self.panel.engine(&standing.engine)?.clone());
        }
        // What was said outside of the campaign's cases is not told.
        let forget = |pools: &mut Vec<Pool>| pools.iter_mut().for_each(|pool| drop(pool.take_opinion()));
        forget(&mut pools);
        pools.iter_mut().for_each(Pool::postpone_opinions);
        let ran = self.run(cases, limit);
        let mut is_otherwise = false;
        for pool in &mut pools {
            is_otherwise |= pool.settle_opinions();
        }
        let mut log = if is_otherwise {
            forget(&mut pools);
            self.run(cases, limit)?
        } else {
            ran?
        };
        for pool in &mut pools {
            take_opinion(&mut log.opinions, pool);
        }
        Ok(log)
    }

    fn triage(&mut self, found: &Found<TaskKind>, limit: Option<Instant>) -> Result<Triaged<TaskKind>, CampaignError> {
        match &found.witness {
            TaskWitness::Step(witness) => self.triage_step(witness, limit),
            TaskWitness::Run(witness) => self.triage_run(witness, limit),
        }
    }

    fn recheck(&mut self, known: &Known) -> Result<Rechecked, CampaignError> {
        let (mut oracle, mut pool) = (self.panel.oracle.clone(), self.panel.engine(&known.engine)?.clone());
        let (_, criteria) = self.steps.of(&known.handler, &self.campaign.suite, &mut oracle)?;
        Ok(recheck(&mut Probe { oracle: &mut oracle, subject: &mut pool, criteria }, known))
    }
}

impl Runnable for TaskKind {
    const NAME: &'static str = "tasks";

    fn with_worker(
        campaign: &Campaign<Self>,
        setting: &Setting<'_>,
        with: With<'_, Self>,
    ) -> Result<(), CampaignError> {
        let panel = setting.task_panel()?;
        let rosters = panel.rosters();
        with(&mut Tasks::new(campaign, &panel, Some(setting))?, &rosters)
    }

    fn handlers(campaign: &Campaign<Self>, group: &TemplateId) -> Vec<HandlerId> {
        let template = campaign.suite.templates.iter().find(|template| template.id == *group);
        let steps = template.into_iter().flat_map(|template| &template.steps);
        steps.map(|step| step.handler.callable.clone()).collect()
    }

    fn check(campaign: &Campaign<Self>) -> Result<(), CampaignError> {
        for id in &campaign.groups {
            let template = campaign.suite.templates.iter().find(|template| template.id == *id);
            let template = template.ok_or_else(|| CampaignError::NoTemplate(id.clone()))?;
            TaskSource::new(template, &campaign.suite.generators, &campaign.suite.literals)?;
        }
        Ok(())
    }
}

//! Does the work of a campaign over workflows: draws a task, lets the oracle run it, gives every engine the same calls, lets
//! every engine run it itself, compares, notes.

use std::collections::BTreeMap;
use std::time::Instant;

use parity_model::{Ambient, HandlerId, StepInput};
use parity_suite::Generators;
use serde_json::Value;

use super::confirm::Fresh;
use super::crew::{Done, EngineLog, Job, Log, Member, Shown, ShownTask, TaskNote, is_over};
use super::run::CampaignError;
use super::shrink_task::{document_of_task, shrink_task};
use super::steps::{beside, shrink_step};
use super::tally::{Rank, Smallest};
use super::workflow_tally::WorkflowFault;
use super::workflows::{Mode, WorkflowCampaign};
use parity_engine::{Engine, EngineFault};
use parity_judge::compare_on;
use parity_model::Signature;
use parity_model::document_of;
use parity_schema::Domain;
use parity_shrink::Size;
use parity_suite::template::{Template, TemplateId, domain_of_tasks};
use parity_suite::workflow::{Execution, Pool, Runner, Task, WorkflowSignature, compare_traces};
use parity_suite::{CaseId, TaskSource};

/// What the work is done with.
pub struct Tasks<'a> {
    campaign: &'a WorkflowCampaign,
    oracle: &'a Pool,
    subjects: &'a [Pool],
    fresh: Option<&'a dyn Fresh>,
    runner: Runner,
    domains: Domains,
    sources: BTreeMap<TemplateId, TaskSource>,
}

/// The smallest of every signature among the tasks of one job.
#[derive(Default)]
struct Smallests {
    steps: Smallest<Signature, ()>,
    runs: Smallest<WorkflowSignature, ()>,
}

impl<'a> Tasks<'a> {
    /// Works on `subjects`, and confirms divergences of single handlers in `fresh` engines.
    pub fn new(
        campaign: &'a WorkflowCampaign,
        oracle: &'a Pool,
        subjects: &'a [Pool],
        fresh: Option<&'a dyn Fresh>,
    ) -> Result<Self, CampaignError> {
        let runner = Runner::new(&campaign.templates).map_err(CampaignError::Runtime)?;
        let domains = Domains::of(&campaign.templates, &campaign.generators)?;
        Ok(Self { campaign, oracle, subjects, fresh, runner, domains, sources: BTreeMap::new() })
    }

    fn template(&self, id: &TemplateId) -> Result<&Template, CampaignError> {
        self.runner.template(id).ok_or_else(|| CampaignError::NoTemplate(id.clone()))
    }

    fn pool(&self, name: &str) -> Result<&'a Pool, CampaignError> {
        self.subjects.iter().find(|pool| pool.name() == name).ok_or(CampaignError::Misplaced)
    }

    fn tasks(
        &mut self,
        workflow: &TemplateId,
        (first, end): (u64, u64),
        engines: &[String],
        limit: Option<Instant>,
    ) -> Result<Log<TaskNote>, CampaignError> {
        if !self.sources.contains_key(workflow) {
            let source = TaskSource::new(self.template(workflow)?, &self.campaign.generators)?;
            self.sources.insert(workflow.clone(), source);
        }
        let source = self.sources.get(workflow).ok_or(CampaignError::Misplaced)?;
        let template = self.template(workflow)?;
        let WorkflowCampaign { seed, scope, shard, .. } = self.campaign;
        let mut logs: Vec<(&Pool, Vec<TaskNote>, Smallests, bool)> = Vec::new();
        for engine in engines {
            logs.push((self.pool(engine)?, Vec::new(), Smallests::default(), false));
        }
        let mut cases = 0;
        for index in (first..end).filter(|index| shard.holds(*index)) {
            if is_over(limit) || logs.iter().all(|(.., stopped)| *stopped) {
                break;
            }
            let task = source.draw(CaseId { seed: *seed, index }, scope.of_case(index))?;
            cases += 1;
            let expected = self.runner.run(template, &task, self.oracle);
            for (pool, notes, smallests, stopped) in logs.iter_mut().filter(|(.., stopped)| !stopped) {
                let ran = match &expected {
                    Ok(expected) => self
                        .modes(template, (index, &task), expected, pool, notes, smallests)
                        .map_err(|fault| fault_of(pool, &fault, &task)),
                    Err(fault) => Err(fault_of(self.oracle, fault, &task)),
                };
                if let Err(fault) = ran {
                    notes.push(TaskNote::Fault { fault: Box::new(WorkflowFault { case: Some(index), ..fault }) });
                    *stopped = true;
                }
            }
        }
        let log = |(pool, notes, ..): (&Pool, _, _, _)| EngineLog { engine: pool.name().to_owned(), notes };
        Ok(Log { cases, engines: logs.into_iter().map(log).collect() })
    }

    fn modes(
        &self,
        template: &Template,
        (index, task): (u64, &Task),
        expected: &Execution,
        pool: &Pool,
        notes: &mut Vec<TaskNote>,
        smallests: &mut Smallests,
    ) -> Result<(), EngineFault> {
        for mode in &self.campaign.modes {
            match mode {
                Mode::LockStep => self.lock_step((index, task), expected, pool, notes, smallests)?,
                Mode::EndToEnd => {
                    notes.extend(self.end_to_end(template, (index, task), expected, pool, smallests)?);
                }
            }
            notes.push(TaskNote::Ran { mode: *mode });
        }
        Ok(())
    }

    /// Gives the subject every call that the oracle's run consists of.
    fn lock_step(
        &self,
        (index, task): (u64, &Task),
        expected: &Execution,
        pool: &Pool,
        notes: &mut Vec<TaskNote>,
        smallests: &mut Smallests,
    ) -> Result<(), EngineFault> {
        let (mut oracle, mut pool) = (self.oracle.clone(), pool.clone());
        for (input, _) in &expected.calls {
            let planned = oracle.run(input)?;
            let comparison = compare_on((&mut oracle, &mut pool), input, &planned, &self.campaign.criteria)?;
            let Some(signature) = comparison.signature.clone() else { continue };
            let place = (index, task.workflow.to_string());
            let rank = self.domains.rank(input);
            let well_formed = !rank.0;
            let shown = smallests.steps.offer(signature.clone(), rank, place, || ()).then(|| {
                let (expected, actual) = comparison.into_ends();
                let workflow = Some(task.workflow.clone());
                Box::new(Shown { case: index, workflow, well_formed, input: input.clone(), expected, actual })
            });
            notes.push(TaskNote::Step { signature, shown });
        }
        Ok(())
    }

    /// Lets the subject run the whole workflow.
    fn end_to_end(
        &self,
        template: &Template,
        (index, task): (u64, &Task),
        expected: &Execution,
        pool: &Pool,
        smallests: &mut Smallests,
    ) -> Result<Option<TaskNote>, EngineFault> {
        let actual = self.runner.run(template, task, pool)?;
        let counts = (&self.campaign.criteria, &task.ambient);
        let again = &mut |ambient: &Ambient| self.runner.run_again(template, task, ambient, self.oracle);
        let Some(signature) = compare_traces(&expected.trace, &actual.trace, pool.name(), counts, again)? else {
            return Ok(None);
        };
        let place = (index, task.workflow.to_string());
        let rank = self.domains.rank_of_task(task);
        let well_formed = !rank.0;
        let shown = smallests.runs.offer(signature.clone(), rank, place, || ()).then(|| {
            let (expected, actual) = (expected.trace.clone(), actual.trace);
            Box::new(ShownTask { case: index, well_formed, task: task.clone(), expected, actual })
        });
        Ok(Some(TaskNote::Run { signature, shown }))
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

impl Member for Tasks<'_> {
    fn work(&mut self, job: &Job, limit: Option<Instant>) -> Result<Done, CampaignError> {
        let criteria = &self.campaign.criteria;
        match job {
            Job::Tasks { workflow, first, end, engines } => {
                Ok(Done::Tasks(self.tasks(workflow, (*first, *end), engines, limit)?))
            }
            Job::Shrink { signature, input } => {
                let domain = self.domains.steps.get(&signature.handler).ok_or(CampaignError::Misplaced)?;
                let (oracle, pool) = (&mut self.oracle.clone(), &mut self.pool(&signature.engine)?.clone());
                let done = shrink_step((oracle, pool), domain, (signature, criteria), input, self.fresh, limit);
                let mut pools: Vec<Pool> = self.subjects.to_vec();
                let mut engines: Vec<&mut dyn Engine> = pools.iter_mut().map(|pool| pool as _).collect();
                Ok(beside(done, oracle, &mut engines, criteria, limit))
            }
            Job::ShrinkTask { signature, task } => {
                let domain = self.domains.tasks.get(&task.workflow).ok_or(CampaignError::Misplaced)?;
                let pool = self.pool(&signature.engine)?;
                let template = self.template(&task.workflow)?;
                let sides = (self.oracle, pool);
                Ok(match shrink_task(&self.runner, template, sides, domain, (signature, criteria), task, limit) {
                    Ok(divergence) => Done::ShrunkTask(Box::new(divergence)),
                    Err(fault) => Done::TaskFault(Box::new(fault_of(pool, &fault, task))),
                })
            }
            Job::Cases { .. } | Job::Known { .. } => Err(CampaignError::Misplaced),
        }
    }
}

/// Which inputs are well-formed.
pub(super) struct Domains {
    steps: BTreeMap<HandlerId, Domain>,
    tasks: BTreeMap<TemplateId, Domain>,
}

impl Domains {
    pub(super) fn of(templates: &[Template], generators: &Generators) -> Result<Self, CampaignError> {
        let mut domains = Self { steps: BTreeMap::new(), tasks: BTreeMap::new() };
        for template in templates {
            let schema = |message: String| CampaignError::InputSchema { workflow: template.id.clone(), message };
            domains.tasks.insert(template.id.clone(), domain_of_tasks(&template.input_schema).map_err(schema)?);
            for step in &template.steps {
                let handler = &step.handler.callable;
                // Without a generator nothing is known of what is well-formed, so everything is.
                let domain = match generators.of_handler(handler) {
                    Some(generator) => generator.domain(),
                    None => Domain::of_schema(&Value::Bool(true)).map_err(schema)?,
                };
                domains.steps.insert(handler.clone(), domain);
            }
        }
        Ok(domains)
    }

    pub(super) fn rank(&self, input: &StepInput) -> Rank {
        let document = document_of(input);
        let well_formed = self.steps.get(&input.handler).is_none_or(|domain| domain.holds(&document));
        (!well_formed, Size::of(&document))
    }

    pub(super) fn rank_of_task(&self, task: &Task) -> Rank {
        let document = document_of_task(task);
        let well_formed = self.tasks.get(&task.workflow).is_none_or(|domain| domain.holds(&document));
        (!well_formed, Size::of(&document))
    }
}

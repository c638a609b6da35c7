//! What the arguments of `parity diff` ask for.

use std::hash::{BuildHasher, RandomState};
use std::path::Path;

use parity_campaign::{Campaign, Direct, Mode, Roster, Rosters, StepKind, TaskKind};
use parity_engine::naming::WhyAbsent;
use parity_engines::harvest;
use parity_model::HandlerId;
use parity_report::Absent;
use parity_suite::template::TemplateId;
use parity_suite::{Literals, Oracle, Recorded, Suite};

use super::args::DiffArgs;
use super::error::CliError;
use super::suite::{Asked, Chosen, known_template};

/// Where nothing is named, both single handlers and workflows are run, and so many cases of a handler go with one task of a
/// workflow: a task is several calls, and each is made twice.
const CASES_A_TASK: u64 = 10;

/// The part of the time that single handlers get, if workflows come after them.
const SHARE: f64 = 0.7;

/// What to run.
pub(super) struct Plan {
    pub(super) seed: u64,
    pub(super) asked: Asked,
    pub(super) steps: Option<Campaign<StepKind>>,
    pub(super) tasks: Option<Campaign<TaskKind>>,
    /// Whether handlers, or workflows, were named one by one, so that none of them may be missing.
    named: bool,
}

impl Plan {
    pub(super) fn new(args: &DiffArgs, root: Option<&Path>, seed: u64) -> Result<Self, CliError> {
        let chosen = if args.handlers.is_empty() { Chosen::All } else { Chosen::Named(&args.handlers) };
        let mut asked = Asked::new(&args.suite, root, &chosen, args.ledger.as_deref())?;
        asked.suite.literals = Literals::of(&asked.suite.steps(), &harvest(asked.suite.all_engines()));
        asked.suite.recorded = Recorded::read(&args.inputs, &asked.suite.steps())?;
        let with_steps = args.workflows.is_empty();
        let by_itself = args.handlers.is_empty() && asked.is_own() && args.until_quiet.is_none();
        let with_tasks = !with_steps || by_itself;
        let both = with_steps && with_tasks;
        let suite = &asked.suite;
        let steps = with_steps.then(|| Campaign {
            groups: suite.handlers.clone(),
            modes: vec![Direct],
            suite: suite.clone(),
            cases: args.cases().max(suite.recorded.cases()),
            max_time: args.max_time.map(|time| if both { time.mul_f64(SHARE) } else { time }),
            until_quiet: args.until_quiet,
            fail_fast: args.fail_fast,
            seed,
            scope: args.scope.into(),
            shard: args.shard,
        });
        let tasks = if with_tasks { Some(tasks(args, suite, seed, both)?) } else { None };
        let named = !args.handlers.is_empty() || args.workflows.iter().any(|name| name != "all");
        Ok(Self { seed, asked, steps, tasks, named })
    }

    /// Whether there is nothing to run.
    pub(super) fn is_empty(&self) -> bool {
        self.steps.as_ref().is_none_or(|campaign| campaign.groups.is_empty())
            && self.tasks.as_ref().is_none_or(|campaign| campaign.groups.is_empty())
    }

    /// Those that have handlers of their own. A vote has those of its voters.
    fn with_handlers<'r>(&self, rosters: &'r Rosters) -> impl Iterator<Item = &'r Roster> {
        let oracle = Some(&rosters.oracle).filter(|_| self.asked.suite.oracle != Oracle::Majority);
        oracle.into_iter().chain(&rosters.engines)
    }

    /// The handlers that an engine lacks; an error if they were asked for by name.
    pub(super) fn absent_handlers(&self, rosters: &Rosters) -> Result<Vec<Absent>, CliError> {
        let mut absent = Vec::new();
        for roster in self.with_handlers(rosters) {
            for handler in self.steps.iter().flat_map(|campaign| &campaign.groups).filter(|id| !roster.has(id)) {
                if self.named {
                    let engine = self.asked.suite.engine(&roster.engine);
                    let tree = engine.and_then(|engine| engine.tree.clone());
                    let (why, engine) = (why_absent(roster, handler, &self.asked.suite), roster.engine.clone());
                    return Err(CliError::Absent { handler: handler.clone(), engine, tree, why });
                }
                let why = why_absent(roster, handler, &self.asked.suite);
                absent.push(Absent::Handler { handler: handler.clone(), engine: roster.engine.clone(), why });
            }
        }
        Ok(absent)
    }

    /// The workflows that an engine lacks a handler of; an error if they were asked for by name.
    pub(super) fn absent_workflows(&self, rosters: &Rosters) -> Result<Vec<Absent>, CliError> {
        let mut absent = Vec::new();
        let Some(campaign) = &self.tasks else { return Ok(absent) };
        for template in campaign.suite.templates.iter().filter(|template| campaign.groups.contains(&template.id)) {
            for roster in self.with_handlers(rosters) {
                match template.check_handlers_of(&roster.engine, |handler| roster.has(handler)) {
                    Ok(()) => {}
                    Err(error) if self.named => return Err(error.into()),
                    Err(error) => absent.push(Absent::Workflow {
                        workflow: template.id.clone(),
                        engine: roster.engine.clone(),
                        reason: error.to_string(),
                    }),
                }
            }
        }
        Ok(absent)
    }
}

/// Why an engine lacks a handler, as far as its tree tells.
fn why_absent(roster: &Roster, handler: &HandlerId, suite: &Suite) -> Vec<WhyAbsent> {
    let steps = suite.steps();
    roster.inventory.as_ref().map(|inventory| inventory.why_absent(handler, &steps)).unwrap_or_default()
}

fn tasks(args: &DiffArgs, suite: &Suite, seed: u64, both: bool) -> Result<Campaign<TaskKind>, CliError> {
    let all = args.workflows.is_empty() || args.workflows.iter().any(|name| name == "all");
    let mut groups: Vec<TemplateId> = Vec::new();
    if all {
        groups.extend(suite.templates.iter().map(|template| template.id.clone()));
    } else {
        for name in &args.workflows {
            let id = &known_template(&suite.templates, name)?.id;
            if !groups.contains(id) {
                groups.push(id.clone());
            }
        }
    }
    Ok(Campaign {
        groups,
        modes: if args.modes.is_empty() {
            vec![Mode::LockStep, Mode::EndToEnd]
        } else {
            args.modes.iter().map(|mode| (*mode).into()).collect()
        },
        suite: suite.clone(),
        cases: if both { args.cases().div_ceil(CASES_A_TASK) } else { args.cases() },
        max_time: args.max_time,
        until_quiet: None,
        fail_fast: args.fail_fast,
        seed,
        scope: args.scope.into(),
        shard: args.shard,
    })
}

/// The standard library seeds its hashers from the operating system.
pub(super) fn random_seed() -> u64 {
    RandomState::new().hash_one(0)
}

//! What the arguments of `parity diff` ask for.

use std::hash::{BuildHasher, RandomState};

use parity_model::HandlerId;

use super::args::DiffArgs;
use super::engines::{
    all_handlers, handler_among, known_handler, known_template, own_dir, remove_repeated, subjects, templates, tree_of,
};
use super::error::CliError;
use super::judge::{Judge, OracleName};
use parity_campaign::{Campaign, Mode, Rosters, WorkflowCampaign};
use parity_judge::Ledger;
use parity_report::{Absent, Trees};
use parity_suite::template::{Template, TemplateId};

const LEDGER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/known_divergences.yaml");

/// Where nothing is named, both single handlers and workflows are run, and so many cases of a handler go with one task of a
/// workflow: a task is several calls, and each is made twice.
const CASES_A_TASK: u64 = 10;

/// The part of the time that single handlers get, if workflows come after them.
const SHARE: f64 = 0.7;

/// What to run, on which trees.
pub(super) struct Plan {
    pub(super) seed: u64,
    pub(super) judge: Judge,
    pub(super) trees: Trees,
    pub(super) handlers: Option<Campaign>,
    pub(super) workflows: Option<WorkflowCampaign>,
    /// Whether handlers, or workflows, were named one by one, so that none of them may be missing.
    named: bool,
}

impl Plan {
    pub(super) fn new(args: &DiffArgs, seed: u64) -> Result<Self, CliError> {
        let trees = args.trees();
        let own = trees.are_ours() && trees.templates.is_none();
        let with_handlers = args.workflows.is_empty();
        let with_workflows =
            !args.workflows.is_empty() || (args.handlers.is_empty() && own && args.until_quiet.is_none());
        let both = with_handlers && with_workflows;
        let templates = templates(&trees)?;
        let handlers = chosen_handlers(args, &templates)?;
        let known = handlers.iter().all(|handler| reference_rs::find(handler).is_some());
        let judge = args.judge.judge(subjects(&args.engines), &trees, known, ledger(args)?)?;
        // What our own generators draw is meant for our own handlers.
        let foreign = trees.templates.is_some() && judge.oracle != OracleName::Rust;
        let steps = if foreign { templates.clone() } else { Vec::new() };
        let campaign = with_handlers.then(|| campaign(args, &judge, (handlers, steps), seed, both));
        let workflows = if with_workflows { Some(workflows(args, &judge, templates, seed, both)?) } else { None };
        let named = !args.handlers.is_empty() || args.workflows.iter().any(|name| name != "all");
        Ok(Self { seed, judge, trees, handlers: campaign, workflows, named })
    }

    /// The handlers that an engine lacks; an error if they were asked for by name.
    pub(super) fn absent_handlers(&self, rosters: &Rosters) -> Result<Vec<Absent>, CliError> {
        let mut absent = Vec::new();
        for roster in std::iter::once(&rosters.oracle).chain(&rosters.engines) {
            for handler in self.handlers.iter().flat_map(|campaign| &campaign.handlers).filter(|id| !roster.has(id)) {
                if self.named {
                    let subject = self.judge.subjects.iter().find(|name| name.name() == roster.engine);
                    let tree = subject.and_then(|name| tree_of(name, &self.trees));
                    return Err(CliError::Absent { handler: handler.clone(), engine: roster.engine.clone(), tree });
                }
                absent.push(Absent::Handler { handler: handler.clone(), engine: roster.engine.clone() });
            }
        }
        Ok(absent)
    }

    /// The workflows that an engine lacks a handler of; an error if they were asked for by name.
    pub(super) fn absent_workflows(&self, rosters: &Rosters) -> Result<Vec<Absent>, CliError> {
        let mut absent = Vec::new();
        let Some(campaign) = &self.workflows else { return Ok(absent) };
        for template in campaign.templates.iter().filter(|template| campaign.workflows.contains(&template.id)) {
            for roster in std::iter::once(&rosters.oracle).chain(&rosters.engines) {
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

/// The handlers that were named, or all: those of the templates if some were named, else our own.
fn chosen_handlers(args: &DiffArgs, templates: &[Template]) -> Result<Vec<HandlerId>, CliError> {
    let mut handlers = match (&args.trees().templates, args.handlers.as_slice()) {
        (None, []) => all_handlers(),
        (None, named) => named.iter().map(|name| known_handler(name)).collect::<Result<_, _>>()?,
        (Some(_), named) => {
            let callables = templates.iter().flat_map(|template| &template.steps).map(|step| &step.handler.callable);
            let all: Vec<HandlerId> = callables.cloned().collect();
            if named.is_empty() {
                all
            } else {
                named.iter().map(|name| handler_among(&all, name)).collect::<Result<_, _>>()?
            }
        }
    };
    remove_repeated(&mut handlers);
    Ok(handlers)
}

fn campaign(
    args: &DiffArgs,
    judge: &Judge,
    (handlers, templates): (Vec<HandlerId>, Vec<Template>),
    seed: u64,
    both: bool,
) -> Campaign {
    Campaign {
        generators: parity_blog::OWN,
        handlers,
        templates,
        cases: args.cases(),
        until_quiet: args.until_quiet,
        max_time: args.max_time.map(|time| if both { time.mul_f64(SHARE) } else { time }),
        seed,
        scope: args.scope.into(),
        shard: args.shard,
        criteria: judge.criteria.clone(),
    }
}

fn workflows(
    args: &DiffArgs,
    judge: &Judge,
    templates: Vec<Template>,
    seed: u64,
    both: bool,
) -> Result<WorkflowCampaign, CliError> {
    let all = args.workflows.is_empty() || args.workflows.iter().any(|name| name == "all");
    let mut workflows: Vec<TemplateId> = if all {
        templates.iter().map(|template| template.id.clone()).collect()
    } else {
        let known = args.workflows.iter().map(|name| known_template(&templates, name));
        known.map(|template| Ok(template?.id.clone())).collect::<Result<_, CliError>>()?
    };
    remove_repeated(&mut workflows);
    Ok(WorkflowCampaign {
        generators: parity_blog::OWN,
        templates,
        workflows,
        modes: if args.modes.is_empty() {
            vec![Mode::LockStep, Mode::EndToEnd]
        } else {
            args.modes.iter().map(|mode| (*mode).into()).collect()
        },
        cases: if both { args.cases().div_ceil(CASES_A_TASK) } else { args.cases() },
        max_time: args.max_time,
        seed,
        scope: args.scope.into(),
        shard: args.shard,
        criteria: judge.criteria.clone(),
    })
}

/// The ledger that was named, or ours for our own handlers: what is known of them says nothing of others.
fn ledger(args: &DiffArgs) -> Result<Ledger, CliError> {
    let trees = args.trees();
    let file = match &args.ledger {
        Some(file) => file.clone(),
        None if trees.are_ours() => own_dir(LEDGER),
        None => return Ok(Ledger::default()),
    };
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    Ok(Ledger::load(&file, today)?)
}

/// The standard library seeds its hashers from the operating system.
pub(super) fn random_seed() -> u64 {
    RandomState::new().hash_one(0)
}

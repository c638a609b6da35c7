//! `parity diff`: a campaign and its report.

use std::fmt::Display;
use std::hash::{BuildHasher, RandomState};
use std::io::Write;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use reference_rs::{Outcome, StepInput};

use super::args::{DiffArgs, Format, Isolation};
use super::corpus::corpus_dir;
use super::engines::{
    Runtime, SUBJECTS, all_handlers, known_handler, known_template, oracle_pool, own_dir, remove_repeated, subjects,
    templates, tree_of,
};
use super::error::{CliError, Exit};
use super::fresh::FreshEngines;
use super::subject::SubjectName;
use super::supervise::{End, supervise};
use super::worker::end_with_the_parent;
use crate::campaign::{Campaign, Event, Mode, WorkflowCampaign, run_saved};
use crate::compare::Signature;
use crate::divergence::Divergence;
use crate::engine::Engine;
use crate::engine::oracle::Oracle;
use crate::ledger::Ledger;
use crate::outcome::Observation;
use crate::report::{
    Absent, AbsentWorkflow, Emit, Report, Tested, Trees, WorkflowReport, printable, render, render_workflows,
};
use crate::template::TemplateId;
use crate::vectors::{Corpus, Saved};
use crate::workflow::Pool;

const LEDGER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/known_divergences.yaml");

pub(super) fn diff(args: &DiffArgs) -> Result<Exit, CliError> {
    let mut runtime = Runtime::of(&args.runtime);
    let mut lost = Vec::new();
    if args.runtime.isolation == Isolation::Auto && runtime.journal.is_none() {
        match supervise()? {
            End::Done(exit) => return Ok(exit),
            End::Lost(inputs) => lost = inputs,
        }
        runtime.isolated = true;
    }
    if runtime.journal.is_some() {
        end_with_the_parent();
    }
    let exit = if args.workflows.is_empty() { diff_handlers(args, &runtime)? } else { diff_workflows(args, &runtime)? };
    Ok(if repeats(&lost, args, &runtime)? { exit } else { Exit::CouldNotCompare })
}

/// Whether every input that the first process did not survive ends in no planned outcome in a process of its own, too.
fn repeats(lost: &[(String, StepInput)], args: &DiffArgs, runtime: &Runtime) -> Result<bool, CliError> {
    let mut all = true;
    for (engine, input) in lost {
        let Some(name) = SUBJECTS.into_iter().find(|name| name.name() == engine) else { continue };
        if let Observation::Planned(_) = runtime.load(&name, &args.trees())?.run(input)? {
            let input = printable(&serde_json::json!(input).to_string());
            eprintln!(
                "parity: could not compare: {engine} ended the process on this input, and does not in a process of its own, \
                 where nothing ran before: {input}"
            );
            all = false;
        }
    }
    Ok(all)
}

fn diff_handlers(args: &DiffArgs, runtime: &Runtime) -> Result<Exit, CliError> {
    let started = Instant::now();
    let trees = args.trees();
    let mut handlers = if args.handlers.is_empty() {
        all_handlers()
    } else {
        args.handlers.iter().map(|name| known_handler(name)).collect::<Result<_, _>>()?
    };
    remove_repeated(&mut handlers);
    let names = subjects(&args.engines);

    let mut engines = runtime.load_all(&names, &trees)?;
    let mut absent = Vec::new();
    for (name, engine) in names.iter().zip(&engines) {
        for handler in handlers.iter().filter(|handler| !engine.has(handler)) {
            if !args.handlers.is_empty() {
                let tree = tree_of(name, &trees);
                return Err(CliError::Absent { handler: handler.clone(), engine: engine.name().to_owned(), tree });
            }
            absent.push(Absent { handler: handler.clone(), engine: engine.name().to_owned() });
        }
    }

    let campaign = Campaign {
        handlers,
        cases: args.cases,
        max_time: args.max_time,
        seed: args.seed.unwrap_or_else(random_seed),
        scope: args.scope,
        ledger: ledger(args)?,
    };
    let progress = progress_bar(campaign.cases * campaign.handlers.len() as u64);
    let mut watch = |event: Event<'_>| watch(&progress, event);
    let corpus = Corpus::new(corpus_dir(args.save.as_ref()));
    let saved = corpus.of_handlers(&campaign.handlers)?;
    let (again, faults) = run_saved(&saved, &mut Oracle::default(), &mut engines, &campaign.ledger);
    let fresh = FreshEngines::new(subjects(&args.engines), &trees, runtime.deadline);
    let mut tally = campaign.run_confirmed(&mut Oracle::default(), &mut engines, Some(&fresh), &mut watch)?;
    tally.add_saved(again, faults);
    progress.finish_and_clear();

    if args.save.is_some() {
        for divergence in tally.divergences.iter().filter(|divergence| divergence.evidence.is_none()) {
            let file = corpus.save(&Saved::of(divergence))?;
            eprintln!("saved: {}", printable(&file.display().to_string()));
        }
    }

    let exit = exit_of(tally.divergences.len() + tally.stale.len(), tally.faults.len());
    let seconds = started.elapsed().as_secs_f64();
    let report = Report { seed: campaign.seed, scope: args.scope, tally, absent, trees, seconds };
    let mut out = std::io::stdout().lock();
    match args.format {
        Format::Text => out.write_all(render(&report).as_bytes())?,
        Format::Json => writeln!(out, "{}", report.to_json())?,
    }
    for divergence in report.tally.divergences.iter().filter(|divergence| divergence.evidence.is_none()) {
        let Divergence { signature, input, expected, .. } = divergence;
        emit_test(args.emit, signature, input, expected, &report.trees, &mut out)?;
    }
    Ok(exit)
}

/// Writes the test that was asked for, if it can run the handlers of that engine.
pub(super) fn emit_test(
    emit: Option<Emit>,
    signature: &Signature,
    input: &StepInput,
    expected: &Outcome,
    trees: &Trees,
    out: &mut dyn Write,
) -> Result<(), CliError> {
    let subject: Option<SubjectName> = signature.engine.parse().ok();
    let tree = subject.and_then(|subject| tree_of(&subject, trees));
    let (Some(emit), Some(tree)) = (emit, tree) else { return Ok(()) };
    let tree = tree.canonicalize().unwrap_or(tree);
    let what = format!("{} at {:?}", signature.class, signature.path);
    let tested = Tested { engine: &signature.engine, tree: &tree, input, expected, what: &what };
    if let Some(test) = emit.test(&tested) {
        write!(out, "\n{test}")?;
    }
    Ok(())
}

/// The workflows that were asked for on the engines that have their handlers.
fn diff_workflows(args: &DiffArgs, runtime: &Runtime) -> Result<Exit, CliError> {
    let started = Instant::now();
    let trees = args.trees();
    let templates = templates(&trees)?;
    let all = args.workflows.iter().any(|name| name == "all");
    let mut workflows: Vec<TemplateId> = if all {
        templates.iter().map(|template| template.id.clone()).collect()
    } else {
        let known = args.workflows.iter().map(|name| known_template(&templates, name));
        known.map(|template| Ok(template?.id.clone())).collect::<Result<_, CliError>>()?
    };
    remove_repeated(&mut workflows);

    let pools: Vec<Pool> =
        subjects(&args.engines).iter().map(|name| runtime.pool(name, &trees)).collect::<Result<_, _>>()?;
    let mut absent = Vec::new();
    for template in templates.iter().filter(|template| workflows.contains(&template.id)) {
        for pool in &pools {
            match template.check_handlers(pool) {
                Ok(()) => {}
                Err(error) if !all => return Err(error.into()),
                Err(error) => absent.push(AbsentWorkflow {
                    workflow: template.id.clone(),
                    engine: pool.name().to_owned(),
                    reason: error.to_string(),
                }),
            }
        }
    }

    let campaign = WorkflowCampaign {
        templates,
        workflows,
        modes: if args.modes.is_empty() { vec![Mode::LockStep, Mode::EndToEnd] } else { args.modes.clone() },
        cases: args.cases,
        max_time: args.max_time,
        seed: args.seed.unwrap_or_else(random_seed),
        scope: args.scope,
        ledger: ledger(args)?,
    };
    let progress = progress_bar(campaign.cases * campaign.workflows.len() as u64);
    let mut watch = |event: Event<'_>| watch(&progress, event);
    let fresh = FreshEngines::new(subjects(&args.engines), &trees, runtime.deadline);
    let tally = campaign.run_confirmed(&oracle_pool()?, &pools, Some(&fresh), &mut watch)?;
    progress.finish_and_clear();

    let seconds = started.elapsed().as_secs_f64();
    let report = WorkflowReport { seed: campaign.seed, scope: args.scope, tally, absent, trees, seconds };
    let mut out = std::io::stdout().lock();
    match args.format {
        Format::Text => out.write_all(render_workflows(&report).as_bytes())?,
        Format::Json => writeln!(out, "{}", report.to_json())?,
    }
    let (divergences, faults) = report.counts();
    Ok(exit_of(divergences, faults))
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

fn exit_of(divergences: usize, faults: usize) -> Exit {
    if faults > 0 {
        Exit::CouldNotCompare
    } else if divergences == 0 {
        Exit::Agreement
    } else {
        Exit::Divergence
    }
}

/// The standard library seeds its hashers from the operating system.
fn random_seed() -> u64 {
    RandomState::new().hash_one(0)
}

/// A bar on a terminal, nothing elsewhere. It is redrawn on its own, so that a slow handler does not look like a hang.
fn progress_bar(cases: u64) -> ProgressBar {
    let bar = ProgressBar::new(cases);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} cases, {elapsed}, {msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

fn watch(bar: &ProgressBar, event: Event<'_>) {
    let message = |verb: &str, name: &dyn Display| bar.set_message(format!("{verb} {name}"));
    match event {
        Event::Ran(handler, cases) => {
            bar.inc(cases);
            message("running", handler);
        }
        Event::Shrinking(handler) => message("shrinking", handler),
    }
}

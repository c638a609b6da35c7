//! `parity diff`: a campaign and its report.

use std::hash::{BuildHasher, RandomState};
use std::io::Write;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use reference_rs::HandlerId;

use super::args::{DiffArgs, Format, SubjectName};
use super::engines::{SUBJECTS, all_handlers, known_handler, load_all, tree_of};
use super::error::{CliError, Exit};
use crate::campaign::{Campaign, Event};
use crate::engine::oracle::Oracle;
use crate::report::{Absent, Report, render};

pub(super) fn diff(args: &DiffArgs) -> Result<Exit, CliError> {
    let started = Instant::now();
    let trees = args.trees.trees();
    let mut handlers = if args.handlers.is_empty() {
        all_handlers()
    } else {
        args.handlers.iter().map(|name| known_handler(name)).collect::<Result<_, _>>()?
    };
    let mut names: Vec<SubjectName> = if args.engines.is_empty() { SUBJECTS.to_vec() } else { args.engines.clone() };
    remove_repeated(&mut handlers);
    remove_repeated(&mut names);

    let mut engines = load_all(&names, &trees)?;
    let mut absent = Vec::new();
    for (name, engine) in names.iter().zip(&engines) {
        for handler in handlers.iter().filter(|handler| !engine.has(handler)) {
            if !args.handlers.is_empty() {
                let tree = tree_of(*name, &trees);
                return Err(CliError::Absent { handler: handler.clone(), engine: engine.name(), tree });
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
    };
    let progress = progress_bar(&campaign);
    let mut watch = |event: Event<'_>| watch(&progress, event);
    let tally = campaign.run(&mut Oracle::default(), &mut engines, &mut watch)?;
    progress.finish_and_clear();

    let exit = if !tally.faults.is_empty() {
        Exit::CouldNotCompare
    } else if tally.divergences.is_empty() {
        Exit::Agreement
    } else {
        Exit::Divergence
    };
    let seconds = started.elapsed().as_secs_f64();
    let report = Report { seed: campaign.seed, scope: args.scope, tally, absent, trees, seconds };
    let mut out = std::io::stdout().lock();
    match args.format {
        Format::Text => out.write_all(render(&report).as_bytes())?,
        Format::Json => writeln!(out, "{}", report.to_json())?,
    }
    Ok(exit)
}

fn remove_repeated<T: PartialEq>(items: &mut Vec<T>) {
    let mut seen = Vec::new();
    for item in std::mem::take(items) {
        if !seen.contains(&item) {
            seen.push(item);
        }
    }
    *items = seen;
}

/// The standard library seeds its hashers from the operating system.
fn random_seed() -> u64 {
    RandomState::new().hash_one(0)
}

/// A bar on a terminal, nothing elsewhere. It is redrawn on its own, so that a slow handler does not look like a hang.
fn progress_bar(campaign: &Campaign) -> ProgressBar {
    let bar = ProgressBar::new(campaign.cases * campaign.handlers.len() as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} cases, {elapsed}, {msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

fn watch(bar: &ProgressBar, event: Event<'_>) {
    let message = |verb: &str, handler: &HandlerId| bar.set_message(format!("{verb} {handler}"));
    match event {
        Event::Ran(handler, cases) => {
            bar.inc(cases);
            message("running", handler);
        }
        Event::Shrinking(handler) => message("shrinking", handler),
    }
}

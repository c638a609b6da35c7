//! `parity diff`: a campaign and its report.

use std::fmt::Display;
use std::io::Write;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use parity_model::StepInput;

use super::args::{DiffArgs, Format, Isolation, Part};
use super::corpus::corpus_dir;
use super::crew::{Processes, Terms};
use super::engines::{Runtime, SUBJECTS, tree_of};
use super::error::{CliError, Exit};
use super::fresh::FreshEngines;
use super::member::serve;
use super::plan::{Plan, random_seed};
use super::subject::SubjectName;
use parity_campaign::Divergence;
use parity_campaign::{Alone, Crew, Event, Rosters, Steps, Tally, Tasks, WorkflowTally, run_saved};
use parity_campaign::{Corpus, Saved};
use parity_engine::Engine;
use parity_model::Observation;
use parity_model::Signature;
use parity_report::{Emit, Report, Results, Tested, Trees, printable, render};
use parity_suite::workflow::Pool;
use parity_vectors::class_flag;

pub(super) fn diff(args: &DiffArgs) -> Result<Exit, CliError> {
    let runtime = Runtime::of(&args.runtime);
    if let Some(part) = args.member {
        return serve(part, |seed| Plan::new(args, seed), runtime);
    }
    let started = Instant::now();
    let plan = Plan::new(args, args.seed.unwrap_or_else(random_seed))?;
    let plan = match &args.changed {
        Some(base) => plan.changed_since(base)?,
        None => plan,
    };
    let mut course = Course { args, plan: &plan, runtime, started, lost: Vec::new(), absent: Vec::new() };
    let mut handlers = course.handlers()?;
    if let Some(tally) = &mut handlers {
        course.saved(tally)?;
    }
    let found = handlers.iter().flat_map(|tally| tally.divergences.clone()).collect();
    let workflows = course.workflows()?;
    let repeats = course.repeats()?;
    let report = Report::of(Results {
        seed: plan.seed,
        oracle: plan.judge.oracle.name().to_owned(),
        strictness: plan.judge.criteria.strictness,
        scope: args.scope.into(),
        shard: args.shard,
        handlers,
        workflows,
        absent: course.absent,
        trees: plan.trees.clone(),
        seconds: started.elapsed().as_secs_f64(),
    });
    if let Some(file) = &args.report {
        write_report(&report, file)?;
    }
    print(&report, args.format)?;
    emit_tests(args.emit.map(Into::into), found, &plan.trees)?;
    Ok(if repeats { exit_of(&report) } else { Exit::CouldNotCompare })
}

fn write_report(report: &Report, file: &Path) -> Result<(), CliError> {
    let unwritable = |source| CliError::Unwritable { file: file.to_owned(), source };
    let text = report.to_json().map_err(|error| unwritable(error.into()))?;
    std::fs::write(file, text + "\n").map_err(unwritable)
}

fn emit_tests(emit: Option<Emit>, found: Vec<Divergence>, trees: &Trees) -> Result<(), CliError> {
    let mut out = std::io::stdout().lock();
    for divergence in found.into_iter().filter(|divergence| divergence.evidence.is_none()) {
        let Divergence { signature, input, expected, .. } = divergence;
        emit_test(emit, &signature, &input, &expected, trees, &mut out)?;
    }
    Ok(())
}

/// Writes the test that was asked for, if it can run the handlers of that engine.
pub(super) fn emit_test(
    emit: Option<Emit>,
    signature: &Signature,
    input: &StepInput,
    expected: &Observation,
    trees: &Trees,
    out: &mut dyn Write,
) -> Result<(), CliError> {
    let subject: Option<SubjectName> = signature.engine.parse().ok();
    let tree = subject.and_then(|subject| tree_of(&subject, trees));
    let (Some(emit), Some(tree), Some(expected)) = (emit, tree, expected.planned()) else { return Ok(()) };
    let tree = tree.canonicalize().unwrap_or(tree);
    let what = format!("{} at {:?}", signature.class, signature.path);
    let class = reference_rs::find(&input.handler).and_then(|spec| spec.evaluate(input).class);
    let flags: Vec<String> = class.map(class_flag).into_iter().collect();
    let tested = Tested { engine: &signature.engine, tree: &tree, input, expected, flags: &flags, what: &what };
    if let Some(test) = emit.test(&tested) {
        write!(out, "\n{test}")?;
    }
    Ok(())
}

/// Prints a report in a format.
pub(super) fn print(report: &Report, format: Format) -> Result<(), CliError> {
    let mut out = std::io::stdout().lock();
    match format {
        Format::Text => out.write_all(render(report).as_bytes())?,
        Format::Json => writeln!(out, "{}", report.to_json().map_err(std::io::Error::from)?)?,
    }
    Ok(())
}

/// What a command exits with that prints `report`.
pub(super) fn exit_of(report: &Report) -> Exit {
    let (divergences, stale, faults) = report.counts();
    if faults > 0 {
        Exit::CouldNotCompare
    } else if divergences + stale == 0 {
        Exit::Agreement
    } else {
        Exit::Divergence
    }
}

/// A run of this command.
struct Course<'a> {
    args: &'a DiffArgs,
    plan: &'a Plan,
    runtime: Runtime,
    started: Instant,
    lost: Vec<(String, StepInput)>,
    absent: Vec<parity_report::Absent>,
}

impl Course<'_> {
    /// Runs the saved divergences of the campaign's handlers, whatever its cases are, and saves what it found if it was asked to.
    fn saved(&self, tally: &mut Tally) -> Result<(), CliError> {
        let Some(campaign) = &self.plan.handlers else { return Ok(()) };
        let corpus = Corpus::new(corpus_dir(self.args.save.as_ref()));
        let saved = corpus.of_handlers(&campaign.handlers)?;
        if !saved.is_empty() {
            let runtime = Runtime { isolated: true, ..self.runtime.clone() };
            let (mut oracle, mut engines) = self.plan.judge.engines(&runtime, &self.plan.trees)?;
            let (again, faults) = run_saved(&saved, oracle.as_mut(), &mut engines, &campaign.criteria);
            tally.add_saved(again, faults);
        }
        if self.args.save.is_some() {
            for divergence in tally.divergences.iter().filter(|divergence| divergence.evidence.is_none()) {
                let file = corpus.save(&Saved::of(divergence, &campaign.generators))?;
                eprintln!("saved: {}", printable(&file.display().to_string()));
            }
        }
        Ok(())
    }

    fn handlers(&mut self) -> Result<Option<Tally>, CliError> {
        let Some(campaign) = &self.plan.handlers else { return Ok(None) };
        if campaign.handlers.is_empty() {
            // Nothing of them has changed.
            return Ok(Some(Tally::default()));
        }
        let progress = progress_bar(
            campaign.until_quiet.is_none().then(|| campaign.cases.saturating_mul(campaign.handlers.len() as u64)),
        );
        let (plan, started) = (self.plan, self.started);
        let conduct = |crew: &mut dyn Crew, rosters: &Rosters| {
            let tally = campaign.conduct(crew, &rosters.comparable(), started, &mut |event| watch(&progress, event));
            progress.finish_and_clear();
            tally
        };
        let tally = if self.args.runtime.isolation == Isolation::InProcess {
            let (mut oracle, mut engines) = plan.judge.engines(&self.runtime, &plan.trees)?;
            let rosters = Rosters::of(oracle.as_ref(), engines.iter().map(AsRef::as_ref));
            self.absent.extend(plan.absent_handlers(&rosters)?);
            let fresh = FreshEngines::new(plan.judge.subjects.clone(), &plan.trees, self.runtime.deadline);
            conduct(&mut Alone(&mut Steps::new(campaign, oracle.as_mut(), &mut engines, Some(&fresh))), &rosters)?
        } else {
            let (mut crew, rosters) = self.crew(Part::Handlers, campaign.jobs())?;
            self.absent.extend(plan.absent_handlers(&rosters)?);
            let tally = conduct(&mut crew, &rosters)?;
            self.lost.append(&mut crew.lost);
            tally
        };
        Ok(Some(tally))
    }

    fn workflows(&mut self) -> Result<Option<WorkflowTally>, CliError> {
        let Some(campaign) = &self.plan.workflows else { return Ok(None) };
        if campaign.workflows.is_empty() {
            return Ok(Some(WorkflowTally::default()));
        }
        let progress = progress_bar(Some(campaign.cases.saturating_mul(campaign.workflows.len() as u64)));
        let (plan, started) = (self.plan, self.started);
        let conduct = |crew: &mut dyn Crew, rosters: &Rosters| {
            let tally = campaign.conduct(crew, &rosters.comparable(), started, &mut |event| watch(&progress, event));
            progress.finish_and_clear();
            tally
        };
        let tally = if self.args.runtime.isolation == Isolation::InProcess {
            let pools = plan.judge.subjects.iter().map(|name| self.runtime.pool(name, &plan.trees));
            let pools: Vec<Pool> = pools.collect::<Result<_, _>>()?;
            let oracle = plan.judge.pool(&self.runtime, &plan.trees)?;
            let rosters = Rosters::of(&oracle, pools.iter().map(|pool| pool as &dyn Engine));
            self.absent.extend(plan.absent_workflows(&rosters)?);
            let fresh = FreshEngines::new(plan.judge.subjects.clone(), &plan.trees, self.runtime.deadline);
            conduct(&mut Alone(&mut Tasks::new(campaign, &oracle, &pools, Some(&fresh))?), &rosters)?
        } else {
            let (mut crew, rosters) = self.crew(Part::Workflows, campaign.jobs())?;
            self.absent.extend(plan.absent_workflows(&rosters)?);
            let tally = conduct(&mut crew, &rosters)?;
            self.lost.append(&mut crew.lost);
            tally
        };
        Ok(Some(tally))
    }

    /// As many processes as were asked for, or as there are cores, but no more than there is work for.
    fn crew(&self, part: Part, work: u64) -> Result<(Processes, Rosters), CliError> {
        let cores = || thread::available_parallelism().map_or(1, Into::into);
        let count = self.args.jobs.map_or_else(cores, usize::from);
        let terms = Terms { seed: self.plan.seed, isolated: self.runtime.isolated };
        Processes::start(part, terms, count.min(usize::try_from(work).unwrap_or(usize::MAX)))
    }

    /// Whether every input that a process did not survive ends in no planned outcome in a process of its own, too.
    fn repeats(&self) -> Result<bool, CliError> {
        let runtime = Runtime { isolated: true, ..self.runtime.clone() };
        let mut all = true;
        for (engine, input) in &self.lost {
            let Some(name) = SUBJECTS.into_iter().find(|name| name.name() == engine) else { continue };
            if let Observation::Planned(_) = runtime.load(&name, &self.plan.trees)?.run(input)? {
                let input = printable(&serde_json::json!(input).to_string());
                eprintln!(
                    "parity: could not compare: {engine} ended the process on this input, and does not in a process of its \
                     own, where nothing ran before: {input}"
                );
                all = false;
            }
        }
        Ok(all)
    }
}

/// A bar on a terminal, nothing elsewhere. It is redrawn on its own, so that a slow handler does not look like a hang.
fn progress_bar(cases: Option<u64>) -> ProgressBar {
    let bar = cases.map_or_else(ProgressBar::no_length, ProgressBar::new);
    let template = if cases.is_some() {
        "{bar:30} {pos}/{len} cases, {elapsed}, {msg}"
    } else {
        "{spinner} {pos} cases, {elapsed}, {msg}"
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
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

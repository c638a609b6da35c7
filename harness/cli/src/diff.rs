//! `parity diff`: a campaign and its report.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::Instant;

use parity_campaign::{
    Campaign, CampaignError, Corpus, Divergence, Examiner, Ran, Rosters, Runner, Saved, Setting, Tally, WorkerProgram,
};
use parity_confine::Support;
use parity_engines::Launcher;
use parity_model::{Observation, StepInput};
use parity_report::{ALL, Absent, Allowed, Place, Report, Results, Totals, heads, printable};

use super::args::DiffArgs;
use super::changed::Touched;
use super::confinement::unconfined;
use super::emit::emit_tests;
use super::error::{CliError, Exit};
use super::output::{check_files, put_out};
use super::places::places;
use super::plan::{Plan, random_seed};
use super::progress::{progress_bar, tell, watch};
use super::results::results;
use super::signals::Signals;

pub(super) fn diff(args: &DiffArgs, root: Option<&Path>, launch: &Launcher) -> Result<Exit, CliError> {
    let started = Instant::now();
    let signals = Signals::listen()?;
    check_files(&args.output)?;
    let mut plan = Plan::new(args, root, args.seed.unwrap_or_else(random_seed))?;
    if let Some(base) = &args.changed
        && let Some(touched) = Touched::since(base, &plan, &setting(&plan, launch, args))?
    {
        touched.leave_the_rest(&mut plan);
        if plan.is_empty() {
            return Err(CliError::NothingChanged { base: base.clone() });
        }
    }
    let mut course = Course {
        args,
        plan: &plan,
        launch,
        started,
        signals: &signals,
        lost: Vec::new(),
        absent: Vec::new(),
        places: Vec::new(),
    };
    let mut handlers = course.steps()?;
    if let Some(tally) = &mut handlers {
        course.saved(tally)?;
    }
    let found: Vec<Divergence> = handlers.iter().flat_map(|tally| heads(&tally.divergences)).cloned().collect();
    let has_failed = |found: bool| args.fail_fast && found;
    let workflows = if has_failed(!found.is_empty()) { None } else { course.tasks()? };
    let found_in_runs =
        workflows.as_ref().is_some_and(|tally| !(tally.lock_step.is_empty() && tally.end_to_end.is_empty()));
    let mut allowed = Allowed { absent: args.allow_absent.clone(), unexercised: args.allow_unexercised.clone() };
    if has_failed(!found.is_empty() || found_in_runs) {
        // What comes after the first divergence was not to be exercised.
        allowed.unexercised = vec![ALL.to_owned()];
        eprintln!("parity: stopped at the first divergence; the rest of the cases was not run");
    }
    let repeats = course.repeats()?;
    let suite = &plan.asked.suite;
    let report = Report::of(Results {
        seed: plan.seed,
        scope: args.scope.into(),
        shard: args.shard,
        handlers,
        workflows,
        absent: course.absent,
        allowed,
        places: course.places,
        interrupted: signals.come().map(|(name, _)| name.to_owned()),
        unconfined: unconfined(suite, args.runtime.isolation.into(), Support::of_this_kernel()),
        seconds: started.elapsed().as_secs_f64(),
        ..results(&plan.asked)
    });
    put_out(&report, &args.output)?;
    emit_tests(args.emit.map(Into::into), &found, &plan.asked)?;
    if let Some((_, code)) = signals.come() {
        return Ok(Exit::Interrupted(code));
    }
    Ok(if repeats { exit_of(&report) } else { Exit::CouldNotCompare })
}

/// How engines are started that nothing else runs beside.
fn setting<'a>(plan: &'a Plan, launch: &'a Launcher, args: &DiffArgs) -> Setting<'a> {
    Setting { suite: &plan.asked.suite, launch, deadline: args.runtime.deadline, isolated: true, recorder: None }
}

/// What a command exits with that prints `report`.
pub(super) fn exit_of(report: &Report) -> Exit {
    let totals = report.totals();
    if totals.refused > 0 && !(Totals { refused: 0, ..totals }).is_incomplete() {
        // All the rest was compared, and what was not is for the user to mend.
        Exit::BadInput
    } else if totals.is_incomplete() {
        Exit::CouldNotCompare
    } else if totals.is_divergent() {
        Exit::Divergence
    } else {
        Exit::Agreement
    }
}

/// The command that does the jobs of a campaign.
pub(super) const CAMPAIGN_WORKER: &str = "campaign-worker";

/// A run of this command.
struct Course<'a> {
    args: &'a DiffArgs,
    plan: &'a Plan,
    launch: &'a Launcher,
    started: Instant,
    signals: &'a Signals,
    lost: Vec<(String, StepInput)>,
    absent: Vec<Absent>,
    places: Vec<Place>,
}

impl Course<'_> {
    fn runner<'r>(&'r self, interrupted: &'r dyn Fn() -> bool) -> Runner<'r> {
        let arguments = [&[CAMPAIGN_WORKER.into()], self.launch.arguments()].concat();
        let cores = || thread::available_parallelism().map_or(1, Into::into);
        Runner {
            launch: self.launch,
            deadline: self.args.runtime.deadline,
            isolation: self.args.runtime.isolation.into(),
            jobs: self.args.jobs.map_or_else(cores, usize::from),
            program: WorkerProgram { program: None, arguments },
            started: self.started,
            interrupted,
            notice: &tell,
        }
    }

    fn steps(&mut self) -> Result<Option<Tally>, CliError> {
        let plan = self.plan;
        let Some(campaign) = plan.steps.as_ref() else { return Ok(None) };
        if campaign.groups.is_empty() {
            // Nothing of them has changed.
            return Ok(Some(Tally::default()));
        }
        let length = campaign.cases.saturating_mul(campaign.groups.len() as u64);
        let length = campaign.until_quiet.is_none().then_some(length);
        self.run(campaign, length, |rosters| plan.absent_handlers(rosters)).map(Some)
    }

    fn tasks(&mut self) -> Result<Option<parity_campaign::WorkflowTally>, CliError> {
        let plan = self.plan;
        let Some(campaign) = plan.tasks.as_ref() else { return Ok(None) };
        if campaign.groups.is_empty() {
            return Ok(Some(parity_campaign::WorkflowTally::default()));
        }
        let length = campaign.cases.saturating_mul(campaign.groups.len() as u64);
        self.run(campaign, Some(length), |rosters| plan.absent_workflows(rosters)).map(Some)
    }

    /// Runs a campaign; `absent` tells what of it the engines lack.
    fn run<K: parity_campaign::Compiled>(
        &mut self,
        campaign: &Campaign<K>,
        length: Option<u64>,
        absent: impl FnOnce(&Rosters) -> Result<Vec<Absent>, CliError>,
    ) -> Result<K::Tally, CliError>
    where
        K::Tally: Default,
    {
        let progress = progress_bar(length, self.args.output.quiet);
        let (mut missing, mut known) = (Vec::new(), Vec::new());
        let check = |rosters: &Rosters| {
            missing = absent(rosters)?;
            known = places(rosters, &campaign.suite);
            Ok::<(), CliError>(())
        };
        if self.signals.have_come() {
            return Ok(K::Tally::default());
        }
        let interrupted = || self.signals.have_come();
        let ran = campaign.run(&self.runner(&interrupted), check, &mut |event| watch(&progress, event));
        progress.finish_and_clear();
        let Ran { tally, lost, .. } = match ran {
            // Then the report says what is absent and why, which tells more.
            Err(CliError::Campaign(CampaignError::NothingExecuted)) if !missing.is_empty() => Ran::nothing(),
            Err(CliError::Campaign(CampaignError::Interrupted)) => Ran::nothing(),
            ran => ran?,
        };
        self.absent.append(&mut missing);
        self.places.append(&mut known);
        self.lost.extend(lost);
        Ok(tally)
    }

    /// Examines the saved divergences of the campaign's handlers, whatever its cases are, and saves what it found if it was
    /// asked to.
    fn saved(&self, tally: &mut Tally) -> Result<(), CliError> {
        let Some(campaign) = self.plan.steps.as_ref().filter(|_| !self.signals.have_come()) else { return Ok(()) };
        let dir = self.args.save.clone().flatten().unwrap_or_else(|| self.plan.asked.corpus.clone());
        let corpus = Corpus::new(dir);
        let saved = corpus.of_handlers(&campaign.groups)?;
        if saved.is_empty() && self.args.save.is_none() {
            return Ok(());
        }
        let setting = setting(self.plan, self.launch, self.args);
        let mut examiner = Examiner::new(&setting)?;
        let (again, faults) = examiner.examine_saved(&saved);
        tally.add_saved(again, faults);
        if self.args.save.is_some() {
            for file in save(&corpus, &mut examiner, &tally.divergences)? {
                eprintln!("saved: {}", printable(&file.display().to_string()));
            }
        }
        Ok(())
    }

    /// Whether every input that a process did not survive ends in no planned outcome in a process of its own, too.
    fn repeats(&self) -> Result<bool, CliError> {
        let setting = setting(self.plan, self.launch, self.args);
        let mut all = true;
        for (name, input) in &self.lost {
            if self.signals.have_come() {
                break;
            }
            let Some(engine) = self.plan.asked.suite.engine(name) else { continue };
            if let Observation::Planned(_) = setting.start_engine(engine)?.run(input)? {
                let input = printable(&serde_json::json!(input).to_string());
                eprintln!(
                    "parity: could not compare: {name} ended the process on this input, and does not in a process of its \
                     own, where nothing ran before: {input}"
                );
                all = false;
            }
        }
        Ok(all)
    }
}

/// Saves what repeats, of several divergences that seem to have one cause the worst; returns the files.
pub(super) fn save(
    corpus: &Corpus,
    examiner: &mut Examiner<'_>,
    divergences: &[Divergence],
) -> Result<Vec<PathBuf>, CliError> {
    let mut files = Vec::new();
    for divergence in heads(divergences).into_iter().filter(|divergence| divergence.evidence.is_none()) {
        let well_formed = examiner.is_well_formed(&divergence.input);
        files.push(corpus.save(&Saved::of(divergence, well_formed))?);
    }
    Ok(files)
}

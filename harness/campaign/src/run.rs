//! Runs a campaign from its beginning to its end: the engines are started, and whoever they run in does the work.

use std::time::Instant;

use parity_model::{HandlerId, StepInput};

use crate::campaign::{Campaign, Event};
use crate::confirm::Fresh;
use crate::error::CampaignError;
use crate::executor::{Executor, Inline};
use crate::panel::{Panel, TaskPanel};
use crate::processes::Processes;
use crate::roster::{Roster, Rosters};
use crate::runner::{Isolation, Runnable, Runner};
use crate::setting::Setting;
use crate::step_kind::StepKind;
use crate::steps::Steps;
use crate::tally::Tally;
use crate::task_kind::TaskKind;
use crate::tasks::Tasks;
use crate::worker::Known;
use crate::workflow_tally::WorkflowTally;

/// The result of a campaign, and how it came about.
pub struct Ran<T> {
    /// What was found.
    pub tally: T,
    /// Who took part.
    pub rosters: Rosters,
    /// The inputs that ended a process, each with its engine's name.
    pub lost: Vec<(String, StepInput)>,
}

impl<T: Default> Ran<T> {
    /// The result of a campaign in which nothing could be run.
    #[must_use]
    pub fn nothing() -> Self {
        let oracle = Roster { engine: String::new(), handlers: Vec::new(), inventory: None };
        Self { tally: T::default(), rosters: Rosters { oracle, engines: Vec::new() }, lost: Vec::new() }
    }
}

/// A kind whose campaigns are compiled in this crate, which takes a while, and not in each crate that runs some.
pub trait Compiled: Runnable {
    /// [`Campaign::run`], with a `check` that only says whether it goes on.
    fn run(
        campaign: &Campaign<Self>,
        runner: &Runner<'_>,
        check: &mut dyn FnMut(&Rosters) -> bool,
        watch: &mut dyn FnMut(Event<'_>),
    ) -> Result<Ran<Self::Tally>, CampaignError>;
}

impl Compiled for StepKind {
    fn run(
        campaign: &Campaign<Self>,
        runner: &Runner<'_>,
        check: &mut dyn FnMut(&Rosters) -> bool,
        watch: &mut dyn FnMut(Event<'_>),
    ) -> Result<Ran<Self::Tally>, CampaignError> {
        campaign.run_checked(runner, check, watch)
    }
}

impl Compiled for TaskKind {
    fn run(
        campaign: &Campaign<Self>,
        runner: &Runner<'_>,
        check: &mut dyn FnMut(&Rosters) -> bool,
        watch: &mut dyn FnMut(Event<'_>),
    ) -> Result<Ran<Self::Tally>, CampaignError> {
        campaign.run_checked(runner, check, watch)
    }
}

impl<K: Compiled> Campaign<K> {
    /// Runs the campaign. `check` is told who takes part before the first case, and may refuse them.
    pub fn run<E: From<CampaignError>>(
        &self,
        runner: &Runner<'_>,
        check: impl FnOnce(&Rosters) -> Result<(), E>,
        watch: &mut dyn FnMut(Event<'_>),
    ) -> Result<Ran<K::Tally>, E> {
        let (mut check, mut refusal) = (Some(check), None);
        let mut is_good = |rosters: &Rosters| {
            refusal = check.take().and_then(|check| check(rosters).err());
            refusal.is_none()
        };
        let ran = K::run(self, runner, &mut is_good, watch);
        match refusal {
            Some(refusal) => Err(refusal),
            None => Ok(ran?),
        }
    }
}

impl<K: Runnable> Campaign<K> {
    /// The same; `check` says whether it goes on.
    fn run_checked(
        &self,
        runner: &Runner<'_>,
        check: &mut dyn FnMut(&Rosters) -> bool,
        watch: &mut dyn FnMut(Event<'_>),
    ) -> Result<Ran<K::Tally>, CampaignError> {
        K::check(self)?;
        let _span = tracing::info_span!("run", kind = K::NAME, seed = format!("{:016x}", self.seed)).entered();
        let setting = |isolated| Setting {
            suite: &self.suite,
            launch: runner.launch,
            deadline: runner.deadline,
            isolated,
            recorder: None,
        };
        if runner.isolation == Isolation::InProcess {
            let mut ran = None;
            K::with_worker(self, &setting(false), &mut |worker, rosters| {
                if check(rosters) {
                    let interrupted = runner.interrupted;
                    let tally = self.conduct_on(&mut Inline(worker), rosters, runner.started, interrupted, watch)?;
                    ran = Some(Ran { tally, rosters: rosters.clone(), lost: Vec::new() });
                }
                Ok(())
            })?;
            return ran.ok_or(CampaignError::NothingExecuted);
        }
        let jobs = runner.jobs.min(usize::try_from(self.jobs()).unwrap_or(usize::MAX));
        let isolated = runner.isolation == Isolation::Process;
        let (mut processes, rosters) = Processes::start(self, runner, isolated, jobs)?;
        if !check(&rosters) {
            return Err(CampaignError::NothingExecuted);
        }
        let tally = self.conduct_on(&mut processes, &rosters, runner.started, runner.interrupted, watch)?;
        Ok(Ran { tally, rosters, lost: processes.into_lost() })
    }

    fn conduct_on(
        &self,
        executor: &mut impl Executor<K>,
        rosters: &Rosters,
        started: Instant,
        interrupted: &dyn Fn() -> bool,
        watch: &mut dyn FnMut(Event<'_>),
    ) -> Result<K::Tally, CampaignError> {
        let able = |group: &K::Group| rosters.able(&K::handlers(self, group));
        let mut handlers: Vec<HandlerId> = Vec::new();
        for handler in self.groups.iter().flat_map(|group| K::handlers(self, group)) {
            if !handlers.contains(&handler) && rosters.oracle.has(&handler) {
                handlers.push(handler);
            }
        }
        let rechecks: Vec<Known> = self.rechecks(handlers.iter(), &rosters.engines);
        self.conduct(executor, &able, rechecks, started, interrupted, watch)
    }
}

impl Campaign<StepKind> {
    /// Runs the campaign on engines that somebody has started, here and now, and confirms divergences in `fresh` ones.
    pub fn run_on(
        &self,
        panel: &mut Panel,
        fresh: Option<&dyn Fresh>,
        watch: &mut dyn FnMut(Event<'_>),
    ) -> Result<Tally, CampaignError> {
        StepKind::check(self)?;
        let rosters = panel.rosters();
        let mut steps = Steps::new(self, panel, fresh);
        self.conduct_on(&mut Inline(&mut steps), &rosters, Instant::now(), &|| false, watch)
    }
}

impl Campaign<TaskKind> {
    /// Runs the campaign on engines that somebody has started, here and now, and confirms divergences in `fresh` ones.
    pub fn run_on(
        &self,
        panel: &TaskPanel,
        fresh: Option<&dyn Fresh>,
        watch: &mut dyn FnMut(Event<'_>),
    ) -> Result<WorkflowTally, CampaignError> {
        TaskKind::check(self)?;
        let mut tasks = Tasks::new(self, panel, fresh)?;
        self.conduct_on(&mut Inline(&mut tasks), &panel.rosters(), Instant::now(), &|| false, watch)
    }
}

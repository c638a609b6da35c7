//! How campaigns are run, whatever their kind of case is.

use std::time::{Duration, Instant};

use parity_engine::Launch;
use parity_model::{HandlerId, StepInput};

use crate::campaign::Campaign;
use crate::error::CampaignError;
use crate::kind::Kind;
use crate::process::WorkerProgram;
use crate::roster::Rosters;
use crate::setting::Setting;
use crate::worker::Worker;

/// Where handlers run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Isolation {
    /// In processes that are watched by this one; once more as `Process` if one does not survive.
    #[default]
    Auto,
    /// In this process.
    InProcess,
    /// Every engine in a process of its own, which is replaced when a handler ends it.
    Process,
}

/// How a campaign is run.
#[derive(Clone)]
pub struct Runner<'a> {
    /// Starts engines.
    pub launch: &'a dyn Launch,
    /// How long a call may take.
    pub deadline: Duration,
    /// Where handlers run.
    pub isolation: Isolation,
    /// Processes that run the handlers, unless they run in this one. What is found does not depend on it.
    pub jobs: usize,
    /// The program that these processes run, see [`serve`](crate::serve).
    pub program: WorkerProgram,
    /// When the run began.
    pub started: Instant,
    /// Whether the run is to end now, with what was found.
    pub interrupted: &'a dyn Fn() -> bool,
    /// Is told of every process that a handler did not let live.
    pub notice: &'a dyn Fn(&Loss),
}

/// A process that a handler did not let live.
#[derive(Clone, Debug, PartialEq)]
pub struct Loss {
    /// How it ended.
    pub how: String,
    /// What was running in it, each with its engine's name.
    pub inputs: Vec<(String, StepInput)>,
}

/// Is handed a worker, and who takes part.
pub type With<'w, K> = &'w mut dyn FnMut(&mut dyn Worker<K>, &Rosters) -> Result<(), CampaignError>;

/// A kind of case whose campaigns can be run.
pub trait Runnable: Kind {
    /// The name of the kind, for other processes.
    const NAME: &'static str;

    /// Starts the engines of `setting` in this process and hands a worker on them to `with`.
    fn with_worker(campaign: &Campaign<Self>, setting: &Setting<'_>, with: With<'_, Self>)
    -> Result<(), CampaignError>;

    /// The handlers that a case of `group` calls.
    fn handlers(campaign: &Campaign<Self>, group: &Self::Group) -> Vec<HandlerId>;

    /// Checks, before anything is started, that there are cases of everything.
    fn check(campaign: &Campaign<Self>) -> Result<(), CampaignError>;
}

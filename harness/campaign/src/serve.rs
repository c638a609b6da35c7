//! The other side of an executor of processes: does the jobs of a campaign that another process gives out, line by line.

use std::fs::File;
use std::io::{self, BufRead, Write};
use std::time::{Duration, Instant};

use parity_engine::process::{end_with_the_parent, own_output};
use parity_engine::{Launch, TreeError};
use parity_suite::Generators;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::CampaignError;
use crate::plan::{Head, Hello, Plan, Request, Response, VERSION};
use crate::roster::Rosters;
use crate::runner::Runnable;
use crate::setting::Setting;
use crate::step_kind::StepKind;
use crate::task_kind::TaskKind;
use crate::worker::{Job, Order, Worker};

/// Generators by the name of their library, see [`Suite::library`](parity_suite::Suite::library).
pub type Libraries<'a> = &'a dyn Fn(&str) -> Option<Generators>;

/// Does what standard input asks for, until it ends.
///
/// # Errors
///
/// Standard input or output fails. Whatever else is wrong is said to the process that asks.
pub fn serve(launch: &dyn Launch, libraries: Libraries<'_>) -> io::Result<()> {
    end_with_the_parent();
    let mut output = own_output()?;
    let served = answer_all(launch, libraries, &mut output);
    if let Err(error) = served {
        let is_input = error.is_input();
        say(&mut output, &Hello::Refused { message: error.to_string(), is_input })?;
    }
    Ok(())
}

fn answer_all(launch: &dyn Launch, libraries: Libraries<'_>, output: &mut File) -> Result<(), CampaignError> {
    let mut lines = io::stdin().lock().lines();
    let mut line =
        move || -> Result<Option<String>, CampaignError> { lines.next().transpose().map_err(CampaignError::Runtime) };
    let head: Head = parsed(line()?)?;
    if head.version != VERSION {
        return Err(CampaignError::Processes(format!(
            "a plan of version {} came to a worker of version {VERSION}; build both from one checkout",
            head.version
        )));
    }
    if head.kind == StepKind::NAME {
        answer::<StepKind>(launch, libraries, output, &mut line)
    } else {
        answer::<TaskKind>(launch, libraries, output, &mut line)
    }
}

/// Returns the next line, if there is one.
type Line<'a> = &'a mut dyn FnMut() -> Result<Option<String>, CampaignError>;

fn answer<K: Runnable>(
    launch: &dyn Launch,
    libraries: Libraries<'_>,
    output: &mut File,
    line: Line<'_>,
) -> Result<(), CampaignError> {
    let Plan { mut campaign, deadline, isolated, recorder } = parsed::<Plan<K>>(line()?)?;
    if let Some(library) = &campaign.suite.library {
        campaign.suite.generators = libraries(library)
            .ok_or_else(|| CampaignError::Processes(format!("this program has no generators called {library}")))?;
    }
    // The same span as that of the process which asks, so that every line of a log says of which run it is.
    let _span = tracing::debug_span!("run", kind = K::NAME, seed = format!("{:016x}", campaign.seed)).entered();
    let setting = Setting { suite: &campaign.suite, launch, deadline, isolated, recorder };
    if !isolated {
        // Before the first handler is loaded.
        setting.launch.confine(&campaign.suite.all_engines().collect::<Vec<_>>()).map_err(CampaignError::Runtime)?;
    }
    K::with_worker(&campaign, &setting, &mut |worker, rosters| obey(worker, rosters, output, line))
}

fn obey<K: Runnable>(
    worker: &mut dyn Worker<K>,
    rosters: &Rosters,
    output: &mut File,
    line: Line<'_>,
) -> Result<(), CampaignError> {
    say(output, &Hello::Ready(rosters.clone())).map_err(CampaignError::Runtime)?;
    while let Some(text) = line()? {
        let Request { order, millis } = parsed::<Request<K>>(Some(text))?;
        let limit = millis.map(|millis| Instant::now() + Duration::from_millis(millis));
        match order {
            Order::Probe(cases) => reply(&cases, worker, limit, output),
            Order::Triage(found) => reply(found.as_ref(), worker, limit, output),
            Order::Recheck(known) => reply(&known, worker, limit, output),
        }
        .map_err(CampaignError::Runtime)?;
    }
    Ok(())
}

fn reply<K: Runnable, J: Job<K>>(
    job: &J,
    worker: &mut dyn Worker<K>,
    limit: Option<Instant>,
    output: &mut File,
) -> io::Result<()> {
    let response = match job.run(worker, limit) {
        Ok(done) => Response::Done(done),
        Err(error) => Response::Failed { message: error.to_string() },
    };
    say(output, &response)
}

fn parsed<T: DeserializeOwned>(line: Option<String>) -> Result<T, CampaignError> {
    let line = line.ok_or_else(|| CampaignError::Processes("a worker was given no plan".to_owned()))?;
    serde_json::from_str(&line)
        .map_err(|error| CampaignError::Processes(format!("a worker was given what is no plan or job: {error}")))
}

fn say(output: &mut File, message: &impl Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(message).map_err(io::Error::from)?;
    line.push(b'\n');
    output.write_all(&line)
}

impl CampaignError {
    /// Whether it is for the user to mend: an argument, a file or a tree of handlers.
    #[must_use]
    pub fn is_input(&self) -> bool {
        match self {
            Self::Refused { is_input, .. } => *is_input,
            Self::Tree(error) => !matches!(error, TreeError::Engine(_)),
            Self::NoTemplate(_) => true,
            Self::Generate(error) => error.is_input(),
            Self::NoEngine(_)
            | Self::Upstream(_)
            | Self::Runtime(_)
            | Self::Engine(_)
            | Self::Processes(_)
            | Self::Interrupted
            | Self::NothingExecuted => false,
        }
    }
}

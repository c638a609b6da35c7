//! The other side of a crew: does the jobs that another parity gives out, line by line.

use std::fs::File;
use std::io::{self, BufRead, Write};
use std::time::{Duration, Instant};

use super::args::Part;
use super::crew::{Hello, Order, Terms};
use super::engines::Runtime;
use super::error::{CliError, Exit};
use super::fresh::FreshEngines;
use super::plan::Plan;
use super::worker::{end_with_the_parent, own_output};
use parity_campaign::{Done, Member, Rosters, Steps, Tasks};
use parity_engine::Engine;
use parity_suite::workflow::Pool;

/// Does what standard input asks for, until it ends.
pub(super) fn serve(
    part: Part,
    plan: impl FnOnce(u64) -> Result<Plan, CliError>,
    runtime: Runtime,
) -> Result<Exit, CliError> {
    end_with_the_parent();
    let mut output = own_output()?;
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    let terms: Terms = serde_json::from_str(&line).map_err(io::Error::from)?;
    let runtime = Runtime { isolated: terms.isolated, ..runtime };
    let served = plan(terms.seed).and_then(|plan| match part {
        Part::Handlers => serve_handlers(&plan, &runtime, &mut output),
        Part::Workflows => serve_workflows(&plan, &runtime, &mut output),
    });
    if let Err(error) = served {
        let code = match error.exit() {
            Exit::BadInput => 2,
            _ => 3,
        };
        say(&mut output, &Hello::Refused { message: error.to_string(), code })?;
    }
    Ok(Exit::Agreement)
}

fn serve_handlers(plan: &Plan, runtime: &Runtime, output: &mut File) -> Result<(), CliError> {
    let (mut oracle, mut engines) = plan.judge.engines(runtime, &plan.trees)?;
    let rosters = Rosters::of(oracle.as_ref(), engines.iter().map(AsRef::as_ref));
    say(output, &Hello::Ready(rosters))?;
    let fresh = FreshEngines::new(plan.judge.subjects.clone(), &plan.trees, runtime.deadline);
    let Some(campaign) = &plan.handlers else { return Ok(()) };
    obey(&mut Steps::new(campaign, oracle.as_mut(), &mut engines, Some(&fresh)), output)
}

fn serve_workflows(plan: &Plan, runtime: &Runtime, output: &mut File) -> Result<(), CliError> {
    let pools = plan.judge.subjects.iter().map(|name| runtime.pool(name, &plan.trees));
    let pools: Vec<Pool> = pools.collect::<Result<_, _>>()?;
    let Some(campaign) = &plan.workflows else { return Ok(()) };
    let fresh = FreshEngines::new(plan.judge.subjects.clone(), &plan.trees, runtime.deadline);
    let oracle = plan.judge.pool(runtime, &plan.trees)?;
    let mut tasks = Tasks::new(campaign, &oracle, &pools, Some(&fresh))?;
    let rosters = Rosters::of(&oracle, pools.iter().map(|pool| pool as &dyn Engine));
    say(output, &Hello::Ready(rosters))?;
    obey(&mut tasks, output)
}

fn obey(member: &mut dyn Member, output: &mut File) -> Result<(), CliError> {
    for line in io::stdin().lock().lines() {
        let order: Order = serde_json::from_str(&line?).map_err(io::Error::from)?;
        let limit = order.millis.map(|millis| Instant::now() + Duration::from_millis(millis));
        let done = member.work(&order.job, limit).unwrap_or_else(|error| Done::Failed { message: error.to_string() });
        say(output, &done)?;
    }
    Ok(())
}

fn say(output: &mut File, message: &impl serde::Serialize) -> Result<(), CliError> {
    let mut line = serde_json::to_vec(message).map_err(io::Error::from)?;
    line.push(b'\n');
    output.write_all(&line)?;
    Ok(())
}

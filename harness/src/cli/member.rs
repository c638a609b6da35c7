//! The other side of a crew: does the jobs that another parity gives out, line by line.

use std::fs::File;
use std::io::{self, BufRead, Write};
use std::time::{Duration, Instant};

use super::args::Part;
use super::crew::{Hello, Order, Terms};
use super::engines::{Runtime, oracle_pool};
use super::error::{CliError, Exit};
use super::fresh::FreshEngines;
use super::plan::Plan;
use super::worker::{end_with_the_parent, own_output};
use crate::campaign::{Done, Member, Roster, Steps, Tasks};
use crate::engine::Engine;
use crate::engine::oracle::Oracle;
use crate::workflow::Pool;

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
    let mut engines: Vec<Box<dyn Engine>> = runtime.load_all(&plan.subjects, &plan.trees)?;
    let rosters = engines.iter().map(|engine| Roster::of(engine.as_ref())).collect();
    say(output, &Hello::Ready(rosters))?;
    let fresh = FreshEngines::new(plan.subjects.clone(), &plan.trees, runtime.deadline);
    let Some(campaign) = &plan.handlers else { return Ok(()) };
    let mut oracle = Oracle::default();
    obey(&mut Steps::new(campaign, &mut oracle, &mut engines, Some(&fresh)), output)
}

fn serve_workflows(plan: &Plan, runtime: &Runtime, output: &mut File) -> Result<(), CliError> {
    let pools = plan.subjects.iter().map(|name| runtime.pool(name, &plan.trees));
    let pools: Vec<Pool> = pools.collect::<Result<_, _>>()?;
    let Some(campaign) = &plan.workflows else { return Ok(()) };
    let (fresh, oracle) = (FreshEngines::new(plan.subjects.clone(), &plan.trees, runtime.deadline), oracle_pool()?);
    let mut tasks = Tasks::new(campaign, &oracle, &pools, Some(&fresh))?;
    say(output, &Hello::Ready(pools.iter().map(|pool| Roster::of(pool)).collect()))?;
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

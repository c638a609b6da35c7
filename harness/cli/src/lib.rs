//! The command line `parity`: arguments, the commands, and what they exit with.

mod args;
mod bench;
mod changed;
mod choices;
mod corpus;
mod coverage;
mod crew;
mod crew_process;
mod diff;
mod docs;
mod engines;
mod error;
mod external;
mod fresh;
mod fuzz_case;
mod git;
mod judge;
mod lines;
mod list;
mod member;
mod merge;
mod plan;
mod replay;
mod run;
mod subject;
mod supervise;
mod vectors;
mod worker;

pub use args::Args;
pub use error::{CliError, Exit};

use args::Command;

/// Runs what was asked for.
pub fn execute(args: Args) -> Result<Exit, CliError> {
    match args.command {
        Command::Bench(args) => bench::bench(&args),
        Command::Diff(args) => diff::diff(&args),
        Command::Merge(args) => merge::merge(&args),
        Command::Replay(args) => replay::replay(&args),
        Command::Run(args) => run::run(&args),
        Command::List(args) => list::list(&args),
        Command::Coverage(args) => coverage::coverage(&args),
        Command::Docs(args) => docs::docs(&args),
        Command::Worker(args) => worker::worker(&args),
        Command::Vectors(args) => vectors::vectors(&args),
        Command::Promote(args) => corpus::promote(&args),
        Command::FuzzCase(args) => fuzz_case::fuzz_case(&args),
    }
}

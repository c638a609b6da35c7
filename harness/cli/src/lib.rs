//! The command line `parity`: arguments, the commands, and what they exit with. Glue only.

mod args;
mod bench;
mod changed;
mod corpus;
mod coverage;
mod diff;
mod docs;
mod emit;
mod error;
mod fuzz_case;
mod git;
mod lines;
mod list;
mod merge;
mod new_handler;
mod plan;
mod progress;
mod replay;
mod root;
mod run;
mod suite;
mod vectors;
mod worker;

pub use args::Args;
pub use error::{CliError, Exit};
pub use new_handler::NewHandlerError;

use args::Command;

/// Runs what was asked for.
pub fn execute(args: Args) -> Result<Exit, CliError> {
    let root = args.root.as_deref();
    match args.command {
        Command::Bench(args) => bench::bench(&args, root),
        Command::CampaignWorker => worker::campaign_worker(),
        Command::Coverage(args) => coverage::coverage(&args, root),
        Command::Diff(args) => diff::diff(&args, root),
        Command::Docs(args) => docs::docs(&args, root),
        Command::FuzzCase(args) => fuzz_case::fuzz_case(&args, root),
        Command::List(args) => list::list(&args, root),
        Command::Merge(args) => merge::merge(&args),
        Command::NewHandler(args) => new_handler::new_handler(&args, root),
        Command::Promote(args) => corpus::promote(&args, root),
        Command::Replay(args) => replay::replay(&args, root),
        Command::Run(args) => run::run(&args, root),
        Command::Vectors(args) => vectors::vectors(&args, root),
        Command::Worker => worker::worker(),
    }
}

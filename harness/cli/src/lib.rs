//! The command line `parity`: arguments, the commands, and what they exit with. Glue only.

mod args;
mod asker;
#[cfg(feature = "embedded-python")]
mod bench;
mod changed;
mod confinement;
mod corpus;
mod coverage;
mod diff;
mod docs;
mod emit;
mod error;
mod fuzz_case;
mod git;
mod init;
mod lines;
mod list;
mod logging;
mod merge;
mod new_handler;
mod output;
mod places;
mod plan;
mod programs;
mod progress;
mod replay;
mod results;
mod review;
mod root;
mod run;
mod settings;
mod shell;
mod signals;
mod source_root;
mod suite;
mod vectors;
mod worker;

pub use args::Args;
pub use error::{CliError, Exit};
pub use logging::LOG_VARIABLE;
pub use new_handler::NewHandlerError;
pub use settings::{SettingsError, with_settings};

use std::ffi::OsStr;

use args::Command;
use logging::Logging;
use parity_engine::scratch::sweep;
use suite::launcher;

/// Runs what was asked for, with the value of [`LOG_VARIABLE`].
pub fn execute(args: Args, log_variable: Option<&OsStr>) -> Result<Exit, CliError> {
    let logging = Logging::new(&args.log, log_variable);
    let launch = launcher().with_arguments(logging.arguments());
    let logging = if matches!(args.command, Command::Worker) { logging.without_stderr() } else { logging };
    logging.start()?;
    let logs_to_stderr = logging.to_stderr;
    let root = args.root.as_deref();
    // The processes of a run leave it to the one that was started by somebody.
    let sweeps = !matches!(args.command, Command::Worker | Command::CampaignWorker { .. });
    if sweeps {
        sweep();
    }
    let ended = match args.command {
        #[cfg(feature = "embedded-python")]
        Command::Bench(args) => bench::bench(&args, root, &launch),
        Command::CampaignWorker { unconfined: false } => worker::campaign_worker(&launch, logs_to_stderr),
        Command::CampaignWorker { unconfined: true } => worker::campaign_worker(&launch.unconfined(), logs_to_stderr),
        Command::Completions(args) => shell::completions(args.shell),
        Command::Coverage(args) => coverage::coverage(&args, root),
        Command::Diff(args) => diff::diff(&args, root, &launch),
        Command::Docs(args) => docs::docs(&args, root),
        Command::FuzzCase(args) => fuzz_case::fuzz_case(&args, root, &launch),
        Command::Init => init::init(root, &launch),
        Command::List(args) => list::list(&args, root, &launch),
        Command::Man(args) => shell::man(&args.directory),
        Command::Merge(args) => merge::merge(&args),
        Command::NewHandler(args) => new_handler::new_handler(&args, root),
        Command::Promote(args) => vectors::promote_saved(&args, root, &launch),
        Command::Replay(args) => replay::replay(&args, root, &launch),
        Command::Review(args) => review::review(&args, root, &launch),
        Command::Run(args) => run::run(&args, root, &launch),
        Command::Vectors(args) => vectors::vectors(&args, root, &launch),
        Command::Worker => worker::worker(),
    };
    // What was ended in the middle of something has left its files.
    if sweeps {
        sweep();
    }
    ended
}

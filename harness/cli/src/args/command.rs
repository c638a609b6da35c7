//! The arguments.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use clap_complete::Shell;

use parity_campaign::Shard;

#[cfg(feature = "embedded-python")]
use super::bench::BenchArgs;
use super::choices::{EmitChoice, Format, ModeChoice, OracleChoice, ScopeChoice};
use super::output::OutputArgs;
use super::review::ReviewArgs;
use super::runtime::RuntimeArgs;
use super::suite::{SuiteArgs, TreeArgs};
use super::values::{seconds, seed};
use super::vectors::{PromoteArgs, VectorsArgs};
use crate::new_handler::NewHandlerArgs;

/// Runs the same inputs through the Rust, Python and TypeScript versions of workflow step handlers, and finds where they
/// disagree.
///
/// The Rust version is the oracle. A disagreement is shrunk to the smallest input that shows it.
#[derive(Debug, Parser)]
#[command(
    name = "parity",
    version,
    after_help = "Exit codes: 0 everything agrees, 1 something differs, 2 bad usage or input, 3 could not compare (an engine failed)."
)]
pub struct Args {
    /// The checkout of Parity that our own handlers, templates, vectors and ledger are in [default: found upwards from the
    /// working directory]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) root: Option<PathBuf>,
    /// File of settings, whose keys are flags of `parity diff`; none for no file [default: parity.toml, or `tool.parity` in a
    /// pyproject.toml, found upwards from the working directory]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) settings: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) log: LogArgs,
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Args {
    /// Reads a command line; help calls the program `name`. What cannot be read ends it, as help does.
    #[must_use]
    pub fn read(arguments: Vec<OsString>, name: &'static str) -> Self {
        let mut command = Self::command().bin_name(name);
        let matches = command.clone().get_matches_from(arguments);
        Self::from_arg_matches(&matches).unwrap_or_else(|error| error.format(&mut command).exit())
    }
}

/// What is logged, and where to; see [`crate::LOG_VARIABLE`], too.
#[derive(Debug, clap::Args)]
pub(crate) struct LogArgs {
    /// Say on standard error what is done: -v each run, -vv each job of it, too; the variable `PARITY_LOG` says more exactly
    /// what, e.g. `parity=trace`
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Append what is done to FILE, one JSON document a line, also what the processes of a run do; each job unless -v or
    /// `PARITY_LOG` says otherwise
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) log: Option<PathBuf>,
    /// What another parity logs, which has started this one
    #[arg(long, global = true, hide = true)]
    pub(crate) log_filter: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Generate inputs, run them in every language, and report each distinct divergence with its smallest input
    Diff(Box<DiffArgs>),
    /// Of Parity's own handlers, measure what a case costs beside what oracle and handlers cost by themselves
    #[cfg(feature = "embedded-python")]
    Bench(BenchArgs),
    /// Join the JSON reports of a campaign's shards: together they say what one run of the whole campaign says
    Merge(MergeArgs),
    /// Run one step input or one task of a workflow, also of a saved divergence, on every engine and show whether they agree
    Replay(ReplayArgs),
    /// Go through saved divergences, or those of a report, one after the other: accept, promote, delete, write a test, skip
    Review(Box<ReviewArgs>),
    /// Answer step inputs from standard input, one JSON document a line, with outcomes on standard output
    Run(RunArgs),
    /// Print what a shell needs to complete the commands and their flags
    Completions(CompletionsArgs),
    /// Write a page for `man` of each command to a directory
    Man(ManArgs),
    /// Write settings for the handlers and templates that are found here and below to parity.toml, and compare a little
    Init,
    /// Show the handlers, how they may end, and which engines have them
    List(ListArgs),
    /// Of Parity's own handlers, show which declared outcomes the generated cases reach; exits with 1 below the thresholds of harness/blog/coverage.yaml
    Coverage(CoverageArgs),
    /// Of Parity's own handlers, write docs/gitbook and the table in handlers/README.md from registry, templates and sources
    Docs(DocsArgs),
    /// Answer the requests of another parity on standard input, of which the first line says what to run, on standard output
    #[command(hide = true)]
    Worker,
    /// Do the jobs of another parity's campaign, of which the first line of standard input is the plan
    #[command(hide = true)]
    CampaignWorker {
        /// Shut nothing in: `parity bench` sees what that costs
        #[arg(long)]
        unconfined: bool,
    },
    /// Write skeletons of a new handler of Parity's own: its three sources, its step in a template, and a planted defect a language
    NewHandler(NewHandlerArgs),
    /// Check the golden vectors of a directory; of Parity's own handlers, write or compare them, too
    Vectors(VectorsArgs),
    /// Turn a saved divergence that is mended by now into a golden vector, which all languages are to answer from then on
    Promote(Box<PromoteArgs>),
    /// Show the step input of a file that a fuzz target (fuzz/README.md) has written, or save what it shows
    FuzzCase(FuzzCaseArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct DiffArgs {
    /// Handler to run, as namespace/step; may be given several times [default: all, and all workflows of our own trees]
    #[arg(long = "handler", value_name = "ID")]
    pub(crate) handlers: Vec<String>,
    /// Workflow to run instead of single handlers, as namespace/name, or all; may be given several times
    #[arg(long = "workflow", value_name = "ID", conflicts_with = "handlers")]
    pub(crate) workflows: Vec<String>,
    /// How to run a workflow; may be given several times [default: both]
    #[arg(long = "mode", value_enum, requires = "workflows")]
    pub(crate) modes: Vec<ModeChoice>,
    /// Cases a handler or workflow; where both are run, a workflow gets a tenth as many [default: 1000; as many as it takes
    /// with --until-quiet]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    cases: Option<u64>,
    /// Draw no more cases of handlers when no new divergence was found for this many seconds; needs a time when it ends only
    /// if it always finds another
    #[arg(long, value_name = "SECONDS", value_parser = seconds, conflicts_with_all = ["workflows", "shard"])]
    pub(crate) until_quiet: Option<Duration>,
    /// Stop at the first divergence: what is under way is finished, and the divergences that are found by then are shrunk
    #[arg(long, conflicts_with = "shard")]
    pub(crate) fail_fast: bool,
    /// Draw no case after this many seconds; handlers take turns, so all of them get their share. Once something was found, the
    /// last quarter of the time is for shrinking it
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) max_time: Option<Duration>,
    /// Seed of all cases, up to 16 hex digits [default: a random one, which the report names]
    #[arg(long, value_name = "HEX", value_parser = seed)]
    pub(crate) seed: Option<u64>,
    /// Largest inputs to generate; smaller ones are always mixed in
    #[arg(long, value_enum, default_value_t = ScopeChoice::Normal)]
    pub(crate) scope: ScopeChoice,
    /// Run slice K of N of the cases; `parity merge` joins the JSON reports of all slices. Needs --seed
    #[arg(long, value_name = "K/N", requires = "seed", default_value_t = Shard::WHOLE, hide_default_value = true)]
    pub(crate) shard: Shard,
    /// Recorded inputs of single handlers, one JSON document a line: each is compared as it is, before all other cases, and
    /// some of the others are drawn from them; may be given several times
    #[arg(long, value_name = "FILE")]
    pub(crate) inputs: Vec<PathBuf>,
    /// Run only what can have changed since a git revision: a handler's own file, what it imports, its template
    #[arg(long, value_name = "BASE", num_args = 0..=1, default_missing_value = "HEAD")]
    pub(crate) changed: Option<String>,
    /// Processes that run the handlers [default: one a core]; what is found does not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) jobs: Option<u16>,
    #[command(flatten)]
    pub(crate) suite: SuiteArgs,
    /// Accept that a tree lacks a handler of the templates: any, or with =ID this one; may be given several times
    #[arg(long, value_name = "ID", num_args = 0..=1, require_equals = true, default_missing_value = "all")]
    pub(crate) allow_absent: Vec<String>,
    /// Accept that no case of a handler or a workflow is expected to complete: any, or with =ID this one; may be given several
    /// times
    #[arg(long, value_name = "ID", num_args = 0..=1, require_equals = true, default_missing_value = "all")]
    pub(crate) allow_unexercised: Vec<String>,
    /// Ledger of known divergences [default: that of our own handlers for them, else none]
    #[arg(long, value_name = "FILE")]
    pub(crate) ledger: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) runtime: RuntimeArgs,
    /// Save each divergence of a handler as a value, by default in vectors/regressions; those that are there already are
    /// examined after the cases, with or without this
    #[arg(long, value_name = "DIR", num_args = 0..=1, conflicts_with = "workflows")]
    #[expect(clippy::option_option, reason = "not given, given without a directory, and with one")]
    pub(crate) save: Option<Option<PathBuf>>,
    /// Print a stand-alone test of each minimal input, too
    #[arg(long, value_enum, value_name = "KIND", conflicts_with = "workflows")]
    pub(crate) emit: Option<EmitChoice>,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// Cases a handler unless told otherwise.
const CASES: u64 = 1000;

/// More than anybody waits for.
const UNBOUNDED: u64 = 1 << 40;

impl DiffArgs {
    pub(crate) fn cases(&self) -> u64 {
        self.cases.unwrap_or(if self.until_quiet.is_some() { UNBOUNDED } else { CASES })
    }
}

#[derive(Debug, clap::Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ManArgs {
    /// The directory, which is made if it is not there
    #[arg(value_name = "DIR")]
    pub(crate) directory: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(crate) struct MergeArgs {
    /// JSON reports of `parity diff`; - is standard input
    #[arg(required = true, value_name = "REPORT")]
    pub(crate) reports: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ReplayArgs {
    /// JSON file with a step input, a workflow's task or a saved divergence; - is standard input
    #[arg(required_unless_present = "all")]
    pub(crate) file: Option<PathBuf>,
    /// Replay every saved divergence and say what has become of it
    #[arg(long, conflicts_with_all = ["file", "format"])]
    pub(crate) all: bool,
    /// Directory of saved divergences [default: vectors/regressions]
    #[arg(long, value_name = "DIR", requires = "all")]
    pub(crate) corpus: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) suite: SuiteArgs,
    #[command(flatten)]
    pub(crate) runtime: RuntimeArgs,
    /// Print a stand-alone test of the input, too, for each engine that differs
    #[arg(long, value_enum, value_name = "KIND", requires = "file")]
    pub(crate) emit: Option<EmitChoice>,
    /// How to print the outcomes
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Debug, clap::Args)]
pub(crate) struct RunArgs {
    /// Engine that answers
    #[arg(long, value_name = "NAME")]
    pub(crate) engine: OracleChoice,
    #[command(flatten)]
    pub(crate) trees: TreeArgs,
    #[command(flatten)]
    pub(crate) runtime: RuntimeArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    pub(crate) trees: TreeArgs,
    /// How to print the list
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Debug, clap::Args)]
pub(crate) struct CoverageArgs {
    /// Handler to look at, as namespace/step; may be given several times [default: all]
    #[arg(long = "handler", value_name = "ID")]
    pub(crate) handlers: Vec<String>,
    /// Cases a handler [default: as harness/blog/coverage.yaml says]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) cases: Option<u64>,
    /// Seed of all cases, up to 16 hex digits
    #[arg(long, value_name = "HEX", value_parser = seed, default_value = "0")]
    pub(crate) seed: u64,
    /// Show lines and branches of the Python and TypeScript handlers, too; takes coverage.py, and Node with c8
    #[arg(long)]
    pub(crate) lines: bool,
    /// Python that has coverage.py
    #[arg(long, value_name = "FILE", default_value = "python3", requires = "lines")]
    pub(crate) python_program: PathBuf,
    /// How to print the report
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Debug, clap::Args)]
pub(crate) struct DocsArgs {
    /// Write nothing; name the files that are stale and exit with 1 if there are any
    #[arg(long)]
    pub(crate) check: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct FuzzCaseArgs {
    /// The target's workflow, as namespace/name
    pub(crate) workflow: String,
    /// What the target has written, a file named crash- and a digest
    pub(crate) file: PathBuf,
    /// Save each divergence as a value, as small as it becomes, by default in vectors/regressions, instead of showing the input
    #[arg(long, value_name = "DIR", num_args = 0..=1)]
    #[expect(clippy::option_option, reason = "not given, given without a directory, and with one")]
    pub(crate) save: Option<Option<PathBuf>>,
    #[command(flatten)]
    pub(crate) suite: SuiteArgs,
    /// How long one call of a handler may take
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "2")]
    pub(crate) deadline: Duration,
}

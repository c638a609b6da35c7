//! The arguments.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, Subcommand, ValueEnum};

use super::bench::BenchArgs;
use super::choices::{EmitChoice, ModeChoice, ScopeChoice};
use super::corpus::REGRESSIONS;
use super::engines::SUBJECTS;
use super::fuzz_case::FuzzCaseArgs;
use super::judge::JudgeArgs;
use super::subject::SubjectName;
use parity_campaign::Shard;
use parity_engine_typescript::Alias;
use parity_report::Trees;

/// Runs the same inputs through the Rust, Python and TypeScript versions of workflow step handlers, and finds where they
/// disagree.
///
/// The Rust version is the oracle. A disagreement is shrunk to the smallest input that shows it.
#[derive(Debug, Parser)]
#[command(
    name = "parity",
    bin_name = "cargo parity",
    version,
    after_help = "Exit codes: 0 everything agrees, 1 something differs, 2 bad usage or input, 3 could not compare (an engine failed)."
)]
pub struct Args {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Generate inputs, run them in every language, and report each distinct divergence with its smallest input
    Diff(DiffArgs),
    /// Measure what a case costs beside what oracle and handlers cost by themselves
    Bench(BenchArgs),
    /// Join the JSON reports of a campaign's shards: together they say what one run of the whole campaign says
    Merge(MergeArgs),
    /// Run one step input or one task of a workflow, also of a saved divergence, on every engine and show whether they agree
    Replay(ReplayArgs),
    /// Answer step inputs from standard input, one JSON document a line, with outcomes on standard output
    Run(RunArgs),
    /// Show the handlers, how they may end, and which engines have them
    List(ListArgs),
    /// Show which declared outcomes the generated cases reach; exits with 1 below the thresholds of harness/blog/coverage.yaml
    Coverage(CoverageArgs),
    /// Write docs/gitbook and the table in handlers/README.md from registry, templates and sources
    Docs(DocsArgs),
    /// Answer the requests of another parity on standard input and output
    #[command(hide = true)]
    Worker(WorkerArgs),
    /// Write, check or compare the golden vectors in vectors/
    Vectors(VectorsArgs),
    /// Turn a saved divergence, which is mended by now, into a golden vector
    Promote(PromoteArgs),
    /// Show the step input of a file that a fuzz target (fuzz/README.md) has written, or save what it shows
    FuzzCase(FuzzCaseArgs),
}

/// An engine by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum EngineName {
    /// The oracle
    Rust,
    /// CPython, in process
    Python,
    /// QuickJS, in process
    Typescript,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// One JSON document
    Json,
}

/// Where handlers run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Isolation {
    /// In one process, watched by another; once more as `process` if that does not survive
    Auto,
    /// In this process
    InProcess,
    /// Every engine in a process of its own, which is replaced when a handler ends it
    Process,
}

#[derive(Debug, clap::Args)]
pub(super) struct RuntimeArgs {
    /// Where handlers run
    #[arg(long, value_enum, default_value_t = Isolation::Auto)]
    pub(super) isolation: Isolation,
    /// How long one call of a handler may take
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "5")]
    pub(super) deadline: Duration,
    /// Directory in which the running input is kept, for the process that watches this one
    #[arg(long, hide = true, value_name = "DIR")]
    pub(super) journal: Option<PathBuf>,
}

/// What the processes of a campaign are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Part {
    /// Single handlers
    Handlers,
    /// Workflows
    Workflows,
}

#[derive(Debug, clap::Args)]
pub(super) struct WorkerArgs {
    /// Engine that answers
    #[arg(long, value_name = "NAME")]
    pub(super) engine: SubjectName,
    #[command(flatten)]
    pub(super) trees: TreeArgs,
    /// How long one call of a handler may take
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "5")]
    pub(super) deadline: Duration,
    /// Decides the order of Python's sets
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) hash_seed: u32,
}

#[derive(Debug, clap::Args)]
pub(super) struct TreeArgs {
    /// Tree of Python handlers to use instead of our own, anywhere below DIR
    #[arg(long, value_name = "DIR")]
    python: Option<PathBuf>,
    /// Tree of TypeScript handlers to use instead of our own, anywhere below DIR
    #[arg(long, value_name = "DIR")]
    typescript: Option<PathBuf>,
    /// Tree of Ruby handlers, anywhere below DIR
    #[arg(long, value_name = "DIR")]
    ruby: Option<PathBuf>,
    /// The Python that --engine python-process runs, at least 3.10 [default: python3]
    #[arg(long, value_name = "PROGRAM")]
    python_program: Option<PathBuf>,
    /// Directory of workflow templates to use instead of our own, files named *.yaml in DIR; their steps say what handlers are
    /// called
    #[arg(long, value_name = "DIR")]
    templates: Option<PathBuf>,
    /// What imports of TypeScript mean that lead out of the tree or to no file, e.g. '@app/*=./src/*', with PATTERN as in the
    /// paths of a tsconfig.json and TARGET in the tree or a package; may be given several times
    #[arg(long = "alias", value_name = "PATTERN=TARGET", value_parser = alias)]
    aliases: Vec<String>,
}

impl TreeArgs {
    pub(super) fn trees(&self) -> Trees {
        Trees {
            python: self.python.clone(),
            typescript: self.typescript.clone(),
            ruby: self.ruby.clone(),
            python_program: self.python_program.clone(),
            templates: self.templates.clone(),
            aliases: self.aliases.clone(),
            ..Trees::default()
        }
    }

    /// The same for a command that asks for these engines.
    fn trees_for(&self, engines: &[SubjectName]) -> Trees {
        // A command that shows a divergence again runs both languages, unless one of them is not enough.
        let is_default = engines.iter().all(|engine| SUBJECTS.contains(engine));
        let engines = if is_default { Vec::new() } else { engines.iter().map(SubjectName::argument).collect() };
        Trees { engines, ..self.trees() }
    }
}

#[derive(Debug, clap::Args)]
pub(super) struct DiffArgs {
    /// Handler to run, as namespace/step; may be given several times [default: all, and all workflows of our own trees]
    #[arg(long = "handler", value_name = "ID")]
    pub(super) handlers: Vec<String>,
    /// Workflow to run instead of single handlers, as namespace/name, or all; may be given several times
    #[arg(long = "workflow", value_name = "ID", conflicts_with = "handlers")]
    pub(super) workflows: Vec<String>,
    /// How to run a workflow; may be given several times [default: both]
    #[arg(long = "mode", value_enum, requires = "workflows")]
    pub(super) modes: Vec<ModeChoice>,
    /// Engine to compare with the oracle: python, typescript, python-process, node, ruby, or any program that speaks the
    /// protocol of docs/protocol.md as NAME=COMMAND; may be given several times [default: python, typescript]
    #[arg(long = "engine", value_name = "NAME")]
    pub(super) engines: Vec<SubjectName>,
    /// Cases a handler or workflow; where both are run, a workflow gets a tenth as many [default: 1000; as many as it takes
    /// with --until-quiet]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    cases: Option<u64>,
    /// Draw no more cases of handlers when no new divergence was found for this many seconds; needs a time when it ends only
    /// if it always finds another
    #[arg(long, value_name = "SECONDS", value_parser = seconds, conflicts_with_all = ["workflows", "shard"])]
    pub(super) until_quiet: Option<Duration>,
    /// Draw no case after this many seconds; handlers take turns, so all of them get their share. What was found by then is
    /// shrunk for one more second
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(super) max_time: Option<Duration>,
    /// Seed of all cases, up to 16 hex digits [default: a random one, which the report names]
    #[arg(long, value_name = "HEX", value_parser = seed)]
    pub(super) seed: Option<u64>,
    /// Largest inputs to generate; smaller ones are always mixed in
    #[arg(long, value_enum, default_value_t = ScopeChoice::Normal)]
    pub(super) scope: ScopeChoice,
    /// Run slice K of N of the cases; `parity merge` joins the JSON reports of all slices. Needs --seed
    #[arg(long, value_name = "K/N", requires = "seed", default_value_t = Shard::WHOLE, hide_default_value = true)]
    pub(super) shard: Shard,
    /// Run only what can have changed since a git revision: a handler's own file, what it imports, its template
    #[arg(long, value_name = "BASE", num_args = 0..=1, default_missing_value = "HEAD")]
    pub(super) changed: Option<String>,
    /// Processes that run the handlers [default: one a core]; what is found does not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) jobs: Option<u16>,
    /// What to do for another parity that has started this one
    #[arg(long, hide = true, value_enum, value_name = "PART")]
    pub(super) member: Option<Part>,
    #[command(flatten)]
    trees: TreeArgs,
    #[command(flatten)]
    pub(super) judge: JudgeArgs,
    /// Ledger of known divergences [default: that of our own handlers for them, else none]
    #[arg(long, value_name = "FILE")]
    pub(super) ledger: Option<PathBuf>,
    #[command(flatten)]
    pub(super) runtime: RuntimeArgs,
    /// Save each divergence of a handler as a value, by default in vectors/regressions; those that are there already are
    /// run before the first case, with or without this
    #[arg(long, value_name = "DIR", num_args = 0..=1, default_missing_value = REGRESSIONS, conflicts_with = "workflows")]
    pub(super) save: Option<PathBuf>,
    /// Print a stand-alone test of each minimal input, too
    #[arg(long, value_enum, value_name = "KIND", conflicts_with = "workflows")]
    pub(super) emit: Option<EmitChoice>,
    /// How to print the report
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
    /// Write the report to FILE as JSON, too
    #[arg(long, value_name = "FILE")]
    pub(super) report: Option<PathBuf>,
}

/// Cases a handler unless told otherwise.
const CASES: u64 = 1000;

/// More than anybody waits for.
const UNBOUNDED: u64 = 1 << 40;

impl DiffArgs {
    pub(super) fn cases(&self) -> u64 {
        self.cases.unwrap_or(if self.until_quiet.is_some() { UNBOUNDED } else { CASES })
    }

    pub(super) fn trees(&self) -> Trees {
        Trees { options: self.judge.options(), ..self.trees.trees_for(&self.engines) }
    }
}

#[derive(Debug, clap::Args)]
pub(super) struct MergeArgs {
    /// JSON reports of `parity diff`; - is standard input
    #[arg(required = true, value_name = "REPORT")]
    pub(super) reports: Vec<PathBuf>,
    /// How to print the report
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
}

#[derive(Debug, clap::Args)]
pub(super) struct ReplayArgs {
    /// JSON file with a step input, a workflow's task or a saved divergence; - is standard input
    #[arg(required_unless_present = "all")]
    pub(super) file: Option<PathBuf>,
    /// Replay every saved divergence and say what has become of it
    #[arg(long, conflicts_with_all = ["file", "templates", "format"])]
    pub(super) all: bool,
    /// Directory of saved divergences [default: vectors/regressions]
    #[arg(long, value_name = "DIR", requires = "all")]
    pub(super) corpus: Option<PathBuf>,
    /// Engine to compare with the oracle, as for diff; may be given several times [default: python, typescript]
    #[arg(long = "engine", value_name = "NAME")]
    pub(super) engines: Vec<SubjectName>,
    #[command(flatten)]
    trees: TreeArgs,
    #[command(flatten)]
    pub(super) judge: JudgeArgs,
    #[command(flatten)]
    pub(super) runtime: RuntimeArgs,
    /// Print a stand-alone test of the input, too, for each engine that differs
    #[arg(long, value_enum, value_name = "KIND", requires = "file")]
    pub(super) emit: Option<EmitChoice>,
    /// How to print the outcomes
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
}

impl ReplayArgs {
    pub(super) fn trees(&self) -> Trees {
        Trees { options: self.judge.options(), ..self.trees.trees_for(&self.engines) }
    }
}

#[derive(Debug, clap::Args)]
pub(super) struct RunArgs {
    /// Engine that answers
    #[arg(long, value_name = "NAME")]
    pub(super) engine: EngineName,
    #[command(flatten)]
    pub(super) trees: TreeArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    pub(super) trees: TreeArgs,
    /// How to print the list
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
}

#[derive(Debug, clap::Args)]
pub(super) struct CoverageArgs {
    /// Handler to look at, as namespace/step; may be given several times [default: all]
    #[arg(long = "handler", value_name = "ID")]
    pub(super) handlers: Vec<String>,
    /// Cases a handler [default: as harness/blog/coverage.yaml says]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) cases: Option<u64>,
    /// Seed of all cases, up to 16 hex digits
    #[arg(long, value_name = "HEX", value_parser = seed, default_value = "0")]
    pub(super) seed: u64,
    /// Show lines and branches of the Python and TypeScript handlers, too; takes coverage.py, and Node with c8
    #[arg(long)]
    pub(super) lines: bool,
    /// Python that has coverage.py
    #[arg(long, value_name = "FILE", default_value = "python3", requires = "lines")]
    pub(super) python_program: PathBuf,
    /// How to print the report
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
}

#[derive(Debug, clap::Args)]
pub(super) struct DocsArgs {
    /// Write nothing; name the files that are stale and exit with 1 if there are any
    #[arg(long)]
    pub(super) check: bool,
    /// The repository [default: the one that this binary was built from]
    #[arg(long, value_name = "DIR")]
    pub(super) root: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(super) struct VectorsArgs {
    #[command(subcommand)]
    pub(super) command: VectorsCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum VectorsCommand {
    /// Choose the vectors anew, replay them on every engine, and replace the files that are stale
    Regenerate(VectorsRegenerateArgs),
    /// Check that the files are whole and that oracle and engines answer as they expect
    Check(VectorsRootArgs),
    /// Show what the oracle answers otherwise than the vectors expect, grouped by what changed
    Diff(VectorsDiffArgs),
}

#[derive(Debug, clap::Args)]
pub(super) struct VectorsRootArgs {
    /// The repository [default: the one that this binary was built from]
    #[arg(long, value_name = "DIR")]
    pub(super) root: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(super) struct VectorsRegenerateArgs {
    /// Handler to choose vectors for, as namespace/step; may be given several times [default: all]
    #[arg(long = "handler", value_name = "ID")]
    pub(super) handlers: Vec<String>,
    /// Write nothing; name the files that are stale and exit with 1 if there are any
    #[arg(long)]
    pub(super) check: bool,
    /// Vectors that are no longer chosen may be dropped
    #[arg(long)]
    pub(super) allow_removals: bool,
    #[command(flatten)]
    pub(super) root: VectorsRootArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct VectorsDiffArgs {
    #[command(flatten)]
    pub(super) root: VectorsRootArgs,
    /// How to print the changes
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
}

#[derive(Debug, clap::Args)]
pub(super) struct PromoteArgs {
    /// The saved divergence
    pub(super) file: PathBuf,
    /// Why the vector is there, in one sentence
    #[arg(long, value_name = "TEXT")]
    pub(super) note: String,
    #[command(flatten)]
    pub(super) root: VectorsRootArgs,
}

fn alias(text: &str) -> Result<String, String> {
    text.parse::<Alias>().map(|_| text.to_owned())
}

pub(super) fn seed(text: &str) -> Result<u64, String> {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    u64::from_str_radix(digits, 16).map_err(|_| "a seed is up to 16 hex digits, e.g. 00000000c0ffee00".to_owned())
}

pub(super) fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds.filter(|seconds| !seconds.is_zero()).ok_or_else(|| "a time is a positive number of seconds".to_owned())
}

//! The arguments that say what is compared, on what, and by which rules.

use std::path::PathBuf;

use parity_engine::EngineConfig;
use parity_engine::allowed::Door;
use parity_judge::{Field, Tolerance};

use super::choices::{NodeChoice, OracleChoice, StrictnessChoice};
use super::values::{alias, node_version};

#[derive(Debug, Default, clap::Args)]
pub(crate) struct TreeArgs {
    /// Tree of Python handlers to use instead of our own, anywhere below DIR
    #[arg(long, value_name = "DIR")]
    pub(crate) python: Option<PathBuf>,
    /// Tree of TypeScript handlers to use instead of our own, anywhere below DIR
    #[arg(long, value_name = "DIR")]
    pub(crate) typescript: Option<PathBuf>,
    /// Tree of Ruby handlers, anywhere below DIR
    #[arg(long, value_name = "DIR")]
    pub(crate) ruby: Option<PathBuf>,
    /// The Node, 20 or newer, that confirms what --engine typescript answers, which is built on QuickJS, and is right where the two
    /// differ; off to have what QuickJS answers, which is faster [default: the one on PATH, if there is one]
    #[arg(long, value_name = "PROGRAM")]
    pub(crate) node: Option<NodeChoice>,
    /// The version of Node whose built-in objects --engine typescript has: 20, 22 or 24 [default: that of the Node which
    /// confirms it, else 20]
    #[arg(long, value_name = "VERSION", value_parser = node_version)]
    pub(crate) node_version: Option<u32>,
    /// The Python that --engine python-process runs, at least 3.10 [default: python3]
    #[arg(long, value_name = "PROGRAM")]
    pub(crate) python_program: Option<PathBuf>,
    /// Workflow templates to use instead of our own, a file or a directory in which files named *.yaml or *.yml are; their steps say what
    /// handlers are called
    #[arg(long, value_name = "PATH")]
    pub(crate) templates: Option<PathBuf>,
    /// What imports of TypeScript mean that lead out of the tree or to no file, e.g. '@app/*=./src/*', with PATTERN as in the
    /// paths of a tsconfig.json and TARGET in the tree or a package; may be given several times
    #[arg(long = "alias", value_name = "PATTERN=TARGET", value_parser = alias)]
    pub(crate) aliases: Vec<String>,
    /// What handlers may do beside what every handler may, for who asks for it: `file:PATH` reads a file, or a directory and all below it;
    /// network has sockets and looks up names; process starts programs, which may do what handlers may; the report says so; may be
    /// given several times
    #[arg(long = "allow", value_name = "DOOR")]
    pub(crate) allowed: Vec<Door>,
}

/// Everything that a suite is made of.
#[derive(Debug, clap::Args)]
pub(crate) struct SuiteArgs {
    /// Engine to compare with the oracle: python, typescript, python-process, node, ruby; python-process, node and ruby in a program
    /// of yours as NAME=PROGRAM, several of one kind as NAME@LABEL=PROGRAM, e.g. node@24=/opt/node24/bin/node; or any program
    /// that speaks the protocol of docs/protocol.md as NAME=COMMAND; may be given several times [default: python, typescript]
    #[arg(long = "engine", value_name = "NAME")]
    pub(crate) engines: Vec<EngineConfig>,
    #[command(flatten)]
    pub(crate) trees: TreeArgs,
    /// What the engines are compared with: rust, which has our own handlers, an engine as --engine names it, or majority
    /// [default: rust; for handlers that it does not have, majority of three or more engines, else the first engine]
    #[arg(long, value_name = "NAME")]
    pub(crate) oracle: Option<OracleChoice>,
    /// How strictly outcomes are compared [default: full for our own trees, contract for others]
    #[arg(long, value_enum)]
    pub(crate) strictness: Option<StrictnessChoice>,
    /// Field in which numbers may differ by up to MOST, as a JSON Pointer into the outcome such as
    /// /result/items/*/price=0.005; may be given several times
    #[arg(long = "tolerance", value_name = "PATH=MOST")]
    pub(crate) tolerances: Vec<Tolerance>,
    /// Field that is compared by its shape alone, e.g. `/result/created_at`; under `contract`, what is random is found out
    /// without it; may be given several times
    #[arg(long = "volatile", value_name = "PATH")]
    pub(crate) volatile: Vec<Field>,
    /// Field that is not compared, with all that is in it, e.g. `/result/debug`; the report says so; may be given several times
    #[arg(long = "ignore", value_name = "PATH")]
    pub(crate) ignored: Vec<Field>,
    /// Compare inputs, too, that the reference answers with `INVALID_INPUT`; for trees that were named, these are outside the contract
    #[arg(long)]
    pub(crate) include_invalid: bool,
}

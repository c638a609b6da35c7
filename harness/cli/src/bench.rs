//! `parity bench`: what a case costs beside what its handlers cost.

use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use clap::ValueEnum;

use super::args::seed;
use super::engines::{PYTHON_TREE, SUBJECTS, TYPESCRIPT_TREE, all_handlers, known_handler, load_all, own_dir};
use super::error::{CliError, Exit};
use parity_bench::{Bench, Engines, Growth, PeerPrograms};
use parity_engine_python::PythonEngine;
use parity_engine_typescript::TypeScriptEngine;
use parity_report::Trees;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The planted defect whose divergences are shrunk.
const DEFECT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/defects/line_total_rounded_half_even");

#[derive(Debug, clap::Args)]
pub(super) struct BenchArgs {
    /// Handler to measure, as namespace/step; may be given several times [default: all]
    #[arg(long = "handler", value_name = "ID")]
    pub(super) handlers: Vec<String>,
    /// Cases a handler and round
    #[arg(long, value_name = "N", default_value_t = 400, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub(super) cases: u64,
    /// Rounds, of which the median counts
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(super) rounds: u32,
    /// Seed of all cases, up to 16 hex digits
    #[arg(long, value_name = "HEX", value_parser = seed, default_value = "0")]
    pub(super) seed: u64,
    /// Measure the peers of DIR on the same inputs, too: other ways to hold two languages against each other [default DIR:
    /// benches/peers]. Takes Node 20 and npm; packages go to target/peers
    #[arg(long, value_name = "DIR", num_args = 0..=1, default_missing_value = PEERS)]
    pub(super) peers: Option<PathBuf>,
    /// Measure instead how time and memory grow with the number of cases and with the size of datasets
    #[arg(long, conflicts_with_all = ["peers", "handlers", "cases", "rounds"])]
    pub(super) growth: bool,
    /// How to print the figures
    #[arg(long, value_enum, default_value_t = Figured::Text)]
    pub(super) format: Figured,
}

/// How figures are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Figured {
    /// For people
    Text,
    /// One JSON document
    Json,
    /// The tables of the README
    Markdown,
}

/// Our own peers.
const PEERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../benches/peers");

pub(super) fn bench(args: &BenchArgs) -> Result<Exit, CliError> {
    let started = Instant::now();
    let mut subjects = load_all(&SUBJECTS, &Trees::default())?;
    if args.growth {
        let growth = Growth::measure(&std::env::current_exe()?, &all_handlers(), &mut subjects, args.seed)?;
        let json = || serde_json::json!(growth).to_string() + "\n";
        return print(args.format, &|| growth.render(), &json, &|| growth.markdown());
    }
    let handlers = if args.handlers.is_empty() {
        all_handlers()
    } else {
        args.handlers.iter().map(|name| known_handler(name)).collect::<Result<_, _>>()?
    };
    let bench = Bench { handlers, cases: args.cases, rounds: args.rounds, seed: args.seed };
    bench.first_case(&mut subjects)?;
    let startup = started.elapsed();
    let mut engines = Engines {
        subjects,
        python: PythonEngine::load(&own_dir(PYTHON_TREE))?,
        typescript: TypeScriptEngine::load(&own_dir(TYPESCRIPT_TREE))?,
    };
    let mut figures = bench.run(&mut engines, startup, &own_dir(DEFECT))?;
    if let Some(sources) = &args.peers {
        let sources = sources.canonicalize().unwrap_or_else(|_| sources.clone());
        let root = own_dir(ROOT);
        figures.add_peers(&bench, &PeerPrograms { build: root.join("target/peers"), root, sources })?;
    }
    let json = || serde_json::json!(figures).to_string() + "\n";
    print(args.format, &|| figures.render(), &json, &|| figures.markdown())
}

fn print(
    format: Figured,
    text: &dyn Fn() -> String,
    json: &dyn Fn() -> String,
    markdown: &dyn Fn() -> String,
) -> Result<Exit, CliError> {
    let text = match format {
        Figured::Text => text(),
        Figured::Json => json(),
        Figured::Markdown => markdown(),
    };
    std::io::stdout().lock().write_all(text.as_bytes())?;
    Ok(Exit::Agreement)
}

//! `parity bench`: what a case costs beside what its handlers cost.

use std::io::Write;
use std::time::Instant;

use super::args::{BenchArgs, Figured};
use super::engines::{PYTHON_TREE, SUBJECTS, TYPESCRIPT_TREE, all_handlers, known_handler, load_all, own_dir};
use super::error::{CliError, Exit};
use crate::bench::{Bench, Engines, Growth, PeerPrograms};
use crate::engine::python::PythonEngine;
use crate::engine::typescript::TypeScriptEngine;
use crate::report::Trees;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The planted defect whose divergences are shrunk.
const DEFECT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/defects/line_total_rounded_half_even");

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

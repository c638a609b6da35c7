//! `parity bench`: what a case costs beside what its handlers cost.

use std::io::Write;
use std::time::Instant;

use super::args::{BenchArgs, Format};
use super::engines::{PYTHON_TREE, SUBJECTS, TYPESCRIPT_TREE, all_handlers, known_handler, load_all, own_dir};
use super::error::{CliError, Exit};
use crate::bench::{Bench, Engines};
use crate::engine::python::PythonEngine;
use crate::engine::typescript::TypeScriptEngine;
use crate::report::Trees;

pub(super) fn bench(args: &BenchArgs) -> Result<Exit, CliError> {
    let started = Instant::now();
    let handlers = if args.handlers.is_empty() {
        all_handlers()
    } else {
        args.handlers.iter().map(|name| known_handler(name)).collect::<Result<_, _>>()?
    };
    let trees = Trees::default();
    let bench = Bench { handlers, cases: args.cases, rounds: args.rounds, seed: args.seed };
    let mut subjects = load_all(&SUBJECTS, &trees)?;
    bench.first_case(&mut subjects)?;
    let startup = started.elapsed();
    let mut engines = Engines {
        subjects,
        python: PythonEngine::load(&own_dir(PYTHON_TREE))?,
        typescript: TypeScriptEngine::load(&own_dir(TYPESCRIPT_TREE))?,
    };
    let figures = bench.run(&mut engines, startup)?;
    let mut out = std::io::stdout().lock();
    match args.format {
        Format::Text => out.write_all(figures.render().as_bytes())?,
        Format::Json => writeln!(out, "{}", serde_json::json!(figures))?,
    }
    Ok(Exit::Agreement)
}

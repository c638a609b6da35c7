//! `parity bench`: what a case costs beside what its handlers cost.

use std::io::Write;
use std::path::Path;
use std::time::Instant;

use parity_bench::{Bench, Engines, Growth, PeerPrograms};
use parity_campaign::Panel;
use parity_engine::{EngineConfig, LANGUAGES, Launch, LaunchOptions};
use parity_engine_python::PythonEngine;
use parity_engine_typescript::TypeScriptEngine;
use parity_engines::Launcher;

use super::args::{BenchArgs, Figured};
use super::error::{CliError, Exit};
use super::root::Root;
use super::suite::{all_handlers, known_handler};

/// The planted defect whose divergences are shrunk.
const DEFECT: &str = "fixtures/defects/line_total_rounded_half_even";

/// Our own peers.
const PEERS: &str = "benches/peers";

pub(super) fn bench(args: &BenchArgs, root: Option<&Path>, launch: &Launcher) -> Result<Exit, CliError> {
    let started = Instant::now();
    let root = Root::find_for("bench", "`parity diff` says how long its cases took", root)?;
    let mut panel = panel(&root, launch)?;
    if args.growth {
        let growth = Growth::measure(&std::env::current_exe()?, &all_handlers(), &mut panel, args.seed)?;
        let json = || serde_json::json!(growth).to_string() + "\n";
        return print(args.format, &|| growth.render(), &json, &|| growth.markdown());
    }
    let handlers = if args.handlers.is_empty() {
        all_handlers()
    } else {
        args.handlers.iter().map(|name| known_handler(name)).collect::<Result<_, _>>()?
    };
    let bench = Bench { handlers, cases: args.cases, rounds: args.rounds, seed: args.seed };
    bench.first_case(&mut panel)?;
    let startup = started.elapsed();
    let mut engines = Engines {
        panel,
        python: PythonEngine::load(&root.dir().join("handlers/python"))?,
        typescript: TypeScriptEngine::load(&root.dir().join("handlers/typescript"))?,
    };
    let mut figures = bench.run(&mut engines, startup, &root.dir().join(DEFECT))?;
    if let Some(sources) = &args.peers {
        let sources = sources.clone().unwrap_or_else(|| root.dir().join(PEERS));
        let sources = sources.canonicalize().unwrap_or(sources);
        let root = root.dir().to_owned();
        figures.add_peers(&bench, &PeerPrograms { build: root.join("target/peers"), root, sources })?;
    }
    let json = || serde_json::json!(figures).to_string() + "\n";
    print(args.format, &|| figures.render(), &json, &|| figures.markdown())
}

/// The oracle and the built-in engines on our own handlers.
fn panel(root: &Root, launch: &Launcher) -> Result<Panel, CliError> {
    let engines = LANGUAGES.into_iter().filter_map(EngineConfig::embedded);
    let start = |engine: EngineConfig| {
        let tree = engine.language().and_then(|language| root.handlers(language.name));
        launch.launch(&EngineConfig { tree, ..engine }, &LaunchOptions::default())
    };
    let oracle = launch.launch(&EngineConfig::reference(), &LaunchOptions::default())?;
    Ok(Panel { oracle, engines: engines.map(start).collect::<Result<_, _>>()? })
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

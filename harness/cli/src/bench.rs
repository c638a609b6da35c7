//! `parity bench`: what a case costs beside what its handlers cost.

use std::io::Write;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use parity_bench::{Bench, BenchError, Engines, Growth, PeerPrograms, Run, RunFigures};
use parity_campaign::{Campaign, Direct, Isolation, Panel, Ran, Rosters, Runner, Shard, StepKind, WorkerProgram};
use parity_engine::{EngineConfig, LANGUAGES, Launch, LaunchOptions, Second};
use parity_engine_python::PythonEngine;
use parity_engine_typescript::TypeScriptEngine;
use parity_engines::Launcher;
use parity_schema::Scope;
use parity_suite::Suite;

use super::args::{BenchArgs, Figured, TreeArgs};
use super::diff::CAMPAIGN_WORKER;
use super::error::{CliError, Exit};
use super::root::Root;
use super::suite::{all_handlers, configured, known_handler};

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
    if args.handlers.is_empty() {
        figures.runs = Some(runs(&root, launch, &bench)?);
    }
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

/// What a default run has: how much longer it takes than one without.
fn runs(root: &Root, launch: &Launcher, bench: &Bench) -> Result<RunFigures, CliError> {
    let engines = LANGUAGES.into_iter().filter_map(EngineConfig::embedded);
    let engines = engines.map(|engine| configured(engine, &TreeArgs::default(), Some(root)));
    let engines: Vec<EngineConfig> = engines.collect::<Result<_, _>>()?;
    let has_node = engines.iter().any(|engine| matches!(engine.second, Some(Second::Program { .. })));
    let alone = engines.iter().map(|engine| EngineConfig { second: None, ..engine.clone() }).collect();
    let [default, without_node] = [engines, alone].map(|engines| Campaign::<StepKind> {
        groups: bench.handlers.clone(),
        modes: vec![Direct],
        suite: Suite { engines, ..parity_blog::suite() },
        cases: bench.cases,
        max_time: None,
        until_quiet: None,
        fail_fast: false,
        seed: bench.seed,
        scope: Scope::Normal,
        shard: Shard::WHOLE,
    });
    RunFigures::measure(bench.rounds, has_node, |run| match run {
        Run::Default => timed(&default, launch, &[]),
        Run::WithoutNode => timed(&without_node, launch, &[]),
        Run::Unconfined => timed(&default, launch, &["--unconfined"]),
    })
}

/// How long a campaign takes whose processes are started with these arguments.
fn timed(campaign: &Campaign<StepKind>, launch: &Launcher, arguments: &[&str]) -> Result<Duration, CliError> {
    let arguments = [CAMPAIGN_WORKER].iter().chain(arguments).map(Into::into);
    let started = Instant::now();
    let runner = Runner {
        launch,
        deadline: LaunchOptions::default().deadline,
        isolation: Isolation::Auto,
        jobs: thread::available_parallelism().map_or(1, Into::into),
        program: WorkerProgram { program: None, arguments: arguments.chain(launch.arguments().to_vec()).collect() },
        started,
        interrupted: &|| false,
        notice: &|_| (),
    };
    let Ran { tally, .. } = campaign.run(&runner, |_: &Rosters| Ok::<_, CliError>(()), &mut |_| ())?;
    let time = started.elapsed();
    match tally.divergences.first() {
        Some(found) => {
            let (handler, engine) = (found.signature.handler.clone(), found.signature.engine.clone());
            Err(BenchError::Differs { handler, engine }.into())
        }
        None => Ok(time),
    }
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

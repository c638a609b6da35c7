//! From arguments to the suite. Here alone it is asked whose handlers they are: everything behind it reads the suite.

use std::path::{Path, PathBuf};

use parity_blog::{LIBRARY, OWN, Oracle as Reference, named_by_data};
use parity_engine::{EngineConfig, LANGUAGES, Language};
use parity_engines::Launcher;
use parity_judge::majority::FEWEST;
use parity_judge::{Criteria, Ledger, NamedByData, Strictness};
use parity_model::HandlerId;
use parity_report::{Trees, printable};
use parity_suite::template::{Loaded, Template, load_all, load_usable};
use parity_suite::{Generators, Literals, Oracle, Recorded, Suite};
use reference_rs::HANDLERS;

use super::args::{OracleChoice, SuiteArgs, TreeArgs};
use super::error::CliError;
use super::programs::with_programs;
use super::root::Root;
use super::settings;

/// Generators by the name of their library.
pub(super) fn libraries(name: &str) -> Option<Generators> {
    (name == LIBRARY).then_some(OWN)
}

/// What starts every engine.
pub(super) fn launcher() -> Launcher {
    Launcher::new(Some(|| Box::new(Reference::default())))
}

/// A suite as it was asked for.
pub(super) struct Asked {
    /// What is compared.
    pub(super) suite: Suite,
    /// Where our own things are, if anything of them takes part.
    pub(super) root: Option<Root>,
    /// What of the arguments names the suite again.
    pub(super) trees: Trees,
    /// Where the templates are.
    pub(super) templates: PathBuf,
    /// Those of them that cannot be used, each with why.
    pub(super) refused: Vec<String>,
    /// Where divergences are saved unless another place is named.
    pub(super) corpus: PathBuf,
    /// Where golden vectors are kept unless another place is named.
    pub(super) vectors: PathBuf,
}

/// Where divergences of handlers without a checkout are saved.
const CORPUS: &str = "parity-regressions";

/// Where their golden vectors are kept.
const VECTORS: &str = "parity-vectors";

/// Names at most so many letters apart are taken for one another.
const NEAR: usize = 3;

/// Which handlers are asked for.
pub(super) enum Chosen<'a> {
    /// All of them.
    All,
    /// Those of these names.
    Named(&'a [String]),
    /// This one, which need not be known.
    One(&'a HandlerId),
}

impl Asked {
    /// The suite of the arguments; `ledger` is the one that was named.
    pub(super) fn new(
        args: &SuiteArgs,
        root: Option<&Path>,
        chosen: &Chosen<'_>,
        ledger: Option<&Path>,
    ) -> Result<Self, CliError> {
        let named_templates = args.trees.templates.clone();
        let root = match Root::find(root) {
            Ok(root) => Some(root),
            // Somebody's own templates need no checkout, and without them everything does.
            Err(_) if named_templates.is_some() && root.is_none() => None,
            Err(error) => return Err(error),
        };
        let own_templates = root.as_ref().map(Root::templates);
        let dir = named_templates.clone().or(own_templates).unwrap_or_default();
        let (templates, refused) = match named_templates {
            Some(_) => usable(&dir)?,
            None => (load_all(&dir)?, Vec::new()),
        };
        let engines = engines(args, root.as_ref())?;
        let handlers = handlers(chosen, &templates, named_templates.is_some())?;
        let is_known = handlers.iter().all(|handler| reference_rs::find(handler).is_some());
        let is_ours = are_ours(&args.trees, &engines);
        let oracle = oracle(args, &engines, is_known, root.as_ref())?;
        let engines: Vec<EngineConfig> = engines.into_iter().filter(|engine| !is_oracle(&oracle, engine)).collect();
        if let Some(name) = shared_name(&oracle, &engines) {
            return Err(CliError::OneName { name });
        }
        if engines.is_empty() {
            return Err(CliError::NothingToCompare { oracle: oracle.name().to_owned() });
        }
        // What our own generators draw is meant for our own handlers.
        let is_library = named_templates.is_none() || oracle == Oracle::default();
        let default = if is_ours && is_known { Strictness::Full } else { Strictness::Contract };
        let criteria = Criteria {
            ledger: load_ledger(ledger, root.as_ref().filter(|_| is_ours))?,
            strictness: args.strictness.map_or(default, Into::into),
            tolerances: args.tolerances.clone(),
            volatile: args.volatile.clone(),
            ignored: args.ignored.clone(),
            codeless: names_of(&engines, EngineConfig::is_codeless),
            // The oracle's handlers may raise, too.
            retrying: names_of(engines.iter().chain(engine_of(&oracle)), EngineConfig::retries_raised),
            invalid_is_outside: oracle == Oracle::default() && !is_ours && !args.include_invalid,
            named_by_data: if is_library { named_by_data() } else { NamedByData::default() },
        };
        let (corpus, vectors) = match &root {
            Some(root) if named_templates.is_none() => (root.regressions(), root.vectors()),
            _ => (beside_settings(CORPUS), beside_settings(VECTORS)),
        };
        let suite = Suite {
            handlers,
            templates,
            strict_trees: named_templates.is_none(),
            oracle,
            engines,
            // Who draws cases reads the sources.
            literals: Literals::default(),
            recorded: Recorded::default(),
            criteria,
            library: is_library.then(|| LIBRARY.to_owned()),
            generators: if is_library { OWN } else { Generators::NONE },
        };
        Ok(Self { suite, root, trees: trees_of(args), templates: dir, refused, corpus, vectors })
    }

    /// Whether no tree and no template was named.
    pub(super) fn is_own(&self) -> bool {
        self.trees.python.is_none()
            && self.trees.typescript.is_none()
            && self.trees.ruby.is_none()
            && self.trees.templates.is_none()
            && !self.suite.engines.iter().any(EngineConfig::is_command)
    }
}

/// A directory beside the settings, so that it is the same one wherever in a project a command is run.
fn beside_settings(name: &str) -> PathBuf {
    settings::found().map_or_else(|| name.into(), |file| file.with_file_name(name))
}

/// The templates of somebody's own that can be used, and why others cannot, which is told.
pub(super) fn usable(dir: &Path) -> Result<(Vec<Template>, Vec<String>), CliError> {
    let Loaded { templates, mut refused, notes } = load_usable(dir)?;
    if templates.is_empty() && refused.len() == 1 {
        return Err(refused.remove(0).into());
    }
    for note in &notes {
        eprintln!("parity: {}", printable(note));
    }
    let reasons: Vec<String> = refused.iter().map(ToString::to_string).collect();
    for reason in &reasons {
        eprintln!("parity: not compared: {}", printable(reason));
    }
    match refused.pop() {
        Some(error) if templates.is_empty() => Err(error.into()),
        _ => Ok((templates, reasons)),
    }
}

/// The engines that were named, each once, or the built-in ones, on their trees.
fn engines(args: &SuiteArgs, root: Option<&Root>) -> Result<Vec<EngineConfig>, CliError> {
    let named = if args.engines.is_empty() { usual_engines(&args.trees) } else { args.engines.clone() };
    let mut engines: Vec<EngineConfig> = Vec::new();
    for engine in named {
        let engine = configured(engine, &args.trees, root)?;
        if !engines.contains(&engine) {
            engines.push(engine);
        }
    }
    Ok(engines)
}

/// The built-in engines; of somebody's own templates, the engines of those languages whose trees were named, if they are enough
/// to compare.
pub(super) fn usual_engines(trees: &TreeArgs) -> Vec<EngineConfig> {
    let is_named = |language: &&'static Language| named(trees, language).is_some();
    let engine = |language| EngineConfig::embedded(language).or_else(|| EngineConfig::interpreter(language));
    let named: Vec<EngineConfig> = LANGUAGES.into_iter().filter(is_named).filter_map(engine).collect();
    if trees.templates.is_some() && named.len() > 1 {
        named
    } else {
        LANGUAGES.into_iter().filter_map(EngineConfig::embedded).collect()
    }
}

/// The engine on its tree, with all that was named for it.
pub(super) fn configured(
    engine: EngineConfig,
    trees: &TreeArgs,
    root: Option<&Root>,
) -> Result<EngineConfig, CliError> {
    let language = engine.language();
    let own = || root.zip(language).and_then(|(root, language)| root.handlers(language.name));
    let tree = language.and_then(|language| named(trees, language)).cloned().or_else(own);
    let allowed = trees.allowed.iter().cloned().collect();
    let mut engine = EngineConfig { tree, allowed, ..engine };
    if engine.language().is_some_and(|language| *language == parity_engine::language::TYPESCRIPT) {
        engine.aliases.clone_from(&trees.aliases);
    }
    with_programs(engine, trees)
}

/// The tree that was named for a language.
pub(super) fn named<'t>(trees: &'t TreeArgs, language: &Language) -> Option<&'t PathBuf> {
    match language.flag? {
        "--python" => trees.python.as_ref(),
        "--typescript" => trees.typescript.as_ref(),
        "--ruby" => trees.ruby.as_ref(),
        _ => None,
    }
}

/// Whether the handlers are those of the checkout.
fn are_ours(trees: &TreeArgs, engines: &[EngineConfig]) -> bool {
    let is_named = LANGUAGES.into_iter().any(|language| named(trees, language).is_some());
    !is_named && !engines.iter().any(EngineConfig::is_command)
}

fn oracle(args: &SuiteArgs, engines: &[EngineConfig], is_known: bool, root: Option<&Root>) -> Result<Oracle, CliError> {
    let choice = args.oracle.clone().unwrap_or_else(|| match engines.first() {
        Some(first) if !is_known && engines.len() < FEWEST => OracleChoice::Engine(first.clone()),
        Some(_) if !is_known => OracleChoice::Majority,
        _ => OracleChoice::Reference,
    });
    match choice {
        OracleChoice::Majority if engines.len() < FEWEST => {
            Err(CliError::TooFewToVote { engines: engines.len(), fewest: FEWEST })
        }
        OracleChoice::Majority => Ok(Oracle::Majority),
        OracleChoice::Reference => Ok(Oracle::default()),
        OracleChoice::Engine(engine) => Ok(Oracle::Engine(configured(engine, &args.trees, root)?)),
    }
}

fn engine_of(oracle: &Oracle) -> Option<&EngineConfig> {
    match oracle {
        Oracle::Engine(engine) => Some(engine),
        Oracle::Majority => None,
    }
}

/// The names of those engines of which something is so.
fn names_of<'e>(
    engines: impl IntoIterator<Item = &'e EngineConfig>,
    is_so: impl Fn(&EngineConfig) -> bool,
) -> Vec<String> {
    engines.into_iter().filter(|engine| is_so(engine)).map(|engine| engine.name.clone()).collect()
}

fn is_oracle(oracle: &Oracle, engine: &EngineConfig) -> bool {
    engine_of(oracle) == Some(engine)
}

/// A name that two of those have which take part.
fn shared_name(oracle: &Oracle, engines: &[EngineConfig]) -> Option<String> {
    let others = engine_of(oracle).map(|engine| engine.name.as_str());
    let names: Vec<&str> = engines.iter().map(|engine| engine.name.as_str()).chain(others).collect();
    let mut places = names.iter().enumerate();
    places.find(|(place, name)| names[..*place].contains(name)).map(|(_, name)| (*name).to_owned())
}

/// The handlers that were asked for, each once: those of the templates if some were named, else the reference's.
fn handlers(chosen: &Chosen<'_>, templates: &[Template], from_templates: bool) -> Result<Vec<HandlerId>, CliError> {
    let all = || {
        let steps = templates.iter().flat_map(|template| &template.steps);
        let known = if from_templates { Vec::new() } else { all_handlers() };
        let others = steps.map(|step| step.handler.callable.clone());
        known.into_iter().chain(others)
    };
    let mut handlers: Vec<HandlerId> = Vec::new();
    let all: Vec<HandlerId> = all().collect();
    let wanted = match chosen {
        Chosen::All => all,
        Chosen::Named(names) => names.iter().map(|name| handler_among(&all, name)).collect::<Result<_, _>>()?,
        Chosen::One(handler) if from_templates => vec![(*handler).clone()],
        Chosen::One(handler) => vec![handler_among(&all, handler.as_str())?],
    };
    for handler in wanted {
        if !handlers.contains(&handler) {
            handlers.push(handler);
        }
    }
    Ok(handlers)
}

/// All handlers of the reference, in its order.
pub(super) fn all_handlers() -> Vec<HandlerId> {
    HANDLERS.iter().filter_map(|spec| spec.id.parse().ok()).collect()
}

/// The handler of this name among our own.
pub(super) fn known_handler(name: &str) -> Result<HandlerId, CliError> {
    handler_among(&all_handlers(), name)
}

/// The handler of this name among `all`.
fn handler_among(all: &[HandlerId], name: &str) -> Result<HandlerId, CliError> {
    let known = name.parse().ok().filter(|handler| all.contains(handler));
    known.ok_or_else(|| CliError::UnknownHandler {
        handler: name.to_owned(),
        suggestion: similar(all, name).map(ToString::to_string),
    })
}

/// The handler that is meant by a name, if one is likely: of the same step in another namespace, of a step that is called longer, or
/// spelled otherwise.
fn similar<'h>(all: &'h [HandlerId], name: &str) -> Option<&'h HandlerId> {
    let step = name.rsplit('/').next().unwrap_or(name);
    let find = |is_meant: &dyn Fn(&&HandlerId) -> bool| all.iter().find(is_meant);
    let apart = |handler: &HandlerId| strsim::damerau_levenshtein(handler.step(), step);
    find(&|handler| handler.step() == step)
        .or_else(|| find(&|handler| !step.is_empty() && handler.step().contains(step)))
        .or_else(|| all.iter().filter(|handler| apart(handler) <= NEAR).min_by_key(|handler| apart(handler)))
}

/// The template of this name, or an error that lists those of a similar one.
pub(super) fn known_template<'a>(templates: &'a [Template], name: &str) -> Result<&'a Template, CliError> {
    let known = templates.iter().find(|template| template.id.to_string() == name);
    known.ok_or_else(|| {
        let bare = name.rsplit('/').next().unwrap_or(name);
        let similar = templates.iter().filter(|template| template.id.name == bare);
        CliError::UnknownWorkflow {
            workflow: name.to_owned(),
            suggestions: similar.map(|template| template.id.to_string()).collect(),
            known: templates.iter().map(|template| template.id.to_string()).collect(),
        }
    })
}

/// The ledger that was named, or that of our own handlers for them: what is known of them says nothing of others.
fn load_ledger(named: Option<&Path>, own: Option<&Root>) -> Result<Ledger, CliError> {
    let file = match (named, own) {
        (Some(file), _) => file.to_owned(),
        (None, Some(root)) => root.ledger(),
        (None, None) => return Ok(Ledger::default()),
    };
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    Ok(Ledger::load(&file, today)?)
}

/// The arguments that name the same suite again.
pub(super) fn trees_of(args: &SuiteArgs) -> Trees {
    let TreeArgs { python, typescript, ruby, node, node_version, python_program, templates, aliases, allowed } =
        &args.trees;
    // A command that shows a divergence again runs the built-in engines, unless they are not enough.
    let is_usual = args.engines.iter().all(EngineConfig::is_embedded);
    let engines = if is_usual { Vec::new() } else { args.engines.iter().map(EngineConfig::argument).collect() };
    let mut options: Vec<(&'static str, Option<String>)> = Vec::new();
    options.extend(node.iter().map(|node| ("--node", Some(node.argument()))));
    options.extend(node_version.iter().map(|version| ("--node-version", Some(version.to_string()))));
    options.extend(allowed.iter().map(|door| ("--allow", Some(door.to_string()))));
    options.extend(args.oracle.iter().map(|oracle| ("--oracle", Some(oracle.argument()))));
    options.extend(args.strictness.map(|strictness| ("--strictness", Some(strictness.to_string()))));
    options.extend(args.tolerances.iter().map(|tolerance| ("--tolerance", Some(tolerance.to_string()))));
    options.extend(args.include_invalid.then_some(("--include-invalid", None)));
    options.extend(args.ignored.iter().map(|field| ("--ignore", Some(field.to_string()))));
    options.extend(args.volatile.iter().map(|field| ("--volatile", Some(field.to_string()))));
    Trees {
        python: python.clone(),
        typescript: typescript.clone(),
        ruby: ruby.clone(),
        python_program: python_program.clone(),
        templates: templates.clone(),
        aliases: aliases.clone(),
        engines,
        // Somebody's own templates need no checkout, and whoever has none starts no cargo.
        program: templates.is_some().then(started_as),
        options,
    }
}

/// This program as it was started.
fn started_as() -> String {
    std::env::args().next().unwrap_or_else(|| "parity".to_owned())
}

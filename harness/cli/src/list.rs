//! `parity list`: the handlers, and what trees that were named hold.

use std::io::Write;
use std::path::Path;

use parity_engine::naming::{Inventory, NotLoaded, Sighting, WhyUnused};
use parity_engine::{Engine, EngineConfig, LANGUAGES, Launch, LaunchOptions};
use parity_engines::Launcher;
use parity_model::HandlerId;
use parity_report::{printable, table};
use parity_suite::template::{Template, load_all, naming};
use reference_rs::HANDLERS;
use serde_json::{Value, json};

use super::args::{Format, ListArgs, TreeArgs};
use super::error::{CliError, Exit};
use super::root::Root;
use super::settings;
use super::suite::{all_handlers, configured, named, usable};

pub(super) fn list(args: &ListArgs, root: Option<&Path>, launch: &Launcher) -> Result<Exit, CliError> {
    let trees = &args.trees;
    let root = match (Root::find(root), &trees.templates) {
        (Ok(root), _) => Some(root),
        (Err(_), Some(_)) if root.is_none() => None,
        (Err(error), _) => return Err(error),
    };
    let (templates, refused) = match (&trees.templates, &root) {
        (Some(dir), _) => usable(dir)?,
        (None, root) => (load_all(&root.as_ref().map(Root::templates).unwrap_or_default())?, Vec::new()),
    };
    let handlers = asked_for(trees, &templates);
    let mut engines = Vec::new();
    for language in LANGUAGES {
        let is_named = named(trees, language).is_some();
        let engine = EngineConfig::embedded(language);
        // Our own trees have our own handlers only, in the languages that are built in.
        if !is_named && (trees.templates.is_some() || engine.is_none()) {
            continue;
        }
        let Some(engine) = engine.or_else(|| EngineConfig::interpreter(language)) else { continue };
        let naming = naming(&templates);
        // Of a tree that was named, everything that is wrong is listed.
        let naming = if is_named { naming.lenient() } else { naming };
        // To import a tree runs it, which this process is not for.
        let options = LaunchOptions { naming, isolated: true, ..LaunchOptions::default() };
        engines.push((is_named, launch.launch(&configured(engine, trees, root.as_ref())?, &options)?));
    }
    let rows = handlers.iter().map(|handler| Row::of(handler, &engines)).collect::<Vec<_>>();
    let holdings: Vec<Holding<'_>> = engines
        .iter()
        .filter(|(is_named, _)| *is_named)
        .map(|(_, engine)| Holding::of(engine.as_ref(), &handlers))
        .collect();
    let mut out = std::io::stdout().lock();
    match args.format {
        Format::Text => {
            if let Some(file) = settings::found() {
                writeln!(out, "settings: {}\n", printable(&file.display().to_string()))?;
            }
            out.write_all(text(&rows).as_bytes())?;
            if trees.templates.is_some() {
                out.write_all(workflows(&templates).as_bytes())?;
            }
            for holding in &holdings {
                out.write_all(holding.text().as_bytes())?;
            }
        }
        Format::Json => {
            let mut document = json!({"handlers": rows.iter().map(Row::document).collect::<Vec<_>>()});
            if trees.templates.is_some() {
                let workflow = |template: &Template| json!({"workflow": template.id, "version": template.version, "file": template.file});
                document["workflows"] = templates.iter().map(workflow).collect();
            }
            if !holdings.is_empty() {
                document["trees"] = holdings.iter().map(Holding::document).collect();
            }
            writeln!(out, "{document}")?;
        }
    }
    Ok(if refused.is_empty() { Exit::Agreement } else { Exit::BadInput })
}

/// The handlers that templates which were named ask for, else our own.
fn asked_for(trees: &TreeArgs, templates: &[Template]) -> Vec<HandlerId> {
    if trees.templates.is_none() {
        return all_handlers();
    }
    let mut handlers: Vec<HandlerId> = Vec::new();
    for step in templates.iter().flat_map(|template| &template.steps) {
        if !handlers.contains(&step.handler.callable) {
            handlers.push(step.handler.callable.clone());
        }
    }
    handlers
}

/// A handler, and who has it.
struct Row {
    handler: HandlerId,
    engines: Vec<String>,
    dependencies: &'static [&'static str],
    /// How it may end, as far as we know it.
    outcomes: Vec<String>,
}

impl Row {
    fn of(handler: &HandlerId, engines: &[(bool, Box<dyn Engine>)]) -> Self {
        let spec = HANDLERS.iter().find(|spec| spec.id == handler.as_str());
        let having = engines.iter().filter(|(_, engine)| engine.has(handler));
        let having = having.map(|(_, engine)| engine.name());
        Self {
            handler: handler.clone(),
            engines: spec.map(|_| "rust").into_iter().chain(having).map(str::to_owned).collect(),
            dependencies: spec.map_or(&[], |spec| spec.dependencies),
            outcomes: spec.iter().flat_map(|spec| spec.outcomes).map(ToString::to_string).collect(),
        }
    }

    fn document(&self) -> Value {
        let mut document = json!({"handler": self.handler, "engines": self.engines});
        if !self.outcomes.is_empty() {
            document["dependencies"] = json!(self.dependencies);
            document["outcomes"] = json!(self.outcomes);
        }
        document
    }
}

fn text(handlers: &[Row]) -> String {
    let mut rows = vec![["handler", "engines", "outcomes"].map(str::to_owned).to_vec()];
    for Row { handler, engines, outcomes, .. } in handlers {
        let engines = if engines.is_empty() { "none".to_owned() } else { engines.join(", ") };
        let first = outcomes.first().cloned().unwrap_or_default();
        rows.push(vec![handler.to_string(), engines, first]);
        let rest = outcomes.iter().skip(1);
        rows.extend(rest.map(|outcome| vec![String::new(), String::new(), outcome.clone()]));
    }
    if handlers.iter().all(|row| row.outcomes.is_empty()) {
        for row in &mut rows {
            row.truncate(2);
        }
    }
    let columns = rows[0].len();
    table(&rows, columns)
}

/// The workflows of templates that were named, and where each stands.
fn workflows(templates: &[Template]) -> String {
    let mut rows = vec![["workflow", "version", "file"].map(str::to_owned).to_vec()];
    rows.extend(templates.iter().map(|template| {
        let file = printable(&template.file.display().to_string());
        vec![printable(&template.id.to_string()), printable(&template.version), file]
    }));
    format!("\n{}", table(&rows, 3))
}

/// What a tree holds.
struct Holding<'a> {
    engine: &'a str,
    inventory: Inventory,
    /// What is asked for and not there.
    missing: Vec<&'a HandlerId>,
}

impl<'a> Holding<'a> {
    fn of(engine: &'a dyn Engine, handlers: &'a [HandlerId]) -> Self {
        let missing = handlers.iter().filter(|handler| !engine.has(handler)).collect();
        Self { engine: engine.name(), inventory: engine.inventory().cloned().unwrap_or_default(), missing }
    }

    fn document(&self) -> Value {
        json!({"engine": self.engine, "inventory": self.inventory, "missing": self.missing})
    }

    fn text(&self) -> String {
        let place = |file: &str, line: Option<u32>| {
            printable(&line.map_or_else(|| file.to_owned(), |line| format!("{file}:{line}")))
        };
        let at = |sighting: &Sighting| place(&sighting.file, sighting.line);
        let mut rows = vec![[self.engine, "what it is", "where", "why it is not used"].map(str::to_owned).to_vec()];
        rows.extend(self.inventory.handlers.iter().map(|found| {
            vec![found.handler.to_string(), printable(&found.sighting.name), at(&found.sighting), String::new()]
        }));
        rows.extend(self.inventory.unused.iter().map(|unused| {
            let (name, why) = (printable(&unused.sighting.name), printable(&unused.why.to_string()));
            vec!["-".to_owned(), name, at(&unused.sighting), why]
        }));
        rows.extend(self.inventory.not_loaded.iter().map(|NotLoaded { file, line, place: other, message }| {
            let at = place(other.as_ref().unwrap_or(file), *line);
            vec!["-".to_owned(), printable(file), at, printable(message)]
        }));
        // A method that a class lacks was told with the class.
        let is_told = |handler: &&&HandlerId| {
            let why = WhyUnused::NoMethod { handler: (**handler).clone() };
            self.inventory.unused.iter().any(|unused| unused.why == why)
        };
        rows.extend(self.missing.iter().filter(|handler| !is_told(handler)).map(|handler| {
            vec![handler.to_string(), "-".to_owned(), "-".to_owned(), "nothing in the tree has this name".to_owned()]
        }));
        let columns = rows[0].len();
        format!("\n{}", table(&rows, columns))
    }
}

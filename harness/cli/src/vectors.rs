//! `parity vectors` and `parity promote`: golden vectors made, checked, written anew, and compared with the oracle of today.

use std::io::Write;
use std::path::{Path, PathBuf};

use parity_campaign::{Examiner, Setting};
use parity_engines::Launcher;
use parity_model::HandlerId;
use parity_report::{Allowed, Trees, printable};
use parity_suite::Suite;
use parity_vectors::{Answering, Engines, OnSuite, Request, Store, check, check_promoted, diff, promote, regenerate};

use super::args::{
    Format, IsolationChoice, KeptArgs, PromoteArgs, VectorsArgs, VectorsCommand, VectorsDiffArgs, VectorsRegenerateArgs,
};
use super::error::{CliError, Exit};
use super::root::Root;
use super::suite::{Asked, Chosen, known_handler, trees_of};

pub(super) fn vectors(args: &VectorsArgs, root: Option<&Path>, launch: &Launcher) -> Result<Exit, CliError> {
    let instead = "`parity promote` makes golden vectors, and `parity vectors check` asks all languages for them";
    match &args.command {
        VectorsCommand::Regenerate(args) => {
            regenerate_vectors(args, Root::find_for("vectors regenerate", instead, root)?.dir())
        }
        VectorsCommand::Check(args) => check_vectors(args, root, launch),
        VectorsCommand::Diff(args) => diff_vectors(args, Root::find_for("vectors diff", instead, root)?.dir()),
    }
}

/// Turns a saved divergence into a golden vector.
pub(super) fn promote_saved(args: &PromoteArgs, root: Option<&Path>, launch: &Launcher) -> Result<Exit, CliError> {
    let PromoteArgs { file, note, kept } = args;
    let (path, id) = match own(kept, root)? {
        Some(root) => promote_own(&root, file, note)?,
        None => on_suite(kept, root, launch, |store, answering| Ok(promote(store, answering, file, note)?))?,
    };
    writeln!(std::io::stdout().lock(), "{}", printable(&format!("{}: {id}", path.display())))?;
    Ok(Exit::Agreement)
}

/// Turns a saved divergence into a golden vector of the checkout.
pub(super) fn promote_own(root: &Root, file: &Path, note: &str) -> Result<(PathBuf, String), CliError> {
    let mut engines = Engines::of_repository(root.dir())?;
    Ok(promote(&Store::of_repository(root.dir()), &mut engines, file, note)?)
}

/// The checkout, if its own vectors are meant: neither a directory of vectors nor templates are named.
pub(super) fn own(args: &KeptArgs, root: Option<&Path>) -> Result<Option<Root>, CliError> {
    if args.vectors.is_some() || args.suite.trees.templates.is_some() {
        return Ok(None);
    }
    let root = Root::find(root)?;
    if !args.suite.engines.is_empty() || trees_of(&args.suite) != Trees::default() {
        let dir = root.vectors();
        return Err(CliError::Usage(format!(
            "{} is answered by Parity's own trees; for other trees or engines name a directory with --vectors",
            dir.display()
        )));
    }
    Ok(Some(root))
}

/// Does something with the vectors of a suite, and with those who answer them.
fn on_suite<T>(
    args: &KeptArgs,
    root: Option<&Path>,
    launch: &Launcher,
    act: impl FnOnce(&Store, &mut dyn Answering) -> Result<T, CliError>,
) -> Result<T, CliError> {
    let asked = Asked::new(&args.suite, root, &Chosen::All, None)?;
    let setting = setting(args, &asked.suite, launch);
    let may_lack = may_lack(args);
    let mut answering = OnSuite { examiner: Examiner::new(&setting)?, may_lack: &may_lack };
    act(&store(args, &asked), &mut answering)
}

/// How the engines of a suite are started that answer vectors.
pub(super) fn setting<'a>(args: &KeptArgs, suite: &'a Suite, launch: &'a Launcher) -> Setting<'a> {
    let isolated = args.runtime.isolation != IsolationChoice::InProcess;
    Setting { suite, launch, deadline: args.runtime.deadline, isolated, recorder: None }
}

/// Whether a tree may lack a handler.
pub(super) fn may_lack(args: &KeptArgs) -> impl Fn(&HandlerId) -> bool {
    let allowed = Allowed { absent: args.allow_absent.clone(), ..Allowed::default() };
    move |handler| allowed.may_lack(handler)
}

/// Where the vectors of a suite are kept.
pub(super) fn store(args: &KeptArgs, asked: &Asked) -> Store {
    Store::new(args.vectors.clone().unwrap_or_else(|| asked.vectors.clone()))
}

fn regenerate_vectors(args: &VectorsRegenerateArgs, root: &Path) -> Result<Exit, CliError> {
    let handlers = args.handlers.iter().map(|name| known_handler(name)).collect::<Result<_, _>>()?;
    let request = Request { handlers, allow_removals: args.allow_removals, check: args.check };
    let done = regenerate(root, &request)?;
    let mut out = std::io::stdout().lock();
    let verb = if args.check { "stale" } else { "written" };
    for file in &done.stale {
        writeln!(out, "{verb}: {}", printable(file))?;
    }
    writeln!(out, "{} of {} files {verb}", done.stale.len(), done.files)?;
    if args.check && !done.stale.is_empty() {
        writeln!(out, "write them again with `cargo parity vectors regenerate`")?;
        return Ok(Exit::Divergence);
    }
    Ok(Exit::Agreement)
}

fn check_vectors(args: &KeptArgs, root: Option<&Path>, launch: &Launcher) -> Result<Exit, CliError> {
    let problems = match own(args, root)? {
        Some(root) => check(root.dir(), &mut Engines::of_repository(root.dir())?)?,
        None => on_suite(args, root, launch, |store, answering| Ok(check_promoted(store, answering)?))?,
    };
    let mut out = std::io::stdout().lock();
    for problem in &problems {
        writeln!(out, "{}", printable(&problem.to_string()))?;
    }
    match problems.len() {
        0 => writeln!(out, "the vectors are whole and true")?,
        count => writeln!(out, "{count} problems")?,
    }
    Ok(match problems.iter().all(|problem| problem.is_known) {
        _ if problems.is_empty() => Exit::Agreement,
        true => Exit::Divergence,
        false => Exit::CouldNotCompare,
    })
}

fn diff_vectors(args: &VectorsDiffArgs, root: &Path) -> Result<Exit, CliError> {
    let changes = diff(root, &Engines::of_oracle(root)?)?;
    let mut out = std::io::stdout().lock();
    match args.format {
        Format::Json => writeln!(out, "{}", changes.to_json())?,
        Format::Text => {
            for (cause, changes) in &changes.0 {
                let line = format!("{}: {} at {:?}: {} vectors", cause.of, cause.class, cause.path, changes.len());
                writeln!(out, "{}", printable(&line))?;
                for change in changes {
                    let line = format!("  {}: {}: {} -> {}", change.id, change.path, change.from, change.to);
                    writeln!(out, "{}", printable(&line))?;
                }
            }
            if changes.0.is_empty() {
                writeln!(out, "the oracle answers as the vectors expect")?;
            }
        }
    }
    Ok(if changes.0.is_empty() { Exit::Agreement } else { Exit::Divergence })
}

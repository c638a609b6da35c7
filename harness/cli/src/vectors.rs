//! `parity vectors`: the golden vectors written anew, checked, and compared with the oracle of today.

use std::io::Write;
use std::path::Path;

use super::args::{Format, VectorsArgs, VectorsCommand, VectorsDiffArgs, VectorsRegenerateArgs};
use super::error::{CliError, Exit};
use super::root::Root;
use super::suite::known_handler;
use parity_report::printable;
use parity_vectors::diff;
use parity_vectors::{Engines, Request, check, regenerate};

pub(super) fn vectors(args: &VectorsArgs, root: Option<&Path>) -> Result<Exit, CliError> {
    let instead = "`parity diff --save` keeps the inputs that differ, and `parity replay --all` looks at them again";
    let root = Root::find_for("vectors", instead, root)?;
    let root = root.dir();
    match &args.command {
        VectorsCommand::Regenerate(args) => regenerate_vectors(args, root),
        VectorsCommand::Check => check_vectors(root),
        VectorsCommand::Diff(args) => diff_vectors(args, root),
    }
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

fn check_vectors(root: &Path) -> Result<Exit, CliError> {
    let problems = check(root, &mut Engines::of_repository(root)?)?;
    let mut out = std::io::stdout().lock();
    for problem in &problems {
        writeln!(out, "{}", printable(&problem.to_string()))?;
    }
    match problems.len() {
        0 => writeln!(out, "the vectors are whole and true")?,
        count => writeln!(out, "{count} problems")?,
    }
    Ok(if problems.is_empty() { Exit::Agreement } else { Exit::Divergence })
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

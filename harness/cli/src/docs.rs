//! `parity docs`: the pages that show a handler in all languages.

use std::io::Write;
use std::path::Path;

use super::args::DocsArgs;
use super::error::{CliError, Exit};
use super::root::Root;
use parity_blog::docs::Pages;
use parity_report::printable;

pub(super) fn docs(args: &DocsArgs, root: Option<&Path>) -> Result<Exit, CliError> {
    let root = Root::find_for("docs", "`parity diff --html FILE` writes a page of what was compared", root)?;
    let pages = Pages::render(root.dir())?;
    let (files, verb) = if args.check { (pages.stale()?, "stale") } else { (pages.write()?, "written") };
    let mut out = std::io::stdout().lock();
    for file in &files {
        let file = file.strip_prefix(root.dir()).unwrap_or(file);
        writeln!(out, "{verb}: {}", printable(&file.display().to_string()))?;
    }
    if args.check && !files.is_empty() {
        writeln!(out, "write them again with `cargo parity docs`")?;
        return Ok(Exit::Divergence);
    }
    Ok(Exit::Agreement)
}

//! `parity docs`: the pages that show a handler in all languages.

use std::io::Write;

use super::args::DocsArgs;
use super::engines::own_dir;
use super::error::{CliError, Exit};
use parity_blog::docs::Pages;
use parity_report::printable;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

pub(super) fn docs(args: &DocsArgs) -> Result<Exit, CliError> {
    let root = args.root.clone().unwrap_or_else(|| own_dir(ROOT));
    let pages = Pages::render(&root)?;
    let (files, verb) = if args.check { (pages.stale()?, "stale") } else { (pages.write()?, "written") };
    let mut out = std::io::stdout().lock();
    for file in &files {
        let file = file.strip_prefix(&root).unwrap_or(file);
        writeln!(out, "{verb}: {}", printable(&file.display().to_string()))?;
    }
    if args.check && !files.is_empty() {
        writeln!(out, "write them again with `cargo parity docs`")?;
        return Ok(Exit::Divergence);
    }
    Ok(Exit::Agreement)
}

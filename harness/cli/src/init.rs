//! `parity init`: writes the settings of a project by what is found in it, and compares a little.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Parser;
use parity_engine::catalog::Catalog;
use parity_engine::naming::Naming;
use parity_engine::{LANGUAGES, Language, TreeError};
use parity_engines::Launcher;
use parity_suite::template::load_usable;

use super::args::{Args, Command};
use super::diff::diff;
use super::error::{CliError, Exit};
use super::settings::{FILE, with_settings};
use super::source_root::{Project, shared};

/// Cases a handler of the first comparison.
const CASES: &str = "--cases=200";

/// What comes before the settings that were found.
const HEAD: &str =
    "# Settings of Parity. A key is a flag of `parity diff`, and a flag on the command line takes its place.\n";

/// What follows the settings that were found.
const OTHERS: &str = "\
# oracle = \"python\"           # what the others are compared with; the first engine, or the majority of three, unless it is said
# ignore = [\"/result/debug\"]  # fields that are not compared
# cases = 5000                # cases a handler
";

pub(super) fn init(root: Option<&Path>, launch: &Launcher) -> Result<Exit, CliError> {
    let file = Path::new(FILE);
    if file.exists() {
        return Err(CliError::SettingsThere { file: file.to_owned() });
    }
    let mut found = vec![("templates", templates()?)];
    for language in LANGUAGES.into_iter().filter(|language| language.flag.is_some()) {
        match Catalog::read(Path::new("."), language.name, language.dialect, &Naming::default().lenient()) {
            Ok(catalog) => found.push((language.name, tree_of(language, &catalog.names()))),
            Err(TreeError::NoHandlers { .. } | TreeError::OnlyTests { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    if found.len() < 3 {
        let trees = found[1..].iter().map(|(language, folder)| format!("{language} in {}", folder.display())).collect();
        return Err(CliError::TooFewTrees { trees });
    }
    let line =
        |(key, folder): &(&str, PathBuf)| format!("{key} = {}\n", toml::Value::String(folder.display().to_string()));
    let text = HEAD.to_owned() + &found.iter().map(line).collect::<String>();
    std::fs::write(file, text + OTHERS).map_err(|source| CliError::Unwritable { file: file.to_owned(), source })?;
    let mut out = std::io::stdout().lock();
    for (key, folder) in &found {
        writeln!(out, "{key}: {}", folder.display())?;
    }
    writeln!(out, "{FILE} is written; `parity diff` reads it, here and below. A first comparison:\n")?;
    drop(out);
    let arguments = with_settings(["parity", "diff", CASES].map(Into::into).into())?;
    match Args::try_parse_from(arguments).map(|args| args.command) {
        Ok(Command::Diff(args)) => diff(&args, root, launch),
        Ok(_) => Ok(Exit::BadInput),
        Err(error) => Err(CliError::Usage(error.to_string())),
    }
}

/// Where the templates are.
fn templates() -> Result<PathBuf, CliError> {
    let loaded = load_usable(Path::new("."))?;
    let files = loaded.templates.iter().map(|template| template.file.strip_prefix(".").unwrap_or(&template.file));
    match loaded.refused.into_iter().next() {
        Some(error) if loaded.templates.is_empty() => Err(error.into()),
        _ => Ok(named(common_folder(files))),
    }
}

/// The tree of handlers: the innermost directory that holds them, and what they import of the project.
fn tree_of(language: &'static Language, handlers: &[&str]) -> PathBuf {
    let dir = Path::new(".");
    let sources = language.dialect.sources(dir);
    let folder = common_folder(handlers.iter().map(Path::new));
    named(Project { dir, language, sources: &sources }.root(folder, handlers))
}

/// The innermost directory that holds all files.
fn common_folder<'p>(files: impl Iterator<Item = &'p Path>) -> PathBuf {
    let folders = files.map(|file| file.parent().unwrap_or(Path::new("")).to_owned());
    folders.reduce(|common, folder| shared(&common, &folder)).unwrap_or_default()
}

/// A directory as it is named in settings.
fn named(dir: PathBuf) -> PathBuf {
    if dir.as_os_str() == "" { ".".into() } else { dir }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(&["a/b/x.py", "a/b/c/y.py"], "a/b")]
    #[case(&["a/b/x.py", "a/c/y.py"], "a")]
    #[case(&["a/x.py"], "a")]
    #[case(&["x.py", "a/y.py"], ".")]
    #[case(&["ab/x.py", "a/y.py"], ".")]
    fn the_innermost_common_directory_is_named(#[case] files: &[&str], #[case] folder: &str) {
        assert_eq!(named(common_folder(files.iter().map(Path::new))), Path::new(folder));
    }
}

//! Which handlers a change can have touched: those whose file changed, or a file that theirs uses, directly or not.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::engines::{TEMPLATES, own_dir, tree_of};
use super::error::CliError;
use super::git::{changed_files, repository_of};
use super::plan::Plan;

/// Where the oracle and the harness are: the former's files belong to handlers, the latter's to all of them.
const ORACLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../reference_rs/src");
const HARNESS: &str = env!("CARGO_MANIFEST_DIR");

/// What a source file is called.
const SOURCES: [&str; 4] = ["py", "ts", "rs", "js"];

/// A file name that stands for its directory.
const OF_DIRECTORY: [&str; 3] = ["__init__", "index", "mod"];

impl Plan {
    /// The plan without the handlers and workflows that nothing since `base`, a git revision, can have touched.
    pub(super) fn changed_since(mut self, base: &str) -> Result<Self, CliError> {
        let trees: Vec<PathBuf> =
            self.judge.subjects.iter().filter_map(|engine| tree_of(engine, &self.trees)).collect();
        let mut steps = BTreeSet::new();
        for tree in &trees {
            steps.extend(touched_steps(tree, base)?);
        }
        let mut all = false;
        let mut templates = Vec::new();
        let dir = self.trees.templates.clone().unwrap_or_else(|| own_dir(TEMPLATES));
        if Self::is_ours(&trees)? {
            steps.extend(touched_steps(&own_dir(ORACLE), base)?);
            let harness = changed_files(&own_dir(HARNESS), base)?;
            all = harness.iter().any(|file| file.starts_with("src") || file.starts_with("runtime"));
            templates = changed_files(&dir, base)?;
        } else if self.trees.templates.is_some() {
            templates = changed_files(&dir, base)?;
        }
        if all {
            return Ok(self);
        }
        let templates: BTreeSet<PathBuf> = templates.into_iter().map(|file| dir.join(file)).collect();
        self.keep(&steps, &templates);
        Ok(self)
    }

    /// Whether the handlers are kept where the harness is, so that one revision says something of both.
    fn is_ours(trees: &[PathBuf]) -> Result<bool, CliError> {
        let ours = repository_of(&own_dir(HARNESS));
        let mut same = false;
        for tree in trees {
            let theirs = repository_of(tree)?;
            same |= ours.as_ref().is_ok_and(|ours| *ours == theirs);
        }
        Ok(same)
    }

    fn keep(&mut self, steps: &BTreeSet<String>, templates: &BTreeSet<PathBuf>) {
        let known =
            parity_suite::template::load_all(&self.trees.templates.clone().unwrap_or_else(|| own_dir(TEMPLATES)));
        let mut handlers = BTreeSet::new();
        for template in known.iter().flatten().filter(|template| templates.contains(&template.file)) {
            handlers.extend(template.steps.iter().map(|step| step.handler.callable.clone()));
        }
        if let Some(campaign) = &mut self.handlers {
            campaign.handlers.retain(|handler| steps.contains(handler.step()) || handlers.contains(handler));
        }
        if let Some(campaign) = &mut self.workflows {
            let touched: BTreeSet<_> = campaign
                .templates
                .iter()
                .filter(|template| {
                    let mut callables = template.steps.iter().map(|step| &step.handler.callable);
                    templates.contains(&template.file) || callables.any(|handler| steps.contains(handler.step()))
                })
                .map(|template| template.id.clone())
                .collect();
            campaign.workflows.retain(|workflow| touched.contains(workflow));
        }
    }
}

/// The steps in `tree` that a change since `base` can have touched.
fn touched_steps(tree: &Path, base: &str) -> Result<BTreeSet<String>, CliError> {
    let changed = changed_files(tree, base)?;
    if changed.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut sources = BTreeMap::new();
    read_sources(tree, Path::new(""), &mut sources)
        .map_err(|source| CliError::Unreadable { file: tree.to_owned(), source })?;
    Ok(touched(&sources, &changed))
}

/// The steps of the handlers among `sources`, each by its path and text, that one of the `changed` files can have touched. A
/// file uses every file whose name it mentions: more than it does, never less.
fn touched(sources: &BTreeMap<PathBuf, String>, changed: &[PathBuf]) -> BTreeSet<String> {
    let words: BTreeMap<&Path, BTreeSet<&str>> =
        sources.iter().map(|(path, text)| (path.as_path(), words_of(text))).collect();
    let mut reached: BTreeSet<PathBuf> = changed.iter().filter(|file| is_source(file)).cloned().collect();
    let mut open: Vec<PathBuf> = reached.iter().cloned().collect();
    while let Some(file) = open.pop() {
        let Some(name) = name_of(&file) else { continue };
        for (user, words) in &words {
            if words.contains(name.as_str()) && reached.insert((*user).to_owned()) {
                open.push((*user).to_owned());
            }
        }
    }
    let step = |file: &PathBuf| Some(file.file_stem()?.to_str()?.strip_suffix("_handler")?.to_owned());
    reached.iter().filter_map(step).collect()
}

fn is_source(file: &Path) -> bool {
    file.extension().and_then(|extension| extension.to_str()).is_some_and(|extension| SOURCES.contains(&extension))
}

/// What others call a file: its stem, or its directory's name.
fn name_of(file: &Path) -> Option<String> {
    let stem = file.file_stem()?.to_str()?;
    let name = if OF_DIRECTORY.contains(&stem) { file.parent()?.file_name()?.to_str()? } else { stem };
    Some(name.to_owned())
}

fn words_of(text: &str) -> BTreeSet<&str> {
    text.split(|character: char| !(character.is_alphanumeric() || character == '_')).collect()
}

fn read_sources(tree: &Path, below: &Path, sources: &mut BTreeMap<PathBuf, String>) -> std::io::Result<()> {
    for entry in fs::read_dir(tree.join(below))? {
        let entry = entry?;
        let path = below.join(entry.file_name());
        let hidden = entry.file_name().to_string_lossy().starts_with('.') || entry.file_name() == "node_modules";
        if hidden {
            continue;
        }
        // Links are followed: support modules may be links.
        if fs::metadata(entry.path())?.is_dir() {
            read_sources(tree, &path, sources)?;
        } else if is_source(&path) {
            sources.insert(path, String::from_utf8_lossy(&fs::read(entry.path())?).into_owned());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::a_handler(&["shop/cart_handler.py"], &["cart"])]
    #[case::a_module_of_one(&["shop/prices.py"], &["cart"])]
    #[case::a_module_behind_a_package(&["support/number.py"], &["cart", "refund"])]
    #[case::a_package(&["support/__init__.py"], &["cart", "refund"])]
    #[case::a_module_that_is_gone(&["shop/taxes.py"], &["refund"])]
    #[case::no_source(&["README.md", "pyproject.toml"], &[])]
    #[case::nobody_uses_it(&["shop/unused.py"], &[])]
    #[case::nothing(&[], &[])]
    fn a_change_touches_what_uses_it(#[case] changed: &[&str], #[case] steps: &[&str]) {
        let sources = [
            ("shop/cart_handler.py", "from shop.prices import price\nfrom support import rounded"),
            ("shop/refund_handler.py", "from support import (\n  rounded,\n)\nfrom shop import taxes"),
            ("shop/prices.py", "PRICES = {}"),
            ("shop/unused.py", ""),
            ("support/__init__.py", "from support.number import rounded"),
            ("support/number.py", "def rounded(): ..."),
        ];
        let sources = sources.map(|(path, text)| (path.into(), text.to_owned())).into();
        let changed: Vec<PathBuf> = changed.iter().map(Into::into).collect();
        let touched: Vec<String> = touched(&sources, &changed).into_iter().collect();
        assert_eq!(touched, steps);
    }
}

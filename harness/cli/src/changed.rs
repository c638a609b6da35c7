//! Which handlers a change can have touched: those whose file changed, or a file that theirs uses, directly or not.
//!
//! A file uses every file whose name it mentions. That is more than it imports; an import whose name is made at run time is not
//! seen.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use parity_campaign::{CampaignError, Setting};
use parity_engine::language::RUST;
use parity_engine::{EngineConfig, Language};
use parity_model::HandlerId;
use parity_suite::template::{Template, is_beside};

use super::error::CliError;
use super::git::{changed_files, repository_of};
use super::plan::Plan;
use super::root::Root;

/// Where the oracle and the harness are in the checkout: the former's files belong to handlers, the latter's to all of them.
const ORACLE: &str = "reference_rs/src";
const HARNESS: &str = "harness";

/// The directories of the harness whose files decide what it does.
const HARNESS_SOURCES: [&str; 2] = ["src", "runtime"];

/// What a change can have touched.
pub(super) struct Touched {
    handlers: BTreeSet<HandlerId>,
    /// Files of templates.
    templates: BTreeSet<PathBuf>,
}

impl Touched {
    /// What can have been touched since `base`, a git revision; none says that everything can. `setting` starts the engines, which
    /// know in which file each handler was found.
    pub(super) fn since(base: &str, plan: &Plan, setting: &Setting<'_>) -> Result<Option<Self>, CliError> {
        let mut handlers = BTreeSet::new();
        let mut trees = Vec::new();
        for engine in plan.asked.suite.all_engines() {
            if let (Some(language), Some(tree)) = (engine.language(), &engine.tree) {
                handlers.extend(touched_in(setting, (engine, language, tree), base)?);
                trees.push(tree.clone());
            }
        }
        let place = &plan.asked.templates;
        let dir = if place.is_file() { place.parent().unwrap_or(place) } else { place };
        let mut with_templates = plan.asked.trees.templates.is_some();
        if let Some(root) = plan.asked.root.as_ref().filter(|_| plan.asked.suite.library.is_some())
            && is_kept_in(root, &trees)?
        {
            let harness = changed_files(&root.dir().join(HARNESS), base)?;
            if harness
                .iter()
                .any(|file| file.components().any(|part| HARNESS_SOURCES.iter().any(|dir| part.as_os_str() == *dir)))
            {
                return Ok(None);
            }
            handlers.extend(touched_in_oracle(plan, &root.dir().join(ORACLE), base)?);
            with_templates = true;
        }
        let templates = if with_templates { changed_files(dir, base)? } else { Vec::new() };
        Ok(Some(Self { handlers, templates: templates.into_iter().map(|file| dir.join(file)).collect() }))
    }

    /// Leaves of `plan` only the handlers and workflows that were touched.
    pub(super) fn leave_the_rest(&self, plan: &mut Plan) {
        let templates = &plan.asked.suite.templates;
        let is_beside =
            |file: &PathBuf, template: &Template| is_beside(file) && file.parent() == template.file.parent();
        let in_changed =
            |template: &Template| self.templates.iter().any(|file| *file == template.file || is_beside(file, template));
        let callables = |template: &Template| {
            template.steps.iter().map(|step| step.handler.callable.clone()).collect::<Vec<HandlerId>>()
        };
        if let Some(campaign) = &mut plan.steps {
            let mut handlers = self.handlers.clone();
            handlers.extend(templates.iter().filter(|template| in_changed(template)).flat_map(callables));
            campaign.groups.retain(|handler| handlers.contains(handler));
        }
        if let Some(campaign) = &mut plan.tasks {
            let is_touched = |template: &&Template| {
                in_changed(template) || callables(template).iter().any(|handler| self.handlers.contains(handler))
            };
            let kept: BTreeSet<_> = templates.iter().filter(is_touched).map(|template| &template.id).collect();
            campaign.groups.retain(|workflow| kept.contains(workflow));
        }
    }
}

/// Whether one of the trees is kept where the checkout is, so that one revision says something of both.
fn is_kept_in(root: &Root, trees: &[PathBuf]) -> Result<bool, CliError> {
    let ours = repository_of(root.dir());
    let mut same = false;
    for tree in trees {
        let theirs = repository_of(tree)?;
        same |= ours.as_ref().is_ok_and(|ours| *ours == theirs);
    }
    Ok(same)
}

/// The handlers of an engine that a change since `base` can have touched: those that were found in a file which was.
fn touched_in(
    setting: &Setting<'_>,
    (config, language, tree): (&EngineConfig, &Language, &Path),
    base: &str,
) -> Result<BTreeSet<HandlerId>, CliError> {
    let files = touched_files(language, tree, base)?;
    if files.is_empty() {
        return Ok(BTreeSet::new());
    }
    let engine = setting.start_engine(config).map_err(CampaignError::from)?;
    let found = engine.inventory().into_iter().flat_map(|inventory| &inventory.handlers);
    let is_touched = |file: &str| files.contains(Path::new(file));
    Ok(found.filter(|found| is_touched(&found.sighting.file)).map(|found| found.handler.clone()).collect())
}

/// The handlers of the reference that a change since `base` can have touched: their files are called as they are.
fn touched_in_oracle(plan: &Plan, tree: &Path, base: &str) -> Result<BTreeSet<HandlerId>, CliError> {
    let files = touched_files(&RUST, tree, base)?;
    let step = |file: &PathBuf| Some(file.file_stem()?.to_str()?.strip_suffix("_handler")?.to_owned());
    let steps: BTreeSet<String> = files.iter().filter_map(step).collect();
    let handlers = plan.asked.suite.handlers.iter().filter(|handler| steps.contains(handler.step()));
    Ok(handlers.cloned().collect())
}

/// The source files in `tree`, relative to it, that a change since `base` can have touched.
fn touched_files(language: &Language, tree: &Path, base: &str) -> Result<BTreeSet<PathBuf>, CliError> {
    let changed = changed_files(tree, base)?;
    if changed.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut sources = BTreeMap::new();
    read_sources(language, tree, Path::new(""), &mut sources)
        .map_err(|source| CliError::Unreadable { file: tree.to_owned(), source })?;
    Ok(touched(language, &sources, &changed))
}

/// The files among `sources`, each by its path and text, that one of the `changed` files can have touched, and these.
fn touched(language: &Language, sources: &BTreeMap<PathBuf, String>, changed: &[PathBuf]) -> BTreeSet<PathBuf> {
    let words: BTreeMap<&Path, BTreeSet<&str>> =
        sources.iter().map(|(path, text)| (path.as_path(), words_of(text))).collect();
    let mut reached: BTreeSet<PathBuf> = changed.iter().filter(|file| is_source(language, file)).cloned().collect();
    // Data that a source reads have a name, too.
    let mut open: Vec<PathBuf> = changed.to_vec();
    while let Some(file) = open.pop() {
        let Some(name) = name_of(language, &file) else { continue };
        for (user, words) in &words {
            if words.contains(name.as_str()) && reached.insert((*user).to_owned()) {
                open.push((*user).to_owned());
            }
        }
    }
    reached
}

fn is_source(language: &Language, file: &Path) -> bool {
    file.file_name().and_then(|name| name.to_str()).is_some_and(|name| language.is_source(name))
}

/// What others call a file: its stem, or its directory's name.
fn name_of(language: &Language, file: &Path) -> Option<String> {
    let stem = file.file_stem()?.to_str()?;
    let name = if language.index_files.contains(&stem) { file.parent()?.file_name()?.to_str()? } else { stem };
    Some(name.to_owned())
}

fn words_of(text: &str) -> BTreeSet<&str> {
    text.split(|character: char| !(character.is_alphanumeric() || character == '_')).collect()
}

fn read_sources(
    language: &Language,
    tree: &Path,
    below: &Path,
    sources: &mut BTreeMap<PathBuf, String>,
) -> std::io::Result<()> {
    for entry in fs::read_dir(tree.join(below))? {
        let entry = entry?;
        let path = below.join(entry.file_name());
        let hidden = entry.file_name().to_string_lossy().starts_with('.') || entry.file_name() == "node_modules";
        if hidden {
            continue;
        }
        let kind = entry.file_type()?;
        // A link to a directory is not followed: it could lead back here. Support modules may be links to files.
        if kind.is_dir() {
            read_sources(language, tree, &path, sources)?;
        } else if is_source(language, &path) && fs::metadata(entry.path()).is_ok_and(|target| target.is_file()) {
            sources.insert(path, String::from_utf8_lossy(&fs::read(entry.path())?).into_owned());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use parity_engine::language::{PYTHON, RUBY};
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::a_handler(&["shop/cart_handler.py"], &["cart"])]
    #[case::a_module_of_one(&["shop/prices.py"], &["cart"])]
    #[case::a_module_behind_a_package(&["support/number.py"], &["cart", "refund"])]
    #[case::a_package(&["support/__init__.py"], &["cart", "refund"])]
    #[case::a_module_that_is_gone(&["shop/taxes.py"], &["refund"])]
    #[case::no_source(&["README.md", "pyproject.toml"], &[])]
    #[case::data_that_a_module_reads(&["shop/rates.json"], &["cart"])]
    #[case::nobody_uses_it(&["shop/unused.py"], &[])]
    #[case::nothing(&[], &[])]
    fn a_change_touches_what_uses_it(#[case] changed: &[&str], #[case] steps: &[&str]) {
        let sources = [
            ("shop/cart_handler.py", "from shop.prices import price\nfrom support import rounded"),
            ("shop/refund_handler.py", "from support import (\n  rounded,\n)\nfrom shop import taxes"),
            ("shop/prices.py", "PRICES = json.load(open('rates.json'))"),
            ("shop/unused.py", ""),
            ("support/__init__.py", "from support.number import rounded"),
            ("support/number.py", "def rounded(): ..."),
        ];
        let sources = sources.map(|(path, text)| (path.into(), text.to_owned())).into();
        let changed: Vec<PathBuf> = changed.iter().map(Into::into).collect();
        let handler = |file: &PathBuf| Some(file.file_stem()?.to_str()?.strip_suffix("_handler")?.to_owned());
        let touched: Vec<String> = touched(&PYTHON, &sources, &changed).iter().filter_map(handler).collect();
        assert_eq!(touched, steps);
    }

    #[rstest]
    #[case::a_handler("app/parcels/label_handler.rb", &["app/parcels/label_handler.rb"])]
    #[case::what_it_requires("app/step_results.rb", &["app/parcels/label_handler.rb", "app/step_results.rb"])]
    #[case::no_source("Gemfile", &[])]
    fn a_change_of_ruby_touches_what_uses_it(#[case] changed: &str, #[case] files: &[&str]) {
        let sources = [
            ("app/parcels/label_handler.rb", "require_relative '../step_results'\nclass LabelHandler; end"),
            ("app/parcels/quote_handler.rb", "class QuoteHandler; end"),
            ("app/step_results.rb", "module StepResults; end"),
        ];
        let sources = sources.map(|(path, text)| (path.into(), text.to_owned())).into();
        let files: BTreeSet<PathBuf> = files.iter().map(Into::into).collect();
        assert_eq!(touched(&RUBY, &sources, &[changed.into()]), files);
    }
}

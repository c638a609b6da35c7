//! Fresh engines, each in a process of its own with surroundings of its own.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;

use super::engines::{patience, tree_of, worker_command};
use super::subject::{Language, SubjectName};
use crate::external;
use parity_campaign::Fresh;
use parity_engine::process::{ProcessEngine, Surroundings, WorkerCommand};
use parity_engine::{Engine, EngineFault, TreeError};
use parity_report::Trees;

/// Starts workers on copies of the trees.
pub(super) struct FreshEngines {
    subjects: Vec<SubjectName>,
    trees: Trees,
    deadline: Duration,
    copies: RefCell<BTreeMap<Language, TempDir>>,
}

/// What a loader of handlers does not look into.
const SKIPPED: [&str; 2] = ["__pycache__", "node_modules"];

impl FreshEngines {
    pub(super) fn new(subjects: Vec<SubjectName>, trees: &Trees, deadline: Duration) -> Self {
        Self { subjects, trees: trees.clone(), deadline, copies: RefCell::default() }
    }

    /// A copy of an engine's tree: its files have another place and other times.
    fn copy(&self, subject: &SubjectName) -> io::Result<Option<PathBuf>> {
        let (Some(language), Some(tree)) = (subject.language(), tree_of(subject, &self.trees)) else { return Ok(None) };
        let mut copies = self.copies.borrow_mut();
        if let Some(copy) = copies.get(&language) {
            return Ok(Some(copy_place(copy.path(), &tree)));
        }
        let copy = tempfile::tempdir()?;
        let place = copy_place(copy.path(), &tree);
        fs::create_dir_all(&place)?;
        copy_tree(&tree, &place)?;
        copies.insert(language, copy);
        Ok(Some(place))
    }

    /// An engine in another process of this program.
    fn worker(&self, subject: &SubjectName, tree: &Path, round: u32) -> Result<Box<dyn Engine>, TreeError> {
        let command = worker_command(subject, tree, &self.trees, self.deadline)
            .map_err(|error| failed(subject.name(), &error))?;
        let mut arguments = command.arguments;
        arguments.extend(["--hash-seed".into(), (round + 1).to_string().into()]);
        let environment = Some(surroundings(round));
        let surroundings = Surroundings { environment, directory: Some(tree.to_owned()), hash_seed: 0 };
        let command = WorkerCommand { arguments, surroundings, ..command };
        Ok(Box::new(ProcessEngine::start(subject.name(), command, patience(self.deadline))?))
    }
}

/// Where the copy of a tree is in its directory. It keeps its own name, by which its files may import one another.
fn copy_place(copy: &Path, tree: &Path) -> PathBuf {
    let name = tree.canonicalize().ok().and_then(|tree| tree.file_name().map(OsString::from));
    copy.join(name.unwrap_or_else(|| "tree".into()))
}

fn failed(engine: &str, error: &io::Error) -> EngineFault {
    EngineFault::Start { engine: engine.to_owned(), message: format!("no copy of its tree: {error}") }
}

impl Fresh for FreshEngines {
    fn start(&self, engine: &str, round: u32) -> Result<Box<dyn Engine>, TreeError> {
        let subject = self.subjects.iter().find(|subject| subject.name() == engine);
        let subject = subject.ok_or_else(|| failed(engine, &io::Error::other("nobody named such an engine")))?;
        let tree = self.copy(subject).map_err(|error| failed(engine, &error))?;
        match (subject, tree) {
            (SubjectName::Python | SubjectName::Typescript, Some(tree)) => self.worker(subject, &tree, round),
            (subject, tree) => {
                // What the user names is found where the user finds it.
                let path = std::env::var_os("PATH").map(|path| ("PATH".into(), path));
                let environment = Some(surroundings(round).into_iter().chain(path).collect());
                let surroundings = Surroundings { environment, directory: None, hash_seed: round + 1 };
                external::load(subject, tree.as_deref(), &self.trees, &surroundings, self.deadline)
            }
        }
    }
}

/// An environment that is another one every round, and never the user's.
fn surroundings(round: u32) -> Vec<(OsString, OsString)> {
    let locale = if round.is_multiple_of(2) { "C.UTF-8" } else { "POSIX" };
    let user = format!("parity-{round}");
    [("HOME", format!("/home/{user}")), ("LC_ALL", locale.to_owned()), ("TZ", "Asia/Tokyo".to_owned()), ("USER", user)]
        .map(|(name, value)| (name.into(), value.into()))
        .to_vec()
}

/// Copies what a handler may import or read. Links are followed: support modules may be links.
fn copy_tree(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        let text = name.to_string_lossy();
        if text.starts_with('.') || SKIPPED.contains(&text.as_ref()) {
            continue;
        }
        let (source, target): (PathBuf, PathBuf) = (entry.path(), to.join(&name));
        if fs::metadata(&source)?.is_dir() {
            fs::create_dir(&target)?;
            copy_tree(&source, &target)?;
        } else {
            fs::copy(&source, &target)?;
        }
    }
    Ok(())
}

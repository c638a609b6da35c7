//! Fresh engines, each in a process of its own with surroundings of its own.

use std::cell::OnceCell;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;

use super::args::SubjectName;
use super::engines::{name_of, patience, tree_of, worker_command};
use crate::campaign::Fresh;
use crate::engine::process::{ProcessEngine, WorkerCommand};
use crate::engine::{Engine, EngineFault, TreeError};
use crate::report::Trees;

/// Starts workers on copies of the trees.
pub(super) struct FreshEngines {
    trees: Trees,
    deadline: Duration,
    copies: [OnceCell<TempDir>; 2],
}

/// What a loader of handlers does not look into.
const SKIPPED: [&str; 2] = ["__pycache__", "node_modules"];

impl FreshEngines {
    pub(super) fn new(trees: &Trees, deadline: Duration) -> Self {
        Self { trees: trees.clone(), deadline, copies: [OnceCell::new(), OnceCell::new()] }
    }

    /// A copy of an engine's tree: its files have another place and other times.
    fn copy(&self, engine: SubjectName) -> io::Result<&Path> {
        let cell = &self.copies[usize::from(engine == SubjectName::Typescript)];
        if cell.get().is_none() {
            let copy = tempfile::tempdir()?;
            copy_tree(&tree_of(engine, &self.trees), copy.path())?;
            // Nobody else can have set it.
            let _ = cell.set(copy);
        }
        cell.get().map(TempDir::path).ok_or_else(|| io::Error::other("the copy is gone"))
    }
}

impl Fresh for FreshEngines {
    fn start(&self, engine: &str, round: u32) -> Result<Box<dyn Engine>, TreeError> {
        let subject =
            if engine == name_of(SubjectName::Python) { SubjectName::Python } else { SubjectName::Typescript };
        let name = name_of(subject);
        let failed =
            |error: io::Error| EngineFault::Start { engine: name, message: format!("no copy of its tree: {error}") };
        let tree = self.copy(subject).map_err(failed)?;
        let command = worker_command(subject, tree, self.deadline).map_err(failed)?;
        let mut arguments = command.arguments;
        arguments.extend(["--hash-seed".into(), (round + 1).to_string().into()]);
        let environment = Some(surroundings(round));
        let command = WorkerCommand { arguments, environment, directory: Some(tree.to_owned()), ..command };
        Ok(Box::new(ProcessEngine::start(name, command, patience(self.deadline))?))
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

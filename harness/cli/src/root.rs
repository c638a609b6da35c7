//! Where the checkout is that our own handlers, templates, vectors and ledger are in: found from where the command is run, never
//! where the binary was built.

use std::path::{Path, PathBuf};

use super::error::CliError;

/// What tells a checkout from any other directory.
const MARKS: [&str; 2] = ["fixtures/templates", "handlers"];

/// A checkout of Parity.
#[derive(Clone, Debug)]
pub(super) struct Root(PathBuf);

impl Root {
    /// The checkout that was named, or the one that the working directory is in.
    pub(super) fn find(named: Option<&Path>) -> Result<Self, CliError> {
        let is_root = |dir: &&Path| MARKS.iter().all(|mark| dir.join(mark).is_dir());
        if let Some(dir) = named {
            let found = dir.canonicalize().ok().filter(|dir| is_root(&dir.as_path())).map(Self);
            return found.ok_or_else(|| CliError::NoRoot { dir: dir.to_owned(), named: true });
        }
        let here = std::env::current_dir()?;
        let found = here.ancestors().find(is_root).map(|dir| Self(dir.to_owned()));
        found.ok_or(CliError::NoRoot { dir: here, named: false })
    }

    /// The same for a command that is about our own handlers; `instead` says what there is for those of others.
    pub(super) fn find_for(
        command: &'static str,
        instead: &'static str,
        named: Option<&Path>,
    ) -> Result<Self, CliError> {
        Self::find(named).map_err(|error| match error {
            CliError::NoRoot { dir, named } => CliError::OwnOnly { command, instead, dir, named },
            error => error,
        })
    }

    pub(super) fn dir(&self) -> &Path {
        &self.0
    }

    /// The templates of our own workflows.
    pub(super) fn templates(&self) -> PathBuf {
        self.0.join("fixtures/templates")
    }

    /// Our own handlers in a language, if there are any.
    pub(super) fn handlers(&self, language: &str) -> Option<PathBuf> {
        Some(self.0.join("handlers").join(language)).filter(|dir| dir.is_dir())
    }

    /// What is known of our own handlers.
    pub(super) fn ledger(&self) -> PathBuf {
        self.0.join("fixtures/known_divergences.yaml")
    }

    /// Our own golden vectors.
    pub(super) fn vectors(&self) -> PathBuf {
        self.0.join("vectors")
    }

    /// Our own saved divergences.
    pub(super) fn regressions(&self) -> PathBuf {
        self.vectors().join("regressions")
    }
}

//! The directory `vectors/`: where files are, how they are read, and how they are replaced.

use std::fs;
use std::path::{Path, PathBuf};

use parity_json::document::{parse, read_text};
use parity_model::HandlerId;

use super::error::VectorError;
use super::model::{TraceFile, VectorFile};
use parity_suite::template::TemplateId;

/// The directory of the workflows' traces.
pub(super) const WORKFLOWS: &str = "workflows";

/// The directory of the saved divergences.
pub(super) const REGRESSIONS: &str = "regressions";

/// The vectors of one repository.
#[derive(Clone, Debug)]
pub struct Store {
    dir: PathBuf,
}

impl Store {
    /// The vectors in a directory.
    #[must_use]
    pub fn new(dir: PathBuf) -> Self {
        Self { dir }
    }

    /// The vectors of the repository at `root`.
    #[must_use]
    pub fn of_repository(root: &Path) -> Self {
        Self::new(root.join("vectors"))
    }

    /// The directory.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The file of a handler's vectors.
    #[must_use]
    pub fn file_of(&self, handler: &HandlerId) -> PathBuf {
        self.dir.join(handler.namespace()).join(format!("{}.json", handler.step()))
    }

    /// The file of a workflow's traces.
    #[must_use]
    pub fn trace_file_of(&self, workflow: &TemplateId) -> PathBuf {
        self.dir.join(WORKFLOWS).join(format!("{}__{}.json", workflow.namespace, workflow.name))
    }

    /// The vectors of a handler; `None` if there is no file.
    pub fn read(&self, handler: &HandlerId) -> Result<Option<VectorFile>, VectorError> {
        let file = self.file_of(handler);
        Ok(read_text(&file)?.map(|text| parse(&file, &text)).transpose()?)
    }

    /// The traces of a workflow; `None` if there is no file.
    pub fn read_traces(&self, workflow: &TemplateId) -> Result<Option<TraceFile>, VectorError> {
        let file = self.trace_file_of(workflow);
        Ok(read_text(&file)?.map(|text| parse(&file, &text)).transpose()?)
    }

    /// Every file below the directory, sorted. What a writer leaves that is killed half-way is none.
    pub fn files(&self) -> Result<Vec<PathBuf>, VectorError> {
        let mut files = Vec::new();
        let mut dirs = vec![self.dir.clone()];
        while let Some(dir) = dirs.pop() {
            let failed = |source| VectorError::Io { path: dir.clone(), source };
            for entry in fs::read_dir(&dir).map_err(failed)? {
                let path = entry.map_err(failed)?.path();
                if path.is_dir() {
                    dirs.push(path);
                } else if !is_unfinished(&path) {
                    files.push(path);
                }
            }
        }
        files.sort();
        Ok(files)
    }

    /// `file` as it is named in messages: below the repository.
    #[must_use]
    pub fn shown(&self, file: &Path) -> String {
        let root = self.dir.parent().unwrap_or(&self.dir);
        file.strip_prefix(root).unwrap_or(file).display().to_string()
    }
}

/// Whether a file is one that takes the place of another when it is written.
fn is_unfinished(file: &Path) -> bool {
    let name = file.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    name.starts_with('.') && name.ends_with(".tmp")
}

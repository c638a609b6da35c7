//! The directory `vectors/`: where files are, how they are read, and how they are replaced.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use reference_rs::HandlerId;
use serde::de::DeserializeOwned;

use super::error::VectorError;
use super::model::{TraceFile, VectorFile};
use crate::template::TemplateId;

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
    /// The vectors of the repository at `root`.
    #[must_use]
    pub fn of_repository(root: &Path) -> Self {
        Self { dir: root.join("vectors") }
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
        read_text(&file)?.map(|text| parse(&file, &text)).transpose()
    }

    /// The traces of a workflow; `None` if there is no file.
    pub fn read_traces(&self, workflow: &TemplateId) -> Result<Option<TraceFile>, VectorError> {
        let file = self.trace_file_of(workflow);
        read_text(&file)?.map(|text| parse(&file, &text)).transpose()
    }

    /// Every file below the directory, sorted.
    pub fn files(&self) -> Result<Vec<PathBuf>, VectorError> {
        let mut files = Vec::new();
        let mut dirs = vec![self.dir.clone()];
        while let Some(dir) = dirs.pop() {
            let failed = |source| VectorError::Io { path: dir.clone(), source };
            for entry in fs::read_dir(&dir).map_err(failed)? {
                let path = entry.map_err(failed)?.path();
                if path.is_dir() { dirs.push(path) } else { files.push(path) }
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

/// The text of a file; `None` if there is none.
pub(super) fn read_text(file: &Path) -> Result<Option<String>, VectorError> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(source) if source.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(VectorError::Io { path: file.to_owned(), source }),
    }
}

/// The document in the text of `file`; an error names line and column, and the vector that stands there.
pub(super) fn parse<T: DeserializeOwned>(file: &Path, text: &str) -> Result<T, VectorError> {
    serde_json::from_str(text).map_err(|error| {
        let near = id_near(text, error.line()).map(|id| format!(", in or near vector {id}")).unwrap_or_default();
        VectorError::Malformed { file: file.to_owned(), message: format!("{error}{near}") }
    })
}

/// The identity of the vector around a line of a canonical file.
pub(super) fn id_near(text: &str, line: usize) -> Option<&str> {
    let lines: Vec<&str> = text.lines().collect();
    let start = lines.iter().take(line).rposition(|line| *line == "    {")?;
    lines[start..].iter().find_map(|line| line.strip_prefix("      \"id\": \"")?.split('"').next())
}

/// Distinguishes the temporary files of one process.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// Replaces `file` by `text` in one step: a reader sees the old text or the new one, whoever else is writing.
pub(super) fn write_atomically(file: &Path, text: &str) -> Result<(), VectorError> {
    let failed = |source| VectorError::Io { path: file.to_owned(), source };
    let dir = file.parent().unwrap_or_else(|| Path::new("."));
    fs::create_dir_all(dir).map_err(failed)?;
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let temporary = dir.join(format!(".{name}.{}.{number}.tmp", std::process::id()));
    let write = || -> io::Result<()> {
        let mut out = fs::File::create_new(&temporary)?;
        out.write_all(text.as_bytes())?;
        out.sync_all()?;
        fs::rename(&temporary, file)
    };
    write().map_err(|source| {
        let _ = fs::remove_file(&temporary);
        failed(source)
    })
}

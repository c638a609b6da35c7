//! Documents in files: read, parsed with the place of what is wrong, and replaced in one step.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use serde::de::DeserializeOwned;
use thiserror::Error;

/// Why a document cannot be read or written.
#[derive(Debug, Error)]
pub enum DocumentError {
    /// A file or directory cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file is not what its place says.
    #[error("{}: {message}", file.display())]
    Malformed {
        /// The file.
        file: PathBuf,
        /// What is wrong, with line and column.
        message: String,
    },
}

/// The text of a file; `None` if there is none.
pub fn read_text(file: &Path) -> Result<Option<String>, DocumentError> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(source) if source.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(DocumentError::Io { path: file.to_owned(), source }),
    }
}

/// The text of a regular file. Of anything else, such as a pipe to which nobody may ever write, none is waited for.
pub fn read_regular(file: &Path) -> io::Result<String> {
    if !file.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file"));
    }
    fs::read_to_string(file)
}

/// The document in the text of `file`; an error names line and column, and the vector that stands there.
pub fn parse<T: DeserializeOwned>(file: &Path, text: &str) -> Result<T, DocumentError> {
    serde_json::from_str(text).map_err(|error| {
        let near = id_near(text, error.line()).map(|id| format!(", in or near vector {id}")).unwrap_or_default();
        DocumentError::Malformed { file: file.to_owned(), message: format!("{error}{near}") }
    })
}

/// The identity of the vector around a line of a canonical file.
#[must_use]
pub fn id_near(text: &str, line: usize) -> Option<&str> {
    let lines: Vec<&str> = text.lines().collect();
    let start = lines.iter().take(line).rposition(|line| *line == "    {")?;
    lines[start..].iter().find_map(|line| line.strip_prefix("      \"id\": \"")?.split('"').next())
}

/// Distinguishes the temporary files of one process.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// Replaces `file` by `text` in one step: a reader sees the old text or the new one, whoever else is writing.
pub fn write_atomically(file: &Path, text: &str) -> Result<(), DocumentError> {
    let failed = |source| DocumentError::Io { path: file.to_owned(), source };
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

//! The files of a language's runtime, which its workers load from a directory.

use std::path::Path;
use std::{fs, io};

use tempfile::TempDir;

/// The files of a runtime, in a directory that is removed when this is dropped.
#[derive(Debug)]
pub struct RuntimeFiles(TempDir);

impl RuntimeFiles {
    /// Writes files with these names and texts.
    pub fn write<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> io::Result<Self> {
        let dir = tempfile::Builder::new().prefix("parity-").tempdir()?;
        for (name, text) in files {
            let file = dir.path().join(name);
            if let Some(parent) = file.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(file, text)?;
        }
        Ok(Self(dir))
    }

    /// The directory.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

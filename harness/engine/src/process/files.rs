//! The files of a language's runtime, which its workers load from a directory.

use std::path::{Path, PathBuf};
use std::{fs, io};

use parity_confine::Outside;

use crate::scratch::ScratchDir;

/// The files of a runtime, in a directory that is removed when this is dropped.
#[derive(Debug)]
pub struct RuntimeFiles {
    place: PathBuf,
    _dir: Outside<ScratchDir>,
}

impl RuntimeFiles {
    /// Writes files with these names and texts.
    pub fn write<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> io::Result<Self> {
        let dir = ScratchDir::new()?;
        for (name, text) in files {
            let file = dir.path().join(name);
            if let Some(parent) = file.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(file, text)?;
        }
        Ok(Self { place: dir.path().to_owned(), _dir: Outside::new(dir) })
    }

    /// The directory.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.place
    }
}

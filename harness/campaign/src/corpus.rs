//! The regression corpus: divergences that were found, as values and never as seeds, so that no change of a generator makes
//! them mean something else.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use parity_model::{HandlerId, StepInput};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::divergence::Divergence;
use parity_json::digest_of;
use parity_json::document::DocumentError;
use parity_json::document::{parse, read_regular, read_text, write_atomically};
use parity_json::file_text;
use parity_model::Observation;
use parity_model::Signature;

/// Digits of a digest that name a saved divergence.
const NAME_DIGITS: usize = 16;

/// A divergence as it was found.
///
/// JSON: `{"actual", "expected", "input", "signature", "version", "well_formed"}`, keys sorted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Saved {
    /// What the subject answered.
    pub actual: Observation,
    /// What the oracle answered.
    pub expected: Observation,
    /// The minimal step input.
    pub input: StepInput,
    /// Who differed, and how.
    pub signature: Signature,
    /// Version of the tool that found it.
    pub version: String,
    /// Whether the input was well-formed.
    pub well_formed: bool,
}

impl Saved {
    /// The value to save of a divergence.
    #[must_use]
    pub fn of(divergence: &Divergence, well_formed: bool) -> Self {
        Self {
            actual: divergence.actual.clone(),
            expected: divergence.expected.clone(),
            input: divergence.input.clone(),
            signature: divergence.signature.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            well_formed,
        }
    }

    /// The name of its file: input and signature alone, so that the same divergence is saved once, whoever finds it.
    fn name(&self) -> String {
        let digest = digest_of(&json!({"input": self.input, "signature": self.signature}));
        format!("{}.json", digest.trim_start_matches("sha256:").get(..NAME_DIGITS).unwrap_or_default())
    }
}

/// What has become of a saved divergence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The engine agrees with the oracle now.
    Fixed,
    /// The engine still differs, in this way.
    StillFailing(Signature),
    /// They agree, but the input was well-formed once and is no longer.
    OutOfDomain,
    /// It could not be replayed.
    Error(String),
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed => f.write_str("FIXED"),
            Self::StillFailing(signature) => {
                write!(f, "STILL FAILING: {} {} at {:?}", signature.engine, signature.class, signature.path)
            }
            Self::OutOfDomain => f.write_str("OUT OF DOMAIN"),
            Self::Error(message) => write!(f, "ERROR: {message}"),
        }
    }
}

/// A directory of saved divergences, `<namespace>/<step>/<hash>.json`.
#[derive(Clone, Debug)]
pub struct Corpus {
    dir: PathBuf,
}

impl Corpus {
    /// The corpus in `dir`, which need not be there.
    #[must_use]
    pub fn new(dir: PathBuf) -> Self {
        Self { dir }
    }

    /// Saves a divergence; answers its file. Any number of processes may do so at the same time.
    pub fn save(&self, saved: &Saved) -> Result<PathBuf, DocumentError> {
        let file = self.dir_of(&saved.input.handler).join(saved.name());
        // What is there has the same input and the same signature.
        if read_text(&file)?.is_none() {
            write_atomically(&file, &file_text(saved))?;
        }
        Ok(file)
    }

    /// One saved divergence. Its name must be that of its contents.
    pub fn read(&self, file: &Path) -> Result<Saved, DocumentError> {
        let malformed = |message: String| DocumentError::Malformed { file: file.to_owned(), message };
        let text = read_regular(file).map_err(|source| DocumentError::Io { path: file.to_owned(), source })?;
        let saved: Saved = parse(file, &text)?;
        let expected = self.dir_of(&saved.input.handler).join(saved.name());
        if expected != file {
            return Err(malformed(format!("is not at its place, which is {}", expected.display())));
        }
        Ok(saved)
    }

    /// The files of all saved divergences, or of those of one handler; sorted. Those that are being written do not count.
    pub fn files(&self, handler: Option<&HandlerId>) -> Result<Vec<PathBuf>, DocumentError> {
        let mut dirs = vec![handler.map_or_else(|| self.dir.clone(), |handler| self.dir_of(handler))];
        let mut files = Vec::new();
        while let Some(dir) = dirs.pop() {
            let failed = |source| DocumentError::Io { path: dir.clone(), source };
            let entries = match fs::read_dir(&dir) {
                Err(source) if source.kind() == io::ErrorKind::NotFound => continue,
                entries => entries.map_err(failed)?,
            };
            for entry in entries {
                let path = entry.map_err(failed)?.path();
                if path.is_dir() {
                    dirs.push(path);
                } else if path.extension().is_some_and(|extension| extension == "json") {
                    files.push(path);
                }
            }
        }
        files.sort();
        Ok(files)
    }

    /// The saved divergences of some handlers.
    pub fn of_handlers(&self, handlers: &[HandlerId]) -> Result<Vec<Saved>, DocumentError> {
        let mut saved = Vec::new();
        for handler in handlers {
            for file in self.files(Some(handler))? {
                saved.push(self.read(&file)?);
            }
        }
        Ok(saved)
    }

    fn dir_of(&self, handler: &HandlerId) -> PathBuf {
        self.dir.join(handler.namespace()).join(handler.step())
    }
}

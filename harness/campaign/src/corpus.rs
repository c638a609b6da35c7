//! The regression corpus: divergences that were found, as values and never as seeds, so that no change of a generator makes
//! them mean something else.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use parity_model::{HandlerId, StepInput};
use parity_suite::Generators;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::divergence::Divergence;
use parity_engine::{Engine, EngineFault};
use parity_json::digest_of;
use parity_json::document::DocumentError;
use parity_json::document::{parse, read_text, write_atomically};
use parity_json::file_text;
use parity_judge::Criteria;
use parity_judge::compare_on;
use parity_model::Observation;
use parity_model::Signature;
use parity_model::document_of;

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
    pub fn of(divergence: &Divergence, generators: &Generators) -> Self {
        Self {
            actual: divergence.actual.clone(),
            expected: divergence.expected.clone(),
            input: divergence.input.clone(),
            signature: divergence.signature.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            well_formed: is_well_formed(&divergence.input, generators),
        }
    }

    /// The name of its file: input and signature alone, so that the same divergence is saved once, whoever finds it.
    fn name(&self) -> String {
        let digest = digest_of(&json!({"input": self.input, "signature": self.signature}));
        format!("{}.json", digest.trim_start_matches("sha256:").get(..NAME_DIGITS).unwrap_or_default())
    }

    /// What has become of it on `engines`.
    pub fn verdict(
        &self,
        oracle: &mut dyn Engine,
        engines: &mut [Box<dyn Engine>],
        criteria: &Criteria,
        generators: &Generators,
    ) -> Verdict {
        let name = &self.signature.engine;
        let Some(engine) = engines.iter_mut().find(|engine| engine.name() == name && engine.has(&self.input.handler))
        else {
            return Verdict::Error(format!("no engine {name} with {}", self.input.handler));
        };
        match self.compared(oracle, engine.as_mut(), criteria) {
            Err(fault) => Verdict::Error(fault.to_string()),
            Ok(Some((signature, ..))) => Verdict::StillFailing(signature),
            Ok(_) if self.well_formed && !is_well_formed(&self.input, generators) => Verdict::OutOfDomain,
            Ok(_) => Verdict::Fixed,
        }
    }

    /// How an engine differs from the oracle today, if it does: the signature, the oracle's answer and the engine's.
    pub fn compared(
        &self,
        oracle: &mut dyn Engine,
        engine: &mut dyn Engine,
        criteria: &Criteria,
    ) -> Result<Option<(Signature, Observation, Observation)>, EngineFault> {
        let expected = oracle.run(&self.input)?;
        let comparison = compare_on((oracle, engine), &self.input, &expected, criteria)?;
        let Some(signature) = comparison.signature.clone() else { return Ok(None) };
        let (expected, actual) = comparison.into_ends();
        Ok(Some((signature, expected, actual)))
    }
}

fn is_well_formed(input: &StepInput, generators: &Generators) -> bool {
    generators.of_handler(&input.handler).is_some_and(|generator| generator.domain().holds(&document_of(input)))
}

/// What has become of a saved divergence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The engine agrees with the oracle now.
    Fixed,
    /// The engine still differs, in this way.
    StillFailing(Signature),
    /// They agree, but the input was well-formed once and is no longer.
    OutOfDomain,
    /// It could not be replayed.
    Error(String),
}

impl fmt::Display for Verdict {
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
        let missing = || DocumentError::Io { path: file.to_owned(), source: io::ErrorKind::NotFound.into() };
        let text = read_text(file)?.ok_or_else(missing)?;
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

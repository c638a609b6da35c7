//! What a worker finds around it: the files of its runtime, and its environment.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io};

use parity_model::{HandlerId, StepInput};
use tempfile::TempDir;

use super::engine::ProcessEngine;
use crate::engine::Engine;
use crate::error::EngineFault;
use crate::naming::Inventory;
use parity_model::Observation;

/// What is around a worker beside its tree.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// The whole environment, if it is not the harness's.
    pub environment: Option<Vec<(OsString, OsString)>>,
    /// Where the worker runs, if not where the harness does.
    pub directory: Option<PathBuf>,
    /// Decides the order of sets and tables in languages that draw it at random.
    pub hash_seed: u32,
}

/// The files of a runtime, in a directory that goes with this.
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

    /// Where they are.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

/// A process engine with the files that its workers load, which are there as long as it is.
#[derive(Debug)]
pub struct Hosted {
    engine: ProcessEngine,
    _files: RuntimeFiles,
}

impl Hosted {
    /// `engine`, whose workers need `files`.
    #[must_use]
    pub fn new(engine: ProcessEngine, files: RuntimeFiles) -> Self {
        Self { engine, _files: files }
    }
}

impl Engine for Hosted {
    fn name(&self) -> &str {
        self.engine.name()
    }

    fn handlers(&self) -> &[HandlerId] {
        self.engine.handlers()
    }

    fn inventory(&self) -> Option<&Inventory> {
        self.engine.inventory()
    }

    fn run(&mut self, step_input: &StepInput) -> Result<Observation, EngineFault> {
        self.engine.run(step_input)
    }

    fn deadline(&self) -> Option<Duration> {
        self.engine.deadline()
    }

    fn set_deadline(&mut self, deadline: Duration) {
        self.engine.set_deadline(deadline);
    }
}

//! A process engine together with the files that its workers load.

use super::engine::ProcessEngine;
use super::files::RuntimeFiles;
use crate::engine::Engine;
use crate::error::EngineFault;
use crate::wrapper::Wrapper;
use parity_model::{Observation, StepInput};

/// A process engine that owns the files its workers load: every new worker finds them.
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

impl Wrapper for Hosted {
    fn inner(&self) -> &dyn Engine {
        &self.engine
    }

    fn inner_mut(&mut self) -> &mut dyn Engine {
        &mut self.engine
    }

    fn run_wrapped_expecting(
        &mut self,
        step_input: &StepInput,
        expected: &Observation,
    ) -> Result<Option<Observation>, EngineFault> {
        self.engine.run_expecting(step_input, expected)
    }
}

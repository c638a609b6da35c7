//! A process engine together with the files that its workers load.

use super::engine::ProcessEngine;
use super::files::RuntimeFiles;
use crate::engine::Engine;
use crate::wrapper::Wrapper;

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
}

//! How engines are started, by whoever knows them all.

use std::path::PathBuf;
use std::time::Duration;

use super::config::EngineConfig;
use super::engine::Engine;
use super::error::TreeError;
use super::naming::Naming;
use super::process::Surroundings;

/// Where and how engines run their handlers.
#[derive(Clone, Debug)]
pub struct LaunchOptions {
    /// How long a call may take before it has timed out.
    pub deadline: Duration,
    /// Whether each engine runs in a process of its own.
    pub isolated: bool,
    /// What is around an engine that runs in a process of its own; the hash seed counts for the first engine of this process,
    /// too.
    pub surroundings: Surroundings,
    /// The directory in which the running input of an engine that could end this process is kept.
    pub journal: Option<PathBuf>,
    /// What handlers are called.
    pub naming: Naming,
}

impl Default for LaunchOptions {
    /// In this process, where handlers are called by their identities.
    fn default() -> Self {
        Self {
            deadline: Duration::from_secs(10),
            isolated: false,
            surroundings: Surroundings::default(),
            journal: None,
            naming: Naming::identities(),
        }
    }
}

/// Starts several engines that share what they can, each in the thread that calls it.
pub type Starter = Box<dyn Fn() -> Result<Box<dyn Engine>, TreeError> + Send + Sync>;

/// Starts engines.
pub trait Launch {
    /// Prepares to start an engine on its tree, once or several times.
    fn starter(&self, engine: &EngineConfig, options: &LaunchOptions) -> Result<Starter, TreeError>;

    /// Starts an engine on its tree.
    fn launch(&self, engine: &EngineConfig, options: &LaunchOptions) -> Result<Box<dyn Engine>, TreeError> {
        self.starter(engine, options)?()
    }

    /// Starts an engine in which nothing has run before, in a process of its own, on a copy of its tree. Every round has
    /// surroundings of its own: another order of sets, another place and other times of the files, another environment.
    fn launch_fresh(
        &self,
        engine: &EngineConfig,
        options: &LaunchOptions,
        round: u32,
    ) -> Result<Box<dyn Engine>, TreeError>;

    /// Shuts this thread in, and all that it starts, for those of `engines` whose handlers run in this process.
    fn confine(&self, engines: &[&EngineConfig]) -> std::io::Result<()> {
        let _ = engines;
        Ok(())
    }
}

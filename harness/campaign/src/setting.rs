//! How the engines of a suite are started: in this process, or in processes of their own.

use std::path::PathBuf;
use std::time::Duration;

use parity_engine::{Engine, EngineConfig, EngineFault, Launch, LaunchOptions, Runner, Second, TreeError};
use parity_judge::majority::Majority;
use parity_suite::workflow::Pool;
use parity_suite::{Oracle, Suite};

use crate::confirm::{FEW_ROUNDS, Fresh, ROUNDS};
use crate::panel::{Panel, TaskPanel};

/// The widest of our workflows has three steps side by side.
const WORKERS: usize = 3;

/// The engines of a suite, and how they are started.
#[derive(Clone)]
pub struct Setting<'a> {
    /// What is compared.
    pub suite: &'a Suite,
    /// Starts engines.
    pub launch: &'a dyn Launch,
    /// How long a call may take.
    pub deadline: Duration,
    /// Whether each engine runs in a process of its own.
    pub isolated: bool,
    /// The directory in which the running input is recorded.
    pub recorder: Option<PathBuf>,
}

impl Setting<'_> {
    /// How an engine is started.
    #[must_use]
    pub fn options(&self) -> LaunchOptions {
        LaunchOptions {
            deadline: self.deadline,
            isolated: self.isolated,
            journal: self.recorder.clone(),
            naming: self.suite.naming(),
            ..LaunchOptions::default()
        }
    }

    /// Starts one engine.
    pub fn start_engine(&self, engine: &EngineConfig) -> Result<Box<dyn Engine>, TreeError> {
        self.launch.launch(engine, &self.options())
    }

    /// Starts the oracle and the engines.
    pub fn panel(&self) -> Result<Panel, TreeError> {
        let options = self.options();
        let engines: Vec<Box<dyn Engine>> =
            self.suite.engines.iter().map(|engine| self.launch.launch(engine, &options)).collect::<Result<_, _>>()?;
        Ok(match &self.suite.oracle {
            Oracle::Engine(engine) => Panel { oracle: self.launch.launch(engine, &options)?, engines },
            Oracle::Majority => {
                let (majority, engines) = Majority::of(engines, &self.suite.criteria);
                Panel { oracle: Box::new(majority), engines }
            }
        })
    }

    /// Starts the oracle and the engines, each with several workers.
    pub fn task_panel(&self) -> Result<TaskPanel, TreeError> {
        let options = self.options();
        let pool = |engine| Pool::start(WORKERS, self.launch.starter(engine, &options)?);
        let engines = self.suite.engines.iter().map(pool).collect::<Result<_, _>>()?;
        match &self.suite.oracle {
            Oracle::Engine(engine) => Ok(TaskPanel { oracle: pool(engine)?, engines }),
            Oracle::Majority => Err(TreeError::Refused {
                message: "whole workflows need one engine as oracle; name it, e.g. --oracle python".to_owned(),
            }),
        }
    }
}

impl Fresh for Setting<'_> {
    fn start(&self, engine: &str, round: u32) -> Result<Box<dyn Engine>, TreeError> {
        let config = self.suite.engine(engine).ok_or_else(|| EngineFault::Start {
            engine: engine.to_owned(),
            message: "it is not an engine of this suite".to_owned(),
        })?;
        self.launch.launch_fresh(config, &self.options(), round)
    }

    fn starts(&self, engine: &str) -> bool {
        self.suite.engine(engine).is_some_and(|config| !matches!(config.runner, Runner::Reference))
    }

    fn rounds(&self, engine: &str) -> u32 {
        let is_seconded = |config: &EngineConfig| matches!(config.second, Some(Second::Program { .. }));
        if self.suite.engine(engine).is_some_and(is_seconded) { FEW_ROUNDS } else { ROUNDS }
    }
}

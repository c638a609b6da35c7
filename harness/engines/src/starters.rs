//! From the configuration of an engine to the running engine.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use parity_confine::outside;
use parity_engine::process::{ProcessEngine, WorkerCommand};
use parity_engine::{Engine, EngineConfig, EngineFault, Language, LaunchOptions, Runner, Starter, TreeError};

use super::runtimes::{Remote, embedded, interpreter, prepared, recorded, second, shared};
use super::second::{Second, Seconded};
use super::worker::WorkerConfig;

/// Starts engines of every kind.
#[derive(Clone, Debug, Default)]
pub(crate) struct Starters {
    /// Makes the reference implementation, where there is one.
    pub(crate) reference: Option<fn() -> Box<dyn Engine>>,
    /// The program that serves an isolated engine when it is started as `PROGRAM worker`, if it is not this one.
    pub(crate) program: Option<PathBuf>,
    /// Its further arguments.
    pub(crate) arguments: Vec<OsString>,
    /// Whether nothing is shut in.
    pub(crate) unconfined: bool,
}

impl Starters {
    /// The options with what is so of all engines.
    pub(crate) fn told(&self, options: &LaunchOptions) -> LaunchOptions {
        let mut options = options.clone();
        options.surroundings.unconfined |= self.unconfined;
        options
    }

    /// Starts an engine on its tree.
    pub(crate) fn launch(&self, engine: &EngineConfig, options: &LaunchOptions) -> Result<Box<dyn Engine>, TreeError> {
        match &engine.runner {
            Runner::Reference => self.reference.map(|reference| reference()).ok_or_else(|| {
                let message = "no reference implementation is built in; name an engine as oracle".to_owned();
                TreeError::Refused { message }
            }),
            Runner::Embedded { language } => {
                let tree = tree_of(engine)?;
                Ok(seconded(self.embedded(language, tree, engine, options)?, second(language, tree, engine, options)))
            }
            Runner::Interpreter { .. } | Runner::Command { .. } => Ok(self.launch_outside(engine, options)?),
        }
    }

    /// Starts an engine in another process, for which no thread may be confined.
    fn launch_outside(&self, engine: &EngineConfig, options: &LaunchOptions) -> Remote {
        let (starters, engine, options) = (self.clone(), engine.clone(), options.clone());
        outside(move || starters.launch_process(&engine, &options))
    }

    fn launch_process(&self, engine: &EngineConfig, options: &LaunchOptions) -> Remote {
        match &engine.runner {
            Runner::Reference | Runner::Embedded { .. } => {
                tree_of(engine)?;
                self.isolated(engine, options)
            }
            Runner::Interpreter { language, program } => {
                interpreter(language, program, tree_of(engine)?, engine, options)
            }
            Runner::Command { command } => {
                let command = WorkerCommand {
                    program: "sh".into(),
                    arguments: vec!["-c".into(), command.into()],
                    surroundings: options.surroundings.clone(),
                    ..WorkerCommand::default()
                };
                Ok(Box::new(ProcessEngine::start_named(&engine.name, command, options.deadline, &options.naming)?))
            }
        }
    }
}

impl Starters {
    /// What starts `engine` several times; a tree of which one interpreter can serve several engines is loaded once.
    pub(crate) fn starter(&self, engine: &EngineConfig, options: &LaunchOptions) -> Result<Starter, TreeError> {
        let (launcher, engine, options) = (self.clone(), engine.clone(), options.clone());
        if let Runner::Embedded { language } = engine.runner
            && let tree = tree_of(&engine)?.to_owned()
            && let Some(second) = second(language, &tree, &engine, &options)
        {
            // One is enough for several engines of this process.
            return Ok(Box::new(move || {
                let first = launcher.embedded(language, &tree, &engine, &options)?;
                Ok(seconded(first, Some(second.clone())))
            }));
        }
        if let (Runner::Embedded { language }, false) = (&engine.runner, options.isolated)
            && let Some(copy) = shared(language, tree_of(&engine)?, &engine, &options)?
        {
            return Ok(Box::new(move || prepared(copy(), &options)));
        }
        Ok(Box::new(move || launcher.launch(&engine, &options)))
    }

    /// Starts an embedded engine, here or in another process of the program.
    fn embedded(
        &self,
        language: &Language,
        tree: &Path,
        engine: &EngineConfig,
        options: &LaunchOptions,
    ) -> Result<Box<dyn Engine>, TreeError> {
        if options.isolated {
            recorded(self.launch_outside(engine, options)?, options)
        } else {
            prepared(embedded(language, tree, engine, options)?, options)
        }
    }

    /// Starts an embedded engine in another process of the program.
    fn isolated(&self, engine: &EngineConfig, options: &LaunchOptions) -> Remote {
        let name = &engine.name;
        let fault = |message: String| EngineFault::Start { engine: name.clone(), message };
        let program = self.program.clone().map_or_else(std::env::current_exe, Ok);
        let command = WorkerCommand {
            program: program.map_err(|error| fault(error.to_string()))?,
            arguments: [&["worker".into()], self.arguments.as_slice()].concat(),
            preface: WorkerConfig::of(engine, options).line().map_err(|error| fault(error.to_string()))?,
            surroundings: options.surroundings.clone(),
            ..WorkerCommand::default()
        };
        Ok(Box::new(ProcessEngine::start(name, command, patience(options.deadline))?))
    }
}

/// The engine with its second opinion, if there is one.
fn seconded(first: Box<dyn Engine>, second: Option<Second>) -> Box<dyn Engine> {
    match second {
        Some(second) => Box::new(Seconded::new(first, second)),
        None => first,
    }
}

/// How long a worker may take for a call that it ends in time itself, if it can.
fn patience(deadline: Duration) -> Duration {
    deadline + deadline.min(Duration::from_secs(1))
}

/// The tree of an engine that needs one.
fn tree_of(engine: &EngineConfig) -> Result<&Path, TreeError> {
    engine.tree.as_deref().ok_or_else(|| {
        let flag = engine.language().and_then(|language| language.flag).unwrap_or_default();
        let message = format!("there are no handlers of ours for {}; name their tree with {flag} DIR", engine.name);
        TreeError::Refused { message }
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("ruby", "there are no handlers of ours for ruby; name their tree with --ruby DIR")]
    #[case("node", "there are no handlers of ours for node; name their tree with --typescript DIR")]
    fn an_engine_without_a_tree_says_how_to_name_one(#[case] engine: &str, #[case] message: &str) {
        let engine: EngineConfig = engine.parse().unwrap();
        let error = Starters::default().launch(&engine, &LaunchOptions::default()).err().unwrap();
        assert_eq!(error.to_string(), message);
    }

    #[test]
    fn without_a_reference_none_is_started() {
        let error = Starters::default().launch(&EngineConfig::reference(), &LaunchOptions::default()).err().unwrap();
        assert_eq!(error.to_string(), "no reference implementation is built in; name an engine as oracle");
    }
}

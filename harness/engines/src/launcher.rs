//! Starts every engine; and fresh ones to confirm a divergence on, each in a process of its own with surroundings of its own.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use parity_confine::{Outside, outside};
use parity_engine::process::Surroundings;
use parity_engine::{Engine, EngineConfig, EngineFault, Launch, LaunchOptions, Runner, Second, Starter, TreeError};

use super::confined::confine;
use super::copy::TreeCopy;
use super::starters::Starters;

/// Starts engines of every kind. Trees are copied once, when a fresh engine needs them: the files of a copy have another place
/// and other times.
#[derive(Debug, Default)]
pub struct Launcher {
    starters: Starters,
    copies: RefCell<BTreeMap<PathBuf, (PathBuf, Outside<TreeCopy>)>>,
}

impl Launcher {
    /// Starts engines of every kind; `reference` makes the reference implementation, where there is one.
    #[must_use]
    pub fn new(reference: Option<fn() -> Box<dyn Engine>>) -> Self {
        Self { starters: Starters { reference, ..Starters::default() }, copies: RefCell::default() }
    }

    /// The same where `program` is what serves an isolated engine when it is started as `PROGRAM worker`, not this program.
    #[must_use]
    pub fn with_program(mut self, program: PathBuf) -> Self {
        self.starters.program = Some(program);
        self
    }

    /// The same where the program is started as `PROGRAM worker` with these arguments behind it.
    #[must_use]
    pub fn with_arguments(mut self, arguments: Vec<OsString>) -> Self {
        self.starters.arguments = arguments;
        self
    }

    /// The same where nothing is shut in that this starts: for the benchmark alone, which sees what that costs.
    #[must_use]
    pub fn unconfined(mut self) -> Self {
        self.starters.unconfined = true;
        self
    }

    /// The arguments behind `PROGRAM worker`.
    #[must_use]
    pub fn arguments(&self) -> &[OsString] {
        &self.starters.arguments
    }
}

impl Launch for Launcher {
    fn starter(&self, engine: &EngineConfig, options: &LaunchOptions) -> Result<Starter, TreeError> {
        self.starters.starter(engine, &self.starters.told(options))
    }

    fn launch(&self, engine: &EngineConfig, options: &LaunchOptions) -> Result<Box<dyn Engine>, TreeError> {
        self.starters.launch(engine, &self.starters.told(options))
    }

    fn launch_fresh(
        &self,
        engine: &EngineConfig,
        options: &LaunchOptions,
        round: u32,
    ) -> Result<Box<dyn Engine>, TreeError> {
        if let Some(second) = decisive(engine) {
            // One that cannot run the tree has said so before.
            if let Ok(fresh) = self.launch_fresh(&second, options, round) {
                return Ok(fresh);
            }
        }
        let engine = &EngineConfig { second: None, ..engine.clone() };
        let tree = engine.tree.as_deref().map(|tree| self.copy_of(tree)).transpose();
        let tree = tree.map_err(|error| EngineFault::Start {
            engine: engine.name.clone(),
            message: format!("no copy of its tree: {error}"),
        })?;
        let mut environment = environment(round);
        if !engine.is_embedded() || engine.allowed.open().process {
            // What the user names is found where the user finds it, and so is what handlers start.
            environment.extend(std::env::var_os("PATH").map(|path| ("PATH".into(), path)));
        }
        let surroundings = Surroundings {
            environment: Some(environment),
            directory: tree.clone().filter(|_| engine.is_embedded()),
            hash_seed: round + 1,
            ..Surroundings::default()
        };
        let options = LaunchOptions { isolated: true, surroundings, journal: None, ..options.clone() };
        self.starters.launch(&EngineConfig { tree, ..engine.clone() }, &options)
    }

    fn confine(&self, engines: &[&EngineConfig]) -> io::Result<()> {
        if self.starters.unconfined { Ok(()) } else { confine(engines) }
    }
}

impl Launcher {
    fn copy_of(&self, tree: &Path) -> io::Result<PathBuf> {
        let mut copies = self.copies.borrow_mut();
        if let Some((place, _)) = copies.get(tree) {
            return Ok(place.clone());
        }
        let original = tree.to_owned();
        let copy = outside(move || TreeCopy::new(&original))?;
        let place = copy.path().to_owned();
        copies.insert(tree.to_owned(), (place.clone(), Outside::new(copy)));
        Ok(place)
    }
}

/// What has the last word on an engine's answers, in its name.
fn decisive(engine: &EngineConfig) -> Option<EngineConfig> {
    let (Some(Second::Program { program, .. }), Some(language)) = (&engine.second, engine.language()) else {
        return None;
    };
    let runner = Runner::Interpreter { language, program: program.clone() };
    Some(EngineConfig { runner, second: None, ..engine.clone() })
}

/// An environment that is another one every round, and never the user's.
fn environment(round: u32) -> Vec<(OsString, OsString)> {
    let locale = if round.is_multiple_of(2) { "C.UTF-8" } else { "POSIX" };
    let user = format!("parity-{round}");
    [("HOME", format!("/home/{user}")), ("LC_ALL", locale.to_owned()), ("TZ", "Asia/Tokyo".to_owned()), ("USER", user)]
        .map(|(name, value)| (name.into(), value.into()))
        .to_vec()
}

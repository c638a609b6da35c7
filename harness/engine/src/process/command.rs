//! How a worker process is started: its program, and the environment that it runs in.

use std::ffi::OsString;
use std::path::PathBuf;

use parity_confine::{Doors, Readable};

/// How a worker is started.
#[derive(Clone, Debug, Default)]
pub struct WorkerCommand {
    /// The program, a path or a name on `PATH`.
    pub program: PathBuf,
    /// The program's arguments.
    pub arguments: Vec<OsString>,
    /// What the worker reads before the first request: whole lines.
    pub preface: Vec<u8>,
    /// The tree that the worker is told to load, if it is told one.
    pub tree: Option<PathBuf>,
    /// Environment variables that the worker gets whatever its surroundings are.
    pub variables: Vec<(OsString, OsString)>,
    /// Whether the worker may be asked for calls before it has answered earlier ones.
    pub works_ahead: bool,
    /// Everything else that the worker can see and that handlers may depend on by mistake.
    pub surroundings: Surroundings,
    /// What the worker may read; it is shut in by the operating system, unless nothing is said.
    pub readable: Option<Readable>,
    /// What else is open to a worker that is shut in.
    pub doors: Doors,
    /// How many programs make room for one another after the first, until the worker is there.
    pub later_programs: usize,
}

/// What a handler may depend on by mistake: a divergence is confirmed in other surroundings.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// The whole environment, if it is not the harness's.
    pub environment: Option<Vec<(OsString, OsString)>>,
    /// The working directory, if it is not the harness's.
    pub directory: Option<PathBuf>,
    /// Decides the order of sets and tables in languages that draw it at random.
    pub hash_seed: u32,
    /// Whether the worker is not shut in, which is how the benchmark sees what it costs to be.
    pub unconfined: bool,
}

//! The engine: the handlers of one tree, and one call of one of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use parity_model::{FailureKind, HandlerId, Outcome, StepInput};
use pyo3::prelude::*;
use pyo3::types::{PyList, PyModule, PyTuple};
use serde_json::Value;

use super::bridge::{Keys, MAX_DEPTH, NotJson, read};
use super::check::is_end;
use super::interpreter::{Interpreter, NAME, interpreter};
use super::sandbox::Denial;
use parity_engine::catalog::{self, Catalog, directory, position_of};
use parity_engine::clock::{thread_time, thread_time_since};
use parity_engine::failure::failed;
use parity_engine::naming::{Inventory, Naming, NotLoaded, ResolvedHandler, Sighting};
use parity_engine::tree::PYTHON;
use parity_engine::{Engine, EngineFault, TreeError};
use parity_model::{Observation, Unplanned};

/// Runs the Python handlers of one tree.
///
/// A clone runs the same classes and modules, also on another thread.
#[derive(Debug)]
pub struct PythonEngine {
    loaded: Arc<Loaded>,
    keys: Keys,
    deadline: Duration,
}

/// How long a call may take unless told otherwise, and how long a tree may take to load.
const DEADLINE: Duration = Duration::from_secs(10);

/// Bytes that one call may take, and that a tree may take when it is loaded.
const MEMORY_LIMIT: usize = 256 << 20;

impl Clone for PythonEngine {
    fn clone(&self) -> Self {
        Self { loaded: Arc::clone(&self.loaded), keys: Keys::default(), deadline: self.deadline }
    }
}

#[derive(Debug)]
struct Loaded {
    interpreter: &'static Interpreter,
    tree: Py<PyAny>,
    root: PathBuf,
    call: Py<PyAny>,
    left_behind: Py<PyAny>,
    classes: BTreeMap<HandlerId, Py<PyAny>>,
    handlers: Vec<HandlerId>,
    inventory: Inventory,
}

impl PythonEngine {
    /// Imports the handlers of `tree`, each of which is named by its identity, with `tree` itself on the import path. Two
    /// engines do not see each other's modules.
    pub fn load(tree: &Path) -> Result<Self, TreeError> {
        Self::load_within(tree, DEADLINE)
    }

    /// The same with handlers that are named in other ways.
    pub fn load_named(tree: &Path, naming: &Naming) -> Result<Self, TreeError> {
        Self::start(tree, naming, DEADLINE)
    }

    /// The same in an interpreter whose sets have another order. Only the first engine of a process decides it.
    pub fn load_seeded(tree: &Path, naming: &Naming, hash_seed: u32) -> Result<Self, TreeError> {
        interpreter(hash_seed)?;
        Self::start(tree, naming, DEADLINE)
    }

    /// Handlers that are named by their identities, with a limit on the time that one file may take to load and one call may
    /// take.
    pub fn load_within(tree: &Path, deadline: Duration) -> Result<Self, TreeError> {
        Self::start(tree, &Naming::identities(), deadline)
    }

    fn start(tree: &Path, naming: &Naming, deadline: Duration) -> Result<Self, TreeError> {
        let interpreter = interpreter(0)?;
        let root = directory(tree, NAME)?;
        let files = PYTHON.files(tree, NAME)?;
        let catalog = Catalog { root: tree.to_owned(), files, dialect: &PYTHON, naming: naming.clone() };
        interpreter.attach(|py| {
            let fault = |error: PyErr| EngineFault::Start { engine: NAME.to_owned(), message: error.to_string() };
            let driver = interpreter.driver.bind(py);
            interpreter.doors.get().reset(&parity_model::Ambient::default());
            let limits = Limits { interpreter, root: &root, deadline };
            let tree_of = || driver.getattr("Tree").and_then(|class| class.call1((&root, catalog.names())));
            let loaded = limits.within(py, tree_of).0.map_err(fault)?;
            let LoadedFiles { sightings, classes, not_loaded } =
                limits.load(&loaded, &catalog.names()).map_err(fault)?;
            let inventory = catalog.resolve(&sightings, not_loaded)?;
            let class = |found: &ResolvedHandler| {
                let class = position_of(&sightings, &found.sighting).and_then(|place| classes.get(place))?;
                Some((found.handler.clone(), class.clone_ref(py)))
            };
            let classes = inventory.handlers.iter().filter_map(class).collect();
            let handlers = inventory.identities();
            let call = driver.getattr("call").map_err(fault)?.unbind();
            let left_behind = driver.getattr("left_behind").map_err(fault)?.unbind();
            let tree = loaded.unbind();
            let loaded = Loaded { interpreter, tree, root, call, left_behind, classes, handlers, inventory };
            Ok(Self { loaded: Arc::new(loaded), keys: Keys::default(), deadline })
        })
    }

    /// Calls handlers one after the other with nothing around them; returns the CPU time that it took to write the inputs,
    /// and that of the calls.
    pub fn bare_loop(&mut self, step_inputs: &[StepInput]) -> Result<(Duration, Duration), EngineFault> {
        let interpreter = self.loaded.interpreter;
        interpreter.attach(|py| {
            let fault = |error: PyErr| EngineFault::Start { engine: NAME.to_owned(), message: error.to_string() };
            let started = thread_time();
            let calls = PyList::empty(py);
            for step_input in step_inputs {
                let handler = &step_input.handler;
                let class = self.loaded.classes.get(handler);
                let class = class
                    .ok_or_else(|| EngineFault::NoHandler { engine: NAME.to_owned(), handler: handler.clone() })?;
                let mut write = |members| self.keys.write_object(py, members, 0).map_err(fault);
                let call = (
                    class,
                    handler.as_str(),
                    step_input.ambient.task_uuid.as_str(),
                    step_input.ambient.step_uuid.as_str(),
                    write(&step_input.context)?,
                    write(&step_input.dependencies)?,
                    write(&step_input.step_config)?,
                    step_input.attempt.saturating_sub(1),
                    step_input.max_attempts,
                );
                calls.append(call).map_err(fault)?;
            }
            let written = thread_time();
            let bare_loop = interpreter.driver.bind(py).getattr("bare_loop").map_err(fault)?;
            bare_loop.call1((&self.loaded.tree, calls)).map_err(fault)?;
            Ok((written.saturating_sub(started), thread_time_since(written)))
        })
    }

    /// Calls a handler and reads its end with `read`.
    fn call<T: From<Observation>>(
        &mut self,
        step_input: &StepInput,
        read: impl FnOnce(&Bound<'_, PyTuple>) -> PyResult<T>,
    ) -> Result<T, EngineFault> {
        let handler = &step_input.handler;
        let loaded = Arc::clone(&self.loaded);
        let class = loaded.classes.get(handler);
        let class =
            class.ok_or_else(|| EngineFault::NoHandler { engine: NAME.to_owned(), handler: handler.clone() })?;
        loaded.interpreter.attach(|py| self.call_class(py, class, step_input, read))
    }

    fn call_class<T: From<Observation>>(
        &mut self,
        py: Python<'_>,
        class: &Py<PyAny>,
        step_input: &StepInput,
        read: impl FnOnce(&Bound<'_, PyTuple>) -> PyResult<T>,
    ) -> Result<T, EngineFault> {
        let unplanned = |unplanned: Unplanned| Ok(Observation::from(unplanned).into());
        let handler = &step_input.handler;
        let fault = |error: PyErr| call_fault(handler, error.to_string());
        let mut write = |members| {
            let written = self.keys.write_object(py, members, 0).map_err(fault)?;
            written.ok_or_else(|| call_fault(handler, format!("the step input nests deeper than {MAX_DEPTH}")))
        };
        let arguments = (
            &self.loaded.tree,
            class,
            step_input.handler.as_str(),
            step_input.ambient.task_uuid.as_str(),
            step_input.ambient.step_uuid.as_str(),
            write(&step_input.context)?,
            write(&step_input.dependencies)?,
            write(&step_input.step_config)?,
            step_input.attempt.saturating_sub(1),
            step_input.max_attempts,
        );
        let interpreter = self.loaded.interpreter;
        interpreter.doors.get().reset(&step_input.ambient);
        let limits = Limits { interpreter, root: &self.loaded.root, deadline: self.deadline };
        let (end, stopped) = limits.within(py, || self.loaded.call.bind(py).call1(arguments));
        if let Some((kind, what)) = self.left_behind(py).map_err(fault)? {
            return if kind == "spoiled" {
                Err(EngineFault::Spoiled { engine: NAME.to_owned(), handler: handler.clone(), what })
            } else {
                unplanned(Unplanned::LeftBehind { what })
            };
        }
        let end = match (end, stopped) {
            // Whatever the handler made of it, or the driver, which was naming its end.
            (_, Some(stopped)) => return unplanned(stopped),
            (Err(error), None) if is_deadline(interpreter.driver.bind(py), &error) => {
                return unplanned(Unplanned::TimedOut);
            }
            (end, None) => end.map_err(fault)?,
        };
        let end = end.cast::<PyTuple>().map_err(|error| call_fault(handler, error.to_string()))?;
        read(end).map_err(fault)
    }

    /// What the call left that would change later ones: its kind and a description.
    fn left_behind(&self, py: Python<'_>) -> PyResult<Option<(String, String)>> {
        if !self.loaded.interpreter.state_leaks.may_be(py)? {
            return Ok(None);
        }
        self.loaded.left_behind.bind(py).call0()?.extract()
    }
}

/// What keeps the code of a tree within bounds.
struct Limits<'a> {
    interpreter: &'static Interpreter,
    root: &'a Path,
    deadline: Duration,
}

/// A class that may be a handler, as the driver tells it.
#[derive(FromPyObject)]
struct SightedClass {
    #[pyo3(item(0))]
    declared: Vec<String>,
    #[pyo3(item(1))]
    name: String,
    #[pyo3(item(2))]
    file: String,
    #[pyo3(item(3))]
    line: Option<u32>,
    #[pyo3(item(4))]
    extended: bool,
    #[pyo3(item(5))]
    class: Py<PyAny>,
}

/// Why a file cannot be loaded, as the driver tells it.
#[derive(FromPyObject)]
struct LoadProblem {
    #[pyo3(item(0))]
    place: String,
    #[pyo3(item(1))]
    line: Option<u32>,
    #[pyo3(item(2))]
    message: String,
}

/// What loading the files of a tree came to.
struct LoadedFiles {
    sightings: Vec<Sighting>,
    /// The classes of the sightings, in the same order.
    classes: Vec<Py<PyAny>>,
    not_loaded: Vec<NotLoaded>,
}

impl Limits<'_> {
    /// Imports the files of a tree, each within the limits.
    fn load(&self, tree: &Bound<'_, PyAny>, files: &[&str]) -> PyResult<LoadedFiles> {
        let load = self.interpreter.driver.bind(tree.py()).getattr("load")?;
        let mut not_loaded = Vec::new();
        for &file in files {
            let (problem, _) = self.within(tree.py(), || load.call1((tree, file)));
            if let Some(LoadProblem { place, line, message }) = problem?.extract::<Option<LoadProblem>>()? {
                not_loaded.push(catalog::not_loaded(file, &place, line, message));
            }
        }
        let (found, _) = self.within(tree.py(), || tree.call_method0("sightings"));
        let found: Vec<SightedClass> = found?.extract()?;
        let (sightings, classes) = found
            .into_iter()
            .map(|SightedClass { declared, name, file, line, extended, class }| {
                (Sighting { declared, name, exported: None, file, line, extended }, class)
            })
            .unzip();
        Ok(LoadedFiles { sightings, classes, not_loaded })
    }

    /// Runs `f`; returns also what the code was refused, which counts even if it went on.
    fn within<T>(&self, py: Python<'_>, f: impl FnOnce() -> T) -> (T, Option<Unplanned>) {
        let Interpreter { watch, memory, sandbox, .. } = self.interpreter;
        let watched = || watch.within(py, self.deadline, f);
        let ((end, out_of_memory), denial) = sandbox.within(self.root, || memory.within(MEMORY_LIMIT, watched));
        let denied = denial.map(|Denial { what, detail }| Unplanned::Denied { what: what.to_owned(), detail });
        (end, denied.or_else(|| out_of_memory.then_some(Unplanned::OutOfMemory)))
    }
}

impl Engine for PythonEngine {
    fn name(&self) -> &'static str {
        NAME
    }

    fn handlers(&self) -> &[HandlerId] {
        &self.loaded.handlers
    }

    fn inventory(&self) -> Option<&Inventory> {
        Some(&self.loaded.inventory)
    }

    fn run(&mut self, step_input: &StepInput) -> Result<Observation, EngineFault> {
        self.call(step_input, read_end)
    }

    fn run_expecting(
        &mut self,
        step_input: &StepInput,
        expected: &Observation,
    ) -> Result<Option<Observation>, EngineFault> {
        self.call(step_input, |end| match expected.planned() {
            Some(expected) if is_end(end, expected) => Ok(None),
            _ => read_end(end).map(Some),
        })
    }

    fn deadline(&self) -> Option<Duration> {
        Some(self.deadline)
    }

    fn set_deadline(&mut self, deadline: Duration) {
        self.deadline = deadline;
    }
}

fn call_fault(handler: &HandlerId, message: String) -> EngineFault {
    EngineFault::Call { engine: NAME.to_owned(), handler: handler.clone(), message }
}

fn is_deadline(driver: &Bound<'_, PyModule>, error: &PyErr) -> bool {
    driver.getattr("DeadlineError").is_ok_and(|class| error.is_instance(driver.py(), &class))
}

/// Reads one of the driver's ends.
fn read_end(end: &Bound<'_, PyTuple>) -> PyResult<Observation> {
    let kind: String = end.get_item(0)?.extract()?;
    let text = |index: usize| -> PyResult<String> { Ok(end.get_item(index)?.str()?.to_string_lossy().into_owned()) };
    let read = match kind.as_str() {
        "completed" => read_success(end)?,
        "permanent" => read_failure(end, FailureKind::Permanent)?,
        "retryable" => read_failure(end, FailureKind::Retryable)?,
        "timed_out" => return Ok(Unplanned::TimedOut.into()),
        "exited" => return Ok(Unplanned::Exited.into()),
        "out_of_memory" => return Ok(Unplanned::OutOfMemory.into()),
        "stack_overflow" => return Ok(Unplanned::StackOverflow.into()),
        _ => return Ok(Unplanned::Crashed { class: text(1)?, message: text(2)?, trace: text(3)? }.into()),
    };
    Ok(read
        .unwrap_or_else(|not_json| Unplanned::Unserialisable { path: not_json.pointer(), what: not_json.what }.into()))
}

fn member(end: &Bound<'_, PyTuple>, index: usize, name: &str) -> PyResult<Result<Value, NotJson>> {
    Ok(read(&end.get_item(index)?).map_err(|error| error.below(name)))
}

fn read_success(end: &Bound<'_, PyTuple>) -> PyResult<Result<Observation, NotJson>> {
    let (result, metadata) = (member(end, 1, "result")?, member(end, 2, "metadata")?);
    Ok(result.and_then(|result| Ok(Outcome::Completed { result, metadata: metadata? }.into())))
}

fn read_failure(end: &Bound<'_, PyTuple>, kind: FailureKind) -> PyResult<Result<Observation, NotJson>> {
    let (code, message) = (member(end, 1, "code")?, member(end, 2, "message")?);
    let (retry_after, context) = (member(end, 3, "retry_after")?, member(end, 4, "context")?);
    Ok(code.and_then(|code| Ok(failed(kind, code, message?, retry_after?, context?))))
}

//! The engine: the handlers of one tree, and one call of one of them.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use parity_model::{HandlerId, StepInput};
use pyo3::exceptions::PySystemExit;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

use super::ambient::forget_zone;
use super::bridge::{Keys, MAX_DEPTH};
use super::check::is_end;
use super::ends::read_end;
use super::interpreter::{Interpreter, NAME, interpreter};
use super::phase::Phase;
use super::reader::Unfolding;
use super::sandbox::Bounds;
use parity_confine::{Denial, denied, forget};
use parity_engine::allowed::Allowed;
use parity_engine::catalog::{self, Catalog, directory, position_of};
use parity_engine::clock::{thread_time, thread_time_since};
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
    bounds: Arc<Bounds>,
    call: Py<PyAny>,
    left_behind: Py<PyAny>,
    classes: BTreeMap<HandlerId, Class>,
    handlers: Vec<HandlerId>,
    inventory: Inventory,
}

/// The class of a handler.
#[derive(Debug)]
struct Class {
    /// As it was found.
    found: Py<PyAny>,
    /// Where it was found among all.
    place: usize,
    /// What is called of it, if it is not `call`.
    method: Option<String>,
    /// The modules with which it is called, and the class that stands in them.
    realm: OnceLock<(Py<PyAny>, Py<PyAny>)>,
}

impl PythonEngine {
    /// Imports the handlers of `tree`, each of which is named by its identity, with `tree` itself on the import path. Two
    /// engines do not see each other's modules.
    pub fn load(tree: &Path) -> Result<Self, TreeError> {
        Self::load_within(tree, DEADLINE)
    }

    /// The same with handlers that are named in other ways.
    pub fn load_named(tree: &Path, naming: &Naming) -> Result<Self, TreeError> {
        Self::start(tree, naming, &Allowed::default(), DEADLINE)
    }

    /// The same where handlers may do what is allowed, too, in an interpreter whose sets have another order. Only the first engine of a
    /// process decides that.
    pub fn load_allowing(allowed: &Allowed, tree: &Path, naming: &Naming, hash_seed: u32) -> Result<Self, TreeError> {
        interpreter(hash_seed)?;
        Self::start(tree, naming, allowed, DEADLINE)
    }

    /// Handlers that are named by their identities, with a limit on the time that one file may take to load and one call may
    /// take.
    pub fn load_within(tree: &Path, deadline: Duration) -> Result<Self, TreeError> {
        Self::start(tree, &Naming::identities(), &Allowed::default(), deadline)
    }

    fn start(tree: &Path, naming: &Naming, allowed: &Allowed, deadline: Duration) -> Result<Self, TreeError> {
        let interpreter = interpreter(0)?;
        let root = directory(tree, NAME)?;
        let bounds = Arc::new(Bounds::new(root.clone(), allowed));
        let catalog = Catalog::read(tree, NAME, &PYTHON, naming)?;
        interpreter.attach(|py| {
            let fault = |error: PyErr| EngineFault::Start { engine: NAME.to_owned(), message: error.to_string() };
            let driver = interpreter.driver.bind(py);
            interpreter.doors.get().reset(&parity_model::Ambient::default());
            let limits = Limits { interpreter, bounds: &bounds, deadline, phase: Phase::Load };
            let tree_of = || driver.getattr("Tree").and_then(|class| class.call1((&root, catalog.names())));
            let loaded = limits.within(py, tree_of).0.map_err(fault)?;
            let LoadedFiles { sightings, classes, not_loaded } =
                limits.load(&loaded, &catalog.names()).map_err(fault)?;
            let inventory = catalog.resolve(&sightings, not_loaded)?;
            let class = |found: &ResolvedHandler| {
                let place = position_of(&sightings, &found.sighting)?;
                let class = classes.get(place)?.clone_ref(py);
                let method = found.handler.method().map(str::to_owned);
                Some((found.handler.clone(), Class { found: class, place, method, realm: OnceLock::new() }))
            };
            let classes = inventory.handlers.iter().filter_map(class).collect();
            let handlers = inventory.identities();
            let call = driver.getattr("call").map_err(fault)?.unbind();
            let left_behind = driver.getattr("left_behind").map_err(fault)?.unbind();
            interpreter.state_leaks.take(py).map_err(fault)?;
            interpreter.active.store(0, Relaxed);
            let tree = loaded.unbind();
            let loaded = Loaded { interpreter, tree, bounds, call, left_behind, classes, handlers, inventory };
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
                    &class.found,
                    handler.class_name(),
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
            interpreter.active.store(0, Relaxed);
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
        read: impl FnOnce(&Bound<'_, PyTuple>, &Unfolding) -> PyResult<T>,
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
        class: &Class,
        step_input: &StepInput,
        read: impl FnOnce(&Bound<'_, PyTuple>, &Unfolding) -> PyResult<T>,
    ) -> Result<T, EngineFault> {
        let unplanned = |unplanned: Unplanned| Ok(Observation::from(unplanned).into());
        let handler = &step_input.handler;
        let fault = |error: PyErr| call_fault(handler, error.to_string());
        let mut write = |members| {
            let written = self.keys.write_object(py, members, 0).map_err(fault)?;
            written.ok_or_else(|| call_fault(handler, format!("the step input nests deeper than {MAX_DEPTH}")))
        };
        let interpreter = self.loaded.interpreter;
        let (bounds, deadline) = (&self.loaded.bounds, self.deadline);
        let limits = Limits { interpreter, bounds, deadline, phase: Phase::Call };
        let (tree, class) = self.loaded.realm(py, class, &limits).map_err(fault)?;
        let arguments = (
            tree,
            class,
            handler.class_name(),
            step_input.ambient.task_uuid.as_str(),
            step_input.ambient.step_uuid.as_str(),
            write(&step_input.context)?,
            write(&step_input.dependencies)?,
            write(&step_input.step_config)?,
            step_input.attempt.saturating_sub(1),
            step_input.max_attempts,
            write(&step_input.step_inputs)?,
            step_input.checkpoint.as_ref().map(&mut write).transpose()?,
        );
        interpreter.doors.get().reset(&step_input.ambient);
        // Reading runs the handler's code, too, where a generator is iterated over.
        let (end, stopped) = limits.within(py, || {
            let end = self.loaded.call.bind(py).call1(arguments)?;
            read(end.cast::<PyTuple>()?, &interpreter.unfolding)
        });
        if stopped == Some(Unplanned::TimedOut) {
            interpreter.driver.bind(py).call_method0("mend").map_err(fault)?;
        }
        if let Some((kind, what)) = self.left_behind(py).map_err(fault)? {
            forget_zone();
            return if kind == "spoiled" {
                Err(EngineFault::Spoiled { engine: NAME.to_owned(), handler: handler.clone(), what })
            } else {
                unplanned(Unplanned::LeftBehind { what })
            };
        }
        match (end, stopped) {
            // Whatever the handler made of it, or the driver, which was naming its end.
            (_, Some(stopped)) => unplanned(stopped),
            (Err(error), None) if error.is_instance_of::<PySystemExit>(py) => unplanned(Unplanned::Exited),
            (end, None) => end.map_err(fault),
        }
    }

    /// What the call left that would change later ones: its kind and a description.
    fn left_behind(&self, py: Python<'_>) -> PyResult<Option<(String, String)>> {
        let state_leaks = &self.loaded.interpreter.state_leaks;
        if !state_leaks.may_be(py)? {
            return Ok(None);
        }
        let left = self.loaded.left_behind.bind(py).call0()?.extract()?;
        state_leaks.take(py)?;
        Ok(left)
    }
}

impl Loaded {
    /// The modules and the class with which a handler is called, which are made when it is called first.
    fn realm<'a>(
        &'a self,
        py: Python<'_>,
        class: &'a Class,
        limits: &Limits<'_>,
    ) -> PyResult<&'a (Py<PyAny>, Py<PyAny>)> {
        if let Some(realm) = class.realm.get() {
            self.activate(py, &realm.0)?;
            return Ok(realm);
        }
        self.interpreter.doors.get().reset(&parity_model::Ambient::default());
        // However short a call may take, what it needs is imported at leisure.
        let limits = Limits { deadline: limits.deadline.max(DEADLINE), phase: Phase::Load, ..*limits };
        let realm = self.interpreter.driver.bind(py).getattr("realm")?;
        let (realm, _) = limits.within(py, || realm.call1((&self.tree, class.place, &class.method)));
        let realm = realm?.extract()?;
        self.interpreter.state_leaks.take(py)?;
        let realm = class.realm.get_or_init(|| realm);
        self.activate(py, &realm.0)?;
        Ok(realm)
    }

    /// Makes the modules of a tree those of the interpreter.
    fn activate(&self, py: Python<'_>, tree: &Py<PyAny>) -> PyResult<()> {
        let address = tree.as_ptr().addr();
        if self.interpreter.active.swap(address, Relaxed) != address {
            tree.call_method0(py, "activate")?;
            self.interpreter.state_leaks.take_again(py);
        }
        Ok(())
    }
}

/// What keeps the code of a tree within bounds.
#[derive(Clone, Copy)]
struct Limits<'a> {
    interpreter: &'static Interpreter,
    bounds: &'a Arc<Bounds>,
    deadline: Duration,
    phase: Phase,
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
    methods: Vec<String>,
    #[pyo3(item(6))]
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
            // What a file draws does not depend on the files before it.
            self.interpreter.doors.get().reset(&parity_model::Ambient::default());
            let (problem, _) = self.within(tree.py(), || load.call1((tree, file)));
            if let Some(LoadProblem { place, line, message }) = problem?.extract::<Option<LoadProblem>>()? {
                not_loaded.push(catalog::not_loaded(file, &place, line, message));
            }
        }
        let (found, _) = self.within(tree.py(), || tree.call_method0("sightings"));
        let found: Vec<SightedClass> = found?.extract()?;
        let (sightings, classes) = found
            .into_iter()
            .map(|SightedClass { declared, name, file, line, extended, methods, class }| {
                (Sighting { declared, name, exported: None, file, line, extended, methods }, class)
            })
            .unzip();
        Ok(LoadedFiles { sightings, classes, not_loaded })
    }

    /// Runs `f`; returns also what the code was refused, which counts even if it went on.
    fn within<T>(&self, py: Python<'_>, f: impl FnOnce() -> T) -> (T, Option<Unplanned>) {
        let Interpreter { watch, memory, sandbox, .. } = self.interpreter;
        let watched = || watch.within(py, self.deadline, self.phase, f);
        let limited = || memory.within(MEMORY_LIMIT, watched);
        forget();
        let (((end, was_late), out_of_memory), denial) = sandbox.within(self.bounds, self.phase, limited);
        // The language's own guard comes first, and says more.
        let denial = denial.or_else(denied);
        let denied = denial.map(|Denial { what, detail }| Unplanned::Denied { what: what.to_owned(), detail });
        let stopped = denied.or_else(|| out_of_memory.then_some(Unplanned::OutOfMemory));
        (end, stopped.or_else(|| was_late.then_some(Unplanned::TimedOut)))
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
        self.call(step_input, |end, unfolding| match expected.planned() {
            Some(expected) if is_end(end, expected) => Ok(None),
            _ => read_end(end, unfolding).map(Some),
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

//! Starts the one CPython of the process, isolated from the user's environment, and puts our modules into it.

use std::ffi::{CStr, CString};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicUsize;
use std::sync::{Mutex, OnceLock, PoisonError};

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyModule, PyTuple};

use super::ambient::AmbientDoors;
use super::memory::Memory;
use super::reader::Unfolding;
use super::sandbox::Sandbox;
use super::state_leaks::StateLeaks;
use super::watch::{Watch, interrupt};
use crate::runtime::{Module, RUNTIME};
use parity_engine::EngineFault;

/// The engine's name.
pub(super) const NAME: &str = "python";

/// The Python that the harness was built against: `sys.version` and `sys.base_prefix`.
const BUILT_VERSION: &str = env!("PARITY_PYTHON_VERSION");
const BUILT_HOME: &str = env!("PARITY_PYTHON_HOME");

/// The running interpreter and what of it the engines need.
#[derive(Debug)]
pub(super) struct Interpreter {
    /// The clock and the randomness of the call that is running.
    pub(super) doors: Py<AmbientDoors>,
    /// The module `parity_driver`.
    pub(super) driver: Py<PyModule>,
    /// What becomes of values that are not JSON as they stand.
    pub(super) unfolding: Unfolding,
    /// What calls may leave.
    pub(super) state_leaks: StateLeaks,
    /// Ends what runs too long.
    pub(super) watch: Watch,
    /// Limits what a call takes.
    pub(super) memory: &'static Memory,
    /// Keeps handlers from what is not theirs.
    pub(super) sandbox: &'static Sandbox,
    /// The address of the tree whose modules are imported.
    pub(super) active: AtomicUsize,
    /// Held while a tree is loaded or a handler is called. A handler that waits lets other threads into the interpreter,
    /// but clock, randomness and imported modules belong to one call.
    exclusive: Mutex<()>,
}

impl Interpreter {
    /// Attaches to the interpreter and keeps every other engine out.
    pub(super) fn attach<T>(&self, f: impl for<'py> FnOnce(Python<'py>) -> T) -> T {
        let _exclusive = self.exclusive.lock().unwrap_or_else(PoisonError::into_inner);
        Python::attach(f)
    }
}

/// The interpreter, started at the first call. CPython itself is one a process, so this is, too.
///
/// The first call's `hash_seed` is the interpreter's: it decides the order of sets.
pub(super) fn interpreter(hash_seed: u32) -> Result<&'static Interpreter, EngineFault> {
    static INTERPRETER: OnceLock<Result<Interpreter, String>> = OnceLock::new();
    let started = INTERPRETER.get_or_init(|| {
        let memory = initialize(hash_seed)?;
        Python::attach(|py| {
            check_home(&running_version(), &base_prefix(py).map_err(|error| error.to_string())?)?;
            set_up(py, memory).map_err(|error| format!("its own modules fail: {error}"))
        })
    });
    started.as_ref().map_err(|message| EngineFault::Start { engine: NAME.to_owned(), message: message.clone() })
}

/// Checks that the interpreter is the one that the harness was built against. Two Pythons of one minor version have the
/// same library name, so that a wrong one starts without a word.
fn check_home(version: &str, base_prefix: &str) -> Result<(), String> {
    if version == BUILT_VERSION && base_prefix == BUILT_HOME {
        return Ok(());
    }
    Err(format!(
        "the harness was built against Python {BUILT_VERSION} in {BUILT_HOME}, but Python {version} in {base_prefix} is \
         running; build it again with `cargo clean -p parity-engine-python` and unset LD_LIBRARY_PATH"
    ))
}

/// What the interpreter reads whatever its handlers are.
#[must_use]
pub fn library() -> Vec<PathBuf> {
    vec![Path::new(BUILT_HOME).join("lib")]
}

fn running_version() -> String {
    // SAFETY: the function returns a static text, at any time.
    let version = unsafe { CStr::from_ptr(ffi::Py_GetVersion()) };
    version.to_string_lossy().replace('\n', " ")
}

fn base_prefix(py: Python<'_>) -> PyResult<String> {
    py.import("sys")?.getattr("base_prefix")?.extract()
}

/// Starts CPython: no site packages, no environment, no signal handlers, no bytecode files, a fixed hash seed, UTF-8.
fn initialize(hash_seed: u32) -> Result<&'static Memory, String> {
    let home = CString::new(BUILT_HOME).map_err(|error| error.to_string())?;
    // SAFETY: the calls follow the order that the C API asks for: pre-initialization, configuration, initialization.
    // The configuration is zeroed memory that PyConfig_InitIsolatedConfig fills, and is cleared whatever happens. The
    // thread state is released at the end, so that any thread can attach.
    unsafe {
        let mut pre_config = std::mem::zeroed::<ffi::PyPreConfig>();
        ffi::PyPreConfig_InitIsolatedConfig(&raw mut pre_config);
        pre_config.utf8_mode = 1;
        check(ffi::Py_PreInitialize(&raw const pre_config))?;
        let memory = Memory::install();

        let mut config = std::mem::zeroed::<ffi::PyConfig>();
        ffi::PyConfig_InitIsolatedConfig(&raw mut config);
        config.site_import = 0;
        config.write_bytecode = 0;
        config.use_hash_seed = 1;
        config.hash_seed = hash_seed.into();
        config.install_signal_handlers = 0;
        let home = ffi::PyConfig_SetBytesString(&raw mut config, &raw mut config.home, home.as_ptr());
        let started = check(home).and_then(|()| check(ffi::Py_InitializeFromConfig(&raw const config)));
        ffi::PyConfig_Clear(&raw mut config);
        started?;
        ffi::PyEval_SaveThread();
        Ok(memory)
    }
}

/// What a status says, if it is an error.
fn check(status: ffi::PyStatus) -> Result<(), String> {
    // SAFETY: the status was just answered by the C API; its message is a static text or null.
    unsafe {
        if ffi::PyStatus_Exception(status) == 0 {
            Ok(())
        } else if status.err_msg.is_null() {
            Err("CPython does not start and does not say why".to_owned())
        } else {
            Err(CStr::from_ptr(status.err_msg).to_string_lossy().into_owned())
        }
    }
}

fn set_up(py: Python<'_>, memory: &'static Memory) -> PyResult<Interpreter> {
    // What handlers print belongs to nobody: standard output is the report's.
    let sys = py.import("sys")?;
    let sink = PyModule::from_code(py, SINK, c"<sink>", c"parity_sink")?.getattr("sink")?;
    for stream in ["stdout", "stderr", "__stdout__", "__stderr__"] {
        sys.setattr(stream, &sink)?;
    }
    sys.setattr("stdin", py.None())?;

    // The package is there, empty, while its own modules import one another.
    let package = PyModule::new(py, "tasker_core")?;
    package.setattr("__path__", PyTuple::empty(py))?;
    sys.getattr("modules")?.set_item("tasker_core", &package)?;
    for module in RUNTIME {
        let executed = execute(py, module)?;
        if let Some((_, child)) = module.name.rsplit_once('.') {
            package.setattr(child, executed)?;
        }
    }
    // The first error that reaches Rust makes an exception class of pyo3's. Without memory left it could not.
    drop(py.run(c"raise ValueError", None, None));
    let doors = Py::new(py, AmbientDoors::new())?;
    py.import("parity_ambient")?.call_method1("install", (doors.clone_ref(py),))?;
    let driver = py.import("parity_driver")?;
    driver.setattr("interrupt", wrap_pyfunction!(interrupt, py)?)?;
    let watch = Watch::start(driver.getattr("DeadlineError")?.unbind())?;
    let guard = py.import("parity_guard")?;
    guard.call_method0("install")?;
    let library: Vec<PathBuf> = sys.getattr("path")?.extract()?;
    let sandbox = Sandbox::install(py, library, guard.getattr("DeniedError")?.unbind())?;
    let shared = py.import("parity_doors")?.getattr("DOORS")?;
    shared.call_method1("start", (doors.bind(py).getattr("type_modified")?,))?;
    let state_leaks = StateLeaks::of(&shared)?;
    let unfolding = Unfolding::of(&py.import("parity_json")?)?;
    Ok(Interpreter {
        doors,
        driver: driver.unbind(),
        unfolding,
        state_leaks,
        watch,
        memory,
        sandbox,
        active: AtomicUsize::new(0),
        exclusive: Mutex::new(()),
    })
}

/// Executes a module of ours, which is imported by its name from then on.
fn execute<'py>(py: Python<'py>, module: &Module) -> PyResult<Bound<'py, PyAny>> {
    let code = py.import("marshal")?.call_method1("loads", (PyBytes::new(py, module.code),))?;
    let (name, file) = (CString::new(module.name)?, CString::new(format!("<{}>", module.name))?);
    // SAFETY: the call takes two texts and borrows a code object, and returns a module of its own or sets an exception.
    unsafe {
        let executed = ffi::PyImport_ExecCodeModuleEx(name.as_ptr(), code.as_ptr(), file.as_ptr());
        Bound::from_owned_ptr_or_err(py, executed)
    }
}

/// A text stream that forgets what is written to it.
const SINK: &CStr = c"
from io import StringIO

class Sink(StringIO):
    def write(self, text):
        return len(text)

    def close(self):
        pass

sink = Sink()
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interpreter_is_the_one_the_harness_was_built_against() {
        interpreter(0).unwrap();
    }

    #[test]
    fn another_interpreter_is_refused() {
        for (version, home) in [("3.0.0 (other)", BUILT_HOME), (BUILT_VERSION, "/nowhere")] {
            let message = check_home(version, home).unwrap_err();
            assert!(
                message.contains(version) && message.contains(home) && message.contains("build it again"),
                "{message}"
            );
        }
        assert_eq!(check_home(BUILT_VERSION, BUILT_HOME), Ok(()));
    }
}

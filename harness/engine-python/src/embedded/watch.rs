//! Ends what runs too long in the interpreter.
//!
//! Another thread raises an exception in the one that runs a handler, as soon as that one has had its time for itself. The
//! exception arrives between two steps of Python code: a call into C that never comes back is not ended by it. It is not raised
//! while a module is imported, which would be there in part from then on, nor in our own code, unless neither comes to an end.

use std::ffi::{c_int, c_ulong};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use parity_engine::own_time::{OwnTime, TICK};
use pyo3::ffi::{self, PyObject};
use pyo3::prelude::*;

use super::phase::Phase;

/// How long the import of a module may take beyond the deadline of a call.
const PATIENCE: Duration = Duration::from_secs(10);

/// How the files of our own modules begin, and those of the machinery that imports modules.
const OURS: [&str; 2] = ["<parity_", "<tasker_core"];
const IMPORTS: &str = "<frozen importlib";

unsafe extern "C" {
    /// The identity of the calling thread, as `threading.get_ident()` returns it.
    fn PyThread_get_thread_ident() -> c_ulong;
    /// Raises an exception in another thread; null takes back one that was not raised yet.
    fn PyThreadState_SetAsyncExc(thread: c_ulong, exception: *mut PyObject) -> c_int;
}

/// Watches one thread at a time.
#[derive(Debug)]
pub(super) struct Watch {
    watched: Arc<Mutex<Watched>>,
}

/// What is watched, if anything is.
#[derive(Debug, Default)]
struct Watched {
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
    thread: c_ulong,
    id: libc::pid_t,
    /// The thread as CPython knows it.
    state: usize,
    limit: Duration,
    /// Whether it may be interrupted anywhere.
    anywhere: bool,
    /// Its own time, once the watcher has looked.
    own: Option<OwnTime>,
    /// Whether it was interrupted.
    is_late: bool,
}

impl Watch {
    /// Starts the watcher, which raises `exception`.
    pub(super) fn start(exception: Py<PyAny>) -> std::io::Result<Self> {
        let watched = Arc::new(Mutex::new(Watched::default()));
        let seen = Arc::clone(&watched);
        thread::Builder::new().name("parity-watch".to_owned()).spawn(move || {
            // Attached once: without memory left, which is when it may be needed, CPython dies of a second time.
            Python::attach(|py| {
                loop {
                    py.detach(|| {
                        thread::sleep(TICK);
                        while !lock(&seen).is_late() {
                            thread::sleep(TICK);
                        }
                    });
                    raise(py, &seen, &exception);
                }
            });
        })?;
        Ok(Self { watched })
    }

    /// Runs `f`, in which the exception is raised again and again once it has had `limit` for itself; returns also whether it
    /// was: whoever catches the exception may make anything of it.
    pub(super) fn within<T>(
        &self,
        _attached: Python<'_>,
        limit: Duration,
        phase: Phase,
        f: impl FnOnce() -> T,
    ) -> (T, bool) {
        // SAFETY: the functions only read the identities of the calling thread, which is attached.
        let (thread, state) = unsafe { (PyThread_get_thread_ident(), ffi::PyThreadState_Get().expose_provenance()) };
        // What is interrupted while it is loaded is not loaded, and is not used.
        let anywhere = phase == Phase::Load;
        let running = Running { thread, id: thread_id(), state, limit, anywhere, own: None, is_late: false };
        lock(&self.watched).running = Some(running);
        let end = f();
        let was_late = lock(&self.watched).running.take().is_some_and(|running| running.is_late);
        // The watcher raises while it is attached, and so is this thread now: nothing is raised from here on, and what was
        // raised and has not arrived is taken back, so that it does not end the next call.
        // SAFETY: this thread is attached, and null is allowed.
        unsafe { PyThreadState_SetAsyncExc(thread, std::ptr::null_mut()) };
        (end, was_late)
    }
}

impl Watched {
    /// Whether what runs has had its time. To be asked about every [`TICK`].
    fn is_late(&mut self) -> bool {
        let Some(running) = &mut self.running else { return false };
        let Running { thread, id, .. } = *running;
        // Nearly every call is over before anybody looks, so that the time begins with the first look.
        let own = running.own.get_or_insert_with(|| OwnTime::of_thread(thread, id));
        own.look() >= running.limit
    }
}

/// Looks again, now that no call can begin or end, and nothing in the interpreter moves.
fn raise(py: Python<'_>, watched: &Mutex<Watched>, exception: &Py<PyAny>) {
    let mut watched = lock(watched);
    if !watched.is_late() {
        return;
    }
    let Some(Running { thread, state, limit, anywhere, own: Some(own), is_late, .. }) = &mut watched.running else {
        return;
    };
    let is_patient = own.look() < limit.saturating_add(PATIENCE);
    if !*anywhere && is_patient && !is_in_the_handler(py, *state) {
        return;
    }
    *is_late = true;
    // SAFETY: this thread is attached, and the exception is a live class.
    unsafe { PyThreadState_SetAsyncExc(*thread, exception.as_ptr()) };
}

/// Whether a thread is in code that can be interrupted.
fn is_in_the_handler(py: Python<'_>, state: usize) -> bool {
    // No Python code may run meanwhile, not even that of a finalizer: the thread would go on.
    // SAFETY: this thread is attached.
    let was_enabled = unsafe { ffi::PyGC_Disable() };
    let is_in_the_handler = has_only_frames_of_calls(py, std::ptr::with_exposed_provenance_mut(state));
    if was_enabled != 0 {
        // SAFETY: as above.
        unsafe { ffi::PyGC_Enable() };
    }
    is_in_the_handler
}

fn has_only_frames_of_calls(py: Python<'_>, state: *mut ffi::PyThreadState) -> bool {
    // SAFETY: this thread is attached, and the other one, which is watched, is alive. The results are new references or null.
    let mut frame = unsafe { Bound::from_owned_ptr_or_opt(py, ffi::PyThreadState_GetFrame(state).cast()) };
    let mut is_innermost = true;
    while let Some(inner) = frame {
        let file = file_of(&inner);
        let is_ours = || OURS.iter().any(|ours| file.starts_with(ours));
        if file.starts_with(IMPORTS) || is_innermost && is_ours() {
            return false;
        }
        is_innermost = false;
        // SAFETY: as above; the object is a frame.
        frame = unsafe { Bound::from_owned_ptr_or_opt(py, ffi::PyFrame_GetBack(inner.as_ptr().cast()).cast()) };
    }
    true
}

/// The name of the file whose code a frame runs; empty if that cannot be told.
fn file_of(frame: &Bound<'_, PyAny>) -> String {
    let py = frame.py();
    // SAFETY: this thread is attached, and the object is a frame; the result is a new reference.
    let code = unsafe { Bound::from_owned_ptr_or_opt(py, ffi::PyFrame_GetCode(frame.as_ptr().cast()).cast()) };
    code.and_then(|code| code.getattr("co_filename").ok()?.extract().ok()).unwrap_or_default()
}

/// The system's name of this thread.
fn thread_id() -> libc::pid_t {
    thread_local! {
        // SAFETY: the call only reads the identity of the calling thread.
        static ID: libc::pid_t = libc::pid_t::try_from(unsafe { libc::syscall(libc::SYS_gettid) }).unwrap_or_default();
    }
    ID.with(|id| *id)
}

/// Raises an exception in another thread, by its identity.
#[pyfunction]
pub(super) fn interrupt(thread: c_ulong, exception: &Bound<'_, PyAny>) {
    // SAFETY: this thread is attached, and the exception is a live class. A thread that is gone is not found.
    unsafe { PyThreadState_SetAsyncExc(thread, exception.as_ptr()) };
}

fn lock(watched: &Mutex<Watched>) -> MutexGuard<'_, Watched> {
    watched.lock().unwrap_or_else(PoisonError::into_inner)
}

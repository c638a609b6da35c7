//! Ends what runs too long in the interpreter.
//!
//! Another thread raises an exception in the one that runs a handler, as soon as its deadline has passed. The exception arrives
//! between two steps of Python code: a call into C that never comes back is not ended by it.

use std::ffi::{c_int, c_ulong};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use pyo3::ffi::PyObject;
use pyo3::prelude::*;

/// How often the watcher looks. A call is ended at most this much too late.
const INTERVAL: Duration = Duration::from_millis(10);

unsafe extern "C" {
    /// The identity of the calling thread, as `threading.get_ident()` returns it.
    fn PyThread_get_thread_ident() -> c_ulong;
    /// Raises an exception in another thread; null takes back one that was not raised yet.
    fn PyThreadState_SetAsyncExc(thread: c_ulong, exception: *mut PyObject) -> c_int;
}

/// Watches one thread at a time.
#[derive(Debug)]
pub(super) struct Watch {
    watched: Arc<Mutex<Option<Watched>>>,
}

#[derive(Debug)]
struct Watched {
    thread: c_ulong,
    deadline: Instant,
}

impl Watch {
    /// Starts the watcher, which raises `exception`.
    pub(super) fn start(exception: Py<PyAny>) -> std::io::Result<Self> {
        let watched = Arc::new(Mutex::new(None));
        let seen = Arc::clone(&watched);
        thread::Builder::new().name("parity-watch".to_owned()).spawn(move || {
            // Attached once: without memory left, which is when it may be needed, CPython dies of a second time.
            Python::attach(|py| {
                loop {
                    py.detach(|| {
                        thread::sleep(INTERVAL);
                        while !lock(&seen).as_ref().is_some_and(Watched::is_late) {
                            thread::sleep(INTERVAL);
                        }
                    });
                    raise(py, &seen, &exception);
                }
            });
        })?;
        Ok(Self { watched })
    }

    /// Runs `f`, in which the exception is raised again and again once `limit` has passed.
    pub(super) fn within<T>(&self, _attached: Python<'_>, limit: Duration, f: impl FnOnce() -> T) -> T {
        // SAFETY: the function only reads the identity of the calling thread.
        let thread = unsafe { PyThread_get_thread_ident() };
        let deadline = Instant::now().checked_add(limit);
        *lock(&self.watched) = deadline.map(|deadline| Watched { thread, deadline });
        let end = f();
        *lock(&self.watched) = None;
        // The watcher raises while it is attached, and so is this thread now: nothing is raised from here on, and what was
        // raised and has not arrived is taken back, so that it does not end the next call.
        // SAFETY: this thread is attached, and null is allowed.
        unsafe { PyThreadState_SetAsyncExc(thread, std::ptr::null_mut()) };
        end
    }
}

impl Watched {
    fn is_late(&self) -> bool {
        Instant::now() >= self.deadline
    }
}

/// Looks again, now that no call can begin or end.
fn raise(_attached: Python<'_>, watched: &Mutex<Option<Watched>>, exception: &Py<PyAny>) {
    if let Some(late) = lock(watched).as_ref().filter(|watched| watched.is_late()) {
        // SAFETY: this thread is attached, and the exception is a live class.
        unsafe { PyThreadState_SetAsyncExc(late.thread, exception.as_ptr()) };
    }
}

/// Raises an exception in another thread, by its identity.
#[pyfunction]
pub(super) fn interrupt(thread: c_ulong, exception: &Bound<'_, PyAny>) {
    // SAFETY: this thread is attached, and the exception is a live class. A thread that is gone is not found.
    unsafe { PyThreadState_SetAsyncExc(thread, exception.as_ptr()) };
}

fn lock(watched: &Mutex<Option<Watched>>) -> MutexGuard<'_, Option<Watched>> {
    watched.lock().unwrap_or_else(PoisonError::into_inner)
}

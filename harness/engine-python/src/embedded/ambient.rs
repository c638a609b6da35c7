//! Clock and randomness of a call as the doors that Python code reads them through.

use std::ffi::CString;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use parity_model::{Ambient, AmbientStreams, Zone};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyType};

/// The doors of the interpreter. The streams are Rust's own, so that every language draws the same.
#[pyclass(frozen)]
#[derive(Debug)]
pub(super) struct AmbientDoors {
    streams: Mutex<AmbientStreams>,
}

impl AmbientDoors {
    /// Doors onto the default ambient: what a module sees while it is imported.
    pub(super) fn new() -> Self {
        Self { streams: Mutex::new(AmbientStreams::new(&Ambient::default())) }
    }

    /// Puts the streams to the start of a call, and the process into its time zone.
    pub(super) fn reset(&self, ambient: &Ambient) {
        *self.streams() = AmbientStreams::new(ambient);
        enter(&ambient.zone);
    }

    fn streams(&self) -> MutexGuard<'_, AmbientStreams> {
        self.streams.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The time zone of the process as the C library has it, by which Python tells local times.
static HERE: LazyLock<Mutex<Option<Zone>>> = LazyLock::new(|| Mutex::new(Some(Zone::default())));

/// Changes the time zone of the process if it is another one.
fn enter(zone: &Zone) {
    let mut here = HERE.lock().unwrap_or_else(PoisonError::into_inner);
    // Zones are one if their names are, and names are compared sooner than their rules.
    if here.as_ref().is_some_and(|here| here.name() == zone.name()) {
        return;
    }
    if let Ok(name) = CString::new(zone.name()) {
        // SAFETY: both are texts that end with zero. The interpreter is attached, so that no other thread of its own reads the
        // environment or a local time meanwhile, and no thread of ours does either of them once handlers are called.
        unsafe {
            libc::setenv(c"TZ".as_ptr(), name.as_ptr(), 1);
            tzset();
        }
    }
    *here = Some(zone.clone());
}

/// Says that the process may be in another zone.
pub(super) fn forget_zone() {
    *HERE.lock().unwrap_or_else(PoisonError::into_inner) = None;
}

unsafe extern "C" {
    /// Makes the C library read the variable `TZ`.
    safe fn tzset();
}

#[pymethods]
impl AmbientDoors {
    #[expect(clippy::unused_self, reason = "a door like the others")]
    fn is_utc(&self) -> bool {
        HERE.lock().unwrap_or_else(PoisonError::into_inner).as_ref().is_some_and(Zone::is_utc)
    }

    fn milliseconds(&self) -> i64 {
        self.streams().now().as_millisecond()
    }

    fn bytes<'py>(&self, py: Python<'py>, count: usize) -> PyResult<Bound<'py, PyBytes>> {
        PyBytes::new_with(py, count, |bytes| {
            self.streams().fill_bytes(bytes);
            Ok(())
        })
    }

    fn float(&self) -> f64 {
        self.streams().float()
    }

    #[expect(clippy::unused_self, reason = "a door like the others")]
    fn type_modified(&self, cls: &Bound<'_, PyType>) {
        // SAFETY: the pointer is a live type object, and the interpreter is attached.
        unsafe { pyo3::ffi::PyType_Modified(cls.as_type_ptr()) }
    }
}

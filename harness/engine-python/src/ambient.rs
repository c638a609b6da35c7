//! Clock and randomness of a call as the doors that Python code reads them through.

use std::sync::{Mutex, MutexGuard, PoisonError};

use parity_model::{Ambient, AmbientStreams};
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

    /// Puts the streams to the start of a call.
    pub(super) fn reset(&self, ambient: &Ambient) {
        *self.streams() = AmbientStreams::new(ambient);
    }

    fn streams(&self) -> MutexGuard<'_, AmbientStreams> {
        self.streams.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[pymethods]
impl AmbientDoors {
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

//! Whether a call may have left something that would change later ones, told without running Python code.

use std::ptr;

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyModule};

/// The interpreter's builtins as they were at the start, and its count of threads.
#[derive(Debug)]
pub(super) struct Leftovers {
    builtins: Py<PyDict>,
    at_start: Py<PyDict>,
    threads: Py<PyAny>,
}

impl Leftovers {
    /// What the driver noted when it was imported.
    pub(super) fn of(driver: &Bound<'_, PyModule>) -> PyResult<Self> {
        let dict = |name: &str| PyResult::Ok(driver.getattr(name)?.cast_into::<PyDict>()?.unbind());
        let threads = driver.py().import("_thread")?.getattr("_count")?.unbind();
        Ok(Self { builtins: dict("BUILTINS")?, at_start: dict("BUILTINS_AT_START")?, threads })
    }

    /// Whether there may be something: the driver knows what it is, and whether it is anything.
    pub(super) fn may_be(&self, py: Python<'_>) -> PyResult<bool> {
        Ok(self.threads.bind(py).call0()?.extract::<usize>()? > 0
            || !same_members(self.builtins.bind(py), self.at_start.bind(py)))
    }
}

/// Whether two dicts hold the same objects under the same keys in the same order. Nothing is asked whether it is equal.
fn same_members(one: &Bound<'_, PyDict>, other: &Bound<'_, PyDict>) -> bool {
    let null = || (ptr::null_mut(), ptr::null_mut());
    let (mut place, mut other_place) = (0, 0);
    loop {
        let ((mut key, mut value), (mut other_key, mut other_value)) = (null(), null());
        // SAFETY: this thread is attached and both dicts are alive; the references are borrowed and only compared, and no
        // Python code runs in between that could change the dicts.
        let (more, other_more) = unsafe {
            (
                ffi::PyDict_Next(one.as_ptr(), &raw mut place, &raw mut key, &raw mut value),
                ffi::PyDict_Next(other.as_ptr(), &raw mut other_place, &raw mut other_key, &raw mut other_value),
            )
        };
        if more == 0 || other_more == 0 {
            return more == other_more;
        }
        if key != other_key || value != other_value {
            return false;
        }
    }
}

//! Whether a call may have left something that would change later ones, told without running Python code.

use std::ptr;

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyModule};

/// The interpreter's builtins as they were at the start, and its count of threads.
#[derive(Debug)]
pub(super) struct Leftovers {
    builtins: Py<PyDict>,
    /// Keys and values by their addresses, in the order of the dict.
    at_start: Vec<(usize, usize)>,
    /// What keeps them alive, so that no other object gets such an address.
    _alive: Py<PyDict>,
    threads: Py<PyAny>,
}

impl Leftovers {
    /// What the driver noted when it was imported.
    pub(super) fn of(driver: &Bound<'_, PyModule>) -> PyResult<Self> {
        let dict = |name: &str| PyResult::Ok(driver.getattr(name)?.cast_into::<PyDict>()?);
        let at_start = dict("BUILTINS_AT_START")?;
        let addresses = at_start.iter().map(|(key, value)| (key.as_ptr().addr(), value.as_ptr().addr())).collect();
        let threads = driver.py().import("_thread")?.getattr("_count")?.unbind();
        Ok(Self { builtins: dict("BUILTINS")?.unbind(), at_start: addresses, _alive: at_start.unbind(), threads })
    }

    /// Whether there may be something: the driver knows what it is, and whether it is anything.
    pub(super) fn may_be(&self, py: Python<'_>) -> PyResult<bool> {
        Ok(self.threads.bind(py).call0()?.extract::<usize>()? > 0 || !self.are_builtins_as_they_were(py))
    }

    /// Whether the builtins are the same objects under the same keys in the same order. Nothing is asked whether it is equal.
    fn are_builtins_as_they_were(&self, py: Python<'_>) -> bool {
        let builtins = self.builtins.bind(py).as_ptr();
        let mut place = 0;
        let mut next = || {
            let (mut key, mut value) = (ptr::null_mut(), ptr::null_mut());
            // SAFETY: this thread is attached and the dict is alive; the references are borrowed and only their addresses
            // are used, and no Python code runs in between that could change the dict.
            let more = unsafe { ffi::PyDict_Next(builtins, &raw mut place, &raw mut key, &raw mut value) };
            (more != 0).then(|| (key.addr(), value.addr()))
        };
        self.at_start.iter().all(|expected| next().as_ref() == Some(expected)) && next().is_none()
    }
}

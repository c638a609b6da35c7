//! Whether a call may have left something that would change later ones, told without running Python code.

use std::ptr;

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyModule};

/// The interpreter's builtins as they were at the start, and its count of threads.
#[derive(Debug)]
pub(super) struct StateLeaks {
    builtins: Py<PyDict>,
    /// Keys and values by their addresses, in the order of the dict.
    at_start: Vec<(usize, usize)>,
    /// What keeps them alive, so that no other object gets such an address.
    _alive: Py<PyDict>,
    threads: Py<PyAny>,
}

impl StateLeaks {
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

#[cfg(test)]
mod tests {
    use std::ffi::CString;

    use rstest::rstest;

    use super::*;
    use crate::interpreter::interpreter;

    fn run(module: &Bound<'_, PyModule>, code: &str) {
        module.py().run(&CString::new(code).unwrap(), Some(&module.dict()), None).unwrap();
    }

    /// Whether a call that runs `code` may have left something, and then `after` mends it.
    fn may_be(code: &str, after: &str) -> bool {
        interpreter(0).unwrap().attach(|py| {
            let driver = PyModule::new(py, "driver").unwrap();
            run(&driver, "BUILTINS = {'a': 1000, 'b': 'text'}\nBUILTINS_AT_START = dict(BUILTINS)");
            run(&driver, code);
            let may_be = StateLeaks::of(&driver).unwrap().may_be(py).unwrap();
            run(&driver, after);
            may_be
        })
    }

    #[rstest]
    #[case::nothing("", false)]
    #[case::another_value("BUILTINS['b'] = 'other'", true)]
    #[case::an_equal_value("BUILTINS['a'] = 1000.0", true)]
    #[case::one_more("BUILTINS['c'] = 1", true)]
    #[case::one_less("del BUILTINS['b']", true)]
    #[case::another_key("BUILTINS['c'] = BUILTINS.pop('b')", true)]
    #[case::another_order("BUILTINS['a'] = BUILTINS.pop('a')", true)]
    #[case::put_back("BUILTINS['b'] = BUILTINS.pop('b')", false)]
    fn a_builtin_that_is_not_the_same_object_in_the_same_place_may_be_left(#[case] code: &str, #[case] expected: bool) {
        assert_eq!(may_be(code, ""), expected);
    }

    #[test]
    fn a_thread_that_runs_is_left() {
        let start = "import _thread\n\
                     started, end = _thread.allocate_lock(), _thread.allocate_lock()\n\
                     started.acquire()\n\
                     end.acquire()\n\
                     def wait():\n    started.release()\n    end.acquire()\n\
                     _thread.start_new_thread(wait, ())\n\
                     started.acquire()";
        assert!(may_be(start, "end.release()\nwhile _thread._count() > 0: pass"));
        assert!(!may_be("", ""));
    }
}

//! Whether a call may have left something that would change later ones, told without running Python code.
//!
//! CPython gives a dict another version with every write. So the versions of all dicts that handlers share tell whether any of
//! them was touched; what it was, and whether it is another value now, is found out by `runtime/parity_doors.py`.

use std::ffi::{CStr, CString};
use std::sync::{Mutex, PoisonError};

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

/// The dicts that handlers share, the locale, and the interpreter's count of threads.
#[derive(Debug)]
pub(super) struct StateLeaks {
    doors: Py<PyAny>,
    threads: Py<PyAny>,
    /// Whether this CPython keeps versions. Without them there may always be something.
    has_versions: bool,
    taken: Mutex<Taken>,
}

/// How everything was when it was looked at.
#[derive(Debug, Default)]
struct Taken {
    /// Addresses of dicts, and their versions.
    versions: Vec<(usize, u64)>,
    /// What keeps them alive, so that no other object gets such an address.
    _alive: Option<Py<PyList>>,
    locale: CString,
}

impl StateLeaks {
    /// Watches what `doors` watches.
    pub(super) fn of(doors: &Bound<'_, PyAny>) -> PyResult<Self> {
        let py = doors.py();
        let threads = py.import("_thread")?.getattr("_count")?.unbind();
        let has_versions = has_versions(py)?;
        let leaks = Self { doors: doors.clone().unbind(), threads, has_versions, taken: Mutex::default() };
        leaks.take(py)?;
        Ok(leaks)
    }

    /// Takes everything for how it is to be.
    pub(super) fn take(&self, py: Python<'_>) -> PyResult<()> {
        let dicts = self.doors.bind(py).call_method0("dicts")?.cast_into::<PyList>()?;
        let version = |dict: Bound<'_, PyAny>| (dict.as_ptr().expose_provenance(), version(&dict));
        let versions = dicts.iter().map(version).collect();
        let taken = Taken { versions, _alive: Some(dicts.unbind()), locale: locale().to_owned() };
        *self.taken.lock().unwrap_or_else(PoisonError::into_inner) = taken;
        Ok(())
    }

    /// Takes the dicts as they are now that another tree's modules are those of the interpreter.
    pub(super) fn take_again(&self, _attached: Python<'_>) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        for (address, version) in &mut taken.versions {
            *version = version_at(*address);
        }
    }

    /// Whether there may be something: the driver knows what it is, and whether it is anything.
    pub(super) fn may_be(&self, py: Python<'_>) -> PyResult<bool> {
        let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let is_same = |&(address, then): &(usize, u64)| version_at(address) == then;
        let is_untouched =
            self.has_versions && taken.versions.iter().all(is_same) && locale() == taken.locale.as_c_str();
        Ok(!is_untouched || self.threads.bind(py).call0()?.extract::<usize>()? > 0)
    }
}

/// The words in front of a dict's version: its count of references, its type, and its count of members.
const BEFORE_VERSION: usize = 3;

/// The version of a dict that is alive.
fn version(dict: &Bound<'_, PyAny>) -> u64 {
    version_at(dict.as_ptr().expose_provenance())
}

fn version_at(address: usize) -> u64 {
    let words = std::ptr::with_exposed_provenance::<u64>(address);
    // SAFETY: the address is that of a dict that is kept alive, whose structure is longer than that, and the caller is attached.
    unsafe { words.add(BEFORE_VERSION).read() }
}

/// Whether CPython keeps versions: one changes with a write, and with nothing else.
fn has_versions(py: Python<'_>) -> PyResult<bool> {
    let dict = PyDict::new(py);
    dict.set_item("a", 1)?;
    let before = version(&dict);
    let is_quiet = dict.get_item("a")?.is_some() && version(&dict) == before;
    dict.set_item("a", 2)?;
    Ok(is_quiet && version(&dict) != before)
}

/// The locale of the process.
fn locale<'a>() -> &'a CStr {
    // SAFETY: without a name the call only returns a text, which lives until the locale is changed, by Python code, which does
    // not run meanwhile.
    unsafe {
        let name = libc::setlocale(libc::LC_ALL, std::ptr::null());
        if name.is_null() { c"" } else { CStr::from_ptr(name) }
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::CString;

    use pyo3::types::PyModule;
    use rstest::rstest;

    use super::*;
    use crate::embedded::interpreter::interpreter;

    fn run(module: &Bound<'_, PyModule>, code: &str) {
        module.py().run(&CString::new(code).unwrap(), Some(&module.dict()), None).unwrap();
    }

    /// Whether a call that runs `code` may have left something, and then `after` mends it.
    fn may_be(code: &str, after: &str) -> bool {
        interpreter(0).unwrap().attach(|py| {
            let doors = PyModule::new(py, "doors").unwrap();
            run(&doors, "shared = {'a': 1000, 'b': 'text'}\nother = {}\ndef dicts():\n    return [other, shared]");
            let leaks = StateLeaks::of(&doors).unwrap();
            run(&doors, code);
            let may_be = leaks.may_be(py).unwrap();
            run(&doors, after);
            may_be
        })
    }

    #[rstest]
    #[case::nothing("", false)]
    #[case::only_read("shared['a'], shared.get('c'), list(shared), dict(shared)", false)]
    #[case::another_value("shared['b'] = 'other'", true)]
    #[case::one_more("shared['c'] = 1", true)]
    #[case::one_less("del shared['b']", true)]
    #[case::another_dict("other['a'] = 1", true)]
    fn a_dict_that_is_written_to_may_be_left(#[case] code: &str, #[case] expected: bool) {
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

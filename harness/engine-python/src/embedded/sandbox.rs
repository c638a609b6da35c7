//! Keeps handlers from what is not theirs: the network, other processes, files outside their tree, native code.
//!
//! CPython announces such actions to *audit hooks* before it does them. Ours refuses with an exception, and remembers the
//! refusal, because a handler can catch the exception.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use parity_confine::Denial;
use parity_engine::allowed::Allowed;
use pyo3::exceptions::{PyImportError, PyPermissionError};
use pyo3::ffi::PyObject;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString, PyTuple};

use super::phase::Phase;

unsafe extern "C" {
    fn PySys_AddAuditHook(hook: AuditHook, data: *mut c_void) -> c_int;
}

type AuditHook = unsafe extern "C" fn(event: *const c_char, arguments: *mut PyObject, data: *mut c_void) -> c_int;

/// Where the interpreter looks for time zones, which are part of its library in all but place.
const TIME_ZONES: [&str; 4] = ["/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/zoneinfo"];

/// What is refused whatever its arguments: the event, or its beginning with a dot at the end, and what a report calls it.
const REFUSED: &str = include_str!("../../runtime/refused.txt");
const FILE: &str = "file";

/// What the name of a module ends in.
const MODULE: &str = "py";
const NATIVE_CODE: &str = "native_code";

/// An entry of [`REFUSED`].
struct Refused {
    event: &'static str,
    what: &'static str,
    door: Option<&'static str>,
}

fn refused() -> impl Iterator<Item = Refused> {
    REFUSED.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut words = line.split(' ');
        Some(Refused { event: words.next()?, what: words.next()?, door: words.next() })
    })
}

/// What programs write to that is to go nowhere.
const NOWHERE: &str = "/dev/null";

/// The descriptors that are not a handler's.
const STANDARD_STREAMS: Range<c_int> = 0..3;

/// What the handlers of a tree may do.
#[derive(Debug, Default)]
pub(super) struct Bounds {
    tree: PathBuf,
    /// Files and directories elsewhere.
    files: Vec<PathBuf>,
    allowed: Allowed,
}

impl Bounds {
    /// They may read below `tree`, and do what is allowed.
    pub(super) fn new(tree: PathBuf, allowed: &Allowed) -> Self {
        Self { tree, files: allowed.files(), allowed: allowed.clone() }
    }

    /// Whether a number is that of a descriptor that a handler may have: that of a socket, or of what a program writes.
    fn lends(&self, descriptor: &Bound<'_, PyAny>) -> bool {
        let is_open = self.allowed.opens("network") || self.allowed.opens("process");
        is_open && descriptor.extract().is_ok_and(|descriptor: c_int| !STANDARD_STREAMS.contains(&descriptor))
    }

    /// Whether a process is one that a handler may end: a child of this one.
    fn may_end(&self, process: &Bound<'_, PyAny>) -> bool {
        let Ok(process) = process.extract::<libc::id_t>() else { return false };
        // SAFETY: the structure is plain data, which the call fills; it changes nothing.
        self.allowed.opens("process")
            && unsafe {
                let mut info = std::mem::zeroed::<libc::siginfo_t>();
                let flags = libc::WEXITED | libc::WNOHANG | libc::WNOWAIT;
                libc::waitid(libc::P_PID, process, &raw mut info, flags) == 0
            }
    }
}

/// A socket that is not connected reaches nobody, and event loops make a pair of them.
const HARMLESS: [&str; 1] = ["socket.__new__"];

/// What may be read, and what was refused.
#[derive(Debug)]
pub(super) struct Sandbox {
    library: Vec<PathBuf>,
    state: Mutex<State>,
    denied_error: Py<PyAny>,
}

#[derive(Debug, Default)]
struct State {
    bounds: Arc<Bounds>,
    is_loading: bool,
    denial: Option<Denial>,
}

impl Sandbox {
    /// Starts refusing, for good. `library` is what any handler may read, `denied_error` the exception's class.
    pub(super) fn install(py: Python<'_>, library: Vec<PathBuf>, denied_error: Py<PyAny>) -> PyResult<&'static Self> {
        let library = library.into_iter().chain(TIME_ZONES.map(PathBuf::from)).collect();
        let sandbox: &'static Self = Box::leak(Box::new(Self { library, state: Mutex::default(), denied_error }));
        let data = std::ptr::from_ref(sandbox).cast_mut().cast();
        // SAFETY: the hook and its data live forever.
        if unsafe { PySys_AddAuditHook(audit, data) } == 0 { Ok(sandbox) } else { Err(PyErr::fetch(py)) }
    }

    /// Lets be done what is within the bounds, and within no others, while `f` runs; returns also the first refusal.
    pub(super) fn within<T>(&self, bounds: &Arc<Bounds>, phase: Phase, f: impl FnOnce() -> T) -> (T, Option<Denial>) {
        {
            let mut state = self.state();
            if !Arc::ptr_eq(&state.bounds, bounds) {
                state.bounds = Arc::clone(bounds);
            }
            state.is_loading = phase == Phase::Load;
            state.denial = None;
        }
        let end = f();
        (end, self.state().denial.take())
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn bounds(&self) -> Arc<Bounds> {
        Arc::clone(&self.state().bounds)
    }

    /// Why an event is refused.
    fn refusal(&self, event: &str, arguments: &Bound<'_, PyTuple>) -> Option<Denial> {
        let denial = |what, detail: String| Some(Denial { what, detail });
        match event {
            "open" => {
                let path = arguments.get_item(0).ok()?;
                let flags: c_int = arguments.get_item(2).and_then(|flags| flags.extract()).unwrap_or_default();
                let bounds = self.bounds();
                let Some(path) = path_of(&path) else {
                    return if bounds.lends(&path) { None } else { denial(FILE, format!("open {path}")) };
                };
                if path == Path::new(NOWHERE) && bounds.allowed.opens("process") {
                    return None;
                }
                let writes =
                    flags & (libc::O_WRONLY | libc::O_RDWR | libc::O_CREAT | libc::O_TRUNC | libc::O_APPEND) != 0;
                let verb = if writes { "write" } else { "read" };
                if writes || !self.may_read(&path) || self.leads_out(&path) {
                    denial(FILE, format!("{verb} {}", path.display()))
                } else {
                    None
                }
            }
            "os.listdir" | "os.scandir" => {
                let path = arguments.get_item(0).ok()?;
                let path = if path.is_none() { Some(PathBuf::from(".")) } else { path_of(&path) };
                match path {
                    Some(path) if self.may_read(&path) => None,
                    Some(path) => denial(FILE, format!("{event} {}", path.display())),
                    None => denial(FILE, event.to_owned()),
                }
            }
            _ if HARMLESS.contains(&event) => None,
            "os.kill" if arguments.get_item(0).is_ok_and(|process| self.bounds().may_end(&process)) => None,
            _ => {
                let concerns = |refused: &Refused| {
                    if refused.event.ends_with('.') { event.starts_with(refused.event) } else { event == refused.event }
                };
                let Refused { what, door, .. } = refused().find(concerns)?;
                let is_open = door.is_some_and(|door| self.bounds().allowed.opens(door));
                if is_open { None } else { denial(what, event.to_owned()) }
            }
        }
    }

    /// What is raised. No handler is to catch it; a module that is imported may do without what it asked for, as libraries do
    /// where a system refuses it.
    fn error(&self, py: Python<'_>, denial: &Denial, message: String) -> PyErr {
        if !self.state().is_loading {
            self.denied_error.bind(py).call1((message,)).map_or_else(|error| error, PyErr::from_value)
        } else if denial.what == NATIVE_CODE {
            PyImportError::new_err(message)
        } else {
            PyPermissionError::new_err(message)
        }
    }

    /// Whether a path in the tree is a link out of it, to what is no module.
    fn leads_out(&self, path: &Path) -> bool {
        let Ok(real) = path.canonicalize() else { return false };
        !self.may_read(&real) && real.extension().is_none_or(|ending| ending != MODULE)
    }

    fn may_read(&self, path: &Path) -> bool {
        let Ok(path) = std::path::absolute(path) else { return false };
        let path = without_detours(&path);
        let bounds = self.bounds();
        let mut elsewhere = self.library.iter().chain(&bounds.files);
        path.starts_with(&bounds.tree) || elsewhere.any(|place| path.starts_with(place))
    }
}

/// A path as Python hands it over; a number is a file that is already open.
fn path_of(path: &Bound<'_, PyAny>) -> Option<PathBuf> {
    if let Ok(text) = path.cast::<PyString>() {
        Some(text.to_string_lossy().into_owned().into())
    } else {
        let bytes = path.cast::<PyBytes>().ok()?;
        Some(String::from_utf8_lossy(bytes.as_bytes()).into_owned().into())
    }
}

/// The path without `..`, as text. Links are looked at where files are opened.
fn without_detours(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut plain, component| {
        match component {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            other => plain.push(other),
        }
        plain
    })
}

/// The hook. CPython calls it with the thread attached.
unsafe extern "C" fn audit(event: *const c_char, arguments: *mut PyObject, data: *mut c_void) -> c_int {
    // SAFETY: CPython hands over a text and a tuple that live as long as the call, and our own data; the thread is attached.
    let (py, event, sandbox) = unsafe { (Python::assume_attached(), CStr::from_ptr(event), &*data.cast::<Sandbox>()) };
    let Ok(event) = event.to_str() else { return 0 };
    if !concerns(event) {
        return 0;
    }
    // SAFETY: as above.
    let arguments = unsafe { Bound::from_borrowed_ptr_or_opt(py, arguments) };
    let refusal = arguments.as_ref().and_then(|arguments| arguments.cast::<PyTuple>().ok());
    let Some(denial) = refusal.and_then(|arguments| sandbox.refusal(event, arguments)) else { return 0 };
    let message = format!("handlers may not do this ({}): {}", denial.what, denial.detail);
    let error = sandbox.error(py, &denial, message);
    sandbox.state().denial.get_or_insert(denial);
    error.restore(py);
    -1
}

/// Whether an event may be refused at all. Most are of the interpreter itself, such as the import of a module or a call of
/// `id()`, which every copy of a value makes many of.
fn concerns(event: &str) -> bool {
    let is_own = || ["builtins.", "object.", "sys."].iter().any(|own| event.starts_with(own));
    event == "open" || event.contains('.') && !is_own()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_detour_is_followed_before_a_path_is_judged() {
        for (path, plain) in [("/a/../b", "/b"), ("/a/./b/..", "/a"), ("/..", "/"), ("/a/b", "/a/b")] {
            assert_eq!(without_detours(Path::new(path)), Path::new(plain));
        }
    }

    #[test]
    fn what_is_refused_is_looked_at() {
        assert!(
            refused().all(|refused| concerns(refused.event) && refused.door.is_none_or(|door| door == refused.what))
        );
        let events: Vec<&str> = refused().map(|refused| refused.event).collect();
        assert!(events.is_sorted() && events.len() > 40);
    }
}

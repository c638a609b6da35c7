//! What the process itself has to do outside, while the threads that run handlers are confined.

use std::cell::Cell;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::OnceLock;
use std::sync::mpsc::{Sender, channel};
use std::thread;

type Job = Box<dyn FnOnce() + Send>;

/// Takes jobs to the thread that is not confined. Confinement is the process's, as its threads are.
static JOBS: OnceLock<Sender<Job>> = OnceLock::new();

thread_local! {
    /// Whether this is the thread that does the jobs.
    static IS_OUTSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Starts the thread. It lives as long as the process: the programs that it starts end with it.
pub(crate) fn stay_outside() -> io::Result<()> {
    let (sender, jobs) = channel::<Job>();
    thread::Builder::new().name("parity-outside".to_owned()).spawn(move || {
        IS_OUTSIDE.set(true);
        for job in jobs {
            job();
        }
    })?;
    JOBS.get_or_init(|| sender);
    Ok(())
}

/// Does a job where nothing is confined, and waits for it: here, unless threads of this process are.
pub fn outside<T: Send + 'static>(job: impl FnOnce() -> T + Send + 'static) -> T {
    let Some(jobs) = JOBS.get().filter(|_| !IS_OUTSIDE.get()) else { return job() };
    let (sender, done) = channel();
    // Both ends live: the thread never ends, and this one waits.
    let _ = jobs.send(Box::new(move || {
        let _ = sender.send(catch_unwind(AssertUnwindSafe(job)));
    }));
    match done.recv() {
        Ok(Ok(done)) => done,
        Ok(Err(panic)) => resume_unwind(panic),
        Err(_) => unreachable!("the thread outside lives as long as the process"),
    }
}

/// A value that has to be dropped outside, such as a directory that is removed then.
#[derive(Debug)]
pub struct Outside<T: Send + 'static>(Option<T>);

impl<T: Send + 'static> Outside<T> {
    /// Keeps `value`.
    #[must_use]
    pub fn new(value: T) -> Self {
        Self(Some(value))
    }

    /// The value.
    #[must_use]
    pub fn get(&self) -> Option<&T> {
        self.0.as_ref()
    }
}

impl<T: Send + 'static> Drop for Outside<T> {
    fn drop(&mut self) {
        let value = self.0.take();
        outside(move || drop(value));
    }
}

//! Judges the calls of who is confined, and remembers what was refused.

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Mutex, PoisonError};

use crate::calls::{Kind, call};
use crate::denial::Denial;
use crate::doors::Doors;
use crate::judge::decide;
use crate::listener::{Answer, Listener};
use crate::readable::Readable;

/// What a supervisor knows, shared with whoever asks what was refused.
#[derive(Debug)]
pub(crate) struct Supervisor {
    readable: Readable,
    doors: Doors,
    /// Whether it refuses. Until then a program may start as it does.
    closed: AtomicBool,
    /// How many programs are run one after the other until the last one is there.
    programs: usize,
    /// Whether there is a denial, which is looked at after every call.
    denies: AtomicBool,
    denial: Mutex<Option<Denial>>,
}

impl Supervisor {
    /// Refuses at once.
    pub(crate) fn closed(readable: Readable, doors: Doors) -> Self {
        let supervisor = Self::of_programs(readable, doors, 0);
        supervisor.close();
        supervisor
    }

    /// Refuses when it is closed, and so many programs were run.
    pub(crate) fn of_programs(readable: Readable, doors: Doors, programs: usize) -> Self {
        let (closed, denies) = (AtomicBool::new(false), AtomicBool::new(false));
        Self { readable, doors, closed, programs, denies, denial: Mutex::default() }
    }

    /// Refuses from now on.
    pub(crate) fn close(&self) {
        self.closed.store(true, SeqCst);
    }

    /// What was refused first since the last time.
    pub(crate) fn take(&self) -> Option<Denial> {
        if self.denies.swap(false, SeqCst) { self.held().take() } else { None }
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Option<Denial>> {
        self.denial.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers until nobody is left who could ask. Those who ask are threads of `process`, or of whoever asks first.
    pub(crate) fn serve(&self, listener: &Listener, mut process: Option<u32>) {
        let mut programs = 0;
        while let Some(notification) = listener.next() {
            let process = *process.get_or_insert(notification.pid);
            let runs_a_program = libc::c_long::from(notification.data.nr) == libc::SYS_execve;
            programs += usize::from(runs_a_program);
            let answer = if runs_a_program && programs <= self.programs {
                Answer::Made
            } else if self.closed.load(SeqCst) {
                let (answer, denial) = decide(&notification, process, &self.readable, self.doors);
                if let Some(denial) = denial {
                    // Before the answer, so that whoever was refused cannot go on unseen.
                    self.held().get_or_insert(denial);
                    self.denies.store(true, SeqCst);
                }
                answer
            } else if call(notification.data.nr.into()).is_some_and(|call| call.kind == Kind::Lacking) {
                Answer::Fails(libc::ENOSYS)
            } else {
                Answer::Made
            };
            listener.answer(notification.id, answer);
        }
    }
}

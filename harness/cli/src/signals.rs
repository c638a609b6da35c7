//! Ctrl-C and SIGTERM: the first one ends a run with a report of what was found, the second one ends it at once.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag::{register, register_conditional_shutdown, register_usize};

/// What a shell says of a program that a signal ended, without the signal's number.
const ENDED_BY: i32 = 128;

/// The signals that ask for the end of a run, since somebody began to listen.
#[derive(Clone, Debug)]
pub(super) struct Signals {
    has_come: Arc<AtomicBool>,
    number: Arc<AtomicUsize>,
}

impl Signals {
    /// Listens from now on.
    pub(super) fn listen() -> io::Result<Self> {
        let signals = Self { has_come: Arc::default(), number: Arc::default() };
        for signal in [SIGINT, SIGTERM] {
            // In this order: what comes when one has come already is not waited for.
            register_conditional_shutdown(signal, ENDED_BY + signal, Arc::clone(&signals.has_come))?;
            register_usize(signal, Arc::clone(&signals.number), usize::try_from(signal).unwrap_or_default())?;
            register(signal, Arc::clone(&signals.has_come))?;
        }
        Ok(signals)
    }

    /// Whether one has come.
    pub(super) fn have_come(&self) -> bool {
        self.has_come.load(SeqCst)
    }

    /// The one that has come: its name, and what the program exits with.
    pub(super) fn come(&self) -> Option<(&'static str, u8)> {
        if !self.have_come() {
            return None;
        }
        let signal = if self.number.load(SeqCst) == SIGTERM.unsigned_abs() as usize { SIGTERM } else { SIGINT };
        let name = if signal == SIGTERM { "SIGTERM" } else { "SIGINT" };
        Some((name, u8::try_from(ENDED_BY + signal).unwrap_or(u8::MAX)))
    }
}

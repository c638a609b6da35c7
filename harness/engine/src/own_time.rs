//! How long code has had for itself: the time that it ran, and the time that it waited for something of its own accord.
//!
//! On a busy machine a call that takes a microsecond may be kept from the processor for longer than any deadline. Such time is
//! nobody's, and what runs into a deadline because of it says nothing about a handler.

use std::fs;
use std::mem::MaybeUninit;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How often somebody who keeps the time looks.
pub const TICK: Duration = Duration::from_millis(10);

/// The own time of a thread or a process, since somebody began to look at it.
#[derive(Debug)]
pub struct OwnTime {
    /// The clock of the time that it ran; without one, all time counts.
    clock: Option<libc::clockid_t>,
    /// Where the system says what it does: a directory of its threads, or one thread.
    threads: PathBuf,
    ran: Duration,
    seen: Instant,
    own: Duration,
}

impl OwnTime {
    /// That of a thread of this process, by its two names. It lives as long as it is looked at.
    #[must_use]
    pub fn of_thread(thread: libc::pthread_t, id: libc::pid_t) -> Self {
        let mut clock = 0;
        // SAFETY: the thread is alive, and the call fills the number.
        let failure = unsafe { libc::pthread_getcpuclockid(thread, &raw mut clock) };
        Self::new((failure == 0).then_some(clock), format!("/proc/self/task/{id}"))
    }

    /// That of another process.
    #[must_use]
    pub fn of_process(id: u32) -> Self {
        let mut clock = 0;
        let failure = i32::try_from(id).map_or(1, |id| {
            // SAFETY: the call fills the number.
            unsafe { libc::clock_getcpuclockid(id, &raw mut clock) }
        });
        Self::new((failure == 0).then_some(clock), format!("/proc/{id}/task"))
    }

    fn new(clock: Option<libc::clockid_t>, threads: String) -> Self {
        let ran = clock.map(time_of).unwrap_or_default();
        Self { clock, threads: threads.into(), ran, seen: Instant::now(), own: Duration::ZERO }
    }

    /// Looks, which is to be done about every [`TICK`], and returns the own time so far.
    pub fn look(&mut self) -> Duration {
        let now = Instant::now();
        let passed = now.saturating_duration_since(self.seen);
        self.seen = now;
        let Some(clock) = self.clock else {
            self.own += passed;
            return self.own;
        };
        let before = std::mem::replace(&mut self.ran, time_of(clock));
        let ran = self.ran.saturating_sub(before).min(passed);
        // Who waits now has waited since the last look, as far as anybody can tell. A look that came late tells no more.
        let waited = if self.waits() { passed.min(TICK).saturating_sub(ran) } else { Duration::ZERO };
        self.own += ran + waited;
        self.own
    }

    /// Whether no thread runs or is kept from it.
    fn waits(&self) -> bool {
        let one = || state(self.threads.join("stat")).map(|state| vec![state]);
        let all = || -> Option<Vec<u8>> {
            let threads = fs::read_dir(&self.threads).ok()?;
            Some(threads.filter_map(|thread| state(thread.ok()?.path().join("stat"))).collect())
        };
        // Where nothing is known, all time counts.
        one().or_else(all).is_none_or(|states| !states.contains(&b'R'))
    }
}

/// The letter of a thread's state: it stands behind the name, which is in brackets and may hold anything.
fn state(file: PathBuf) -> Option<u8> {
    let text = fs::read(file).ok()?;
    let end = text.iter().rposition(|&byte| byte == b')')?;
    text.get(end + 2).copied()
}

fn time_of(clock: libc::clockid_t) -> Duration {
    let mut time = MaybeUninit::<libc::timespec>::zeroed();
    // SAFETY: the call fills the structure, which is valid with zeros if it does not.
    let time = unsafe {
        libc::clock_gettime(clock, time.as_mut_ptr());
        time.assume_init()
    };
    Duration::from_secs(time.tv_sec.unsigned_abs()) + Duration::from_nanos(time.tv_nsec.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    fn this_thread() -> OwnTime {
        // SAFETY: the calls only read the names of the calling thread.
        let (thread, id) = unsafe { (libc::pthread_self(), libc::syscall(libc::SYS_gettid)) };
        OwnTime::of_thread(thread, i32::try_from(id).unwrap())
    }

    #[test]
    fn who_runs_uses_own_time_and_no_more_than_the_processor_gave() {
        let mut own = this_thread();
        let before = crate::clock::thread_time();
        let mut last = Duration::ZERO;
        while last < Duration::from_millis(20) {
            last = own.look();
        }
        let ran = crate::clock::thread_time_since(before);
        assert!(last <= ran, "{last:?} of {ran:?}");
    }

    #[test]
    fn who_waits_uses_own_time() {
        // It waits for its input, which never comes.
        let mut child = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
        let mut own = OwnTime::of_process(child.id());
        let began = Instant::now();
        while own.look() < Duration::from_millis(5) && began.elapsed() < Duration::from_mins(1) {
            std::thread::yield_now();
        }
        assert!(own.look() >= Duration::from_millis(5));
        child.kill().unwrap();
        child.wait().unwrap();
    }

    #[test]
    fn who_is_not_there_uses_all_the_time() {
        let mut own = OwnTime::of_process(u32::MAX);
        let began = Instant::now();
        while began.elapsed() < Duration::from_millis(1) {}
        assert!(own.look() >= Duration::from_millis(1));
    }
}

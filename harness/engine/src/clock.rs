//! How much work a thread has done: unlike the time on the wall it does not depend on what else the machine does.

use std::mem::MaybeUninit;
use std::time::Duration;

/// The CPU time of this thread so far.
#[must_use]
pub fn thread_time() -> Duration {
    let mut time = MaybeUninit::<libc::timespec>::zeroed();
    // SAFETY: the call fills the structure, which is valid with zeros if it does not.
    let time = unsafe {
        libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, time.as_mut_ptr());
        time.assume_init()
    };
    Duration::from_secs(time.tv_sec.unsigned_abs()) + Duration::from_nanos(time.tv_nsec.unsigned_abs())
}

/// The CPU time of this thread since `before`, which [`thread_time`] answered.
#[must_use]
pub fn thread_time_since(before: Duration) -> Duration {
    thread_time().saturating_sub(before)
}

/// The most memory that this process has held so far, in bytes.
#[must_use]
pub fn peak_memory() -> u64 {
    let mut usage = MaybeUninit::<libc::rusage>::zeroed();
    // SAFETY: the call fills the structure, which is valid with zeros if it does not.
    let usage = unsafe {
        libc::getrusage(libc::RUSAGE_SELF, usage.as_mut_ptr());
        usage.assume_init()
    };
    usage.ru_maxrss.unsigned_abs() << 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_takes_time_and_memory() {
        let before = thread_time();
        let sum: u64 = std::hint::black_box((0..3_000_000_u64).collect::<Vec<u64>>()).iter().sum();
        assert!(thread_time() > before && sum > 0);
        assert!(peak_memory() > 20 << 20);
    }
}

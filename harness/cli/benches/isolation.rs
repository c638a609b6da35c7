//! What it costs to survive handlers: CPU time of a campaign over our own handlers in each kind of isolation, over that of one
//! that nobody watches. `cargo bench -p parity --bench isolation` prints the ratios.

#![expect(clippy::unwrap_used, reason = "a benchmark that fails has no result")]

use std::mem::MaybeUninit;
use std::process::{Command, Stdio};
use std::time::Duration;

const ROUNDS: usize = 5;
const KINDS: [&str; 3] = ["in-process", "auto", "process"];

fn main() {
    let mut times: [Vec<Duration>; 3] = Default::default();
    for round in 0..ROUNDS {
        for (kind, times) in KINDS.iter().zip(&mut times) {
            let before = children_time();
            let status = Command::new(env!("CARGO_BIN_EXE_parity"))
                .args(["diff", "--cases", "1000", "--seed", &format!("{round:x}"), "--isolation", kind])
                .stdout(Stdio::null())
                .status()
                .unwrap();
            assert!(status.success());
            times.push(children_time().checked_sub(before).unwrap());
        }
    }
    let medians = times.map(|mut times| {
        times.sort();
        times[ROUNDS / 2]
    });
    for (kind, median) in KINDS.iter().zip(medians) {
        println!("{kind:12} {:6.2} s  ratio {:.3}", median.as_secs_f64(), median.div_duration_f64(medians[0]));
    }
}

/// The CPU time of all processes that have ended, and of theirs.
fn children_time() -> Duration {
    let mut usage = MaybeUninit::<libc::rusage>::uninit();
    // SAFETY: the call fills the structure.
    let usage = unsafe {
        assert_eq!(libc::getrusage(libc::RUSAGE_CHILDREN, usage.as_mut_ptr()), 0);
        usage.assume_init()
    };
    let time = |time: libc::timeval| {
        Duration::from_secs(time.tv_sec.unsigned_abs()) + Duration::from_micros(time.tv_usec.unsigned_abs())
    };
    time(usage.ru_utime) + time(usage.ru_stime)
}

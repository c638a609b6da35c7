//! The figures of `parity bench`: `cargo bench -p parity --bench ratio -- --peers` adds the peers, `-- --growth` shows how time
//! and memory grow.

#![expect(clippy::unwrap_used, reason = "a benchmark that fails has no result")]

use std::process::Command;

fn main() {
    // Cargo adds a flag of its own.
    let arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let status = Command::new(env!("CARGO_BIN_EXE_parity")).arg("bench").args(arguments).status().unwrap();
    assert!(status.success());
}

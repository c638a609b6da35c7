//! The binary `parity`, called as a process.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, also in the functions that tests share")]

mod bench_test;
mod containment_test;
mod determinism_test;
mod engines_test;
mod foreign_test;
mod fuzz_test;
mod handlers_test;
#[path = "../../../tests/json_values.rs"]
mod json_values;
mod oracles_test;
mod process_test;
mod protocol_test;
mod scale_test;
mod support;
mod vectors_test;
mod workflows_test;

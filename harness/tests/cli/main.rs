//! The binary `parity`, called as a process.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, also in the functions that tests share")]

mod handlers_test;
mod support;
mod vectors_test;
mod workflows_test;

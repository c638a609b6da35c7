//! The steps of `payments/process_refund`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| parity_fuzz::run("payments/process_refund", bytes));

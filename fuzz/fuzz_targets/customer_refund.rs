//! The steps of `customer_success/process_refund`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| parity_fuzz::run("customer_success/process_refund", bytes));

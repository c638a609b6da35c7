//! The steps of `microservices/user_registration`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| parity_fuzz::run("microservices/user_registration", bytes));

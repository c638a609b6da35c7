//! The steps of `data_pipeline/analytics_pipeline`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| parity_fuzz::run("data_pipeline/analytics_pipeline", bytes));

//! The steps of `ecommerce/ecommerce_order_processing`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| parity_fuzz::run("ecommerce/ecommerce_order_processing", bytes));

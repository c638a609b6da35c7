//! The binary `parity`, called as a process.

mod bench_test;
mod causes_test;
mod changed_test;
mod checkout_test;
mod confirmation_test;
mod containment_test;
mod determinism_test;
mod engines_test;
mod false_passes_test;
mod foreign_test;
mod fuzz_test;
mod handlers_test;
mod logging_test;
mod new_handler_test;
mod oracles_test;
mod process_test;
mod protocol_test;
mod saved_test;
mod scale_test;
mod second_test;
mod suites_test;
mod support;
mod vectors_test;
mod workflows_test;

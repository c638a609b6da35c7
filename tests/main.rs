//! The integration tests, one binary: it links the interpreters once.

mod campaign_test;
mod support;

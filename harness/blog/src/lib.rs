//! Our own handlers, those of Tasker's blog posts, as a suite like any other: the [`Oracle`], strategies and domains, what
//! the cases [reach](coverage), the written [pages](docs), and cases from a [fuzzer](fuzz)'s bytes.

mod cases;
pub mod coverage;
mod customer_success;
mod data_pipeline;
pub mod docs;
mod ecommerce;
pub mod fuzz;
#[cfg(test)]
mod hostile_test;
mod metrics;
mod microservices;
mod oracle;
mod parts;
mod payments;
mod registry;
mod workflows;

pub use cases::{NoCases, OwnCases, templates_of};
pub use oracle::{LIBRARY, Oracle, named_by_data, own_criteria, suite};
pub use registry::{GENERATORS, OWN, find};
pub use workflows::TASK_GENERATORS;

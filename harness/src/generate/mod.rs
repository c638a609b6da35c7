//! Generators of step inputs: what a handler may be given, biased to the edges that matter to it.

mod case;
mod customer_success;
mod data_pipeline;
mod draws;
mod ecommerce;
mod generator;
mod hostile;
mod learned;
mod metrics;
mod microservices;
mod parts;
mod payments;
mod preserve;
mod schema;
mod scope;
mod template;
mod values;
mod workflows;

pub use case::{Case, CaseId};
pub use draws::GenerateError;
pub use generator::{CaseSource, GENERATORS, Generator, find};
pub use schema::{SchemaError, SchemaProblem};
pub use scope::Scope;
pub use template::{TemplateSource, Upstream};
pub use workflows::{TASK_GENERATORS, TaskGenerator, TaskSource};

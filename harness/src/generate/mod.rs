//! Generators of step inputs: what a handler may be given, biased to the edges that matter to it.

mod case;
mod ecommerce;
mod generator;
mod parts;
mod payments;
mod scope;
mod values;

pub use case::{Case, CaseId};
pub use generator::{CaseSource, GENERATORS, GenerateError, Generator, find};
pub use scope::Scope;

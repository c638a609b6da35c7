//! What is compared: the handlers, where their cases come from and which of them are well-formed, the templates that they are
//! steps of, and the executor of whole workflows.

mod case;
mod draws;
mod fnv1a;
mod generator;
mod hostile;
mod learned;
mod preserve;
mod task_source;
pub mod template;
mod template_source;
pub mod workflow;

pub use case::{Case, CaseId};
pub use draws::GenerateError;
pub use generator::{CaseSource, Generator, Generators, Parts};
pub use hostile::TEXTS as HOSTILE_TEXTS;
pub use task_source::{Context, TaskGenerator, TaskSource};
pub use template_source::{TemplateSource, Upstream};

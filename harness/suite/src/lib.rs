//! What is compared: the handlers, where their cases come from and which of them are well-formed, the templates that they are
//! steps of, and the executor of whole workflows.

mod case;
mod checkpoint;
mod draws;
mod dynamic;
mod farthest;
mod fnv1a;
mod generator;
mod generators;
mod hostile;
mod learned;
mod literals;
mod maps;
mod origin;
mod preserve;
mod recorded;
mod related;
mod source;
mod stated;
mod suite;
mod task_source;
pub mod template;
mod template_source;
pub mod workflow;

pub use case::{Case, CaseId, Parts};
pub use draws::GenerateError;
pub use dynamic::Upstream;
pub use generator::{CaseSource, Generator};
pub use generators::{Context, Generators, TaskGenerator};
pub use hostile::TEXTS as HOSTILE_TEXTS;
pub use literals::Literals;
pub use origin::Origin;
pub use recorded::{Recorded, RecordedError};
pub use source::{Drawn, Source};
pub use suite::{Oracle, Suite};
pub use task_source::TaskSource;
pub use template_source::TemplateSource;

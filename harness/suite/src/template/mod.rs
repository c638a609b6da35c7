//! Workflow templates: which steps there are, what they depend on, and how they are retried.

mod beside;
mod check;
mod created;
mod domain;
mod error;
mod files;
mod keys;
mod lines;
mod load;
mod model;
mod schema_keys;

pub(crate) use created::{CreatedStep, created};
pub use domain::domain_of_tasks;
pub use error::{Problem, TemplateError};
pub use files::is_beside;
pub use load::{Loaded, load, load_all, load_usable, naming};
pub use model::{Backoff, BatchConfig, HandlerRef, Retry, Step, StepKind, Template, TemplateId};

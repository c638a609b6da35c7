//! Workflow templates: which steps there are, what they depend on, and how they are retried.

mod check;
mod domain;
mod error;
mod load;
mod model;

pub use domain::domain_of_tasks;
pub use error::{Problem, TemplateError};
pub use load::{load, load_all, naming};
pub use model::{Backoff, HandlerRef, Retry, Step, Template, TemplateId};

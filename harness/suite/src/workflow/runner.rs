//! Runs workflows from code that is not asynchronous.

use std::io;

use parity_model::Ambient;
use tokio::runtime::{Builder, Runtime};

use crate::template::{Template, TemplateId};
use crate::workflow::execute::{Execution, execute};
use crate::workflow::pool::Pool;
use crate::workflow::task::Task;
use crate::workflow::trace::Trace;
use parity_engine::EngineFault;

/// The templates that there are, and the runtime of their executor.
#[derive(Debug)]
pub struct Runner {
    templates: Vec<Template>,
    runtime: Runtime,
}

impl Runner {
    /// A runner of these templates.
    pub fn new(templates: &[Template]) -> io::Result<Self> {
        Ok(Self { templates: templates.to_vec(), runtime: Builder::new_current_thread().build()? })
    }

    /// The template of this identity.
    #[must_use]
    pub fn template(&self, id: &TemplateId) -> Option<&Template> {
        self.templates.iter().find(|template| template.id == *id)
    }

    /// Runs `template` on the engine of `pool`, see [`execute`].
    pub fn run(&self, template: &Template, task: &Task, pool: &Pool) -> Result<Execution, EngineFault> {
        self.runtime.block_on(execute(&self.templates, template, task, pool))
    }

    /// What happens in a run of the task with another clock or other randomness.
    pub fn run_again(
        &self,
        template: &Template,
        task: &Task,
        ambient: &Ambient,
        pool: &Pool,
    ) -> Result<Trace, EngineFault> {
        Ok(self.run(template, &Task { ambient: ambient.clone(), ..task.clone() }, pool)?.trace)
    }
}

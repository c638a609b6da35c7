//! The oracle as an engine, `rust`.

use reference_rs::{HANDLERS, HandlerId, StepInput};

use super::{Engine, EngineFault};
use crate::outcome::Observation;

/// Runs the reference implementation.
#[derive(Debug)]
pub struct Oracle {
    handlers: Vec<HandlerId>,
}

impl Oracle {
    /// The engine's name.
    pub const NAME: &'static str = "rust";
}

impl Default for Oracle {
    fn default() -> Self {
        let mut handlers: Vec<HandlerId> = HANDLERS.iter().filter_map(|spec| spec.id.parse().ok()).collect();
        handlers.sort();
        Self { handlers }
    }
}

impl Engine for Oracle {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn handlers(&self) -> &[HandlerId] {
        &self.handlers
    }

    fn run(&mut self, step_input: &StepInput) -> Result<Observation, EngineFault> {
        let handler = &step_input.handler;
        let spec = reference_rs::find(handler)
            .ok_or_else(|| EngineFault::NoHandler { engine: self.name().to_owned(), handler: handler.clone() })?;
        let evaluation = spec.evaluate(step_input);
        if evaluation.class.is_none() {
            return Err(EngineFault::Call {
                engine: self.name().to_owned(),
                handler: handler.clone(),
                message: format!("its outcome is not declared in its spec: {:?}", evaluation.outcome),
            });
        }
        Ok(evaluation.outcome.into())
    }
}

//! The oracle as an engine, `rust`.

use parity_model::{HandlerId, StepInput};
use reference_rs::{HANDLERS, HandlerSpec};

use parity_engine::{Engine, EngineFault};
use parity_judge::{Criteria, NamedByData};
use parity_suite::Suite;

use crate::registry::OWN;
use parity_model::Observation;

/// The objects in the outcomes of our own handlers whose members are named by data.
#[must_use]
pub fn named_by_data() -> NamedByData {
    let owned = |objects: &[&str]| objects.iter().map(|object| (*object).to_owned()).collect();
    let entry = |spec: &HandlerSpec| (spec.handler(), owned(spec.named_by_data));
    NamedByData(HANDLERS.iter().map(entry).collect())
}

/// The name of our own generators in a [`Suite`].
pub const LIBRARY: &str = "blog";

/// Our own handlers as a suite, on no engines yet: their generators draw the cases, and nothing is known of workflows.
#[must_use]
pub fn suite() -> Suite {
    Suite {
        handlers: HANDLERS.iter().filter_map(|spec| spec.id.parse().ok()).collect(),
        strict_trees: true,
        criteria: own_criteria(),
        library: Some(LIBRARY.to_owned()),
        generators: OWN,
        ..Suite::default()
    }
}

/// The criteria by which our own handlers are compared, where every field counts.
#[must_use]
pub fn own_criteria() -> Criteria {
    Criteria { named_by_data: named_by_data(), ..Criteria::default() }
}

/// Runs the reference implementation.
#[derive(Debug)]
pub struct Oracle {
    handlers: Vec<HandlerId>,
}

impl Oracle {
    /// The engine's name.
    pub const NAME: &'static str = parity_engine::REFERENCE;
}

impl Default for Oracle {
    fn default() -> Self {
        let mut handlers: Vec<HandlerId> = HANDLERS.iter().map(HandlerSpec::handler).collect();
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

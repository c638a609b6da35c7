//! Shows that calls overlap: each waits inside the call until all of them are there.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use parity_engine::{Engine, EngineFault};
use parity_model::Observation;
use parity_model::{HandlerId, StepInput};

/// Only a run that never brings the calls together waits as long as this.
const PATIENCE: Duration = Duration::from_mins(1);

/// Where calls of several workers meet.
#[derive(Debug)]
pub(crate) struct Meeting {
    handlers: Vec<HandlerId>,
    present: Mutex<usize>,
    bell: Condvar,
}

impl Meeting {
    /// A meeting of one call of each of `handlers`.
    pub(crate) fn of(handlers: &[&str]) -> Arc<Self> {
        let handlers = handlers.iter().map(|id| id.parse().unwrap()).collect();
        Arc::new(Self { handlers, present: Mutex::new(0), bell: Condvar::new() })
    }

    /// How many calls came.
    pub(crate) fn present(&self) -> usize {
        *self.present.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn attend(&self, handler: &HandlerId) -> Result<(), EngineFault> {
        let mut present = self.present.lock().unwrap_or_else(PoisonError::into_inner);
        *present += 1;
        self.bell.notify_all();
        let all = self.handlers.len();
        let waited = self.bell.wait_timeout_while(present, PATIENCE, |present| *present < all);
        let (present, end) = waited.unwrap_or_else(PoisonError::into_inner);
        if end.timed_out() {
            let message = format!("only {} of {all} calls were running at the same time", *present);
            return Err(EngineFault::Call { engine: "meeting".to_owned(), handler: handler.clone(), message });
        }
        Ok(())
    }
}

/// An engine whose calls of some handlers take part in a meeting before they go on.
pub(crate) struct Attending {
    pub(crate) engine: Box<dyn Engine>,
    pub(crate) meeting: Arc<Meeting>,
}

impl Engine for Attending {
    fn name(&self) -> &str {
        self.engine.name()
    }

    fn handlers(&self) -> &[HandlerId] {
        self.engine.handlers()
    }

    fn run(&mut self, step_input: &StepInput) -> Result<Observation, EngineFault> {
        if self.meeting.handlers.contains(&step_input.handler) {
            self.meeting.attend(&step_input.handler)?;
        }
        self.engine.run(step_input)
    }
}

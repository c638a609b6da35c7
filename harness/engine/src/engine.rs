//! The one interface of all engines.

use std::time::Duration;

use parity_model::{Ambient, HandlerId, Observation, StepInput};

use crate::error::EngineFault;
use crate::naming::Inventory;
use crate::opinion::Opinion;

/// The name of the engine that is right by definition, where there is one.
pub const REFERENCE: &str = "rust";

/// Arrays and objects within one another in what a handler returns, at most. Tasker's transport for TypeScript takes 127; here a result
/// also stands some twenty levels down in what processes of a run tell each other, of which `serde_json` reads 128. The smallest
/// counts everywhere, so that it makes no difference where a handler runs.
pub const MAX_DEPTH_OF_RESULT: usize = 100;

/// Runs the handlers of one tree.
pub trait Engine {
    /// The engine's name on the command line and in reports, e.g. `python`.
    fn name(&self) -> &str;

    /// Every handler that the engine's tree holds, sorted.
    fn handlers(&self) -> &[HandlerId];

    /// What the engine's tree holds and where, if the engine knows.
    fn inventory(&self) -> Option<&Inventory> {
        None
    }

    /// Calls the handler that `step_input` names, with the clock and the randomness of `step_input.ambient`.
    ///
    /// Whatever the handler does is an [`Observation`]. An [`EngineFault`] says that the engine itself failed: nothing is
    /// known about the handler then, and nobody may count it as agreement or divergence.
    fn run(&mut self, step_input: &StepInput) -> Result<Observation, EngineFault>;

    /// The same call with another clock or other randomness, to see what depends on them.
    fn again(&mut self, step_input: &StepInput, ambient: &Ambient) -> Result<Observation, EngineFault> {
        self.run(&StepInput { ambient: ambient.clone(), ..step_input.clone() })
    }

    /// Calls the handler, and returns `None` for an end that agrees with `expected` in everything. Most ends do, and an engine
    /// that sees it in its language's own values need not convert them.
    fn run_expecting(
        &mut self,
        step_input: &StepInput,
        expected: &Observation,
    ) -> Result<Option<Observation>, EngineFault> {
        let _ = expected;
        self.run(step_input).map(Some)
    }

    /// Says which calls will be asked for next, in this order, so that an engine in another process can work ahead. Other calls may
    /// come all the same, and some of these may not.
    fn announce(&mut self, _step_inputs: &[&StepInput]) {}

    /// What a second runtime of the engine's language said of its calls since this was asked last.
    fn take_opinion(&mut self) -> Opinion {
        Opinion::default()
    }

    /// Lets a second runtime be asked later, and all at once, of the calls that are made from now on.
    fn postpone_opinions(&mut self) {}

    /// Asks a second runtime of all calls since [`Engine::postpone_opinions`], and from now on of each one as it is made. Returns whether
    /// it answered otherwise in one of them: then none of these calls counts, and all are to be made again.
    fn settle_opinions(&mut self) -> bool {
        false
    }

    /// How long a call may take before it has timed out, if there is a limit.
    fn deadline(&self) -> Option<Duration> {
        None
    }

    /// Changes how long a call may take before it has timed out, where there is a limit.
    fn set_deadline(&mut self, _deadline: Duration) {}

    /// Whether the tree holds the handler.
    fn has(&self, handler: &HandlerId) -> bool {
        self.handlers().binary_search(handler).is_ok()
    }
}

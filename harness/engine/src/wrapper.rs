//! Engines around other engines: what one of them does not change is said here, once for all.

use std::time::Duration;

use parity_model::{HandlerId, Observation, StepInput};

use super::engine::Engine;
use super::error::EngineFault;
use super::naming::Inventory;
use super::opinion::Opinion;

/// An engine around another one. It is the inner engine but for what it says itself.
pub trait Wrapper {
    /// What is inside.
    fn inner(&self) -> &dyn Engine;

    /// The same, to be used.
    fn inner_mut(&mut self) -> &mut dyn Engine;

    /// [`Engine::run`]
    fn run_wrapped(&mut self, step_input: &StepInput) -> Result<Observation, EngineFault> {
        self.inner_mut().run(step_input)
    }

    /// [`Engine::run_expecting`]
    fn run_wrapped_expecting(
        &mut self,
        step_input: &StepInput,
        expected: &Observation,
    ) -> Result<Option<Observation>, EngineFault> {
        let _ = expected;
        self.run_wrapped(step_input).map(Some)
    }

    /// [`Engine::announce`]
    fn announce_wrapped(&mut self, step_inputs: &[&StepInput]) {
        self.inner_mut().announce(step_inputs);
    }

    /// [`Engine::take_opinion`]
    fn take_wrapped_opinion(&mut self) -> Opinion {
        self.inner_mut().take_opinion()
    }

    /// [`Engine::postpone_opinions`]
    fn postpone_wrapped_opinions(&mut self) {
        self.inner_mut().postpone_opinions();
    }

    /// [`Engine::settle_opinions`]
    fn settle_wrapped_opinions(&mut self) -> bool {
        self.inner_mut().settle_opinions()
    }

    /// [`Engine::set_deadline`]
    fn set_wrapped_deadline(&mut self, deadline: Duration) {
        self.inner_mut().set_deadline(deadline);
    }
}

impl<W: Wrapper> Engine for W {
    fn name(&self) -> &str {
        self.inner().name()
    }

    fn handlers(&self) -> &[HandlerId] {
        self.inner().handlers()
    }

    fn inventory(&self) -> Option<&Inventory> {
        self.inner().inventory()
    }

    fn run(&mut self, step_input: &StepInput) -> Result<Observation, EngineFault> {
        self.run_wrapped(step_input)
    }

    fn run_expecting(
        &mut self,
        step_input: &StepInput,
        expected: &Observation,
    ) -> Result<Option<Observation>, EngineFault> {
        self.run_wrapped_expecting(step_input, expected)
    }

    fn announce(&mut self, step_inputs: &[&StepInput]) {
        self.announce_wrapped(step_inputs);
    }

    fn take_opinion(&mut self) -> Opinion {
        self.take_wrapped_opinion()
    }

    fn postpone_opinions(&mut self) {
        self.postpone_wrapped_opinions();
    }

    fn settle_opinions(&mut self) -> bool {
        self.settle_wrapped_opinions()
    }

    fn deadline(&self) -> Option<Duration> {
        self.inner().deadline()
    }

    fn set_deadline(&mut self, deadline: Duration) {
        self.set_wrapped_deadline(deadline);
    }
}

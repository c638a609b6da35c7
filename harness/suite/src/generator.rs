//! A generator of step inputs for one handler, and how a case is drawn from one.

use parity_model::{Ambient, HandlerId, StepInput};
use proptest::strategy::{BoxedStrategy, Strategy};
use serde_json::Value;

use super::case::{Case, CaseId, Parts, ambient, zone};
use super::draws::{Draws, GenerateError};
use crate::hostile;
use parity_schema::{Domain, Scope};

/// What is generated for one handler.
#[derive(Clone, Copy, Debug)]
pub struct Generator {
    /// `namespace/step`.
    pub handler: &'static str,
    /// JSON Schema of `{"context", "dependencies"}`: the well-formed inputs. A generated input may break it; a shrunk
    /// one keeps it if the original did.
    pub schema: fn() -> Value,
    /// The strategy, by scope.
    pub strategy: fn(Scope) -> BoxedStrategy<Parts>,
}

impl Generator {
    /// The domain that the schema states.
    ///
    /// # Panics
    /// When the schema is not a valid JSON Schema, which a test excludes for every generator.
    #[must_use]
    #[expect(clippy::panic, reason = "the schemas are constants, and a test builds every one of them")]
    pub fn domain(&self) -> Domain {
        match Domain::of_schema(&(self.schema)()) {
            Ok(domain) => domain,
            Err(error) => panic!("the schema of {} is no JSON Schema: {error}", self.handler),
        }
    }
}

/// Draws cases of one handler. Strategies are built once and used for all cases.
#[derive(Debug)]
pub struct CaseSource {
    handler: HandlerId,
    draws: Draws<(Parts, Ambient)>,
}

impl CaseSource {
    /// The cases of `generator`.
    #[must_use]
    pub fn new(generator: &'static Generator, handler: HandlerId) -> Self {
        let strategy = |scope| ((generator.strategy)(scope), ambient()).boxed();
        Self { handler, draws: Draws::new(generator.handler, strategy) }
    }

    /// Case `id`. It depends on handler, seed, index and scope alone: not on the cases before it.
    pub fn draw(&self, id: CaseId, scope: Scope) -> Result<Case, GenerateError> {
        let ((context, dependencies), ambient) =
            self.draws.draw(id, scope, |(parts, ambient), rng| (hostile::mutate(parts, rng), ambient))?;
        let ambient = Ambient { zone: zone(id), ..ambient };
        let step_input = StepInput { ambient, ..StepInput::new(self.handler.clone(), context, dependencies) };
        Ok(Case { id, step_input, origins: Vec::new() })
    }
}

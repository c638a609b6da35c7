//! A generator of step inputs for one handler, and how a case is drawn from one.

use crate::task_source::TaskGenerator;
use crate::template::TemplateId;
use parity_model::{Ambient, HandlerId, StepInput};
use proptest::strategy::{BoxedStrategy, Strategy};
use serde_json::{Map, Value};

use super::case::{Case, CaseId, ambient};
use super::draws::{Draws, GenerateError};
use crate::hostile;
use parity_schema::{Domain, Scope};

/// A task's context and the results of the ancestor steps.
pub type Parts = (Map<String, Value>, Map<String, Value>);

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
        let step_input = StepInput { ambient, ..StepInput::new(self.handler.clone(), context, dependencies) };
        Ok(Case { id, step_input })
    }
}

/// The generators that somebody wrote by hand. Whatever has none is drawn from its template.
#[derive(Clone, Copy, Debug, Default)]
pub struct Generators {
    /// Of step inputs.
    pub steps: &'static [Generator],
    /// Of tasks.
    pub tasks: &'static [TaskGenerator],
}

impl Generators {
    /// None at all.
    pub const NONE: Self = Self { steps: &[], tasks: &[] };

    /// The generator of a handler.
    #[must_use]
    pub fn of_handler(&self, handler: &HandlerId) -> Option<&'static Generator> {
        self.steps.iter().find(|generator| generator.handler == handler.as_str())
    }

    /// The generator of a workflow.
    #[must_use]
    pub fn of_workflow(&self, workflow: &TemplateId) -> Option<&'static TaskGenerator> {
        let name = workflow.to_string();
        self.tasks.iter().find(|generator| generator.workflow == name)
    }
}

//! The generators that somebody wrote by hand.

use parity_model::HandlerId;
use parity_schema::Scope;
use proptest::strategy::BoxedStrategy;
use serde_json::{Map, Value};

use crate::generator::Generator;
use crate::template::TemplateId;

/// A strategy of a task's context.
pub type Context = BoxedStrategy<Map<String, Value>>;

/// What is generated for one workflow.
#[derive(Clone, Copy, Debug)]
pub struct TaskGenerator {
    /// `namespace/name` of the template.
    pub workflow: &'static str,
    /// The strategy of its context, by scope.
    pub strategy: fn(Scope) -> Context,
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

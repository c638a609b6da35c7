//! Tasks of whole workflows: from a generator that somebody wrote, or from the template's `input_schema`.

use parity_model::Ambient;
use parity_schema::{Domain, Scope, below};
use proptest::strategy::Strategy;
use serde_json::{Map, Value};

use crate::case::{CaseId, ambient, zone};
use crate::draws::{Draws, GenerateError, Purpose, rng_of};
use crate::farthest::crossed;
use crate::generators::Generators;
use crate::hostile;
use crate::literals::{ContextMix, Literals};
use crate::related::related_context;
use crate::template::{Template, TemplateId};
use crate::template_source::context_strategies;
use crate::workflow::Task;

/// Draws tasks of one workflow.
#[derive(Debug)]
pub struct TaskSource {
    workflow: TemplateId,
    draws: Draws<(Map<String, Value>, Ambient)>,
    literals: Option<ContextMix>,
    /// Contexts that lead to the end, with the ambient under which they do.
    leading: Vec<(Map<String, Value>, Ambient)>,
}

/// One in so many tasks is drawn from a context that leads to the end, where such are known.
const LED: usize = 3;

impl TaskSource {
    /// The tasks of `template`: from its generator, or else from its `input_schema`. Some are mixed with the `literals` of its steps.
    pub fn new(template: &Template, generators: &Generators, literals: &Literals) -> Result<Self, GenerateError> {
        let workflow = template.id.clone();
        let handlers = template.steps.iter().map(|step| &step.handler.callable);
        let literals = ContextMix::new(handlers, literals, &template.input_schema)
            .map_err(|message| GenerateError::InputSchema { template: workflow.to_string(), message })?;
        if let Some(generator) = generators.of_workflow(&workflow) {
            let strategy = |scope| ((generator.strategy)(scope), ambient()).boxed();
            return Ok(Self {
                workflow,
                draws: Draws::new(generator.workflow, strategy),
                literals,
                leading: Vec::new(),
            });
        }
        let strategies = context_strategies(template)?.map(|context| (context, ambient()).boxed());
        let draws = Draws::of_strategies(&workflow.to_string(), strategies);
        Ok(Self { workflow, draws, literals, leading: Vec::new() })
    }

    /// Draws a share of tasks from contexts that lead to the end.
    pub fn lead(&mut self, leading: Vec<(Map<String, Value>, Ambient)>) {
        self.leading = leading;
    }

    /// Task `id`. It depends on workflow, seed, index and scope alone.
    pub fn draw(&self, id: CaseId, scope: Scope) -> Result<Task, GenerateError> {
        let mut series = self.draws.series(id, scope);
        let (mut context, mut ambient) = series.draw()?;
        let led = &mut rng_of(&self.workflow.to_string(), id, Purpose::Farthest);
        if scope != Scope::Hostile && !self.leading.is_empty() && below(led, LED) == 0 {
            let (kept, under) = &self.leading[below(led, self.leading.len())];
            if below(led, 2) == 0 {
                (context, ambient) = (kept.clone(), under.clone());
            } else {
                context = crossed(kept, &context, led);
            }
        }
        if let Some(literals) = &self.literals {
            (context, _) = literals.mix(context, false, series.rng());
        }
        if scope == Scope::Hostile {
            context = hostile::mutate((context, Map::new()), series.rng()).0;
        }
        Ok(Task { workflow: self.workflow.clone(), context, ambient: Ambient { zone: zone(id), ..ambient } })
    }

    /// The same; in a share of tasks values depend on one another, as far as `domain` admits it.
    pub fn draw_related(&self, id: CaseId, scope: Scope, domain: &Domain) -> Result<Task, GenerateError> {
        let task = self.draw(id, scope)?;
        let rng = &mut rng_of(&self.workflow.to_string(), id, Purpose::RelateContext);
        Ok(Task { context: related_context(task.context, scope, domain, rng).0, ..task })
    }
}

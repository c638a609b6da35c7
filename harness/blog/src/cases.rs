//! The cases of one of our own handlers, and which of its inputs are well-formed: as its generator says, or, where nobody wrote
//! one, as its step in a template does. Steps before it are run by the oracle.

use std::path::Path;

use parity_model::{HandlerId, Outcome, StepInput};
use parity_schema::{Domain, Scope};
use parity_suite::template::{Template, TemplateError, load_all};
use parity_suite::{Case, CaseId, CaseSource, GenerateError, Generators, Literals, TemplateSource};
use serde_json::{Map, Value};
use thiserror::Error;

const TEMPLATES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/templates");

/// Our templates that cases of these handlers come from: those of handlers for which nobody wrote a generator.
pub fn templates_of(handlers: &[HandlerId]) -> Result<Vec<Template>, TemplateError> {
    let needs_one = |handler: &HandlerId| handlers.contains(handler) && crate::registry::find(handler).is_none();
    if !handlers.iter().any(needs_one) {
        return Ok(Vec::new());
    }
    let mut templates = load_all(Path::new(TEMPLATES))?;
    templates.retain(|template| template.steps.iter().any(|step| needs_one(&step.handler.callable)));
    Ok(templates)
}

/// Why there are no cases of a handler.
#[derive(Debug, Error)]
pub enum NoCases {
    /// Nobody says what its inputs are.
    #[error("{0} has neither a generator nor a step in a template")]
    NoSource(HandlerId),
    /// Our templates can not be used.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// Nothing can be drawn.
    #[error(transparent)]
    Generate(#[from] GenerateError),
    /// The schema is none.
    #[error("{handler}: what its template says of its inputs is no JSON Schema: {message}")]
    Schema {
        /// The handler.
        handler: HandlerId,
        /// What is wrong.
        message: String,
    },
}

/// The cases of one handler.
#[derive(Debug)]
pub struct OwnCases {
    source: Source,
    schema: Value,
    domain: Domain,
}

#[derive(Debug)]
enum Source {
    Generator(CaseSource),
    Template(Box<parity_suite::Source>),
}

impl OwnCases {
    /// The cases of `handler`.
    pub fn of(handler: &HandlerId) -> Result<Self, NoCases> {
        match crate::registry::find(handler) {
            Some(generator) => Ok(Self {
                source: Source::Generator(CaseSource::new(generator, handler.clone())),
                schema: (generator.schema)(),
                domain: generator.domain(),
            }),
            None => Self::of_step(handler, Path::new(TEMPLATES)),
        }
    }

    /// The cases of the step that `handler` is in a template of `dir`.
    fn of_step(handler: &HandlerId, dir: &Path) -> Result<Self, NoCases> {
        let templates = load_all(dir)?;
        let mut steps = templates.iter().flat_map(|template| template.steps.iter().map(move |step| (template, step)));
        let found = steps.find(|(_, step)| step.handler.callable == *handler);
        let (template, step) = found.ok_or_else(|| NoCases::NoSource(handler.clone()))?;
        let literals = Literals::default();
        let schema = TemplateSource::new(template, step, &literals)?.schema(&mut result_of)?;
        let source = parity_suite::Source::new(handler, &Generators::NONE, &templates, &literals, &mut result_of)?;
        let domain =
            Domain::of_schema(&schema).map_err(|message| NoCases::Schema { handler: handler.clone(), message })?;
        Ok(Self { source: Source::Template(Box::new(source)), schema, domain })
    }

    /// Case `id`, as a campaign draws it, but for literals of the sources: some of a template's have bad input. It depends on
    /// handler, seed, index and scope alone, and on what the oracle answers for the steps before it.
    pub fn draw(&self, id: CaseId, scope: Scope) -> Result<Case, GenerateError> {
        match &self.source {
            Source::Generator(source) => source.draw(id, scope),
            Source::Template(source) => {
                let drawn = source.draw(id, scope, &mut result_of)?;
                Ok(Case { id, step_input: drawn.input, origins: Vec::new() })
            }
        }
    }

    /// JSON Schema of `{"context", "dependencies"}`: the well-formed inputs.
    #[must_use]
    pub fn schema(&self) -> &Value {
        &self.schema
    }

    /// The same, compiled.
    #[must_use]
    pub fn domain(&self) -> &Domain {
        &self.domain
    }
}

/// The result of an earlier step, if it completes.
fn result_of(input: &StepInput) -> Option<Map<String, Value>> {
    match reference_rs::find(&input.handler)?.evaluate(input).outcome {
        Outcome::Completed { result: Value::Object(result), .. } => Some(result),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use parity_model::document_of;

    use super::*;

    #[test]
    fn a_generator_comes_first() {
        for generator in crate::GENERATORS {
            let handler: HandlerId = generator.handler.parse().unwrap();
            let (cases, id) = (OwnCases::of(&handler).unwrap(), CaseId { seed: 5, index: 2 });
            let own = CaseSource::new(generator, handler);
            assert_eq!(cases.draw(id, Scope::Normal).unwrap(), own.draw(id, Scope::Normal).unwrap());
            assert_eq!(cases.schema(), &(generator.schema)());
        }
    }

    #[test]
    fn a_handler_has_well_formed_cases_from_its_step_alone_where_the_steps_before_it_complete() {
        let mut served = 0;
        for spec in reference_rs::HANDLERS {
            let cases = OwnCases::of_step(&spec.handler(), Path::new(TEMPLATES)).unwrap();
            let required = cases.schema()["properties"]["dependencies"]["required"].as_array().unwrap();
            let is_reached =
                |input: &StepInput| required.iter().all(|name| input.dependencies.contains_key(name.as_str().unwrap()));
            let draw = |index| cases.draw(CaseId { seed: 1, index }, Scope::Normal).unwrap().step_input;
            let reached: Vec<StepInput> = (0..20).map(draw).filter(is_reached).collect();
            let well_formed = reached.iter().filter(|input| cases.domain().holds(&document_of(input))).count();
            assert!(2 * well_formed >= reached.len(), "{}: {well_formed} of {}", spec.id, reached.len());
            served += usize::from(reached.len() > 10 && required.len() >= spec.dependencies.len());
        }
        // Without literals of the sources no context is likely to pay exactly what a cart comes to, so that nothing behind
        // `process_payment` is reached.
        assert_eq!(served, reference_rs::HANDLERS.len() - 2);
    }

    #[test]
    fn only_handlers_without_a_generator_need_templates() {
        let own: Vec<HandlerId> = reference_rs::HANDLERS.iter().map(reference_rs::HandlerSpec::handler).collect();
        let without = own.iter().filter(|handler| crate::find(handler).is_none());
        let templates = templates_of(&own).unwrap();
        let is_step = |handler: &&HandlerId| {
            templates.iter().any(|template| template.steps.iter().any(|step| step.handler.callable == **handler))
        };
        assert!(without.clone().all(|handler| is_step(&handler)));
        assert_eq!(templates.is_empty(), without.count() == 0);
        assert!(templates_of(&["payments/unknown".parse().unwrap()]).unwrap().is_empty());
    }

    #[test]
    fn a_handler_that_nobody_describes_has_none() {
        let error = OwnCases::of(&"payments/unknown".parse().unwrap()).unwrap_err();
        assert_eq!(error.to_string(), "payments/unknown has neither a generator nor a step in a template");
    }
}

//! Where the cases of a handler come from, and which of them are well-formed: one of our own generators, or the template of
//! which the handler is a step.

use parity_model::{HandlerId, Outcome, StepInput};
use serde_json::{Map, Value};

use super::run::{Campaign, CampaignError};
use super::tally::Fault;
use parity_engine::Engine;
use parity_model::Observation;
use parity_schema::Domain;
use parity_schema::Scope;
use parity_suite::template::{Step, Template};
use parity_suite::{CaseId, CaseSource, GenerateError, TemplateSource};

/// The cases of one handler.
pub(super) struct Source {
    kind: Kind,
    domain: Domain,
}

enum Kind {
    Own(CaseSource),
    Template(Box<TemplateSource>),
}

/// Why there is no case.
pub(super) enum NoCase {
    /// A strategy failed.
    Generate(GenerateError),
    /// The oracle failed on an earlier step.
    Fault(Box<Fault>),
}

impl Campaign {
    /// The step that a handler is, if its cases come from a template.
    fn step_of(&self, handler: &HandlerId) -> Option<(&Template, &Step)> {
        self.templates.iter().find_map(|template| {
            let step = template.steps.iter().find(|step| step.handler.callable == *handler)?;
            Some((template, step))
        })
    }

    /// Says whether there are cases of a handler.
    pub(super) fn check_source(&self, handler: &HandlerId) -> Result<(), CampaignError> {
        match self.step_of(handler) {
            Some((template, step)) => Ok(TemplateSource::new(template, step).map(|_| ())?),
            None => self
                .generators
                .of_handler(handler)
                .map(|_| ())
                .ok_or_else(|| CampaignError::NoGenerator(handler.clone())),
        }
    }
}

impl Source {
    /// The cases of `handler`; `oracle` runs the steps before it.
    pub(super) fn of(campaign: &Campaign, handler: &HandlerId, oracle: &mut dyn Engine) -> Result<Self, CampaignError> {
        let Some((template, step)) = campaign.step_of(handler) else {
            let generator =
                campaign.generators.of_handler(handler).ok_or_else(|| CampaignError::NoGenerator(handler.clone()))?;
            let kind = Kind::Own(CaseSource::new(generator, handler.clone()));
            return Ok(Self { kind, domain: generator.domain() });
        };
        let source = TemplateSource::new(template, step)?;
        let mut fault = None;
        let schema = source.schema(&mut |input| result_of(oracle, input, &mut fault))?;
        if let Some(fault) = fault {
            return Err(CampaignError::Upstream(fault.message));
        }
        let domain = Domain::of_schema(&schema)
            .map_err(|message| CampaignError::InputSchema { workflow: template.id.clone(), message })?;
        Ok(Self { kind: Kind::Template(Box::new(source)), domain })
    }

    /// Case `id`.
    pub(super) fn draw(&self, id: CaseId, scope: Scope, oracle: &mut dyn Engine) -> Result<StepInput, NoCase> {
        let mut fault = None;
        let drawn = match &self.kind {
            Kind::Own(source) => source.draw(id, scope),
            Kind::Template(source) => source.draw(id, scope, &mut |input| result_of(oracle, input, &mut fault)),
        };
        match (fault, drawn) {
            (Some(fault), _) => Err(NoCase::Fault(Box::new(fault.of_case(id.index)))),
            (None, Ok(case)) => Ok(case.step_input),
            (None, Err(error)) => Err(NoCase::Generate(error)),
        }
    }

    /// Which inputs are well-formed.
    pub(super) fn domain(&self) -> &Domain {
        &self.domain
    }
}

/// The result of an earlier step, if the oracle has it and it completes.
fn result_of(oracle: &mut dyn Engine, input: &StepInput, fault: &mut Option<Fault>) -> Option<Map<String, Value>> {
    if fault.is_some() || !oracle.has(&input.handler) {
        return None;
    }
    match oracle.run(input) {
        Ok(Observation::Planned(Outcome::Completed { result: Value::Object(result), .. })) => Some(result),
        Ok(_) => None,
        Err(error) => {
            *fault = Some(Fault::new(&input.handler, oracle, &error, input));
            None
        }
    }
}

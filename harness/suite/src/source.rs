//! Where the cases of one handler come from, and which of them are well-formed: a generator that somebody wrote, or the
//! template of which the handler is a step.

use parity_model::{HandlerId, StepInput};
use parity_schema::{Domain, Scope};
use serde_json::Value;

use crate::case::CaseId;
use crate::draws::{GenerateError, Purpose, rng_of};
use crate::dynamic::Upstream;
use crate::generator::CaseSource;
use crate::generators::Generators;
use crate::literals::{Literals, StepMix};
use crate::maps::Maps;
use crate::recorded::{Recorded, drawn_from};
use crate::related::{related, spoilt};
use crate::template::{Step, Template};
use crate::template_source::TemplateSource;

/// The cases of one handler.
#[derive(Debug)]
pub struct Source {
    handler: HandlerId,
    kind: Kind,
    domain: Domain,
    literals: StepMix,
    recorded: Vec<StepInput>,
    /// Objects in the handler's outcomes whose members are named by data, as far as its sample outcomes show them.
    named_by_data: Vec<String>,
}

#[derive(Debug)]
enum Kind {
    Generator(CaseSource),
    Template(Box<TemplateSource>),
}

/// A case that was drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// The input.
    pub input: StepInput,
    /// Whether something in it is bad on purpose, so that it is not well-formed.
    pub is_spoilt: bool,
}

/// How many sample cases are looked at before the first case.
const SAMPLES: u64 = 64;

/// The seed of the sample cases. It is no campaign's, so that what is learned of a handler is the same in all of them.
const SAMPLES_SEED: u64 = 0x5eed;

/// The step of `templates` that `handler` is.
fn step_of<'t>(handler: &HandlerId, templates: &'t [Template]) -> Option<(&'t Template, &'t Step)> {
    templates.iter().find_map(|template| {
        let step = template.steps.iter().find(|step| step.handler.callable == *handler)?;
        Some((template, step))
    })
}

impl Source {
    /// Checks whether there are cases of `handler`, without running anything.
    pub fn check(handler: &HandlerId, generators: &Generators, templates: &[Template]) -> Result<(), GenerateError> {
        if generators.of_handler(handler).is_some() {
            return Ok(());
        }
        let (template, step) = step_of(handler, templates).ok_or_else(|| GenerateError::NoSource(handler.clone()))?;
        TemplateSource::new(template, step, &Literals::default()).map(|_| ())
    }

    /// The cases of `handler`: of its generator, or else of the step that it is in one of `templates`.
    ///
    /// Some are mixed with `literals`. `run` runs the steps before it, and the handler itself to see what its outcomes look like.
    pub fn new(
        handler: &HandlerId,
        generators: &Generators,
        templates: &[Template],
        literals: &Literals,
        run: Upstream<'_>,
    ) -> Result<Self, GenerateError> {
        let (kind, domain) = if let Some(generator) = generators.of_handler(handler) {
            (Kind::Generator(CaseSource::new(generator, handler.clone())), generator.domain())
        } else {
            let (template, step) =
                step_of(handler, templates).ok_or_else(|| GenerateError::NoSource(handler.clone()))?;
            let source = TemplateSource::new(template, step, literals)?;
            let domain = source.domain(run)?;
            (Kind::Template(Box::new(source)), domain)
        };
        let literals = StepMix::new(handler, literals, matches!(kind, Kind::Template(_)));
        let mut source =
            Self { handler: handler.clone(), kind, domain, literals, recorded: Vec::new(), named_by_data: Vec::new() };
        source.named_by_data = source.learn_names(run)?;
        Ok(source)
    }

    /// The same with the inputs that somebody recorded: they are the first cases, and some of the others are drawn from them.
    #[must_use]
    pub fn with_recorded(self, recorded: &Recorded) -> Self {
        Self { recorded: recorded.of(&self.handler).to_vec(), ..self }
    }

    /// Case `id`. A generator has bad input of its own, and so has every hostile case; of the others a few are spoilt.
    pub fn draw(&self, id: CaseId, scope: Scope, run: Upstream<'_>) -> Result<Drawn, GenerateError> {
        if let Some(input) = self.recorded(id) {
            return Ok(Drawn { input, is_spoilt: false });
        }
        let input = self.well_meant(id, scope, run)?;
        let rng = &mut rng_of(self.handler.as_str(), id, Purpose::Spoil);
        let spoilt = match self.kind {
            Kind::Template(_) if scope != Scope::Hostile => spoilt(&input, &self.domain, rng),
            _ => None,
        };
        Ok(Drawn { is_spoilt: spoilt.is_some(), input: spoilt.unwrap_or(input) })
    }

    /// The recorded input that case `id` is or is drawn from.
    fn recorded(&self, id: CaseId) -> Option<StepInput> {
        if self.recorded.is_empty() {
            return None;
        }
        let rng = &mut rng_of(self.handler.as_str(), id, Purpose::Recorded);
        let as_it_is = usize::try_from(id.index).ok().and_then(|index| self.recorded.get(index));
        as_it_is.cloned().or_else(|| drawn_from(&self.recorded, &self.domain, rng))
    }

    fn well_meant(&self, id: CaseId, scope: Scope, run: Upstream<'_>) -> Result<StepInput, GenerateError> {
        let (case, only_results) = match &self.kind {
            Kind::Generator(source) => (source.draw(id, scope)?, false),
            Kind::Template(source) => (source.draw(id, scope, run)?, true),
        };
        let rng = &mut rng_of(self.handler.as_str(), id, Purpose::Relate);
        let input = if scope == Scope::Hostile {
            case.step_input
        } else {
            related(case.step_input, only_results, &self.domain, rng)
        };
        Ok(self.literals.mix(input, id, &self.domain))
    }

    /// Which inputs are well-formed.
    #[must_use]
    pub fn domain(&self) -> &Domain {
        &self.domain
    }

    /// The objects in the handler's outcomes whose members are named by data, as far as its sample outcomes show them: JSON
    /// Pointers into the outcome.
    #[must_use]
    pub fn named_by_data(&self) -> &[String] {
        &self.named_by_data
    }

    fn learn_names(&self, run: Upstream<'_>) -> Result<Vec<String>, GenerateError> {
        let mut maps = Maps::default();
        for index in 0..SAMPLES {
            let input = self.well_meant(CaseId { seed: SAMPLES_SEED, index }, Scope::Normal.of_case(index), run)?;
            if let Some(result) = run(&input) {
                maps.see("/result", &Value::Object(result));
            }
        }
        Ok(maps.named_by_data())
    }
}

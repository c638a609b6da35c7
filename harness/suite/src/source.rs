//! Where the cases of one handler come from, and which of them are well-formed: a generator that somebody wrote, or the
//! template of which the handler is a step.

use parity_model::{Ambient, HandlerId, StepInput};
use parity_schema::{Domain, Scope};
use serde_json::{Map, Value};

use crate::case::CaseId;
use crate::draws::{GenerateError, Purpose, rng_of};
use crate::dynamic::Upstream;
use crate::generator::CaseSource;
use crate::generators::Generators;
use crate::literals::{Literals, StepMix};
use crate::maps::Maps;
use crate::origin::Origin;
use crate::recorded::{Recorded, drawn_from};
use crate::related::{related, spoilt};
use crate::template::{Template, TemplateId};
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
    /// Those of each step that calls the handler, in turn.
    Templates(Vec<TemplateSource>),
}

/// A case that was drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// The input.
    pub input: StepInput,
    /// Whether something in it is bad on purpose, so that it is not well-formed.
    pub is_spoilt: bool,
    /// What it has beside what was drawn.
    pub origins: Vec<Origin>,
}

/// How many sample cases are looked at before the first case.
const SAMPLES: u64 = 64;

/// The seed of the sample cases. It is no campaign's, so that what is learned of a handler is the same in all of them.
const SAMPLES_SEED: u64 = 0x5eed;

/// The cases of every step of `templates` that calls `handler`.
fn sources_of(
    handler: &HandlerId,
    templates: &[Template],
    literals: &Literals,
) -> Result<Vec<TemplateSource>, GenerateError> {
    let calling = templates.iter().flat_map(|template| template.steps.iter().map(move |step| (template, step)));
    let calling = calling.filter(|(_, step)| step.handler.callable == *handler);
    let sources: Vec<_> =
        calling.map(|(template, step)| TemplateSource::new(template, step, literals)).collect::<Result<_, _>>()?;
    if sources.is_empty() { Err(GenerateError::NoSource(handler.clone())) } else { Ok(sources) }
}

impl Source {
    /// Checks whether there are cases of `handler`, without running anything.
    pub fn check(handler: &HandlerId, generators: &Generators, templates: &[Template]) -> Result<(), GenerateError> {
        if generators.of_handler(handler).is_some() {
            return Ok(());
        }
        sources_of(handler, templates, &Literals::default()).map(drop)
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
            let sources = sources_of(handler, templates, literals)?;
            let domains: Vec<Domain> = sources.iter().map(|source| source.domain(run)).collect::<Result<_, _>>()?;
            (Kind::Templates(sources), Domain::any_of(domains))
        };
        let literals = StepMix::new(handler, literals, matches!(kind, Kind::Templates(_)));
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
            return Ok(Drawn { input, is_spoilt: false, origins: vec![Origin::Recorded] });
        }
        let (input, mut origins) = self.well_meant(id, scope, run)?;
        let rng = &mut rng_of(self.handler.as_str(), id, Purpose::Spoil);
        let spoilt = match self.kind {
            Kind::Templates(_) if scope != Scope::Hostile => spoilt(&input, &self.domain, rng),
            _ => None,
        };
        origins.extend(spoilt.is_some().then_some(Origin::BadInput));
        Ok(Drawn { is_spoilt: spoilt.is_some(), input: spoilt.unwrap_or(input), origins })
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

    fn well_meant(
        &self,
        id: CaseId,
        scope: Scope,
        run: Upstream<'_>,
    ) -> Result<(StepInput, Vec<Origin>), GenerateError> {
        let (case, only_results) = match &self.kind {
            Kind::Generator(source) => (source.draw(id, scope)?, false),
            Kind::Templates(sources) => {
                let place = usize::try_from(id.index).unwrap_or_default() % sources.len();
                (sources[place].draw(id, scope, run)?, true)
            }
        };
        let rng = &mut rng_of(self.handler.as_str(), id, Purpose::Relate);
        let mut origins = case.origins;
        let (input, is_related) = if scope == Scope::Hostile {
            (case.step_input, false)
        } else {
            related(case.step_input, only_results, &self.domain, rng)
        };
        let (input, is_mixed) = self.literals.mix(input, id, &self.domain);
        origins.extend(is_related.then_some(Origin::Relations));
        origins.extend(is_mixed.then_some(Origin::Literals));
        Ok((input, origins))
    }

    /// Which inputs are well-formed.
    #[must_use]
    pub fn domain(&self) -> &Domain {
        &self.domain
    }

    /// Contexts on which the handler completes in the workflow `template`, with the ambient under which it does, as far as a sample has shown them.
    #[must_use]
    pub fn leading(&self, template: &TemplateId) -> Vec<(Map<String, Value>, Ambient)> {
        match &self.kind {
            Kind::Generator(_) => Vec::new(),
            Kind::Templates(sources) => sources.iter().flat_map(|source| source.leading(template)).collect(),
        }
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
            let (input, _) =
                self.well_meant(CaseId { seed: SAMPLES_SEED, index }, Scope::Normal.of_case(index), run)?;
            if let Some(result) = run(&input) {
                maps.see("/result", &Value::Object(result));
            }
        }
        Ok(maps.named_by_data())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// One handler is two steps, each with settings and an input of its own.
    const TEMPLATES: [&str; 2] = [
        "name: fares\nnamespace_name: shop\nversion: 1.0.0\n\
         input_schema: {type: object, required: [a], properties: {a: {type: integer}}}\n\
         steps:\n  - {name: one, handler: {callable: shop/fare, initialization: {mode: cheap}}}\n  \
         - {name: two, handler: {callable: shop/fare, initialization: {mode: quick}}, depends_on: [one]}\n",
        "name: others\nnamespace_name: shop\nversion: 1.0.0\n\
         input_schema: {type: object, required: [b], properties: {b: {type: integer}}}\n\
         steps:\n  - {name: three, handler: {callable: shop/fare, initialization: {mode: slow}}}\n",
    ];

    #[test]
    fn a_handler_has_the_cases_of_every_step_that_calls_it() {
        let dir = tempfile::tempdir().unwrap();
        let templates: Vec<Template> = TEMPLATES
            .iter()
            .map(|text| {
                let file = dir.path().join("t.yaml");
                std::fs::write(&file, text).unwrap();
                crate::template::load(&file).unwrap()
            })
            .collect();
        let run = &mut |_: &StepInput| Some(Map::new());
        let handler: HandlerId = "shop/fare".parse().unwrap();
        let source = Source::new(&handler, &Generators::NONE, &templates, &Literals::default(), run).unwrap();
        let mut seen = BTreeSet::new();
        for index in 0..30 {
            let Drawn { input, is_spoilt, .. } = source.draw(CaseId { seed: 1, index }, Scope::Normal, run).unwrap();
            let mode = input.step_config["mode"].as_str().unwrap().to_owned();
            if !is_spoilt {
                assert!(source.domain().holds(&parity_model::document_of(&input)));
                assert!(input.context.contains_key(if mode == "slow" { "b" } else { "a" }), "{input:?}");
                seen.insert((mode, input.dependencies.len()));
            }
        }
        let seen: Vec<(&str, usize)> = seen.iter().map(|(mode, results)| (mode.as_str(), *results)).collect();
        assert_eq!(seen, [("cheap", 0), ("quick", 1), ("slow", 0)]);
    }
}

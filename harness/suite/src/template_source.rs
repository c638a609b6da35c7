//! Cases of a handler of which only its template is known: the context comes from the template's `input_schema`, and the
//! results of earlier steps from running those steps.

use std::cell::OnceCell;
use std::rc::Rc;

use parity_model::{Ambient, HandlerId, StepInput};
use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;
use proptest::test_runner::TestRng;
use serde_json::{Map, Value, json};

use super::case::{Case, CaseId, ambient, zone};
use super::draws::{Draws, GenerateError, Purpose, Series, rng_of};
use crate::dynamic::{Dynamic, Upstream, checkpoint_of};
use crate::farthest::{Farthest, crossed};
use crate::hostile;
use crate::learned;
use crate::literals::{ContextMix, Literals};
use crate::origin::Origin;
use crate::preserve;
use crate::related::related_context;
use crate::template::{CreatedStep, Step, Template, TemplateId, domain_of_tasks};
use parity_schema::{Domain, Schema, Scope, below, moved};

/// How many contexts are tried until all earlier steps complete.
const CONTEXTS: usize = 8;

/// So many of these are as they are drawn; the others are drawn from those that led farthest.
const FRESH: usize = 3;

/// One in so many cases is drawn from them at once, where few others come to the end of the step itself.
const LED: usize = 4;

/// How many contexts are looked at, before the first case, to see what earlier steps answer and how far each leads.
const SAMPLES: u64 = 64;

/// How many more, each drawn from those that led farthest, where few have come to the end.
const MORE_SAMPLES: u64 = 512;

/// How many of them are few.
const FEW: usize = 16;

/// The seed of the cases that are learned from.
const SAMPLES_SEED: u64 = 0x5eed;

/// Draws cases of one step of a template.
#[derive(Debug)]
pub struct TemplateSource {
    step: Call,
    /// All its ancestors, each behind those it depends on.
    upstream: Vec<Call>,
    /// The template, if steps are created while it runs.
    dynamic: Option<Dynamic>,
    template: TemplateId,
    input_schema: Value,
    /// Which contexts are well-formed.
    contexts: Domain,
    draws: Draws<Drawn>,
    literals: Option<ContextMix>,
    explored: OnceCell<Explored>,
}

/// What a fixed number of contexts has shown.
#[derive(Debug)]
struct Explored {
    /// What the earlier steps answered.
    results: Vec<Map<String, Value>>,
    /// What led farthest towards the step, and towards its end.
    to_step: Farthest<Drawn>,
    to_end: Farthest<Drawn>,
    /// Whether few contexts lead to the end of the step by themselves.
    is_hard: bool,
}

/// How a step is called.
#[derive(Debug)]
struct Call {
    name: String,
    handler: HandlerId,
    step_config: Map<String, Value>,
    max_attempts: u32,
    ancestors: Vec<String>,
}

/// A step's call as far as the steps before it lead there.
struct Reached {
    /// Their results.
    results: Map<String, Value>,
    /// What the call is otherwise.
    step_config: Map<String, Value>,
    step_inputs: Map<String, Value>,
    /// Whether nothing is missing.
    is_whole: bool,
}

impl Call {
    fn of(template: &Template, step: &Step) -> Self {
        Self {
            name: step.name.clone(),
            handler: step.handler.callable.clone(),
            step_config: step.handler.initialization.clone(),
            max_attempts: step.retry.max_attempts,
            ancestors: template.ancestors(step).into_iter().map(|step| step.name.clone()).collect(),
        }
    }

    /// The call, if all that it depends on is there.
    fn input(&self, drawn: &Drawn, results: &Map<String, Value>) -> Option<StepInput> {
        let result = |name: &String| Some((name.clone(), results.get(name)?.clone()));
        let dependencies: Option<Map<String, Value>> = self.ancestors.iter().map(result).collect();
        Some(self.input_with(drawn.context.clone(), dependencies?, drawn.ambient.clone()))
    }

    fn input_with(&self, context: Map<String, Value>, dependencies: Map<String, Value>, ambient: Ambient) -> StepInput {
        StepInput {
            step_config: self.step_config.clone(),
            max_attempts: self.max_attempts,
            ambient,
            ..StepInput::new(self.handler.clone(), context, dependencies)
        }
    }
}

/// What is drawn before anything runs.
#[derive(Clone, Debug)]
struct Drawn {
    context: Map<String, Value>,
    ambient: Ambient,
    attempt: u32,
    /// Whether the results of the earlier steps are changed.
    is_changed: bool,
    /// What the context has beside what was drawn.
    origins: Vec<Origin>,
}

impl TemplateSource {
    /// The cases of `step` of `template`; some contexts are mixed with `literals`, its own and those of the steps before it.
    pub fn new(template: &Template, step: &Step, literals: &Literals) -> Result<Self, GenerateError> {
        let ancestors = template.ancestors(step);
        let is_ancestor = |other: &&Step| ancestors.iter().any(|ancestor| ancestor.name == other.name);
        let upstream =
            template.in_order().into_iter().filter(is_ancestor).map(|step| Call::of(template, step)).collect();
        let call = Call::of(template, step);
        let last = if step.retry.retryable { call.max_attempts } else { 1 };
        let strategies = context_strategies(template)?.map(|context| {
            (context, ambient(), prop_oneof![4 => Just(1), 1 => 1..=last], 0..3)
                .prop_map(|(context, ambient, attempt, third)| Drawn {
                    context,
                    ambient,
                    attempt,
                    is_changed: third == 0,
                    origins: Vec::new(),
                })
                .boxed()
        });
        let draws = Draws::of_strategies(call.handler.as_str(), strategies);
        let handlers = ancestors.iter().map(|step| &step.handler.callable).chain([&call.handler]);
        let literals = ContextMix::new(handlers, literals, &template.input_schema)
            .map_err(|message| GenerateError::InputSchema { template: template.id.to_string(), message })?;
        let dynamic = template.is_dynamic().then(|| Dynamic::new(template, step));
        let (template, input_schema) = (template.id.clone(), template.input_schema.clone());
        let contexts = domain_of_tasks(&input_schema)
            .map_err(|message| GenerateError::InputSchema { template: template.to_string(), message })?;
        let explored = OnceCell::new();
        Ok(Self { step: call, upstream, dynamic, template, input_schema, contexts, draws, literals, explored })
    }

    /// A context, drawn and changed; one after another one on which earlier steps failed is mixed with literals for sure.
    fn drawn(
        &self,
        (id, scope): (CaseId, Scope),
        series: &mut Series<'_, Drawn>,
        rng: &mut TestRng,
        is_again: bool,
    ) -> Result<Drawn, GenerateError> {
        let mut drawn = series.draw()?;
        drawn.ambient.zone = zone(id);
        let (is_related, is_mixed);
        (drawn.context, is_related) = related_context(drawn.context, scope, &self.contexts, rng);
        drawn.origins.extend(is_related.then_some(Origin::Relations));
        if let Some(literals) = &self.literals {
            (drawn.context, is_mixed) = literals.mix(drawn.context, is_again, series.rng());
            drawn.origins.extend(is_mixed.then_some(Origin::Literals));
        }
        Ok(drawn)
    }

    /// Case `id`. It depends on handler, seed, index, scope and what `run` answers alone.
    pub fn draw(&self, id: CaseId, scope: Scope, run: Upstream<'_>) -> Result<Case, GenerateError> {
        let mut series = self.draws.series(id, scope);
        let rng = &mut rng_of(self.step.handler.as_str(), id, Purpose::RelateContext);
        let explored = self.explored(run)?;
        let led = &mut rng_of(self.step.handler.as_str(), id, Purpose::Farthest);
        let is_led = scope != Scope::Hostile && explored.is_hard && below(led, LED) == 0;
        let mut best: Option<(Drawn, Reached)> = None;
        for attempt in 0..CONTEXTS {
            let mut drawn = self.drawn((id, scope), &mut series, rng, attempt > 0)?;
            if is_led {
                drawn = drawn.led(&explored.to_end, false, led);
            } else if attempt >= FRESH && scope != Scope::Hostile {
                drawn = drawn.led(&explored.to_step, attempt + 1 == CONTEXTS, led);
            }
            let reached = self.reach(&drawn, id, run);
            let is_whole = reached.is_whole;
            if is_whole || best.as_ref().is_none_or(|(_, best)| best.results.len() < reached.results.len()) {
                best = Some((drawn, reached));
            }
            if is_whole {
                break;
            }
        }
        let (drawn, reached) = match best {
            Some(best) => best,
            None => (self.drawn((id, scope), &mut series, rng, false)?, self.nowhere()),
        };
        let Reached { results: mut dependencies, step_config, step_inputs, .. } = reached;
        let mut context = drawn.context;
        if drawn.is_changed {
            preserve::mutate(dependencies.values_mut(), series.rng());
        }
        if scope == Scope::Hostile {
            (context, dependencies) = hostile::mutate((context, dependencies), series.rng());
        }
        let input = self.step.input_with(context, dependencies, drawn.ambient);
        let mut input = StepInput { attempt: drawn.attempt, step_config, step_inputs, ..input };
        if !input.step_inputs.is_empty() {
            input.checkpoint = checkpoint_of(&input, &mut self.created(id), run);
        }
        Ok(Case { id, step_input: input, origins: drawn.origins })
    }

    /// JSON Schema of `{"context", "dependencies"}`: the well-formed inputs.
    pub fn schema(&self, run: Upstream<'_>) -> Result<Value, GenerateError> {
        let dependencies = self.dependencies(run)?;
        Ok(json!({
            "type": "object",
            "required": ["context", "dependencies"],
            "properties": {"context": moved(&self.input_schema, "/properties/context"), "dependencies": dependencies},
        }))
    }

    /// The well-formed inputs.
    pub fn domain(&self, run: Upstream<'_>) -> Result<Domain, GenerateError> {
        let dependencies = self.dependencies(run)?;
        Domain::of_members([("context", &self.input_schema), ("dependencies", &dependencies)])
            .map_err(|message| GenerateError::InputSchema { template: self.template.to_string(), message })
    }

    /// What a fixed number of contexts shows, by what `run` answers: some as they are drawn, and more that are drawn from those that led
    /// farthest, where few come to the end.
    fn explored(&self, run: Upstream<'_>) -> Result<&Explored, GenerateError> {
        if let Some(explored) = self.explored.get() {
            return Ok(explored);
        }
        let (mut results, mut is_hard) = (Vec::new(), false);
        let (mut to_step, mut to_end) = (Farthest::<Drawn>::new(), Farthest::<Drawn>::new());
        let goal = self.upstream.len() + 1;
        for index in 0..SAMPLES + MORE_SAMPLES {
            let (is_more, at_end) = (index >= SAMPLES, to_end.that_reached(goal).len());
            if is_more && (at_end >= FEW || to_end.is_empty()) {
                break;
            }
            is_hard |= is_more;
            let id = CaseId { seed: SAMPLES_SEED, index };
            let scope = Scope::Normal.of_case(index);
            let rng = &mut rng_of(self.step.handler.as_str(), id, Purpose::RelateContext);
            let mut drawn = self.drawn((id, scope), &mut self.draws.series(id, scope), rng, index % 2 == 1)?;
            if let Some(kept) = to_end.one(rng).filter(|_| is_more) {
                drawn.context = crossed(&kept.context, &drawn.context, rng);
            }
            let reached = self.reach(&drawn, id, run);
            let input = || self.step.input(&drawn, &reached.results);
            let is_at_end = reached.is_whole && input().is_some_and(|input| run(&input).is_some());
            let so_far = if reached.is_whole { self.upstream.len() } else { reached.results.len() };
            to_step.offer(so_far, &drawn);
            to_end.offer(if is_at_end { goal } else { so_far }, &drawn);
            if !is_more || reached.is_whole {
                results.push(reached.results);
            }
        }
        Ok(self.explored.get_or_init(|| Explored { results, to_step, to_end, is_hard }))
    }

    /// Contexts on which the steps before the step complete, and then the step itself, if it is one of `template`.
    pub(crate) fn leading(&self, template: &TemplateId) -> Vec<(Map<String, Value>, Ambient)> {
        if *template != self.template {
            return Vec::new();
        }
        let leading = self.explored.get().map_or(&[][..], |known| known.to_end.that_reached(self.upstream.len() + 1));
        leading.iter().map(|drawn| (drawn.context.clone(), drawn.ambient.clone())).collect()
    }

    /// What earlier steps answer, learned from what `run` answers to a fixed number of cases.
    fn dependencies(&self, run: Upstream<'_>) -> Result<Value, GenerateError> {
        let samples: &[Map<String, Value>] = if self.upstream.is_empty() { &[] } else { &self.explored(run)?.results };
        // Of steps that are created nobody knows the names beforehand.
        let mut names: Vec<&String> = Vec::new();
        for name in self.upstream.iter().map(|call| &call.name).chain(samples.iter().flat_map(Map::keys)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let (mut properties, mut required) = (Map::new(), Vec::new());
        for name in names {
            let results: Vec<&Value> = samples.iter().filter_map(|results| results.get(name)).collect();
            if !results.is_empty() {
                properties.insert(name.clone(), learned::schema_of(&results));
                if self.dynamic.is_none() || results.len() == samples.len() {
                    required.push(name.clone());
                }
            }
        }
        Ok(json!({"type": "object", "required": required, "properties": properties}))
    }

    /// Runs the earlier steps, as far as they complete.
    fn reach(&self, drawn: &Drawn, id: CaseId, run: Upstream<'_>) -> Reached {
        if let Some(dynamic) = &self.dynamic {
            let call = |template: &Template, step: &Step, results: &Map<String, Value>| {
                Call::of(template, step).input(drawn, results)
            };
            return match dynamic.reach(&call, &mut self.created(id), run) {
                (results, Some(CreatedStep { step, inputs, .. })) => {
                    Reached { results, step_config: step.handler.initialization, step_inputs: inputs, is_whole: true }
                }
                (results, None) => Reached { results, ..self.nowhere() },
            };
        }
        let mut results = Map::new();
        for call in &self.upstream {
            if let Some(result) = call.input(drawn, &results).and_then(|input| run(&input)) {
                results.insert(call.name.clone(), Value::Object(result));
            }
        }
        let is_whole = results.len() == self.upstream.len();
        Reached { results, is_whole, ..self.nowhere() }
    }

    /// The randomness of what is created on the way to a case.
    fn created(&self, id: CaseId) -> TestRng {
        rng_of(self.step.handler.as_str(), id, Purpose::Create)
    }

    /// The call without anything before it.
    fn nowhere(&self) -> Reached {
        let (step_config, step_inputs) = (self.step.step_config.clone(), Map::new());
        Reached { results: Map::new(), step_config, step_inputs, is_whole: false }
    }
}

impl Drawn {
    /// The same with most of its context as in one that led far; or that one, as it is.
    fn led(self, far: &Farthest<Self>, as_it_is: bool, rng: &mut TestRng) -> Self {
        match far.one(rng) {
            Some(kept) if as_it_is => {
                let origins = vec![Origin::Earlier];
                Self { attempt: self.attempt, is_changed: self.is_changed, origins, ..kept.clone() }
            }
            Some(kept) => {
                let origins = [self.origins, vec![Origin::Earlier]].concat();
                Self { context: crossed(&kept.context, &self.context, rng), origins, ..self }
            }
            None => self,
        }
    }
}

/// The task inputs that `template` states, for every scope but the hostile one.
pub(super) fn context_strategies(template: &Template) -> Result<[BoxedStrategy<Map<String, Value>>; 3], GenerateError> {
    let refused = |error| GenerateError::Schema { template: template.id.to_string(), error };
    let schema = Schema::new(&template.input_schema).map_err(refused)?;
    let of = |scope| schema.objects(scope).map_err(refused);
    let drawn = [of(Scope::Tiny)?, of(Scope::Small)?, of(Scope::Normal)?];
    if template.strategies.is_empty() {
        return Ok(drawn);
    }
    let domain = domain_of_tasks(&template.input_schema)
        .map_err(|message| GenerateError::InputSchema { template: template.id.to_string(), message })?;
    let stated = Rc::new((template.strategies.clone(), domain));
    Ok(drawn.map(|contexts| {
        let stated = Rc::clone(&stated);
        let as_stated = move |context, mut rng| {
            let (strategies, domain) = stated.as_ref();
            strategies.applied(context, &mut rng, |context| domain.holds(&json!({"context": context})))
        };
        contexts.prop_perturb(as_stated).boxed()
    }))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::generators::Generators;
    use crate::task_source::TaskSource;
    use parity_model::document_of;

    const TEMPLATE: &str = r##"
name: quotes
namespace_name: parcels
version: 1.0.0
input_schema:
  type: object
  required: [weight]
  properties:
    weight: { $ref: "#/$defs/grams" }
  $defs:
    grams: { type: integer, minimum: 1, maximum: 30000 }
steps:
  - name: quote
    handler: { callable: parcels/quote }
    depends_on: [measure, route]
    retry: { max_attempts: 4 }
  - name: measure
    handler: { callable: parcels/measure, initialization: { unit: g } }
  - name: route
    handler: { callable: parcels/route }
    depends_on: [measure]
"##;

    fn template(text: &str) -> Template {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("template.yaml");
        std::fs::write(&file, text).unwrap();
        crate::template::load(&file).unwrap()
    }

    fn source(step: &str) -> TemplateSource {
        let template = template(TEMPLATE);
        TemplateSource::new(&template, template.step(step).unwrap(), &Literals::default()).unwrap()
    }

    fn object(value: &Value) -> Option<Map<String, Value>> {
        value.as_object().cloned()
    }

    /// Measures what is not too light, and routes what was measured.
    fn run(input: &StepInput) -> Option<Map<String, Value>> {
        let weight = input.context.get("weight")?.as_i64()?;
        match input.handler.as_str() {
            "parcels/measure" if weight > 20 => object(&json!({"weight": weight, "unit": input.step_config["unit"]})),
            "parcels/route" => {
                object(&json!({"zones": [input.dependencies["measure"]["weight"]], "price": 2.5, "via": null}))
            }
            _ => None,
        }
    }

    #[test]
    fn dependencies_are_what_the_earlier_steps_answer_to_the_same_context() {
        let quote = source("quote");
        let (mut as_answered, mut changed) = (0, 0);
        for index in 0..300 {
            let id = CaseId { seed: 1, index };
            let mut ambients = Vec::new();
            let input = quote
                .draw(id, Scope::Normal, &mut |input| {
                    ambients.push(input.ambient.clone());
                    run(input)
                })
                .unwrap()
                .step_input;
            assert_eq!(ambients.last(), Some(&input.ambient));
            assert!((1..=4).contains(&input.attempt) && input.max_attempts == 4);
            let weight = &input.context["weight"];
            let expected = json!({
                "quote": null, "measure": {"weight": weight, "unit": "g"}, "route": {"zones": [weight], "price": 2.5, "via": null}
            });
            let is_as_answered = ["measure", "route"].iter().all(|step| input.dependencies[*step] == expected[*step]);
            *(if is_as_answered { &mut as_answered } else { &mut changed }) += 1;
        }
        assert!((70..=130).contains(&changed), "{changed} of {}", as_answered + changed);
    }

    #[test]
    fn a_case_depends_on_its_number_and_on_what_runs_alone() {
        let id = CaseId { seed: 7, index: 3 };
        for scope in [Scope::Tiny, Scope::Small, Scope::Normal, Scope::Hostile] {
            let first = source("quote").draw(id, scope, &mut run).unwrap();
            let busy = source("quote");
            for index in 0..3 {
                busy.draw(CaseId { seed: 7, index }, scope, &mut run).unwrap();
            }
            assert_eq!(busy.draw(id, scope, &mut run).unwrap(), first);
            assert_ne!(busy.draw(CaseId { seed: 8, index: 3 }, scope, &mut run).unwrap(), first);
            assert_ne!(busy.draw(id, scope, &mut |_| None).unwrap(), first);
        }
    }

    #[test]
    fn a_step_that_never_completes_is_left_out_after_a_fixed_number_of_contexts() {
        let quote = source("quote");
        let measure_only = |input: &StepInput| {
            (input.handler.as_str() == "parcels/measure").then(|| Map::from_iter([("weight".to_owned(), json!(1))]))
        };
        quote.domain(&mut |input| measure_only(input)).unwrap();
        let mut calls = Vec::new();
        let case = quote
            .draw(CaseId { seed: 1, index: 2 }, Scope::Normal, &mut |input| {
                calls.push(input.handler.to_string());
                measure_only(input)
            })
            .unwrap();
        assert_eq!(calls.len(), CONTEXTS * 2);
        assert_eq!(case.step_input.dependencies.keys().collect::<Vec<_>>(), ["measure"]);
        let mut calls = 0;
        let none = quote.draw(CaseId { seed: 1, index: 2 }, Scope::Normal, &mut |_| {
            calls += 1;
            None
        });
        assert_eq!(none.unwrap().step_input.dependencies, Map::new());
        // What depends on a step without a result is not run.
        assert_eq!(calls, CONTEXTS);
    }

    /// A workflow in which hardly any context gets past all checks.
    const CHECKS: &str = r"
name: checks
namespace_name: shop
version: 1.0.0
input_schema:
  type: object
  required: [count, zone, terms, note]
  properties:
    note: { type: string }
    count: { type: integer, minimum: 0, maximum: 1000 }
    zone: { enum: [a, b, c, d, e, f, g, h] }
    terms: { type: object, required: [days], properties: { days: { type: integer, minimum: 0, maximum: 100 } } }
steps:
  - { name: first, handler: { callable: shop/first } }
  - { name: second, handler: { callable: shop/second }, depends_on: [first] }
  - { name: third, handler: { callable: shop/third }, depends_on: [second] }
  - { name: last, handler: { callable: shop/last }, depends_on: [third] }
";

    fn check(input: &StepInput) -> Option<Map<String, Value>> {
        let context = json!(input.context);
        let holds = match input.handler.as_str() {
            "shop/first" => context["count"].as_i64()? % 9 == 5,
            "shop/second" => context["zone"] == "g",
            "shop/third" => context["terms"]["days"].as_i64()? % 10 == 7,
            _ => context["count"].as_i64()? > 500,
        };
        holds.then(|| Map::from_iter([("zone".to_owned(), context["zone"].clone())]))
    }

    #[test]
    fn steps_behind_checks_that_hardly_any_context_passes_are_reached() {
        let template = template(CHECKS);
        let source = TemplateSource::new(&template, template.step("last").unwrap(), &Literals::default()).unwrap();
        let draw = |index| source.draw(CaseId { seed: 1, index }, Scope::Normal, &mut |input| check(input)).unwrap();
        let inputs: Vec<StepInput> = (0..200).map(|index| draw(index).step_input).collect();
        let reached = inputs.iter().filter(|input| input.dependencies.len() == 3).count();
        assert!(reached > 180, "{reached}");
        let completed = inputs.iter().filter(|input| check(input).is_some()).count();
        assert!((20..180).contains(&completed), "{completed}");
        // They are not all the same.
        let different: BTreeSet<String> = inputs.iter().map(|input| json!(input.context).to_string()).collect();
        assert!(different.len() > 60, "{}", different.len());
        let leading = source.leading(&template.id);
        assert!(!leading.is_empty());
        let mut tasks = TaskSource::new(&template, &Generators::NONE, &Literals::default()).unwrap();
        tasks.lead(leading);
        let context = |index| tasks.draw(CaseId { seed: 1, index }, Scope::Normal).unwrap().context;
        let whole = |context: Map<String, Value>| {
            let call = |name: &str| StepInput::new(name.parse().unwrap(), context.clone(), Map::new());
            ["shop/first", "shop/second", "shop/third", "shop/last"].iter().all(|name| check(&call(name)).is_some())
        };
        let whole = (0..200).filter(|index| whole(context(*index))).count();
        assert!((20..120).contains(&whole), "{whole}");
    }

    #[test]
    fn the_schema_holds_for_every_case_that_is_not_hostile() {
        let quote = source("quote");
        let schema = quote.schema(&mut run).unwrap();
        assert_eq!(schema, source("quote").schema(&mut run).unwrap());
        assert_eq!(schema["properties"]["dependencies"]["required"], json!(["measure", "route"]));
        let domain = Domain::of_schema(&schema).unwrap();
        let mut hostile = 0;
        for index in 0..300 {
            let id = CaseId { seed: 1, index };
            let document = |scope| document_of(&quote.draw(id, scope, &mut run).unwrap().step_input);
            assert!(domain.holds(&document(Scope::Normal)), "{}", document(Scope::Normal));
            hostile += u32::from(!domain.holds(&document(Scope::Hostile)));
        }
        assert!(hostile > 100, "{hostile}");
        assert!(!domain.holds(&json!({"context": {"weight": 0}, "dependencies": {"measure": {}, "route": {}}})));
    }

    #[test]
    fn a_first_step_has_its_configuration_and_no_dependencies() {
        let measure = source("measure");
        let mut calls = 0;
        let mut weights = BTreeSet::new();
        for index in 0..200 {
            let case = measure.draw(CaseId { seed: 1, index }, Scope::Normal, &mut |input| {
                assert_eq!(input.handler.as_str(), "parcels/measure");
                calls += 1;
                None
            });
            let input = case.unwrap().step_input;
            assert_eq!((&input.dependencies, &input.step_config["unit"]), (&Map::new(), &json!("g")));
            weights.extend(input.context["weight"].as_u64());
        }
        // To see whether it completes at all, and never again.
        assert_eq!(calls, SAMPLES);
        assert!(weights.contains(&1) && weights.contains(&30000), "{weights:?}");
    }

    #[test]
    fn a_schema_that_can_not_be_drawn_from_names_the_template_and_the_place() {
        let mut template = template(TEMPLATE);
        template.input_schema["$defs"]["grams"] = json!({"type": "integer", "minimum": 9, "maximum": 3});
        let error = TemplateSource::new(&template, &template.steps[0], &Literals::default()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "nothing can be drawn from the input_schema of parcels/quotes: at /properties/weight: no number lies between the \
             limits; loosen one of the two"
        );
        assert!(TaskSource::new(&template, &Generators::NONE, &Literals::default()).is_err());
    }

    #[test]
    fn a_workflow_without_a_generator_has_tasks_from_its_schema() {
        let template = template(TEMPLATE);
        let source = TaskSource::new(&template, &Generators::NONE, &Literals::default()).unwrap();
        let domain = crate::template::domain_of_tasks(&template.input_schema).unwrap();
        for index in 0..100 {
            let id = CaseId { seed: 5, index };
            let task = source.draw(id, Scope::Normal).unwrap();
            assert_eq!(task, source.draw(id, Scope::Normal).unwrap());
            assert!(domain.holds(&json!({"context": task.context})), "{:?}", task.context);
        }
    }
}

//! The way to a step through steps that are created while the workflow runs.

use std::collections::BTreeSet;

use parity_model::StepInput;
use proptest::test_runner::TestRng;
use serde_json::{Map, Value};

use crate::checkpoint::checkpoint_in;
use crate::template::{CreatedStep, Step, Template, created};
use parity_schema::below;

/// Runs an earlier step: its result if it completed.
pub type Upstream<'a> = &'a mut dyn FnMut(&StepInput) -> Option<Map<String, Value>>;

/// So many steps are run on the way, at most: one may ask for any number of workers.
const MOST_STEPS: usize = 24;

/// So many times a worker that stops is called again.
const MOST_YIELDS: usize = 8;

/// A template whose steps are created while it runs, and one of its steps.
#[derive(Debug)]
pub(crate) struct Dynamic {
    template: Template,
    step: String,
    ancestors: BTreeSet<String>,
}

/// The input of a step in what there is of a template, if what it depends on has completed.
type InputOf<'a> = &'a dyn Fn(&Template, &Step, &Map<String, Value>) -> Option<StepInput>;

impl Dynamic {
    pub(crate) fn new(template: &Template, step: &Step) -> Self {
        let ancestors = template.ancestors(step).into_iter().map(|step| step.name.clone()).collect();
        Self { template: template.clone(), step: step.name.clone(), ancestors }
    }

    /// Runs the steps before the step; returns their results, and the step if they lead to it: one of the workers, if there are
    /// several.
    pub(crate) fn reach(
        &self,
        input_of: InputOf<'_>,
        rng: &mut TestRng,
        run: Upstream<'_>,
    ) -> (Map<String, Value>, Option<CreatedStep>) {
        let mut results = Map::new();
        let mut tried: BTreeSet<String> = BTreeSet::new();
        loop {
            let steps = created(&self.template, &|name| results.get(name));
            let live = Template { steps: steps.iter().map(|new| new.step.clone()).collect(), ..self.template.clone() };
            let is_next = |new: &&CreatedStep| self.ancestors.contains(&new.like) && !tried.contains(&new.step.name);
            let input = |new: &CreatedStep| {
                let input = input_of(&live, &new.step, &results)?;
                Some((new.step.name.clone(), StepInput { step_inputs: new.inputs.clone(), ..input }))
            };
            if tried.len() < MOST_STEPS
                && let Some((name, input)) = steps.iter().filter(is_next).find_map(input)
            {
                if let Some(result) = finished(input, run) {
                    results.insert(name.clone(), Value::Object(result));
                }
                tried.insert(name);
                continue;
            }
            let is_reached =
                |new: &&CreatedStep| new.like == self.step && input_of(&live, &new.step, &results).is_some();
            let reached: Vec<&CreatedStep> = steps.iter().filter(is_reached).collect();
            let one = reached.get(below(rng, reached.len())).copied().cloned();
            return (results, one);
        }
    }
}

/// The result of a step that is called again where it yields a checkpoint.
fn finished(mut input: StepInput, run: Upstream<'_>) -> Option<Map<String, Value>> {
    for _ in 0..MOST_YIELDS {
        let result = run(&input)?;
        match yielded(&result) {
            Some(checkpoint) => input.checkpoint = Some(checkpoint),
            None => return Some(result),
        }
    }
    None
}

/// A checkpoint that a worker comes to by itself, for some of its calls.
pub(crate) fn checkpoint_of(input: &StepInput, rng: &mut TestRng, run: Upstream<'_>) -> Option<Map<String, Value>> {
    let mut input = input.clone();
    for _ in 0..below(rng, 3) {
        input.checkpoint = Some(yielded(&run(&input)?)?);
    }
    input.checkpoint
}

/// The checkpoint that a result is, as what helps to yield one says in it.
fn yielded(result: &Map<String, Value>) -> Option<Map<String, Value>> {
    let is_checkpoint = result.get("type").and_then(Value::as_str) == Some("checkpoint_yield");
    is_checkpoint.then(|| checkpoint_in(&Value::Object(result.clone())))
}

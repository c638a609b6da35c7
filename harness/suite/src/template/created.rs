//! The steps that there are while a workflow runs: decisions create those that they name, and batchable steps their workers.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::template::model::{BatchConfig, Step, StepKind, Template};

/// A step that there is.
#[derive(Clone, Debug)]
pub(crate) struct CreatedStep {
    /// The step of the template, or what was made of it.
    pub(crate) step: Step,
    /// The step of the template that it is like.
    pub(crate) like: String,
    /// What it is given that the template does not know.
    pub(crate) inputs: Map<String, Value>,
}

/// What a decision answers.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum DecisionOutcome {
    NoBranches {},
    CreateSteps { step_names: Vec<String> },
}

/// What a batchable step answers.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum BatchOutcome {
    NoBatches {},
    CreateBatches { worker_template_name: String, cursor_configs: Vec<Map<String, Value>> },
}

/// The steps of a run in which `result` is what a step has completed with, if it has, in an order in which each stands after
/// everything that it depends on, else in that of the template.
pub(crate) fn created<'r>(template: &Template, result: &dyn Fn(&str) -> Option<&'r Value>) -> Vec<CreatedStep> {
    let run = Run { template, result };
    let (names, workers) = run.names();
    let is_created = |name: &String| names.contains(name.as_str());
    let mut steps = Vec::new();
    for step in template.in_order() {
        if let Some(batches) = workers.iter().find(|batches| batches.worker.name == step.name) {
            steps.extend(batches.workers());
        } else if is_created(&step.name) {
            let mut step = step.clone();
            if run.is_below_decision(&step) {
                step.dependencies.retain(is_created);
            }
            for batches in &workers {
                batches.replace_in(&mut step.dependencies);
            }
            let (like, inputs) = (step.name.clone(), Map::new());
            steps.push(CreatedStep { step, like, inputs });
        }
    }
    steps
}

/// The workers of a batchable step.
struct Batches<'t> {
    batchable: &'t Step,
    worker: &'t Step,
    cursors: Vec<Map<String, Value>>,
    is_no_op: bool,
}

impl Batches<'_> {
    /// The name of the worker of a batch.
    fn name(&self, cursor: &Map<String, Value>) -> String {
        let id = cursor.get("batch_id").and_then(Value::as_str).unwrap_or_default();
        format!("{}_{id}", self.worker.name)
    }

    fn workers(&self) -> impl Iterator<Item = CreatedStep> {
        let config = self.batchable.batches.as_ref().or(self.worker.batches.as_ref()).cloned().unwrap_or_default();
        let BatchConfig { cursor_field, failure_strategy, .. } = config;
        let metadata = json!({"cursor_field": cursor_field, "failure_strategy": failure_strategy});
        self.cursors.iter().map(move |cursor| {
            let inputs = Map::from_iter([
                ("cursor".to_owned(), Value::Object(cursor.clone())),
                ("batch_metadata".to_owned(), metadata.clone()),
                ("is_no_op".to_owned(), json!(self.is_no_op)),
            ]);
            let mut step = self.worker.clone();
            step.name = self.name(cursor);
            step.dependencies = vec![self.batchable.name.clone()];
            // The engine puts them there, too.
            step.handler.initialization.extend(inputs.clone());
            step.handler.initialization.insert("__template_step_name".to_owned(), json!(self.worker.name));
            CreatedStep { step, like: self.worker.name.clone(), inputs }
        })
    }

    /// Lets what waits for the workers' template wait for them.
    fn replace_in(&self, dependencies: &mut Vec<String>) {
        if let Some(place) = dependencies.iter().position(|name| *name == self.worker.name) {
            dependencies.splice(place..=place, self.cursors.iter().map(|cursor| self.name(cursor)));
        }
    }
}

struct Run<'t, 'f, 'r> {
    template: &'t Template,
    result: &'f dyn Fn(&str) -> Option<&'r Value>,
}

impl<'t> Run<'t, '_, '_> {
    /// The names of the steps that there are, and the workers.
    fn names(&self) -> (BTreeSet<&'t str>, Vec<Batches<'t>>) {
        let steps = || self.template.steps.iter();
        let is_first = |step: &&Step| match step.kind {
            StepKind::BatchWorker | StepKind::DeferredConvergence => false,
            _ => !self.is_below_decision(step),
        };
        let mut names: BTreeSet<&str> = steps().filter(is_first).map(|step| step.name.as_str()).collect();
        let mut workers: Vec<Batches<'_>> = Vec::new();
        loop {
            let before = (names.len(), workers.len());
            for step in steps().filter(|step| step.kind == StepKind::Decision) {
                if names.contains(step.name.as_str()) {
                    self.decide(step, &mut names);
                }
            }
            for step in steps().filter(|step| step.kind == StepKind::Batchable) {
                let is_split = workers.iter().any(|batches| batches.batchable.name == step.name);
                if names.contains(step.name.as_str()) && !is_split {
                    workers.extend(self.batches(step));
                }
            }
            let converges = |step: &&Step| {
                step.kind == StepKind::DeferredConvergence
                    && step.dependencies.iter().any(|name| {
                        names.contains(name.as_str()) || workers.iter().any(|batches| batches.worker.name == *name)
                    })
                    && self.template.ancestors(step).iter().all(|step| {
                        let creates = matches!(step.kind, StepKind::Decision | StepKind::Batchable);
                        !creates || !names.contains(step.name.as_str()) || (self.result)(&step.name).is_some()
                    })
            };
            let converging: Vec<&str> = steps().filter(converges).map(|step| step.name.as_str()).collect();
            names.extend(converging);
            self.follow(&mut names);
            if (names.len(), workers.len()) == before {
                return (names, workers);
            }
        }
    }

    fn is_below_decision(&self, step: &Step) -> bool {
        self.template.ancestors(step).iter().any(|ancestor| ancestor.kind == StepKind::Decision)
    }

    /// Adds the steps that a decision names, and those behind them.
    fn decide(&self, decision: &Step, names: &mut BTreeSet<&'t str>) {
        let outcome = (self.result)(&decision.name).and_then(|result| result.get("decision_point_outcome"));
        let Some(Ok(DecisionOutcome::CreateSteps { step_names })) = outcome.map(DecisionOutcome::deserialize) else {
            return;
        };
        let reachable = self.reachable(decision);
        // The engine refuses all of them if one is not behind the decision.
        if step_names.iter().all(|name| reachable.contains(&name.as_str())) {
            names.extend(reachable.into_iter().filter(|name| step_names.iter().any(|named| named == name)));
        }
    }

    /// The steps behind a decision, up to the next ones.
    fn reachable(&self, decision: &Step) -> Vec<&'t str> {
        let mut reachable: Vec<&str> = Vec::new();
        let mut open = vec![decision.name.as_str()];
        while let Some(name) = open.pop() {
            for step in self.template.steps.iter().filter(|step| step.dependencies.iter().any(|known| known == name)) {
                if !reachable.contains(&step.name.as_str()) {
                    reachable.push(&step.name);
                    if step.kind != StepKind::Decision {
                        open.push(&step.name);
                    }
                }
            }
        }
        reachable
    }

    /// Adds what comes behind the steps that decisions have created.
    fn follow(&self, names: &mut BTreeSet<&'t str>) {
        loop {
            let follows = |step: &&Step| {
                let is_there = |name: &String| names.contains(name.as_str());
                let is_fixed = matches!(step.kind, StepKind::DeferredConvergence | StepKind::BatchWorker);
                // Directly behind a decision there is only what it names.
                let is_branch = |name: &String| {
                    let of_branch = |step: &Step| step.kind != StepKind::Decision && self.is_below_decision(step);
                    is_there(name) && self.template.step(name).is_some_and(of_branch)
                };
                !is_fixed && !is_there(&step.name) && step.dependencies.iter().any(is_branch)
            };
            let following: Vec<&str> =
                self.template.steps.iter().filter(follows).map(|step| step.name.as_str()).collect();
            if following.is_empty() {
                return;
            }
            names.extend(following);
        }
    }

    /// The workers that a batchable step has asked for; where there is nothing to do, the one that stands for that.
    fn batches(&self, batchable: &'t Step) -> Option<Batches<'t>> {
        let outcome = (self.result)(&batchable.name)?.get("batch_processing_outcome")?;
        let (worker, cursors, is_no_op) = match BatchOutcome::deserialize(outcome).ok()? {
            BatchOutcome::CreateBatches { worker_template_name, cursor_configs } => {
                (worker_template_name, cursor_configs, false)
            }
            BatchOutcome::NoBatches {} => {
                let named = batchable.handler.initialization.get("worker_template_name").and_then(Value::as_str);
                let of_config = batchable.batches.as_ref().and_then(|batches| batches.worker_template.as_deref());
                let cursor = json!({"batch_id": "000", "start_cursor": 0, "end_cursor": 0, "batch_size": 0});
                (named.or(of_config)?.to_owned(), vec![cursor.as_object().cloned()?], true)
            }
        };
        let worker = self.template.step(&worker).filter(|step| step.kind == StepKind::BatchWorker)?;
        Some(Batches { batchable, worker, cursors, is_no_op })
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use similar_asserts::assert_eq;

    use super::*;

    const ROUTING: &str = "
name: routing
namespace_name: approvals
version: 1.0.0
steps:
  - { name: check, handler: { callable: a/check } }
  - { name: route, type: decision, handler: { callable: a/route }, dependencies: [check] }
  - { name: auto, handler: { callable: a/auto }, dependencies: [route] }
  - { name: manager, handler: { callable: a/manager }, dependencies: [route, check] }
  - { name: note, handler: { callable: a/note }, dependencies: [manager] }
  - { name: finish, type: deferred_convergence, handler: { callable: a/finish }, dependencies: [auto, note] }
  - { name: archive, handler: { callable: a/archive }, dependencies: [finish] }
";

    const BATCHES: &str = "
name: import
namespace_name: rows
version: 1.0.0
steps:
  - name: analyze
    type: batchable
    handler: { callable: r/analyze, initialization: { worker_template_name: work } }
    batch_config: { worker_template: work, cursor_field: row }
  - { name: work, type: batch_worker, handler: { callable: r/work, initialization: { unit: g } }, dependencies: [analyze] }
  - { name: sum, type: deferred_convergence, handler: { callable: r/sum }, dependencies: [work] }
";

    fn steps(template: &str, results: &Value) -> Vec<String> {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("template.yaml");
        std::fs::write(&file, template).unwrap();
        let template = crate::template::load(&file).unwrap();
        let step = |step: CreatedStep| format!("{} after {}", step.step.name, step.step.dependencies.join(", "));
        created(&template, &|name| results.get(name)).into_iter().map(step).collect()
    }

    #[rstest]
    #[case::before(json!({}), &["check after ", "route after check"])]
    #[case::one(
        json!({"route": {"decision_point_outcome": {"type": "create_steps", "step_names": ["auto"]}}}),
        &["check after ", "route after check", "auto after route", "finish after auto", "archive after finish"]
    )]
    #[case::all(
        json!({"route": {"decision_point_outcome": {"type": "create_steps", "step_names": ["manager", "auto"]}}}),
        &[
            "check after ", "route after check", "auto after route", "manager after route, check", "note after manager",
            "finish after auto, note", "archive after finish",
        ]
    )]
    #[case::none(json!({"route": {"decision_point_outcome": {"type": "no_branches"}}}), &["check after ", "route after check"])]
    #[case::no_decision(json!({"route": {}}), &["check after ", "route after check"])]
    #[case::not_behind_it(
        json!({"route": {"decision_point_outcome": {"type": "create_steps", "step_names": ["auto", "check"]}}}),
        &["check after ", "route after check"]
    )]
    fn a_decision_creates_what_it_names_and_what_comes_behind(#[case] results: Value, #[case] expected: &[&str]) {
        assert_eq!(steps(ROUTING, &results), expected);
    }

    #[rstest]
    #[case::before(json!({}), &["analyze after "])]
    #[case::two(
        json!({"analyze": {"batch_processing_outcome": {
            "type": "create_batches", "worker_template_name": "work", "worker_count": 2, "total_items": 3,
            "cursor_configs": [{"batch_id": "001", "start_cursor": 0}, {"batch_id": "002", "start_cursor": 2}],
        }}}),
        &["analyze after ", "work_001 after analyze", "work_002 after analyze", "sum after work_001, work_002"]
    )]
    #[case::nothing_to_do(
        json!({"analyze": {"batch_processing_outcome": {"type": "no_batches"}}}),
        &["analyze after ", "work_000 after analyze", "sum after work_000"]
    )]
    fn a_batchable_step_creates_its_workers(#[case] results: Value, #[case] expected: &[&str]) {
        assert_eq!(steps(BATCHES, &results), expected);
    }

    #[test]
    fn a_worker_is_told_its_batch_in_its_inputs_and_its_configuration() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("template.yaml");
        std::fs::write(&file, BATCHES).unwrap();
        let template = crate::template::load(&file).unwrap();
        let result = json!({"batch_processing_outcome": {"type": "no_batches"}});
        let steps = created(&template, &|name| (name == "analyze").then_some(&result));
        let inputs = json!({
            "cursor": {"batch_id": "000", "start_cursor": 0, "end_cursor": 0, "batch_size": 0},
            "batch_metadata": {"cursor_field": "row", "failure_strategy": "continue_on_failure"},
            "is_no_op": true,
        });
        assert_eq!(Value::Object(steps[1].inputs.clone()), inputs);
        let config = &steps[1].step.handler.initialization;
        assert_eq!(
            (&config["unit"], &config["cursor"], &config["__template_step_name"]),
            (&json!("g"), &inputs["cursor"], &json!("work"))
        );
    }
}

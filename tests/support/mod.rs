//! Set-up that several test files share.

use std::path::Path;
use std::sync::Arc;

use parity_blog::{Oracle, templates_of};
use parity_campaign::{Campaign, Direct, Panel, Shard, StepKind};
use parity_engine::{Engine, EngineFault, TreeError};
use parity_engine_python::PythonEngine;
use parity_engine_typescript::TypeScriptEngine;
use parity_model::Observation;
use parity_model::{HandlerId, Outcome, StepInput};
use parity_schema::Scope;
use parity_suite::Suite;
use parity_suite::workflow::Pool;
use serde_json::{Map, Value, json};
use tempfile::TempDir;

/// The repository.
pub(crate) const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// What a [`Miniature`] makes of the oracle's outcome.
pub(crate) type Twist = Box<dyn FnMut(&StepInput, Outcome) -> Result<Observation, EngineFault>>;

/// A miniature implementation: the oracle with one twist.
pub(crate) struct Miniature {
    oracle: Oracle,
    twist: Twist,
}

impl Miniature {
    /// An engine that answers what `twist` makes of the oracle's outcome.
    pub(crate) fn engine(
        twist: impl FnMut(&StepInput, Outcome) -> Result<Observation, EngineFault> + 'static,
    ) -> Box<dyn Engine> {
        Box::new(Self { oracle: Oracle::default(), twist: Box::new(twist) })
    }
}

impl Engine for Miniature {
    fn name(&self) -> &'static str {
        "miniature"
    }

    fn handlers(&self) -> &[HandlerId] {
        self.oracle.handlers()
    }

    fn run(&mut self, step_input: &StepInput) -> Result<Observation, EngineFault> {
        match self.oracle.run(step_input)? {
            Observation::Planned(outcome) => (self.twist)(step_input, outcome),
            unplanned @ Observation::Unplanned(_) => Ok(unplanned),
        }
    }
}

/// What a [`Scripted`] engine answers.
pub(crate) type Script = Arc<dyn Fn(&StepInput) -> Result<Observation, EngineFault> + Send + Sync>;

/// An engine of handlers that exist nowhere else.
pub(crate) struct Scripted {
    handlers: Vec<HandlerId>,
    script: Script,
}

impl Scripted {
    /// Workers of an engine that has `handlers`, sorted, and answers what `script` says.
    pub(crate) fn pool(
        handlers: &[&str],
        script: impl Fn(&StepInput) -> Result<Observation, EngineFault> + Send + Sync + 'static,
    ) -> Pool {
        let handlers: Vec<HandlerId> = handlers.iter().map(|id| id.parse().unwrap()).collect();
        let script: Script = Arc::new(script);
        let load = move || -> Result<Box<dyn Engine>, TreeError> {
            Ok(Box::new(Self { handlers: handlers.clone(), script: Arc::clone(&script) }))
        };
        Pool::start(3, load).unwrap()
    }
}

impl Engine for Scripted {
    fn name(&self) -> &'static str {
        "scripted"
    }

    fn handlers(&self) -> &[HandlerId] {
        &self.handlers
    }

    fn run(&mut self, step_input: &StepInput) -> Result<Observation, EngineFault> {
        (self.script)(step_input)
    }
}

/// The oracle.
pub(crate) fn oracle() -> Box<dyn Engine> {
    Box::new(Oracle::default())
}

/// Our own Python handlers.
pub(crate) fn python() -> Box<dyn Engine> {
    Box::new(PythonEngine::load(&Path::new(crate::support::ROOT).join("handlers/python")).unwrap())
}

/// Our own TypeScript handlers.
pub(crate) fn typescript() -> Box<dyn Engine> {
    Box::new(TypeScriptEngine::load(&Path::new(crate::support::ROOT).join("handlers/typescript")).unwrap())
}

/// What an engine answers to an input with the default ambient.
pub(crate) fn answer(engine: &mut dyn Engine, handler: &str, context: &Value, dependencies: &Value) -> Outcome {
    let object = |value: &Value| value.as_object().cloned().unwrap();
    let step_input = StepInput::new(handler.parse().unwrap(), object(context), object(dependencies));
    match engine.run(&step_input).unwrap() {
        Observation::Planned(outcome) => outcome,
        unplanned @ Observation::Unplanned(_) => panic!("{unplanned:?}"),
    }
}

/// The result and the metadata of a step that must complete.
pub(crate) fn result(engine: &mut dyn Engine, handler: &str, context: &Value, dependencies: &Value) -> (Value, Value) {
    match answer(engine, handler, context, dependencies) {
        Outcome::Completed { result, metadata } => (result, metadata),
        failed @ Outcome::Failed(_) => panic!("{failed:?}"),
    }
}

/// A directory with these files, by name and text.
pub(crate) fn tree(files: &[(&str, &str)]) -> TempDir {
    let tree = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let file = tree.path().join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    tree
}

/// A step input whose context is `{"value": value}`.
pub(crate) fn step_input(identity: &str, value: &Value) -> StepInput {
    let context = Map::from_iter([("value".to_owned(), value.clone())]);
    StepInput::new(identity.parse().unwrap(), context, Map::new())
}

/// 1 in `depth` lists.
pub(crate) fn nested(depth: usize) -> Value {
    (0..depth).fold(json!(1), |inner, _| json!([inner]))
}

/// A campaign over some of our own handlers.
pub(crate) fn campaign(handlers: Vec<HandlerId>, cases: u64, seed: u64) -> Campaign<StepKind> {
    let templates = templates_of(&handlers).unwrap();
    Campaign {
        groups: handlers,
        modes: vec![Direct],
        suite: Suite { templates, ..parity_blog::suite() },
        cases,
        max_time: None,
        until_quiet: None,
        fail_fast: false,
        seed,
        scope: Scope::Normal,
        shard: Shard::WHOLE,
    }
}

/// The oracle, and what is compared with it.
pub(crate) fn panel(engines: Vec<Box<dyn Engine>>) -> Panel {
    Panel { oracle: oracle(), engines }
}

//! How a test runs one of our workflows in one language.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use parity_blog::Oracle;
use parity_engine::{Engine, EngineFault};
use parity_engine_python::PythonEngine;
use parity_engine_typescript::TypeScriptEngine;
use parity_model::Observation;
use parity_model::{Failure, HandlerId, Outcome, StepInput};
use parity_suite::template;
use parity_suite::workflow::{Execution, Pool, Runner, StepState, Task, Trace};
use serde_json::{Value, json};
use similar_asserts::assert_eq;

use crate::e2e::meeting::{Attending, Meeting};

/// A language that our handlers are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    Rust,
    Python,
    TypeScript,
}

/// What makes an engine into another one.
type Change = Arc<dyn Fn(Box<dyn Engine>) -> Box<dyn Engine> + Send + Sync>;

fn root() -> PathBuf {
    Path::new(crate::support::ROOT).to_owned()
}

impl Language {
    fn pool(self, change: Change) -> Pool {
        match self {
            Self::Rust => Pool::start(3, move || Ok(change(Box::<Oracle>::default()))),
            Self::Python => {
                let engine = PythonEngine::load(&root().join("handlers/python")).unwrap();
                Pool::start(3, move || Ok(change(Box::new(engine.clone()))))
            }
            Self::TypeScript => Pool::start(3, move || {
                Ok(change(Box::new(TypeScriptEngine::load(&root().join("handlers/typescript"))?)))
            }),
        }
        .unwrap()
    }

    /// Runs a workflow as it is.
    pub(crate) fn run(self, workflow: &str, context: &Value) -> Execution {
        execute(workflow, context, &self.pool(Arc::new(|engine| engine))).unwrap()
    }

    /// Runs a workflow in which the first `attempts` of `handler` meet an outage.
    pub(crate) fn run_with_outage(self, workflow: &str, context: &Value, handler: &str, attempts: u32) -> Execution {
        let handler: HandlerId = handler.parse().unwrap();
        let change =
            move |engine| -> Box<dyn Engine> { Box::new(Outage { engine, handler: handler.clone(), attempts }) };
        execute(workflow, context, &self.pool(Arc::new(change))).unwrap()
    }

    /// Runs a workflow in which the calls of `handlers` wait for one another, and checks that all of them came.
    pub(crate) fn run_with_meeting(self, workflow: &str, context: &Value, handlers: &[&str]) -> Trace {
        let meeting = Meeting::of(handlers);
        let change = {
            let meeting = Arc::clone(&meeting);
            move |engine| -> Box<dyn Engine> { Box::new(Attending { engine, meeting: Arc::clone(&meeting) }) }
        };
        let trace = execute(workflow, context, &self.pool(Arc::new(change))).unwrap().trace;
        assert_eq!(meeting.present(), handlers.len());
        trace
    }

    /// Calls one handler.
    pub(crate) fn call(self, handler: &str) -> Result<Observation, EngineFault> {
        let step_input: StepInput = serde_json::from_value(json!({"handler": handler, "context": {}})).unwrap();
        self.pool(Arc::new(|engine| engine)).run(&step_input)
    }
}

fn execute(workflow: &str, context: &Value, pool: &Pool) -> Result<Execution, EngineFault> {
    let templates = template::load_all(&root().join("fixtures/templates")).unwrap();
    let task: Task = serde_json::from_value(json!({"workflow": workflow, "context": context})).unwrap();
    let runner = Runner::new(&templates).unwrap();
    runner.run(runner.template(&task.workflow).unwrap(), &task, pool)
}

/// An engine whose `handler` can not be reached at first.
struct Outage {
    engine: Box<dyn Engine>,
    handler: HandlerId,
    attempts: u32,
}

impl Engine for Outage {
    fn name(&self) -> &str {
        self.engine.name()
    }

    fn handlers(&self) -> &[HandlerId] {
        self.engine.handlers()
    }

    fn run(&mut self, step_input: &StepInput) -> Result<Observation, EngineFault> {
        if step_input.handler == self.handler && step_input.attempt <= self.attempts {
            let mut failure = Failure::retryable(0, "the service can not be reached");
            failure.retry_after = None;
            return Ok(Outcome::Failed(failure).into());
        }
        self.engine.run(step_input)
    }
}

/// What a workflow looks like from outside: every step's state, and the times of its attempts.
pub(crate) fn summary(trace: &Trace) -> Vec<(&str, String)> {
    trace
        .steps
        .iter()
        .map(|step| {
            let times: Vec<String> = step.attempts.iter().map(|attempt| attempt.at_ms.to_string()).collect();
            let state = match &step.state {
                StepState::Completed => format!("completed at {}", times.join(", ")),
                StepState::Failed => format!("failed at {}", times.join(", ")),
                StepState::Skipped(without) => format!("skipped without {}", without.join(", ")),
            };
            (step.step.as_str(), state)
        })
        .collect()
}

/// The result of a step.
pub(crate) fn result<'a>(trace: &'a Trace, step: &str) -> &'a Value {
    trace.step(step).unwrap().result().unwrap_or_else(|| panic!("{step} has no result: {:?}", trace.step(step)))
}

/// The last failure of a step.
pub(crate) fn failure<'a>(trace: &'a Trace, step: &str) -> &'a Failure {
    match &trace.step(step).unwrap().attempts.last().unwrap().outcome {
        Observation::Planned(Outcome::Failed(failure)) => failure,
        other => panic!("{step} did not fail: {other:?}"),
    }
}

/// Kind, code and delay of the last failure of a step.
pub(crate) fn failure_of(trace: &Trace, step: &str) -> Value {
    let failure = failure(trace, step);
    json!([failure.kind, failure.code, failure.retry_after])
}

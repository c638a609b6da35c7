//! The engine: a worker that is started again when a call has ended it.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::time::Duration;

use parity_model::{HandlerId, StepInput};
use serde_json::Value;

use super::command::WorkerCommand;
use super::expected::is_expected;
use super::protocol::{PROTOCOL, Reply, Request};
use super::reply::{Answer, Violation, answer, excerpt};
use super::worker::{Silence, Worker};
use crate::catalog::{Catalog, position_of};
use crate::engine::Engine;
use crate::error::{EngineFault, TreeError};
use crate::naming::{Inventory, Naming, ResolvedHandler};
use parity_confine::Denial;
use parity_model::{Observation, Outcome, Unplanned};

/// How long a worker may take to load its tree.
const START_TIMEOUT: Duration = Duration::from_mins(1);

/// Runs handlers in a process of their own.
///
/// Whatever ends the process is what the handler did. The next call gets a new process, in which nothing has run before. A
/// worker that breaks the protocol is a fault, and is not asked again.
#[derive(Debug)]
pub struct ProcessEngine {
    name: String,
    command: WorkerCommand,
    limit: Duration,
    /// What handlers are called, for a worker that asks.
    catalog: Catalog,
    handlers: Vec<HandlerId>,
    inventory: Option<Inventory>,
    /// What runs the handlers, in the worker's words.
    runtime: String,
    worker: Option<Worker>,
    /// The handler that the worker called last.
    last: Option<HandlerId>,
    calls: u64,
    /// Calls that the worker was asked for and nobody has waited for yet.
    ahead: VecDeque<(u64, StepInput)>,
}

/// What has become of a call that was announced.
enum Awaited {
    /// It was not, or is to be made again.
    Nothing,
    /// What was expected.
    Expected,
    /// This.
    Outcome(Observation),
}

/// What a worker says of itself.
struct Greeting {
    runtime: String,
    handlers: Vec<HandlerId>,
    inventory: Option<Inventory>,
}

impl ProcessEngine {
    /// Starts a worker that knows its handlers' identities. `name` is the engine's name in reports; a call that takes longer than
    /// `limit` has timed out.
    pub fn start(name: &str, command: WorkerCommand, limit: Duration) -> Result<Self, TreeError> {
        Self::start_named(name, command, limit, &Naming::identities())
    }

    /// Starts a worker that may ask what its handlers are called.
    pub fn start_named(
        name: &str,
        command: WorkerCommand,
        limit: Duration,
        naming: &Naming,
    ) -> Result<Self, TreeError> {
        Self::start_with(name, command, limit, Catalog::of_unknown_tree(naming))
    }

    /// Starts a worker whose tree the harness knows, too.
    pub fn start_with(
        name: &str,
        command: WorkerCommand,
        limit: Duration,
        catalog: Catalog,
    ) -> Result<Self, TreeError> {
        let mut engine = Self {
            name: name.to_owned(),
            command,
            limit,
            catalog,
            handlers: Vec::new(),
            inventory: None,
            runtime: String::new(),
            worker: None,
            last: None,
            calls: 0,
            ahead: VecDeque::new(),
        };
        let (worker, greeting) = engine.new_worker()?;
        let Greeting { runtime, mut handlers, inventory } = greeting;
        handlers.sort();
        (engine.handlers, engine.inventory) = (handlers, inventory);
        (engine.runtime, engine.worker) = (runtime, Some(worker));
        Ok(engine)
    }

    fn new_worker(&self) -> Result<(Worker, Greeting), TreeError> {
        let program = self.command.program.display();
        let worker = Worker::start(&self.command).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => self.no_start(format!(
                "there is no {program}: No such file; install it, put it on PATH, or leave the engine out"
            )),
            _ => self.no_start(format!("{program}: {error}")),
        })?;
        let tree = self.command.tree.as_deref().map(Cow::Borrowed);
        let (engine, deadline) = (Cow::Borrowed(self.name.as_str()), self.limit.as_secs_f64());
        worker.confine();
        let hello = Request::Hello { protocol: PROTOCOL, engine, tree, deadline };
        let (worker, reply) = self.converse(worker, &hello)?;
        let (worker, reply, inventory) = match reply {
            Reply::Found { found, not_loaded } => {
                let found = self.catalog.at_definition(found);
                let inventory = self.catalog.resolve(&found, not_loaded)?;
                let place = |handler: &ResolvedHandler| {
                    Some((handler.handler.clone(), position_of(&found, &handler.sighting)?))
                };
                let handlers = inventory.handlers.iter().filter_map(place).collect();
                let (worker, reply) = self.converse(worker, &Request::Assign { handlers })?;
                (worker, reply, Some(inventory))
            }
            reply => (worker, reply, None),
        };
        match reply {
            Reply::Hello { protocol: PROTOCOL, engine, handlers, inventory: own } => {
                Ok((worker, Greeting { runtime: engine, handlers, inventory: inventory.or(own) }))
            }
            Reply::Hello { protocol, .. } => {
                Err(self.no_start(format!("{program} speaks protocol {protocol}, not {PROTOCOL}")).into())
            }
            Reply::Refused { message } => Err(TreeError::Refused { message }),
            _ => Err(self.no_start(format!("{program} does not say hello")).into()),
        }
    }

    /// Says something to a worker that is not at work yet, and waits for its reply.
    fn converse(&self, worker: Worker, request: &Request<'_>) -> Result<(Worker, Reply<Value>), TreeError> {
        let program = self.command.program.display();
        worker.send(line(request).map_err(|error| self.no_start(error.to_string()))?);
        let line = match worker.receive(START_TIMEOUT) {
            Ok(line) => line,
            Err(Silence::TooLong) => {
                return Err(self.no_start(format!("{program} says nothing for {} s", START_TIMEOUT.as_secs())).into());
            }
            Err(Silence::Flood) => return Err(self.no_start(format!("{program} {}", Violation::Flood)).into()),
            Err(Silence::Ended) => {
                let (status, errors) = worker.end();
                return Err(self.no_start(format!("{program} ended at once: {}", describe(status, &errors))).into());
            }
        };
        match serde_json::from_slice(&line) {
            Ok(reply) => Ok((worker, reply)),
            Err(_) => Err(self.no_start(format!("{program} does not say hello but {:?}", excerpt(&line))).into()),
        }
    }

    fn no_start(&self, message: String) -> EngineFault {
        EngineFault::Start { engine: self.name.clone(), message }
    }

    /// A worker that waits for a request, if there is one already, else a new one.
    fn take_worker(&mut self, handler: &HandlerId) -> Result<Worker, EngineFault> {
        let Some(worker) = self.worker.take() else {
            let new = self.new_worker().map_err(|error| self.fault(handler, format!("no new worker: {error}")))?;
            return Ok(new.0);
        };
        let Some(unasked) = worker.unasked() else { return Ok(worker) };
        let last = self.last.as_ref().map_or_else(|| "its hello".to_owned(), ToString::to_string);
        let what = match unasked {
            Ok(line) => format!("says {:?} after it had answered {last}", excerpt(&line)),
            Err(Silence::Ended) => {
                let (status, errors) = worker.end();
                format!("ended after it had answered {last}: {}", describe(status, &errors))
            }
            Err(_) => format!("{} after it had answered {last}", Violation::Flood),
        };
        Err(self.broken(handler, &what))
    }

    /// The line that answers a call which was announced. Whatever is odd about such a call is seen best when it is made again, by itself
    /// and in a new process: then there is no line here.
    fn awaited(&mut self, step_input: &StepInput) -> Option<(u64, Vec<u8>)> {
        let place = self.ahead.iter().position(|(_, input)| input == step_input);
        // The worker is at work on those before it, whether somebody asks for them or not.
        let passed = place.map_or(self.ahead.len(), |place| place + 1);
        let mut last = None;
        for (id, _) in self.ahead.drain(..passed) {
            let Some(Ok(line)) = self.worker.as_ref().map(|worker| worker.receive(self.limit)) else {
                last = None;
                self.worker = None;
                break;
            };
            last = Some((id, line));
        }
        if self.worker.is_none() {
            self.ahead.clear();
        }
        last.filter(|_| place.is_some())
    }

    /// What the handler did in a call that was announced, told as [`Engine::run_expecting`] does.
    fn awaited_outcome(&mut self, step_input: &StepInput, expected: Option<&Outcome>) -> Awaited {
        let Some((id, line)) = self.awaited(step_input) else { return Awaited::Nothing };
        if self.worker.as_ref().is_some_and(|worker| worker.denied().is_some()) {
            // It may have been a later call that was refused something.
            self.ahead.clear();
            self.worker = None;
            return Awaited::Nothing;
        }
        let awaited = if expected.is_some_and(|expected| is_expected(&line, id, expected)) {
            Awaited::Expected
        } else {
            match answer(&line, id) {
                Ok(Answer::Outcome(outcome)) if leaves_intact(&outcome) => Awaited::Outcome(outcome),
                _ => {
                    self.ahead.clear();
                    self.worker = None;
                    return Awaited::Nothing;
                }
            }
        };
        self.last = Some(step_input.handler.clone());
        awaited
    }

    fn fault(&self, handler: &HandlerId, message: String) -> EngineFault {
        EngineFault::Call { engine: self.name.clone(), handler: handler.clone(), message }
    }

    /// The fault of a worker that breaks the protocol.
    fn broken(&self, handler: &HandlerId, what: &dyn std::fmt::Display) -> EngineFault {
        self.fault(handler, format!("its worker ({}) {what}", self.runtime))
    }

    /// What the handler did that ended the worker.
    fn end(worker: Worker) -> Observation {
        let (status, errors) = worker.end();
        match status.and_then(|status| status.signal()) {
            Some(signal) => Unplanned::Crashed {
                class: signal_name(signal),
                message: describe(status, &errors),
                trace: String::new(),
            },
            None => Unplanned::Exited,
        }
        .into()
    }
}

impl Engine for ProcessEngine {
    fn name(&self) -> &str {
        &self.name
    }

    fn handlers(&self) -> &[HandlerId] {
        &self.handlers
    }

    fn inventory(&self) -> Option<&Inventory> {
        self.inventory.as_ref()
    }

    fn run(&mut self, step_input: &StepInput) -> Result<Observation, EngineFault> {
        let handler = &step_input.handler;
        if !self.has(handler) {
            return Err(EngineFault::NoHandler { engine: self.name.clone(), handler: handler.clone() });
        }
        if let Awaited::Outcome(outcome) = self.awaited_outcome(step_input, None) {
            return Ok(outcome);
        }
        let is_new = self.worker.is_none();
        let worker = self.take_worker(handler)?;
        // What it was refused while nobody called is nobody's.
        let _ = worker.denied();
        self.calls += 1;
        let request = line(&Request::Run { id: self.calls, input: Cow::Borrowed(step_input) });
        worker.send(request.map_err(|error| self.fault(handler, error.to_string()))?);
        let line = match worker.receive(self.limit) {
            Ok(line) => line,
            Err(Silence::TooLong) => return Ok(Unplanned::TimedOut.into()),
            Err(Silence::Ended) => return Ok(Self::end(worker)),
            Err(Silence::Flood) => return Err(self.broken(handler, &Violation::Flood)),
        };
        let denied = worker.denied().map(|Denial { what, detail }| Unplanned::Denied { what: what.to_owned(), detail });
        match answer(&line, self.calls) {
            Ok(Answer::Outcome(outcome)) => {
                // Whatever the handler made of the refusal, unless its language names it better.
                let outcome = match (denied, outcome) {
                    (Some(denied), outcome) if !is_told(&outcome) => denied.into(),
                    (_, outcome) => outcome,
                };
                if leaves_intact(&outcome) {
                    (self.worker, self.last) = (Some(worker), Some(handler.clone()));
                }
                Ok(outcome)
            }
            Ok(Answer::Spoiled(outcome)) => Ok(outcome),
            Ok(Answer::Again) if is_new => Err(self.broken(handler, &"has called nothing yet and cannot make a call")),
            Ok(Answer::Again) => {
                drop(worker);
                self.run(step_input)
            }
            Ok(Answer::Fault(message)) => Err(self.fault(handler, message)),
            Err(violation) => Err(self.broken(handler, &violation)),
        }
    }

    fn run_expecting(
        &mut self,
        step_input: &StepInput,
        expected: &Observation,
    ) -> Result<Option<Observation>, EngineFault> {
        match self.awaited_outcome(step_input, expected.planned()) {
            Awaited::Expected => Ok(None),
            Awaited::Outcome(outcome) => Ok(Some(outcome)),
            Awaited::Nothing => self.run(step_input).map(Some),
        }
    }

    fn announce(&mut self, step_inputs: &[&StepInput]) {
        if !self.command.works_ahead || !self.ahead.is_empty() {
            return;
        }
        let known: Vec<&StepInput> =
            step_inputs.iter().filter(|step_input| self.has(&step_input.handler)).copied().collect();
        let Some(first) = known.first() else { return };
        // What keeps a worker from its work shows when the first call is made.
        let Ok(worker) = self.take_worker(&first.handler) else { return };
        // As in `run`.
        let _ = worker.denied();
        let mut requests = Vec::new();
        for step_input in known {
            let id = self.calls + 1;
            let Ok(request) = line(&Request::Run { id, input: Cow::Borrowed(step_input) }) else { break };
            requests.extend(request);
            self.ahead.push_back((id, step_input.clone()));
            self.calls = id;
        }
        worker.send(requests);
        self.worker = Some(worker);
    }

    fn deadline(&self) -> Option<Duration> {
        Some(self.limit)
    }

    fn set_deadline(&mut self, deadline: Duration) {
        self.limit = deadline;
    }
}

impl Drop for ProcessEngine {
    fn drop(&mut self) {
        if let (Some(worker), Ok(goodbye)) = (self.worker.take(), line(&Request::Bye)) {
            worker.leave(goodbye);
        }
    }
}

fn line(request: &Request<'_>) -> serde_json::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(request)?;
    line.push(b'\n');
    Ok(line)
}

/// Whether a worker can be used after such an end.
fn leaves_intact(observation: &Observation) -> bool {
    match observation {
        Observation::Planned(_) => true,
        Observation::Unplanned(unplanned) => matches!(
            unplanned,
            Unplanned::Crashed { .. }
                | Unplanned::Unserialisable { .. }
                | Unplanned::Denied { .. }
                | Unplanned::Unsupported { .. }
        ),
    }
}

/// Whether an outcome says that something was refused, or that the worker is not to be used again.
fn is_told(observation: &Observation) -> bool {
    matches!(observation, Observation::Unplanned(Unplanned::Denied { .. })) || !leaves_intact(observation)
}

fn describe(status: Option<ExitStatus>, errors: &str) -> String {
    let status = status.map_or_else(|| "it closed its output".to_owned(), |status| status.to_string());
    if errors.is_empty() { status } else { format!("{status}: {errors}") }
}

fn signal_name(signal: i32) -> String {
    match signal {
        libc::SIGABRT => "SIGABRT".to_owned(),
        libc::SIGBUS => "SIGBUS".to_owned(),
        libc::SIGFPE => "SIGFPE".to_owned(),
        libc::SIGILL => "SIGILL".to_owned(),
        libc::SIGKILL => "SIGKILL".to_owned(),
        libc::SIGSEGV => "SIGSEGV".to_owned(),
        other => format!("signal {other}"),
    }
}

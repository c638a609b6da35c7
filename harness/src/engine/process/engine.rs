//! The engine: a worker that is started again when a call has ended it.

use std::borrow::Cow;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::time::Duration;

use reference_rs::{HandlerId, StepInput};

use super::protocol::{PROTOCOL, Reply, Request};
use super::worker::{Silence, Worker, WorkerCommand};
use crate::engine::{Engine, EngineFault, TreeError};
use crate::outcome::{Observation, Unplanned};

/// How long a worker may take to load its tree.
const START: Duration = Duration::from_mins(1);

/// Runs handlers in a process of their own.
///
/// Whatever ends the process is what the handler did. The next call gets a new process, in which nothing has run before.
#[derive(Debug)]
pub struct ProcessEngine {
    name: &'static str,
    command: WorkerCommand,
    limit: Duration,
    handlers: Vec<HandlerId>,
    worker: Option<Worker>,
    calls: u64,
}

impl ProcessEngine {
    /// Starts a worker. `name` is the engine's name in reports; a call that takes longer than `limit` has timed out.
    pub fn start(name: &'static str, command: WorkerCommand, limit: Duration) -> Result<Self, TreeError> {
        let mut engine = Self { name, command, limit, handlers: Vec::new(), worker: None, calls: 0 };
        let (worker, mut handlers) = engine.new_worker()?;
        handlers.sort();
        engine.handlers = handlers;
        engine.worker = Some(worker);
        Ok(engine)
    }

    fn new_worker(&self) -> Result<(Worker, Vec<HandlerId>), TreeError> {
        let start = |message: String| EngineFault::Start { engine: self.name, message };
        let program = self.command.program.display();
        let worker = Worker::start(&self.command).map_err(|error| start(format!("{program}: {error}")))?;
        let line = match worker.receive(START) {
            Ok(line) => line,
            Err(Silence::TooLong) => {
                return Err(start(format!("{program} says nothing for {} s", START.as_secs())).into());
            }
            Err(Silence::Ended) => {
                let (status, errors) = worker.end();
                return Err(start(format!("{program} ended at once: {}", describe(status, &errors))).into());
            }
        };
        match serde_json::from_slice(&line) {
            Ok(Reply::Hello { protocol: PROTOCOL, handlers }) => Ok((worker, handlers)),
            Ok(Reply::Hello { protocol, .. }) => {
                Err(start(format!("{program} speaks protocol {protocol}, not {PROTOCOL}")).into())
            }
            Ok(Reply::Refused { message }) => Err(TreeError::Refused { message }),
            _ => Err(start(format!("{program} does not say hello but {}", excerpt(&line))).into()),
        }
    }

    fn fault(&self, handler: &HandlerId, message: String) -> EngineFault {
        EngineFault::Call { engine: self.name, handler: handler.clone(), message }
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
    fn name(&self) -> &'static str {
        self.name
    }

    fn handlers(&self) -> &[HandlerId] {
        &self.handlers
    }

    fn run(&mut self, step_input: &StepInput) -> Result<Observation, EngineFault> {
        let handler = &step_input.handler;
        if !self.has(handler) {
            return Err(EngineFault::NoHandler { engine: self.name, handler: handler.clone() });
        }
        let worker = match self.worker.take() {
            Some(worker) => worker,
            None => self.new_worker().map_err(|error| self.fault(handler, format!("no new worker: {error}")))?.0,
        };
        self.calls += 1;
        let request = Request::Run { id: self.calls, input: Cow::Borrowed(step_input) };
        let mut line = serde_json::to_vec(&request).map_err(|error| self.fault(handler, error.to_string()))?;
        line.push(b'\n');
        worker.send(line);
        let line = match worker.receive(self.limit) {
            Ok(line) => line,
            Err(Silence::TooLong) => return Ok(Unplanned::TimedOut.into()),
            Err(Silence::Ended) => return Ok(Self::end(worker)),
        };
        match serde_json::from_slice(&line) {
            Ok(Reply::Result { id, outcome }) if id == self.calls => {
                if leaves_intact(&outcome) {
                    self.worker = Some(worker);
                }
                Ok(outcome)
            }
            Ok(Reply::Spoiled { id, what }) if id == self.calls => Ok(Unplanned::LeftBehind { what }.into()),
            Ok(Reply::Fault { id, message }) if id == self.calls => Err(self.fault(handler, message)),
            _ => Err(self.fault(handler, format!("its worker answers {}", excerpt(&line)))),
        }
    }

    fn deadline(&self) -> Option<Duration> {
        Some(self.limit)
    }

    fn set_deadline(&mut self, deadline: Duration) {
        self.limit = deadline;
    }
}

/// Whether a worker can be used after such an end.
fn leaves_intact(observation: &Observation) -> bool {
    match observation {
        Observation::Planned(_) => true,
        Observation::Unplanned(unplanned) => {
            matches!(unplanned, Unplanned::Crashed { .. } | Unplanned::Unserialisable { .. } | Unplanned::Denied { .. })
        }
    }
}

fn describe(status: Option<ExitStatus>, errors: &str) -> String {
    let status = status.map_or_else(|| "it closed its output".to_owned(), |status| status.to_string());
    if errors.is_empty() { status } else { format!("{status}: {errors}") }
}

/// The beginning of a line that is no reply.
fn excerpt(line: &[u8]) -> String {
    format!("{:?}", String::from_utf8_lossy(&line[..line.len().min(200)]))
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

//! One worker process: started, asked line by line, ended.

use std::env;
use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use parity_engine::process::end_with_all_below;
use parity_engine::scratch::ScratchDir;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::CampaignError;

/// The program that worker processes run: one that calls [`serve`](crate::serve) when it is started with these arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkerProgram {
    /// The program; this process's own if none is named.
    pub program: Option<PathBuf>,
    /// Its arguments.
    pub arguments: Vec<OsString>,
}

/// How long a process that has nothing to do any more may take to end by itself, in steps.
const STEPS: u32 = 100;
const STEP: Duration = Duration::from_millis(5);

/// A process, if it was started. A clone is the same process for somebody who may have to end it.
#[derive(Clone)]
pub(crate) struct WorkerProcess {
    program: WorkerProgram,
    child: Arc<Mutex<Option<Child>>>,
    lines: Arc<Mutex<Option<Lines>>>,
    recorder: Option<Arc<ScratchDir>>,
    closed: Arc<AtomicBool>,
}

struct Lines {
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl WorkerProcess {
    pub(crate) fn new(program: WorkerProgram) -> Self {
        Self { program, child: Arc::default(), lines: Arc::default(), recorder: None, closed: Arc::default() }
    }

    /// Starts the process; what it runs is recorded if it runs handlers itself.
    pub(crate) fn start(&mut self, recorded: bool) -> Result<(), CampaignError> {
        self.spawn(recorded).map_err(CampaignError::Runtime)
    }

    fn spawn(&mut self, recorded: bool) -> io::Result<()> {
        self.kill();
        self.recorder = if recorded { Some(Arc::new(ScratchDir::new()?)) } else { None };
        let program = self.program.program.clone().map_or_else(env::current_exe, Ok)?;
        let mut command = Command::new(program);
        command.args(&self.program.arguments);
        // What a terminal sends to whoever runs in front of it is for the process that makes the report.
        command.process_group(0);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("a process without input and output"));
        };
        *held(&self.lines) = Some(Lines { input, output: BufReader::new(output) });
        *held(&self.child) = Some(child);
        Ok(())
    }

    /// Where what it runs is recorded.
    pub(crate) fn recorder(&self) -> Option<&Path> {
        self.recorder.as_deref().map(ScratchDir::path)
    }

    /// Sends a line that is not answered.
    pub(crate) fn send(&mut self, message: &impl Serialize) -> Result<(), CampaignError> {
        let line = line_of(message)?;
        if let Some(lines) = held(&self.lines).as_mut() {
            // A process that has ended does not answer the next line, either.
            let _ = lines.input.write_all(&line);
        }
        Ok(())
    }

    /// Sends a line and waits for the answer; how the process ended if it did.
    pub(crate) fn ask<Q: Serialize, A: DeserializeOwned>(
        &mut self,
        question: &Q,
    ) -> Result<Result<A, ExitStatus>, CampaignError> {
        let mut answer = Vec::new();
        let line = line_of(question)?;
        if let Some(lines) = held(&self.lines).as_mut() {
            // What can not be sent is not answered.
            if lines.input.write_all(&line).and_then(|()| lines.input.flush()).is_ok() {
                lines.output.read_until(b'\n', &mut answer).map_err(CampaignError::Runtime)?;
            }
        }
        if answer.last() != Some(&b'\n') {
            *held(&self.lines) = None;
            return Ok(Err(self.status().map_err(CampaignError::Runtime)?));
        }
        let answer = serde_json::from_slice(&answer).map_err(|error| {
            CampaignError::Processes(format!("a process of this run answers what is no answer: {error}"))
        })?;
        Ok(Ok(answer))
    }

    /// How the process ended. Its output is closed, so it is about to end, or is ended.
    fn status(&self) -> io::Result<ExitStatus> {
        for _ in 0..STEPS {
            if let Some(child) = held(&self.child).as_mut()
                && let Some(status) = child.try_wait()?
            {
                return Ok(status);
            }
            thread::sleep(STEP);
        }
        self.kill();
        match held(&self.child).as_mut() {
            Some(child) => child.wait(),
            None => Err(io::Error::other("a process that was never started")),
        }
    }

    /// Lets the process end by itself, which takes its own processes and files with it; ends it if it does not.
    pub(crate) fn end(&self) {
        *held(&self.lines) = None;
        // What is to be known of its end is known.
        let _ = self.status();
    }

    /// Ends the process at once, and for good.
    pub(crate) fn close(&self) {
        self.closed.store(true, Relaxed);
        self.kill();
    }

    /// Whether it was ended for good.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Relaxed)
    }

    /// Ends the process at once, with all that it has started.
    fn kill(&self) {
        if let Some(child) = held(&self.child).as_mut() {
            if !matches!(child.try_wait(), Ok(None)) {
                return;
            }
            // Both fail only if it has ended already.
            end_with_all_below(child.id(), || drop(child.kill()));
            let _ = child.wait();
        }
    }
}

fn line_of(message: &impl Serialize) -> Result<Vec<u8>, CampaignError> {
    let mut line = serde_json::to_vec(message)
        .map_err(|error| CampaignError::Processes(format!("a message cannot be written: {error}")))?;
    line.push(b'\n');
    Ok(line)
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

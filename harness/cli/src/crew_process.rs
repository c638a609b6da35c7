//! One process of a crew: started, asked line by line, ended.

use std::env;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use clap::ValueEnum;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tempfile::TempDir;

use super::args::Part;
use super::error::{CliError, Exit};

/// How long a process that has nothing to do any more may take to end by itself, in steps.
const STEPS: u32 = 100;
const STEP: Duration = Duration::from_millis(5);

/// A member's process, if it has one. A clone is the same process for somebody who may have to end it.
#[derive(Clone, Default)]
pub(super) struct MemberProcess {
    child: Arc<Mutex<Option<Child>>>,
    lines: Arc<Mutex<Option<Lines>>>,
    journal: Option<Arc<TempDir>>,
    closed: Arc<AtomicBool>,
}

struct Lines {
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl MemberProcess {
    /// Starts the command of this process as a member; what it runs is kept in a journal unless it runs no handlers itself.
    pub(super) fn start(&mut self, part: Part, isolated: bool) -> Result<(), CliError> {
        self.kill();
        self.journal = if isolated { None } else { Some(Arc::new(tempfile::tempdir()?)) };
        let part = part.to_possible_value().map_or_else(String::new, |part| part.get_name().to_owned());
        let mut command = Command::new(env::current_exe()?);
        command.args(env::args_os().skip(1)).arg("--member").arg(part);
        if let Some(journal) = &self.journal {
            command.arg("--journal").arg(journal.path());
        }
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("a process without input and output").into());
        };
        *held(&self.lines) = Some(Lines { input, output: BufReader::new(output) });
        *held(&self.child) = Some(child);
        Ok(())
    }

    /// Where what it runs is kept.
    pub(super) fn journal(&self) -> Option<&Path> {
        self.journal.as_deref().map(TempDir::path)
    }

    /// Sends a line and waits for the answer; how the process ended if it did.
    pub(super) fn ask<Q: Serialize, A: DeserializeOwned>(
        &mut self,
        question: &Q,
    ) -> Result<Result<A, ExitStatus>, CliError> {
        let mut answer = Vec::new();
        if let Some(lines) = held(&self.lines).as_mut() {
            let mut line = serde_json::to_vec(question).map_err(io::Error::from)?;
            line.push(b'\n');
            // What can not be sent is not answered.
            if lines.input.write_all(&line).and_then(|()| lines.input.flush()).is_ok() {
                lines.output.read_until(b'\n', &mut answer)?;
            }
        }
        if answer.last() != Some(&b'\n') {
            *held(&self.lines) = None;
            return Ok(Err(self.status()?));
        }
        let answer = serde_json::from_slice(&answer).map_err(|error| CliError::Member {
            message: format!("a process of this run answers what is no answer: {error}"),
            exit: Exit::CouldNotCompare,
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
    pub(super) fn end(&self) {
        *held(&self.lines) = None;
        // What is to be known of its end is known.
        let _ = self.status();
    }

    /// Ends the process at once, and for good.
    pub(super) fn close(&self) {
        self.closed.store(true, Relaxed);
        self.kill();
    }

    /// Whether it was ended for good.
    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Relaxed)
    }

    /// Ends the process at once.
    fn kill(&self) {
        if let Some(child) = held(&self.child).as_mut() {
            // Both fail only if it has ended already.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

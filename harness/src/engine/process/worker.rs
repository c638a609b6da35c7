//! A worker process: started, talked to with a time limit, and never left running.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use std::{io, thread};

/// How a worker is started.
#[derive(Clone, Debug, Default)]
pub struct WorkerCommand {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// The whole environment of the worker, if it is not the harness's.
    pub environment: Option<Vec<(OsString, OsString)>>,
    /// Where it runs, if not where the harness does.
    pub directory: Option<PathBuf>,
}

/// How much of what a worker writes to its standard error is kept: the end of it.
const KEPT_BYTES: usize = 4096;

/// No reply of ours comes near this; a worker that floods its output is not read on.
const LONGEST_LINE: u64 = 64 << 20;

/// A running worker. Dropping it ends it.
#[derive(Debug)]
pub(super) struct Worker {
    child: Child,
    requests: Option<Sender<Vec<u8>>>,
    replies: Receiver<Vec<u8>>,
    errors: Arc<Mutex<Vec<u8>>>,
    all_errors: Receiver<()>,
}

/// Why a worker said nothing.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Silence {
    /// It did not answer in time.
    TooLong,
    /// It has closed its output, which is to say that it has ended.
    Ended,
}

impl Worker {
    pub(super) fn start(command: &WorkerCommand) -> io::Result<Self> {
        let mut process = Command::new(&command.program);
        process.args(&command.arguments);
        if let Some(environment) = &command.environment {
            process.env_clear().envs(environment.iter().map(|(name, value)| (name, value)));
        }
        if let Some(directory) = &command.directory {
            process.current_dir(directory);
        }
        let mut child = process.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let (requests, queue) = channel();
        let (answers, replies) = channel();
        let errors = Arc::new(Mutex::new(Vec::new()));
        let (end_of_errors, all_errors) = channel();
        if let Some(input) = child.stdin.take() {
            thread::spawn(move || write_requests(input, &queue));
        }
        if let Some(output) = child.stdout.take() {
            thread::spawn(move || read_replies(output, &answers));
        }
        if let Some(error) = child.stderr.take() {
            let errors = Arc::clone(&errors);
            thread::spawn(move || {
                keep_end(error, &errors);
                // Whoever waits for it hears that it is dropped.
                drop(end_of_errors);
            });
        }
        Ok(Self { child, requests: Some(requests), replies, errors, all_errors })
    }

    /// Sends a line. One that can not be sent shows as the end of the replies.
    pub(super) fn send(&self, line: Vec<u8>) {
        if let Some(requests) = &self.requests {
            let _ = requests.send(line);
        }
    }

    /// The next line, without its end.
    pub(super) fn receive(&self, limit: Duration) -> Result<Vec<u8>, Silence> {
        self.replies.recv_timeout(limit).map_err(|error| match error {
            RecvTimeoutError::Timeout => Silence::TooLong,
            RecvTimeoutError::Disconnected => Silence::Ended,
        })
    }

    /// Ends the worker and tells how it ended, if it had ended by itself.
    pub(super) fn end(mut self) -> (Option<ExitStatus>, String) {
        self.requests = None;
        // It has closed its output and is about to end, or goes on without it, which is not waited for.
        let status = self.wait_a_little();
        // A child of the worker may hold its standard error open.
        let _ = self.all_errors.recv_timeout(Duration::from_millis(500));
        let errors = self.errors.lock().unwrap_or_else(PoisonError::into_inner);
        (status, String::from_utf8_lossy(&errors).trim().to_owned())
    }

    fn wait_a_little(&mut self) -> Option<ExitStatus> {
        for _ in 0..100 {
            match self.child.try_wait() {
                Ok(None) => thread::sleep(Duration::from_millis(5)),
                Ok(status) => return status,
                Err(_) => return None,
            }
        }
        None
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // Both fail only if it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn write_requests(mut input: ChildStdin, queue: &Receiver<Vec<u8>>) {
    for line in queue {
        if input.write_all(&line).and_then(|()| input.flush()).is_err() {
            return;
        }
    }
}

fn read_replies(output: impl Read, answers: &Sender<Vec<u8>>) {
    let mut output = BufReader::new(output);
    loop {
        let mut line = Vec::new();
        match output.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line) {
            Ok(read) if read > 0 && line.last() == Some(&b'\n') => {
                line.pop();
                if answers.send(line).is_err() {
                    return;
                }
            }
            _ => return,
        }
    }
}

fn keep_end(mut error: impl Read, errors: &Mutex<Vec<u8>>) {
    let mut buffer = [0; 4096];
    while let Ok(read @ 1..) = error.read(&mut buffer) {
        let mut kept = errors.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend_from_slice(&buffer[..read]);
        let surplus = kept.len().saturating_sub(KEPT_BYTES);
        kept.drain(..surplus);
    }
}

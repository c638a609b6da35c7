//! A worker process: started, talked to with a time limit, and never left running.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, TryRecvError, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use std::{io, thread};

use parity_confine::{Confinement, Denial, Supervised, outside};

use super::command::{Surroundings, WorkerCommand};
use super::protocol::Progress;
use crate::own_time::{OwnTime, TICK};

/// How much of what a worker writes to its standard error is kept: the end of it.
const KEPT_BYTES: usize = 4096;

/// No reply of ours comes near this; a worker that floods its output is not read on.
const LONGEST_LINE: u64 = 64 << 20;

/// How many lines are read before somebody asks for them, at most: those of calls that were announced come early.
const UNASKED_LINES: usize = 64;

/// How long a worker may take to load a handler that it calls for the first time.
const LOADING_TIMEOUT: Duration = Duration::from_mins(1);

/// How often a worker that is about to end is looked at.
const POLL_INTERVAL: Duration = Duration::from_millis(2);

/// How long a worker may take to end: once it has closed its output, or was told that nothing more will be asked.
const EXIT_TIMEOUT: Duration = Duration::from_millis(500);

/// How long the rest of a worker's standard error is waited for.
const ERRORS_TIMEOUT: Duration = Duration::from_millis(500);

/// A running worker. Dropping it ends it, and every process that it started and did not send away.
#[derive(Debug)]
pub(super) struct Worker {
    child: Child,
    requests: Option<Sender<Vec<u8>>>,
    replies: Receiver<Result<Vec<u8>, Silence>>,
    errors: Arc<Mutex<Vec<u8>>>,
    all_errors: Receiver<()>,
    reaped: bool,
    /// What keeps it in, if it is confined.
    supervised: Option<Supervised>,
}

/// Why a worker said nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Silence {
    /// It did not answer in time.
    TooLong,
    /// It writes a line that does not end.
    Flood,
    /// It has closed its output, which is to say that it has ended.
    Ended,
}

impl Worker {
    pub(super) fn start(command: &WorkerCommand) -> io::Result<Self> {
        let command = command.clone();
        outside(move || Self::start_here(&command))
    }

    fn start_here(command: &WorkerCommand) -> io::Result<Self> {
        let mut process = Command::new(&command.program);
        process.args(&command.arguments).process_group(0);
        let Surroundings { environment, directory, .. } = &command.surroundings;
        if let Some(environment) = environment {
            process.env_clear().envs(environment.iter().map(|(name, value)| (name, value)));
        }
        process.envs(command.variables.iter().map(|(name, value)| (name, value)));
        if let Some(directory) = directory {
            process.current_dir(directory);
        }
        // SAFETY: what runs between fork and exec is one system call, which touches no memory of this process.
        unsafe { process.pre_exec(end_with_the_parent) };
        let confinement = command.readable.clone().filter(|_| !command.surroundings.unconfined).map(Confinement::new);
        let limited =
            |confinement: Confinement| confinement.of_programs(1 + command.later_programs).open(command.doors);
        let confinement = confinement.map(limited);
        let supervised = confinement.map(|confinement| confinement.apply(&mut process)).transpose()?;
        let mut child = process.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let (requests, queue) = channel();
        // The queue is held here, so that nothing sent is lost.
        let _ = requests.send(command.preface.clone());
        let (answers, replies) = sync_channel(UNASKED_LINES);
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
        Ok(Self { child, requests: Some(requests), replies, errors, all_errors, reaped: false, supervised })
    }

    /// Lets it do nothing any more that leads out, if it is to be confined: what it needs to start is there.
    pub(super) fn confine(&self) {
        self.supervised.iter().for_each(Supervised::close);
    }

    /// What it was refused first since the last time.
    pub(super) fn denied(&self) -> Option<Denial> {
        self.supervised.as_ref()?.denied()
    }

    /// Sends a line. One that cannot be sent shows as the end of the replies.
    pub(super) fn send(&self, line: Vec<u8>) {
        if let Some(requests) = &self.requests {
            let _ = requests.send(line);
        }
    }

    /// The next reply, without its end. What counts is the time that the worker has for itself, not that in which the machine
    /// keeps it from working, nor that in which it loads a handler.
    pub(super) fn receive(&self, limit: Duration) -> Result<Vec<u8>, Silence> {
        let (mut most, mut own): (Duration, Option<OwnTime>) = (limit, None);
        loop {
            match self.replies.recv_timeout(TICK.min(limit)) {
                Ok(Ok(line)) => match Progress::of(&line) {
                    Some(progress) => {
                        own = None;
                        most = if progress == (Progress::Loading {}) { LOADING_TIMEOUT } else { limit };
                    }
                    None => return Ok(line),
                },
                Ok(silence) => return silence,
                Err(RecvTimeoutError::Disconnected) => return Err(Silence::Ended),
                Err(RecvTimeoutError::Timeout) => {
                    // Most answers come before anybody needs to look.
                    let mut looking = own.take().unwrap_or_else(|| OwnTime::of_process(self.child.id()));
                    let (spent, looked) = outside(move || (looking.look(), looking));
                    own = Some(looked);
                    if spent >= most {
                        return Err(Silence::TooLong);
                    }
                }
            }
        }
    }

    /// What it has said, or done, without being asked.
    pub(super) fn unasked(&self) -> Option<Result<Vec<u8>, Silence>> {
        match self.replies.try_recv() {
            Ok(line) => Some(line),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => Some(Err(Silence::Ended)),
        }
    }

    /// Ends the worker and tells how it ended, if it had ended by itself.
    pub(super) fn end(mut self) -> (Option<ExitStatus>, String) {
        self.requests = None;
        // It has closed its output and is about to end, or goes on without it, which is not waited for.
        let status = if self.ends_within(EXIT_TIMEOUT) { self.reap() } else { None };
        // A child of the worker may hold its standard error open.
        let _ = self.all_errors.recv_timeout(ERRORS_TIMEOUT);
        let errors = self.errors.lock().unwrap_or_else(PoisonError::into_inner);
        (status, String::from_utf8_lossy(&errors).trim().to_owned())
    }

    /// Says goodbye to a worker that nobody waits for.
    pub(super) fn leave(mut self, goodbye: Vec<u8>) {
        self.send(goodbye);
        self.requests = None;
        self.ends_within(EXIT_TIMEOUT);
    }

    /// Whether the process has ended. It is still there to be waited for, so that its number belongs to nobody else.
    fn has_ended(&self) -> bool {
        // SAFETY: the structure is plain data, which the call fills; the process is a child that was not waited for.
        unsafe {
            let mut info = std::mem::zeroed::<libc::siginfo_t>();
            let flags = libc::WEXITED | libc::WNOHANG | libc::WNOWAIT;
            libc::waitid(libc::P_PID, self.child.id(), &raw mut info, flags) != 0 || info.si_pid() != 0
        }
    }

    fn ends_within(&self, timeout: Duration) -> bool {
        for _ in 0..timeout.as_millis() / POLL_INTERVAL.as_millis() {
            if self.has_ended() {
                return true;
            }
            thread::sleep(POLL_INTERVAL);
        }
        false
    }

    /// Ends the process with all that it started, and tells how it ended.
    fn reap(&mut self) -> Option<ExitStatus> {
        if let Ok(group) = i32::try_from(self.child.id()) {
            // SAFETY: the group is the child's own, and the child was not waited for. Without members the call fails.
            outside(move || unsafe { libc::kill(-group, libc::SIGKILL) });
        }
        self.reaped = true;
        self.child.wait().ok()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // The number of a process that was waited for may belong to another one.
        if !self.reaped {
            self.reap();
        }
    }
}

fn end_with_the_parent() -> io::Result<()> {
    // SAFETY: the call changes nothing but the signal that the new process gets when its parent ends.
    let set = unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) };
    if set == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

fn write_requests(mut input: ChildStdin, queue: &Receiver<Vec<u8>>) {
    for line in queue {
        if input.write_all(&line).and_then(|()| input.flush()).is_err() {
            return;
        }
    }
}

fn read_replies(output: impl Read, answers: &SyncSender<Result<Vec<u8>, Silence>>) {
    let mut output = BufReader::new(output);
    loop {
        let mut line = Vec::new();
        match output.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line) {
            Ok(1..) if line.last() == Some(&b'\n') => {
                line.pop();
                if answers.send(Ok(line)).is_err() {
                    return;
                }
            }
            Ok(read) if read as u64 == LONGEST_LINE => {
                // Nobody may listen any more.
                let _ = answers.send(Err(Silence::Flood));
                return;
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

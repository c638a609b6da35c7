//! An executor of worker processes: each does one job after the other. A process that a handler ends is replaced by one that
//! runs every engine in a process of its own, and the job is done again.

use std::path::Path;
use std::process::ExitStatus;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use parity_engine::recorder::{GIVEN_UP, in_flight};
use parity_model::StepInput;
use serde_json::Value;

use crate::campaign::Campaign;
use crate::error::CampaignError;
use crate::executor::{Done, Executor, Next};
use crate::plan::{Head, Hello, Plan, Request, Response, VERSION};
use crate::process::WorkerProcess;
use crate::roster::Rosters;
use crate::runner::{Loss, Runnable, Runner};
use crate::worker::Job;

/// How much longer than its limit a job may take before nobody waits for it any more.
const LATE: Duration = Duration::from_millis(400);

/// How often it is looked whether the run is to end now.
const TICK: Duration = Duration::from_millis(50);

/// What a thread that looks after a process tells.
enum Message {
    Ready(Rosters),
    Answered { number: usize, id: u64, answer: Value },
    Lost(Loss),
    Failed(CampaignError),
}

/// Worker processes that do the jobs of one campaign.
pub(crate) struct Processes<'a, K: Runnable> {
    handles: Vec<Handle<K>>,
    messages: Receiver<Message>,
    next_id: u64,
    lost: Vec<(String, StepInput)>,
    notice: &'a dyn Fn(&Loss),
    interrupted: &'a dyn Fn() -> bool,
    /// Since the run was interrupted: until when somebody waits for what is under way.
    last: Option<Instant>,
}

/// A worker process as the executor sees it.
struct Handle<K: Runnable> {
    requests: Option<Sender<(u64, Request<K>)>>,
    /// The job that it does, and when it should be done.
    running: Option<(u64, Option<Instant>)>,
    thread: Option<JoinHandle<()>>,
    process: WorkerProcess,
}

impl<'a, K: Runnable> Processes<'a, K> {
    /// Starts `count` processes on the campaign, and returns which engines they have.
    pub(crate) fn start(
        campaign: &Campaign<K>,
        runner: &Runner<'a>,
        isolated: bool,
        count: usize,
    ) -> Result<(Self, Rosters), CampaignError> {
        let (sender, messages) = channel();
        let mut handles = Vec::new();
        for number in 0..count.max(1) {
            let (requests, queue) = channel();
            let process = WorkerProcess::new(runner.program.clone());
            let plan = Plan { campaign: campaign.clone(), deadline: runner.deadline, isolated, recorder: None };
            let keeper = Keeper { number, process: process.clone(), messages: sender.clone(), plan };
            let thread = thread::Builder::new().name(format!("parity-worker-{number}"));
            let thread = thread.spawn(move || keeper.work(&queue)).map_err(CampaignError::Runtime)?;
            handles.push(Handle { requests: Some(requests), running: None, thread: Some(thread), process });
        }
        let mut processes = Self {
            handles,
            messages,
            next_id: 0,
            lost: Vec::new(),
            notice: runner.notice,
            interrupted: runner.interrupted,
            last: None,
        };
        let mut rosters = None;
        for _ in 0..processes.handles.len() {
            loop {
                match processes.next_message(None)? {
                    Some(Message::Ready(ready)) => break rosters = Some(ready),
                    Some(Message::Failed(error)) => return Err(error),
                    Some(Message::Lost(loss)) => processes.lose(loss),
                    Some(Message::Answered { .. }) => return Err(ended()),
                    None => {
                        processes.handles.iter().for_each(|handle| handle.process.close());
                        return Err(CampaignError::Interrupted);
                    }
                }
            }
        }
        Ok((processes, rosters.ok_or_else(ended)?))
    }

    /// The inputs that ended a process, each with its engine's name.
    pub(crate) fn into_lost(mut self) -> Vec<(String, StepInput)> {
        std::mem::take(&mut self.lost)
    }

    fn lose(&mut self, loss: Loss) {
        (self.notice)(&loss);
        self.lost.extend(loss.inputs);
    }

    fn give<J: Job<K>>(&mut self, number: usize, job: J, limit: Option<Instant>) -> u64 {
        self.next_id += 1;
        let handle = &mut self.handles[number];
        if let Some(requests) = &handle.requests {
            let left = limit.map(|limit| limit.saturating_duration_since(Instant::now()).as_millis());
            let millis = left.map(|left| u64::try_from(left).unwrap_or(u64::MAX));
            // A thread that has ended has said why.
            let _ = requests.send((self.next_id, Request { order: job.order(), millis }));
        }
        handle.running = Some((self.next_id, limit));
        self.next_id
    }

    /// The next message; nothing after `until`, nor a while after the run was interrupted.
    fn next_message(&mut self, until: Option<Instant>) -> Result<Option<Message>, CampaignError> {
        loop {
            if self.last.is_none() && (self.interrupted)() {
                self.last = Some(Instant::now() + LATE);
            }
            let until = until.into_iter().chain(self.last).min();
            let left = until.map(|until| until.saturating_duration_since(Instant::now()));
            match self.messages.recv_timeout(left.unwrap_or(TICK).min(TICK)) {
                Ok(message) => return Ok(Some(message)),
                Err(RecvTimeoutError::Timeout) if left.is_some_and(|left| left <= TICK) => return Ok(None),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(ended()),
            }
        }
    }
}

fn ended() -> CampaignError {
    CampaignError::Processes("the processes that run the handlers have ended".to_owned())
}

impl<K: Runnable> Executor<K> for Processes<'_, K> {
    fn execute<J: Job<K>>(&mut self, next: &mut Next<'_, J>, done: &mut Done<'_, K, J>) -> Result<(), CampaignError> {
        let mut is_open = true;
        // The jobs that somebody waits for.
        let mut waiting: Vec<(u64, J, Option<Instant>)> = Vec::new();
        loop {
            for number in 0..self.handles.len() {
                if is_open && self.handles[number].running.is_none() {
                    match next() {
                        Some((job, limit)) => {
                            let id = self.give(number, job.clone(), limit);
                            waiting.push((id, job, limit));
                        }
                        None => is_open = false,
                    }
                }
            }
            if waiting.is_empty() && !is_open {
                return Ok(());
            }
            let until = waiting.iter().filter_map(|(.., limit)| *limit).max().map(|limit| limit + LATE);
            match self.next_message(until)? {
                // Whoever is late is still busy, but nobody waits for what comes of it.
                None => {
                    waiting.clear();
                    if self.handles.iter().all(|handle| handle.running.is_some()) {
                        // Nobody is free for what is left.
                        return Ok(());
                    }
                }
                Some(Message::Answered { number, id, answer }) => {
                    let running = &mut self.handles[number].running;
                    if running.as_ref().is_some_and(|(current, _)| *current == id) {
                        *running = None;
                    }
                    let place = waiting.iter().position(|(waited, ..)| *waited == id);
                    let response: Response<J::Done> = match place {
                        Some(_) => serde_json::from_value(answer).map_err(|error| garbled(&error))?,
                        None => continue,
                    };
                    match (response, place.map(|place| waiting.swap_remove(place))) {
                        (Response::Done(answer), Some((_, job, _))) => done(job, answer)?,
                        (Response::Failed { message }, _) => return Err(CampaignError::Processes(message)),
                        (Response::Done(_), None) => {}
                    }
                }
                Some(Message::Lost(loss)) => self.lose(loss),
                Some(Message::Failed(error)) => return Err(error),
                Some(Message::Ready(_)) => {}
            }
        }
    }
}

impl<K: Runnable> Drop for Processes<'_, K> {
    fn drop(&mut self) {
        for handle in &mut self.handles {
            handle.requests = None;
            if handle.running.is_some() {
                handle.process.close();
            }
        }
        for thread in self.handles.iter_mut().filter_map(|handle| handle.thread.take()) {
            // It has nothing to say any more.
            let _ = thread.join();
        }
    }
}

pub(crate) fn garbled(error: &serde_json::Error) -> CampaignError {
    CampaignError::Processes(format!("a process of this run answers what is no answer: {error}"))
}

/// What the thread that looks after a process works with.
struct Keeper<K: Runnable> {
    number: usize,
    process: WorkerProcess,
    messages: Sender<Message>,
    plan: Plan<K>,
}

impl<K: Runnable> Keeper<K> {
    fn work(mut self, queue: &Receiver<(u64, Request<K>)>) {
        match self.start() {
            Ok(rosters) => self.say(Message::Ready(rosters)),
            Err(error) => return self.say(Message::Failed(error)),
        }
        for (id, request) in queue {
            match self.ask(&request) {
                Ok(answer) => self.say(Message::Answered { number: self.number, id, answer }),
                Err(error) => return self.say(Message::Failed(error)),
            }
        }
        self.process.end();
    }

    fn say(&self, message: Message) {
        // Nobody listens any more if the executor is gone.
        let _ = self.messages.send(message);
    }

    /// Starts the process, in isolation if it does not survive otherwise.
    fn start(&mut self) -> Result<Rosters, CampaignError> {
        loop {
            self.process.start(!self.plan.isolated)?;
            self.plan.recorder = self.process.recorder().map(Path::to_owned);
            let head = Head { version: VERSION.to_owned(), kind: K::NAME.to_owned() };
            self.process.send(&head)?;
            match self.process.ask::<_, Hello>(&self.plan)? {
                Ok(Hello::Ready(rosters)) => return Ok(rosters),
                Ok(Hello::Refused { message, is_input }) => return Err(CampaignError::Refused { message, is_input }),
                Err(status) => self.isolate(status)?,
            }
        }
    }

    fn ask(&mut self, request: &Request<K>) -> Result<Value, CampaignError> {
        loop {
            match self.process.ask(request)? {
                Ok(answer) => return Ok(answer),
                Err(status) => {
                    self.isolate(status)?;
                    self.start()?;
                }
            }
        }
    }

    /// The process has ended: what it ran is told, and the next one runs nothing itself.
    fn isolate(&mut self, status: ExitStatus) -> Result<(), CampaignError> {
        if self.plan.isolated || self.process.is_closed() {
            let message = format!("a process of this run ended with {status}, although it runs no handler itself");
            return Err(CampaignError::Processes(message));
        }
        let how = if status.code() == Some(GIVEN_UP) {
            "a call does not end, or spoiled its engine".to_owned()
        } else {
            format!("the process ended with {status}")
        };
        let inputs =
            self.process.recorder().map_or_else(|| Ok(Vec::new()), in_flight).map_err(CampaignError::Runtime)?;
        self.say(Message::Lost(Loss { how, inputs }));
        self.plan.isolated = true;
        Ok(())
    }
}

//! A crew of processes: each runs the same command as a member, and does one job after the other. A member that a handler
//! ends is replaced by one that runs every engine in a process of its own, and the job is done again.

use std::process::ExitStatus;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use parity_model::StepInput;
use serde::{Deserialize, Serialize};

use super::args::Part;
use super::crew_process::MemberProcess;
use super::error::{CliError, Exit};
use super::supervise::post_mortem;
use parity_campaign::{CampaignError, Crew, Done, Job, Next, Report, Rosters};

/// How much longer than its limit a job may take before nobody waits for it any more.
const PATIENCE: Duration = Duration::from_millis(400);

/// What a member is told first.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Terms {
    /// The campaign's seed, which may have been drawn.
    pub(super) seed: u64,
    /// Whether every engine runs in a process of its own.
    pub(super) isolated: bool,
}

/// What a member says first.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Hello {
    /// It has these engines.
    Ready(Rosters),
    /// It can not work.
    Refused {
        /// Why.
        message: String,
        /// What a command exits with that can not work for this reason.
        code: u8,
    },
}

/// A job on its way to a member.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Order {
    pub(super) job: Job,
    /// In how many milliseconds it should be done.
    pub(super) millis: Option<u64>,
}

/// What a member's thread reports.
enum Message {
    Ready(Rosters),
    Done { number: usize, id: u64, done: Box<Done> },
    Lost(Vec<(String, StepInput)>),
    Failed(CliError),
}

/// Processes that do the jobs of a campaign.
pub(super) struct Processes {
    members: Vec<Seat>,
    messages: Receiver<Message>,
    next_id: u64,
    /// The inputs that ended a member, each with its engine's name.
    pub(super) lost: Vec<(String, StepInput)>,
}

/// A member as the crew sees it.
struct Seat {
    orders: Option<Sender<(u64, Job, Option<Instant>)>>,
    running: Option<(u64, Option<Job>, Option<Instant>)>,
    thread: Option<JoinHandle<()>>,
    process: MemberProcess,
}

impl Processes {
    /// Starts `count` members, and answers which engines they have.
    pub(super) fn start(part: Part, terms: Terms, count: usize) -> Result<(Self, Rosters), CliError> {
        let (sender, messages) = channel();
        let mut members = Vec::new();
        for number in 0..count.max(1) {
            let (orders, queue) = channel();
            let process = MemberProcess::default();
            let member = Worker { number, process: process.clone(), messages: sender.clone(), terms, part };
            let thread = thread::Builder::new().name(format!("parity-member-{number}"));
            let thread = thread.spawn(move || member.work(&queue))?;
            members.push(Seat { orders: Some(orders), running: None, thread: Some(thread), process });
        }
        let mut crew = Self { members, messages, next_id: 0, lost: Vec::new() };
        let mut rosters = None;
        for _ in 0..crew.members.len() {
            loop {
                match crew.messages.recv() {
                    Ok(Message::Ready(ready)) => break rosters = Some(ready),
                    Ok(Message::Failed(error)) => return Err(error),
                    Ok(Message::Lost(inputs)) => crew.lost.extend(inputs),
                    Ok(Message::Done { .. }) | Err(_) => return Err(CampaignError::Misplaced.into()),
                }
            }
        }
        Ok((crew, rosters.ok_or(CampaignError::Misplaced)?))
    }

    fn give(&mut self, number: usize, job: Job, limit: Option<Instant>) {
        self.next_id += 1;
        let seat = &mut self.members[number];
        if let Some(orders) = &seat.orders {
            // A thread that has ended has said why.
            let _ = orders.send((self.next_id, job.clone(), limit));
        }
        seat.running = Some((self.next_id, Some(job), limit));
    }

    /// Until when somebody is waited for.
    fn patience(&self) -> Option<Instant> {
        let limits = self.members.iter().filter_map(|seat| match &seat.running {
            Some((_, Some(_), limit)) => *limit,
            _ => None,
        });
        limits.max().map(|limit| limit + PATIENCE)
    }

    fn next_message(&self) -> Result<Option<Message>, CampaignError> {
        let ended = || CampaignError::Crew("the processes that run the handlers have ended".to_owned());
        match self.patience() {
            None => self.messages.recv().map(Some).map_err(|_| ended()),
            Some(until) => match self.messages.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(message) => Ok(Some(message)),
                Err(RecvTimeoutError::Timeout) => Ok(None),
                Err(RecvTimeoutError::Disconnected) => Err(ended()),
            },
        }
    }
}

impl Crew for Processes {
    fn work(&mut self, next: &mut Next<'_>, report: &mut Report<'_>) -> Result<(), CampaignError> {
        let mut is_open = true;
        loop {
            for number in 0..self.members.len() {
                if is_open && self.members[number].running.is_none() {
                    match next() {
                        Some((job, limit)) => self.give(number, job, limit),
                        None => is_open = false,
                    }
                }
            }
            if self.members.iter().all(|seat| !matches!(seat.running, Some((_, Some(_), _)))) && !is_open {
                return Ok(());
            }
            match self.next_message()? {
                // Whoever is late is still busy, but nobody waits for what comes of it.
                None => {
                    self.members
                        .iter_mut()
                        .filter_map(|seat| seat.running.as_mut())
                        .for_each(|(_, job, _)| *job = None);
                    if self.patience().is_none() && self.members.iter().all(|seat| seat.running.is_some()) {
                        // Nobody is free for what is left.
                        return Ok(());
                    }
                }
                Some(Message::Done { number, id, done }) => {
                    let running = &mut self.members[number].running;
                    let is_current = running.as_ref().is_some_and(|(current, ..)| *current == id);
                    let job = if is_current { running.take().and_then(|(_, job, _)| job) } else { None };
                    match (job, *done) {
                        (_, Done::Failed { message }) => return Err(CampaignError::Crew(message)),
                        (Some(job), done) => report(job, done)?,
                        (None, _) => {}
                    }
                }
                Some(Message::Lost(inputs)) => self.lost.extend(inputs),
                Some(Message::Failed(error)) => return Err(CampaignError::Crew(error.to_string())),
                Some(Message::Ready(_)) => {}
            }
        }
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        for seat in &mut self.members {
            seat.orders = None;
            if seat.running.is_some() {
                seat.process.close();
            }
        }
        for thread in self.members.iter_mut().filter_map(|seat| seat.thread.take()) {
            // It has nothing to say any more.
            let _ = thread.join();
        }
    }
}

/// What a member's thread works with.
struct Worker {
    number: usize,
    process: MemberProcess,
    messages: Sender<Message>,
    terms: Terms,
    part: Part,
}

impl Worker {
    fn work(mut self, queue: &Receiver<(u64, Job, Option<Instant>)>) {
        match self.start() {
            Ok(rosters) => self.say(Message::Ready(rosters)),
            Err(error) => return self.say(Message::Failed(error)),
        }
        for (id, job, limit) in queue {
            match self.run(&job, limit) {
                Ok(done) => self.say(Message::Done { number: self.number, id, done: Box::new(done) }),
                Err(error) => return self.say(Message::Failed(error)),
            }
        }
        self.process.end();
    }

    fn say(&self, message: Message) {
        // Nobody listens any more if the crew is gone.
        let _ = self.messages.send(message);
    }

    /// Starts the process, in isolation if it does not survive otherwise.
    fn start(&mut self) -> Result<Rosters, CliError> {
        loop {
            self.process.start(self.part, self.terms.isolated)?;
            let hello = self.process.ask::<_, Hello>(&self.terms)?;
            match hello {
                Ok(Hello::Ready(rosters)) => return Ok(rosters),
                Ok(Hello::Refused { message, code }) => {
                    let exit = Exit::from_code(code.into()).unwrap_or(Exit::CouldNotCompare);
                    return Err(CliError::Member { message, exit });
                }
                Err(status) => self.isolate(status)?,
            }
        }
    }

    fn run(&mut self, job: &Job, limit: Option<Instant>) -> Result<Done, CliError> {
        loop {
            let left = limit.map(|limit| limit.saturating_duration_since(Instant::now()).as_millis());
            let millis = left.map(|left| u64::try_from(left).unwrap_or(u64::MAX));
            match self.process.ask::<_, Done>(&Order { job: job.clone(), millis })? {
                Ok(done) => return Ok(done),
                Err(status) => {
                    self.isolate(status)?;
                    self.start()?;
                }
            }
        }
    }

    /// The process has ended: what it ran is told, and the next one runs nothing itself.
    fn isolate(&mut self, status: ExitStatus) -> Result<(), CliError> {
        if self.terms.isolated || self.process.is_closed() {
            let message = format!("a process of this run ended with {status}, although it runs no handler itself");
            return Err(CliError::Member { message, exit: Exit::CouldNotCompare });
        }
        let inputs = post_mortem(status, self.process.journal())?;
        self.say(Message::Lost(inputs));
        self.terms.isolated = true;
        Ok(())
    }
}

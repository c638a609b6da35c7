//! Several workers of one engine, so that concurrent steps really run at the same time.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use parity_model::{HandlerId, StepInput};
use tokio::sync::oneshot;

use parity_engine::naming::Inventory;
use parity_engine::{Engine, EngineFault, Opinion, TreeError};
use parity_model::Observation;

/// As much as a main thread has: handlers may recurse as deeply as elsewhere.
const STACK_BYTES: usize = 8 << 20;

/// The workers of one engine. Each has an engine of its own, which never leaves its thread.
///
/// A clone is another handle to the same workers; they end with the last handle.
#[derive(Clone, Debug)]
pub struct Pool {
    engine: String,
    handlers: Vec<HandlerId>,
    inventory: Option<Arc<Inventory>>,
    jobs: Sender<Job>,
    opinion: Arc<Mutex<Opinion>>,
    /// After `jobs`, so that the workers know that nothing more comes.
    _end: Arc<End>,
}

/// Hears when the last worker has ended. Dropping it waits for that, so that engines can tidy up behind them.
#[derive(Debug)]
struct End(Mutex<Receiver<()>>);

/// How long workers may take to end. One of them may be in a call that does not come back.
const FAREWELL: Duration = Duration::from_secs(2);

impl Drop for End {
    fn drop(&mut self) {
        // Nothing is ever sent: the end of the channel is what is waited for.
        let _ = self.0.get_mut().unwrap_or_else(PoisonError::into_inner).recv_timeout(FAREWELL);
    }
}

/// What a worker is asked for.
enum Job {
    Call { step_input: Box<StepInput>, answer: oneshot::Sender<Result<Observation, EngineFault>> },
    Postpone { done: oneshot::Sender<()> },
    Settle { is_otherwise: oneshot::Sender<bool> },
}

impl Pool {
    /// Starts `workers` threads, each of which makes its engine with `load`.
    pub fn start<L>(workers: usize, load: L) -> Result<Self, TreeError>
    where
        L: Fn() -> Result<Box<dyn Engine>, TreeError> + Send + Sync + 'static,
    {
        let load = Arc::new(load);
        let (jobs, queue) = channel();
        let queue = Arc::new(Mutex::new(queue));
        let (started, starts) = channel();
        let (working, end) = channel::<()>();
        let opinion = Arc::<Mutex<Opinion>>::default();
        for _ in 0..workers.max(1) {
            let (load, queue, started) = (Arc::clone(&load), Arc::clone(&queue), started.clone());
            let (working, opinion) = (working.clone(), Arc::clone(&opinion));
            let worker = move || match load() {
                Ok(engine) => {
                    // Nobody listens any more if another worker failed; then there are no jobs either.
                    let _ = started.send(Ok(facts_of(engine.as_ref())));
                    drop(started);
                    work(engine, &queue, &opinion);
                    drop(working);
                }
                Err(error) => {
                    let _ = started.send(Err(error));
                }
            };
            thread::Builder::new()
                .stack_size(STACK_BYTES)
                .spawn(worker)
                .map_err(|error| EngineFault::Start { engine: "pool".to_owned(), message: error.to_string() })?;
        }
        drop((started, working));
        let mut first = None;
        for start in starts {
            first = Some(start?);
        }
        let (engine, handlers, inventory) = first
            .ok_or_else(|| EngineFault::Start { engine: "pool".to_owned(), message: "no worker started".to_owned() })?;
        Ok(Self { engine, handlers, inventory, jobs, opinion, _end: Arc::new(End(Mutex::new(end))) })
    }

    /// Calls a handler on whichever worker is free.
    pub(super) async fn call(&self, step_input: StepInput) -> Result<Observation, EngineFault> {
        let handler = step_input.handler.clone();
        self.submit(step_input).await.unwrap_or_else(|_| Err(self.lost(handler)))
    }

    fn submit(&self, step_input: StepInput) -> oneshot::Receiver<Result<Observation, EngineFault>> {
        let (answer, answered) = oneshot::channel();
        // Without workers the job is dropped with its sender, and the receiver tells.
        let _ = self.jobs.send(Job::Call { step_input: Box::new(step_input), answer });
        answered
    }

    fn lost(&self, handler: HandlerId) -> EngineFault {
        EngineFault::Call {
            engine: self.engine.clone(),
            handler,
            message: "its thread ended during the call".to_owned(),
        }
    }
}

/// What a pool says of its engine.
fn facts_of(engine: &dyn Engine) -> (String, Vec<HandlerId>, Option<Arc<Inventory>>) {
    (engine.name().to_owned(), engine.handlers().to_vec(), engine.inventory().cloned().map(Arc::new))
}

fn work(mut engine: Box<dyn Engine>, queue: &Mutex<Receiver<Job>>, opinion: &Mutex<Opinion>) {
    loop {
        let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        // Nobody may wait for it any more.
        match job {
            Job::Call { step_input, answer } => {
                let answered = engine.run(&step_input);
                keep(opinion, engine.take_opinion());
                let _ = answer.send(answered);
            }
            Job::Postpone { done } => {
                engine.postpone_opinions();
                let _ = done.send(());
            }
            Job::Settle { is_otherwise } => {
                let otherwise = engine.settle_opinions();
                keep(opinion, engine.take_opinion());
                let _ = is_otherwise.send(otherwise);
            }
        }
    }
}

fn keep(opinion: &Mutex<Opinion>, said: Opinion) {
    if !said.is_nothing() {
        held(opinion).add(said);
    }
}

fn held(opinion: &Mutex<Opinion>) -> MutexGuard<'_, Opinion> {
    opinion.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Engine for Pool {
    fn name(&self) -> &str {
        &self.engine
    }

    fn handlers(&self) -> &[HandlerId] {
        &self.handlers
    }

    fn inventory(&self) -> Option<&Inventory> {
        self.inventory.as_deref()
    }

    fn run(&mut self, step_input: &StepInput) -> Result<Observation, EngineFault> {
        let answered = self.submit(step_input.clone()).blocking_recv();
        answered.unwrap_or_else(|_| Err(self.lost(step_input.handler.clone())))
    }

    fn take_opinion(&mut self) -> Opinion {
        std::mem::take(&mut *held(&self.opinion))
    }

    /// One worker is asked: there is one second runtime for all of them.
    fn postpone_opinions(&mut self) {
        let (done, is_done) = oneshot::channel();
        let _ = self.jobs.send(Job::Postpone { done });
        let _ = is_done.blocking_recv();
    }

    fn settle_opinions(&mut self) -> bool {
        let (is_otherwise, answered) = oneshot::channel();
        let _ = self.jobs.send(Job::Settle { is_otherwise });
        // A thread that has ended fails at the next call.
        answered.blocking_recv().unwrap_or(false)
    }
}

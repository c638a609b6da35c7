//! The oracle `majority`: no engine is the reference; what most of them answer is expected of all.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use reference_rs::{HandlerId, StepInput};

use super::{Engine, EngineFault};
use crate::criteria::Criteria;
use crate::outcome::Observation;
use crate::vote;

/// The oracle's name.
pub const NAME: &str = "majority";

/// Fewer can not outvote one.
pub const FEWEST: usize = 3;

/// The engines that vote, and what they answered last.
struct Voters {
    engines: Vec<Box<dyn Engine>>,
    criteria: Criteria,
    last: Option<(StepInput, Vec<(usize, Observation)>)>,
}

impl Voters {
    fn vote(&mut self, step_input: &StepInput) -> Result<Observation, EngineFault> {
        let handler = &step_input.handler;
        let (places, mut voting): (Vec<usize>, Vec<&mut dyn Engine>) = self
            .engines
            .iter_mut()
            .enumerate()
            .filter(|(_, engine)| engine.has(handler))
            .map(|(place, engine)| (place, engine.as_mut() as &mut dyn Engine))
            .unzip();
        let answers = vote::answers(&mut voting, step_input)?;
        let majority = vote::majority(&mut voting, step_input, &answers, &self.criteria)?;
        // Where no two of three agree, the first is as good as any other to compare with.
        let chosen = majority.and_then(|agreeing| agreeing.first().copied()).unwrap_or(0);
        let expected = answers.get(chosen).cloned();
        self.last = Some((step_input.clone(), places.into_iter().zip(answers).collect()));
        expected.ok_or_else(|| EngineFault::NoHandler { engine: NAME.to_owned(), handler: handler.clone() })
    }

    /// What the engine in this place answers, which may be known from the vote.
    fn answer(&mut self, place: usize, step_input: &StepInput) -> Result<Observation, EngineFault> {
        if let Some((last, answers)) = &self.last
            && last == step_input
            && let Some((_, answer)) = answers.iter().find(|(other, _)| *other == place)
        {
            return Ok(answer.clone());
        }
        self.engines[place].run(step_input)
    }
}

/// Answers what most engines answer.
pub struct Majority {
    voters: Rc<RefCell<Voters>>,
    handlers: Vec<HandlerId>,
}

/// One of the engines that vote, as a subject.
pub struct Voter {
    voters: Rc<RefCell<Voters>>,
    place: usize,
    name: String,
    handlers: Vec<HandlerId>,
    deadline: Option<Duration>,
}

impl Majority {
    /// Lets `engines` vote under `criteria`; they become subjects of the vote.
    #[must_use]
    pub fn of(engines: Vec<Box<dyn Engine>>, criteria: &Criteria) -> (Self, Vec<Box<dyn Engine>>) {
        let mut handlers: Vec<HandlerId> = engines.iter().flat_map(|engine| engine.handlers().to_vec()).collect();
        handlers.sort();
        // Who is alone agrees with everybody.
        let shared = |handler: &HandlerId| engines.iter().filter(|engine| engine.has(handler)).count() > 1;
        handlers.dedup();
        handlers.retain(shared);
        let criteria = Criteria { ledger: crate::ledger::Ledger::default(), ..criteria.clone() };
        let facts: Vec<_> = engines
            .iter()
            .map(|engine| (engine.name().to_owned(), engine.handlers().to_vec(), engine.deadline()))
            .collect();
        let voters = Rc::new(RefCell::new(Voters { engines, criteria, last: None }));
        let voter = |(place, (name, handlers, deadline))| {
            let voters = Rc::clone(&voters);
            Box::new(Voter { voters, place, name, handlers, deadline }) as Box<dyn Engine>
        };
        let subjects = facts.into_iter().enumerate().map(voter).collect();
        (Self { voters, handlers }, subjects)
    }
}

impl Engine for Majority {
    fn name(&self) -> &str {
        NAME
    }

    fn handlers(&self) -> &[HandlerId] {
        &self.handlers
    }

    fn run(&mut self, step_input: &StepInput) -> Result<Observation, EngineFault> {
        self.voters.borrow_mut().vote(step_input)
    }
}

impl Engine for Voter {
    fn name(&self) -> &str {
        &self.name
    }

    fn handlers(&self) -> &[HandlerId] {
        &self.handlers
    }

    fn run(&mut self, step_input: &StepInput) -> Result<Observation, EngineFault> {
        self.voters.borrow_mut().answer(self.place, step_input)
    }

    fn deadline(&self) -> Option<Duration> {
        self.deadline
    }

    fn set_deadline(&mut self, deadline: Duration) {
        self.deadline = self.deadline.map(|_| deadline);
        let mut voters = self.voters.borrow_mut();
        voters.last = None;
        voters.engines[self.place].set_deadline(deadline);
    }
}

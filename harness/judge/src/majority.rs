//! The oracle `majority`: no engine is the reference; what most of them answer is expected of all.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use parity_model::{Ambient, HandlerId, StepInput};

use crate::criteria::Criteria;
use crate::ledger::Ledger;
use crate::vote;
use parity_engine::naming::Inventory;
use parity_engine::{Engine, EngineFault, Opinion, Wrapper};
use parity_model::Observation;

/// The oracle's name.
pub const NAME: &str = "majority";

/// Fewer cannot outvote one.
pub const FEWEST: usize = 3;

/// Calls of which something is remembered: those of the cases that go from one engine to the next at a time, with all that is
/// run to see what is random in them.
const REMEMBERED: usize = 2048;

/// What is known of the last calls.
struct Memory<T>(HashMap<String, T>);

impl<T: Clone> Memory<T> {
    fn new() -> Self {
        Self(HashMap::new())
    }

    /// What is known of the call, or what `find` finds.
    fn of<E>(&mut self, step_input: &StepInput, find: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let Ok(call) = serde_json::to_string(step_input) else { return find() };
        if let Some(known) = self.0.get(&call) {
            return Ok(known.clone());
        }
        let found = find()?;
        if self.0.len() == REMEMBERED {
            self.0.clear();
        }
        self.0.insert(call, found.clone());
        Ok(found)
    }
}

/// An engine that votes. It is asked once for each of its last calls, however often the answer counts.
struct Voting {
    engine: Box<dyn Engine>,
    answers: Memory<Observation>,
}

impl Wrapper for Voting {
    fn inner(&self) -> &dyn Engine {
        self.engine.as_ref()
    }

    fn inner_mut(&mut self) -> &mut dyn Engine {
        self.engine.as_mut()
    }

    fn run_wrapped(&mut self, step_input: &StepInput) -> Result<Observation, EngineFault> {
        let Self { engine, answers } = self;
        answers.of(step_input, || engine.run(step_input))
    }

    fn set_wrapped_deadline(&mut self, deadline: Duration) {
        self.answers = Memory::new();
        self.engine.set_deadline(deadline);
    }
}

/// The engines that vote, and how their last votes ended: the place of one that stands for most, and what it answers.
struct Voters {
    engines: Vec<Voting>,
    criteria: Criteria,
    votes: Memory<(usize, Observation)>,
}

impl Voters {
    fn vote(&mut self, step_input: &StepInput) -> Result<(usize, Observation), EngineFault> {
        let Self { engines, criteria, votes } = self;
        votes.of(step_input, || elect(engines, step_input, criteria))
    }

    fn set_deadline(&mut self, place: usize, deadline: Duration) {
        self.votes = Memory::new();
        self.engines[place].set_deadline(deadline);
    }
}

/// The place of an engine that stands for most, and what it answers.
fn elect(
    engines: &mut [Voting],
    step_input: &StepInput,
    criteria: &Criteria,
) -> Result<(usize, Observation), EngineFault> {
    let handler = &step_input.handler;
    let (places, mut voting): (Vec<usize>, Vec<&mut dyn Engine>) = engines
        .iter_mut()
        .enumerate()
        .filter(|(_, engine)| engine.has(handler))
        .map(|(place, engine)| (place, engine as &mut dyn Engine))
        .unzip();
    let answers = vote::answers(&mut voting, step_input)?;
    let majority = vote::majority(&mut voting, step_input, &answers, criteria, None)?;
    let chosen = match majority.and_then(|agreeing| agreeing.first().copied()) {
        Some(first) => first,
        None => vote::nearest(&mut voting, step_input, &answers, criteria)?,
    };
    let elected = places.get(chosen).copied().zip(answers.into_iter().nth(chosen));
    elected.ok_or_else(|| EngineFault::NoHandler { engine: NAME.to_owned(), handler: handler.clone() })
}

/// Answers what most engines answer.
pub struct Majority {
    voters: Rc<RefCell<Voters>>,
    handlers: Vec<HandlerId>,
}

/// One of the engines that vote, as a subject.
struct Voter {
    voters: Rc<RefCell<Voters>>,
    place: usize,
    name: String,
    handlers: Vec<HandlerId>,
    inventory: Option<Inventory>,
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
        let criteria = Criteria { ledger: Ledger::default(), ..criteria.clone() };
        let voters = Rc::new(RefCell::new(Voters { engines: Vec::new(), criteria, votes: Memory::new() }));
        let voter = |(place, engine): (usize, &dyn Engine)| {
            Box::new(Voter {
                voters: Rc::clone(&voters),
                place,
                name: engine.name().to_owned(),
                handlers: engine.handlers().to_vec(),
                inventory: engine.inventory().cloned(),
                deadline: engine.deadline(),
            }) as Box<dyn Engine>
        };
        let subjects = engines.iter().map(AsRef::as_ref).enumerate().map(voter).collect();
        let voting = engines.into_iter().map(|engine| Voting { engine, answers: Memory::new() });
        voters.borrow_mut().engines.extend(voting);
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
        Ok(self.voters.borrow_mut().vote(step_input)?.1)
    }

    /// What is random in the answer of the engine that stands for most; another vote might choose another one.
    fn again(&mut self, step_input: &StepInput, ambient: &Ambient) -> Result<Observation, EngineFault> {
        let mut voters = self.voters.borrow_mut();
        let (place, _) = voters.vote(step_input)?;
        voters.engines[place].again(step_input, ambient)
    }

    fn announce(&mut self, step_inputs: &[&StepInput]) {
        for engine in &mut self.voters.borrow_mut().engines {
            engine.announce(step_inputs);
        }
    }
}

impl Engine for Voter {
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
        self.voters.borrow_mut().engines[self.place].run(step_input)
    }

    fn take_opinion(&mut self) -> Opinion {
        self.voters.borrow_mut().engines[self.place].take_opinion()
    }

    fn deadline(&self) -> Option<Duration> {
        self.deadline
    }

    fn set_deadline(&mut self, deadline: Duration) {
        self.deadline = self.deadline.map(|_| deadline);
        self.voters.borrow_mut().set_deadline(self.place, deadline);
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use parity_model::Outcome;
    use serde_json::{Map, Value, json};

    use super::*;
    use crate::compare_on::compare_on;
    use crate::criteria::Strictness;

    /// Answers what a function of the randomness says, and counts how often it was asked.
    struct Counting {
        name: &'static str,
        handlers: [HandlerId; 1],
        answer: fn(u64) -> Value,
        calls: Rc<Cell<u32>>,
    }

    impl Engine for Counting {
        fn name(&self) -> &str {
            self.name
        }

        fn handlers(&self) -> &[HandlerId] {
            &self.handlers
        }

        fn run(&mut self, step_input: &StepInput) -> Result<Observation, EngineFault> {
            self.calls.set(self.calls.get() + 1);
            let result = (self.answer)(step_input.ambient.entropy);
            Ok(Outcome::Completed { result, metadata: json!({}) }.into())
        }
    }

    type Counters = Vec<Rc<Cell<u32>>>;

    fn majority_of(answers: [fn(u64) -> Value; 3]) -> (Majority, Vec<Box<dyn Engine>>, Counters) {
        let counters: Counters = (0..3).map(|_| Rc::default()).collect();
        let engine = |(number, answer): (usize, fn(u64) -> Value)| {
            let (name, calls) = (["one", "two", "three"][number], Rc::clone(&counters[number]));
            Box::new(Counting { name, handlers: ["a/b".parse().unwrap()], answer, calls }) as Box<dyn Engine>
        };
        let engines = answers.into_iter().enumerate().map(engine).collect();
        let (majority, subjects) = Majority::of(engines, &contract());
        (majority, subjects, counters)
    }

    fn contract() -> Criteria {
        Criteria { strictness: Strictness::Contract, ..Criteria::default() }
    }

    fn signatures(answers: [fn(u64) -> Value; 3]) -> (Vec<Option<String>>, Vec<u32>) {
        let (mut majority, mut subjects, counters) = majority_of(answers);
        let input = StepInput::new("a/b".parse().unwrap(), Map::new(), Map::new());
        let expected = majority.run(&input).unwrap();
        let mut compare = |subject: &mut Box<dyn Engine>| {
            let sides: (&mut dyn Engine, &mut dyn Engine) = (&mut majority, subject.as_mut());
            let verdict = compare_on(sides, &input, &expected, &contract()).unwrap().verdict;
            verdict.signatures.first().map(|signature| signature.family().to_string())
        };
        let signatures = subjects.iter_mut().map(&mut compare).collect();
        (signatures, counters.iter().map(|counter| counter.get()).collect())
    }

    #[test]
    fn who_differs_from_most_is_named_and_everybody_is_asked_once() {
        let (signatures, calls) = signatures([|_| json!(1), |_| json!(2), |_| json!(2)]);
        assert_eq!(signatures, [Some("a/b one value /result".to_owned()), None, None]);
        // Whether it is random is asked of one of those that differ, eight times each: of the first in the vote, and of the
        // second when the first is compared with most.
        assert_eq!(calls, [9, 9, 1]);
    }

    #[test]
    fn where_no_two_agree_who_is_right_in_most_places_stands_for_most() {
        let (signatures, _) = signatures([
            |_| json!({"id": 2, "fee": 1}),
            |_| json!({"id": 1, "fee": 1}),
            |_| json!({"id": 1, "fee": 2}),
        ]);
        let found = |name: &str, path: &str| Some(format!("a/b {name} value /result/{path}"));
        assert_eq!(signatures, [found("one", "id"), None, found("three", "fee")]);
    }

    #[test]
    fn what_is_random_is_found_out_from_the_engine_that_stands_for_most() {
        let random: fn(u64) -> Value =
            |entropy| json!(format!("{:016x}", entropy.wrapping_add(7).wrapping_mul(0x9E37_79B9_7F4A_7C15)));
        let (signatures, calls) = signatures([|entropy| json!(format!("{entropy:016x}")), random, |_| json!("no hex")]);
        assert_eq!(signatures, [None, None, Some("a/b three value /result".to_owned())]);
        assert_eq!(calls, [9, 1, 1]);
    }
}

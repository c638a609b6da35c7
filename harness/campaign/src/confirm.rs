//! Whether a divergence repeats in interpreters in which nothing has run before.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Instant;

use parity_model::StepInput;

use crate::divergence::{Divergence, Evidence, Repeat};
use crate::note::is_over;
use parity_engine::{Engine, EngineFault, REFERENCE, TreeError};
use parity_judge::{Criteria, Difference, Grade, differences, is_around};
use parity_model::Observation;
use parity_model::{DifferenceClass, Signature};

/// Starts engines in which nothing has run before.
pub trait Fresh {
    /// The engine of this name on the same handlers. Every round has surroundings of its own: another order of sets, another
    /// place and other times of the files, another environment.
    fn start(&self, engine: &str, round: u32) -> Result<Box<dyn Engine>, TreeError>;

    /// Whether there are engines of this name to be started: the reference implementation keeps nothing, and a majority is none.
    fn starts(&self, engine: &str) -> bool;

    /// In how many of them an input is run. Two elements of a set swap in every second of them.
    fn rounds(&self, _engine: &str) -> u32 {
        ROUNDS
    }
}

pub(crate) const ROUNDS: u32 = 6;

/// In how many it is run where each is a process of Node, which takes long to start, and in which sets keep their order.
pub(crate) const FEW_ROUNDS: u32 = 2;

/// The same for an input on which a handler takes too long, each time.
const SLOW_ROUNDS: u32 = 1;

/// Repeats inputs in fresh engines. Several differences of one input are confirmed by the same repeats.
pub struct Confirmer<'a> {
    fresh: &'a dyn Fresh,
    known: RefCell<HashMap<String, Rc<[Repeat]>>>,
}

/// Of so many inputs the repeats are remembered.
const REMEMBERED: usize = 64;

impl<'a> Confirmer<'a> {
    /// Nothing is repeated before it is needed.
    #[must_use]
    pub fn new(fresh: &'a dyn Fresh) -> Self {
        Self { fresh, known: RefCell::default() }
    }

    /// What fresh engines answer to `input`, and the first of them once more; nothing if there is no time. An input on which a handler
    /// `is_slow` is repeated less often.
    ///
    /// # Errors
    ///
    /// The fault of a fresh engine, which says nothing about the divergence.
    pub(crate) fn repeat(
        &self,
        input: &StepInput,
        (engine, is_slow): (&str, bool),
        limit: Option<Instant>,
    ) -> Result<Option<Rc<[Repeat]>>, EngineFault> {
        let key = format!("{engine} {}", serde_json::json!(input));
        if let Some(known) = self.known.borrow().get(&key) {
            return Ok(Some(Rc::clone(known)));
        }
        let mut repeats = Vec::new();
        for round in 0..if is_slow { SLOW_ROUNDS } else { self.fresh.rounds(engine) } {
            if is_over(limit) {
                return Ok(None);
            }
            let mut engine = start(self.fresh, engine, round, input)?;
            let mut repeat = |run: String| -> Result<(), EngineFault> {
                repeats.push(Repeat { run, outcome: engine.run(input)? });
                Ok(())
            };
            repeat(format!("in a fresh interpreter ({})", round + 1))?;
            if round == 0 {
                repeat("once more in the same".to_owned())?;
            }
        }
        let repeats: Rc<[Repeat]> = repeats.into();
        let mut known = self.known.borrow_mut();
        if known.len() == REMEMBERED {
            known.clear();
        }
        known.insert(key, Rc::clone(&repeats));
        Ok(Some(repeats))
    }
}

/// The divergence as fresh engines show it. One that is not the same everywhere becomes one of the class `nondeterministic`, with
/// what was seen as evidence.
pub(crate) fn confirmed(divergence: Divergence, criteria: &Criteria, repeats: &[Repeat]) -> Divergence {
    let Divergence { signature, input, expected, actual, .. } = &divergence;
    let named_by_data = criteria.named_by_data.of(&input.handler);
    let repeats_itself = |repeat: &Repeat| is_same_around(signature, actual, &repeat.outcome, named_by_data);
    if shows(&divergence, named_by_data) && repeats.iter().all(repeats_itself) {
        return divergence;
    }
    let evidence = Some(Evidence { seen_as: signature.clone(), repeats: repeats.to_vec() });
    let nondeterministic = nondeterministic(signature);
    // The last answer may be the expected one; then one that is not says more.
    let others = repeats.iter().map(|repeat| &repeat.outcome);
    let actual =
        std::iter::once(actual).chain(others).find(|outcome| !same(expected, outcome)).unwrap_or(actual).clone();
    let (input, expected) = (input.clone(), expected.clone());
    let Divergence { beside, malformed, matters, evaluations, cut_short, .. } = divergence;
    let divergence = Divergence::new(nondeterministic, input, expected, actual);
    Divergence { beside, matters, malformed, evaluations, evidence, cut_short, ..divergence }
}

impl Confirmer<'_> {
    /// The divergence, if the oracle answers the same in engines in which nothing ran before: else it is the oracle's answer that does
    /// not repeat, and nobody differs from it.
    ///
    /// # Errors
    ///
    /// The fault of a fresh engine.
    pub(crate) fn expected(
        &self,
        divergence: Divergence,
        oracle: &str,
        criteria: &Criteria,
        limit: Option<Instant>,
    ) -> Result<Divergence, EngineFault> {
        let Divergence { signature, expected, actual, evidence, .. } = &divergence;
        let named_by_data = criteria.named_by_data.of(&divergence.input.handler);
        let seen_as = evidence.as_ref().map_or(signature, |evidence| &evidence.seen_as).clone();
        let steady = |answer: &Observation, repeats: &[Repeat]| {
            repeats.iter().all(|repeat| is_same_around(&seen_as, answer, &repeat.outcome, named_by_data))
        };
        let is_explained = evidence.as_ref().is_some_and(|evidence| !steady(actual, &evidence.repeats));
        if is_explained || !self.fresh.starts(oracle) {
            return Ok(divergence);
        }
        let Some(repeats) = self.repeat(&divergence.input, (oracle, true), limit)? else { return Ok(divergence) };
        if steady(expected, &repeats) {
            return Ok(divergence);
        }
        let of_oracle = |repeat: &Repeat| Repeat { run: format!("{oracle} {}", repeat.run), ..repeat.clone() };
        let evidence = Some(Evidence { seen_as, repeats: repeats.iter().map(of_oracle).collect() });
        let (signature, odd) = (nondeterministic(signature), vec![oracle.to_owned()]);
        let grade = Grade::of(&signature, expected, actual);
        Ok(Divergence { signature, grade, odd, evidence, ..divergence })
    }
}

/// A divergence of which nothing is to be seen any more, as the campaign's case showed it: `ends` are what oracle and subject answered
/// then, and odd is who answers otherwise now.
pub(crate) fn as_seen(
    divergence: Divergence,
    (oracle, input): (&str, &StepInput),
    (expected, actual): (&Observation, &Observation),
    criteria: &Criteria,
) -> Divergence {
    let Divergence { signature, evidence, .. } = &divergence;
    let Some(evidence) = evidence else { return divergence };
    if divergence.input != *input || !same(&divergence.expected, &divergence.actual) {
        return divergence;
    }
    let named_by_data = criteria.named_by_data.of(&input.handler);
    let is_as_then = |repeat: &Repeat| is_same_around(&evidence.seen_as, actual, &repeat.outcome, named_by_data);
    let is_oracle = oracle != REFERENCE && evidence.repeats.iter().all(is_as_then);
    let odd = vec![if is_oracle { oracle.to_owned() } else { signature.engine.clone() }];
    let grade = Grade::of(signature, expected, actual);
    Divergence { grade, expected: expected.clone(), actual: actual.clone(), odd, ..divergence }
}

fn nondeterministic(signature: &Signature) -> Signature {
    Signature { class: DifferenceClass::Nondeterministic, path: String::new(), ..signature.family() }
}

/// Whether two answers are the same where a signature says that something differs. Another place of the outcome may be another one each
/// time: that is a divergence of its own and hides no other one.
fn is_same_around(signature: &Signature, one: &Observation, other: &Observation, named_by_data: &[String]) -> bool {
    let path = |change: Difference| change.signature(&signature.handler, &signature.engine, named_by_data).path;
    !differences(one, other).into_iter().any(|change| is_around(&path(change), &signature.path))
}

fn start(fresh: &dyn Fresh, name: &str, round: u32, input: &StepInput) -> Result<Box<dyn Engine>, EngineFault> {
    fresh.start(name, round).map_err(|error| match error {
        TreeError::Engine(fault) => fault,
        error => {
            EngineFault::Fresh { engine: name.to_owned(), handler: input.handler.clone(), message: error.to_string() }
        }
    })
}

/// Whether the subject's last answer still is what the signature says: shrinking asks often, and the last answer counts.
fn shows(divergence: &Divergence, named_by_data: &[String]) -> bool {
    let Divergence { signature, input, expected, actual, .. } = divergence;
    // The criteria have made these of another class in the same place.
    let is_renamed = matches!(signature.class, DifferenceClass::CodeNotExpressed | DifferenceClass::Form);
    differences(expected, actual).iter().any(|difference| {
        let found = difference.signature(&input.handler, &signature.engine, named_by_data);
        found == signature.family() || is_renamed && found.path == signature.path
    })
}

/// Whether two answers are the same; of ends that nobody planned the kind counts, since messages may hold addresses.
fn same(one: &Observation, other: &Observation) -> bool {
    differences(one, other).is_empty()
}

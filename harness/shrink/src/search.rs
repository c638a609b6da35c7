//! The search: passes over the smallest value so far, until none of them makes it smaller.

use std::cmp::Ordering;
use std::collections::HashSet;

use serde_json::Value;

use super::size::Size;
use super::{digit_passes, number_passes, passes};

/// What a predicate says of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The candidate still shows what is being shrunk.
    Holds,
    /// It does not.
    HoldsNot,
    /// It is no input at all, so nothing was run and nothing counts against the budget.
    OutOfDomain,
    /// There is no time to find out, nor for any other candidate.
    OutOfTime,
}

/// The end of a search.
#[derive(Clone, Debug, PartialEq)]
pub struct Minimal {
    /// The smallest value found.
    pub value: Value,
    /// How often the predicate ran something.
    pub evaluations: u32,
}

/// Makes `start`, for which `holds` must hold, as small as `budget` evaluations allow.
///
/// An error of the predicate ends the search and is handed on: it is neither yes nor no.
pub fn shrink<E>(start: Value, budget: u32, holds: &mut dyn FnMut(&Value) -> Result<Answer, E>) -> Result<Minimal, E> {
    let mut search =
        Search { size: Size::of(&start), best: start, tried: HashSet::new(), evaluations: 0, budget, holds };
    loop {
        let before = search.size.clone();
        for pass in [
            passes::delete,
            passes::hoist,
            number_passes::merge,
            passes::plainest,
            passes::strings,
            digit_passes::digits,
            number_passes::numbers,
            number_passes::equal_together,
            number_passes::numbers_together,
            number_passes::smallest_pairs,
            number_passes::close_pairs,
            passes::sort,
        ] {
            pass(&mut search)?;
        }
        if search.size == before || search.evaluations == budget {
            return Ok(Minimal { value: search.best, evaluations: search.evaluations });
        }
    }
}

/// The state of one search.
pub(super) struct Search<'a, E> {
    pub(super) best: Value,
    size: Size,
    tried: HashSet<String>,
    evaluations: u32,
    budget: u32,
    holds: &'a mut dyn FnMut(&Value) -> Result<Answer, E>,
}

impl<E> Search<'_, E> {
    /// Takes `candidate` for the best if it is smaller and the predicate holds for it; says whether it did.
    pub(super) fn attempt(&mut self, candidate: Value) -> Result<bool, E> {
        let size = Size::of(&candidate);
        if size.partial_cmp(&self.size) != Some(Ordering::Less)
            || self.evaluations == self.budget
            || !self.tried.insert(candidate.to_string())
        {
            return Ok(false);
        }
        let answer = (self.holds)(&candidate)?;
        match answer {
            Answer::Holds | Answer::HoldsNot => self.evaluations += 1,
            Answer::OutOfDomain => {}
            Answer::OutOfTime => self.budget = self.evaluations,
        }
        if answer == Answer::Holds {
            self.best = candidate;
            self.size = size;
        }
        Ok(answer == Answer::Holds)
    }
}

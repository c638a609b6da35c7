//! The state of a search: the smallest value so far, and which candidates were tried.

use std::collections::HashMap;

use serde_json::Value;

use super::size::Size;

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

/// The state of one search.
pub(super) struct Search<'a, E> {
    pub(super) best: Value,
    pub(super) size: Size,
    tried: HashMap<String, Answer>,
    pub(super) evaluations: u32,
    budget: u32,
    holds: &'a mut dyn FnMut(&Value) -> Result<Answer, E>,
}

impl<'a, E> Search<'a, E> {
    /// A search that begins with `start`, for which `holds` must hold.
    pub(super) fn new(start: Value, budget: u32, holds: &'a mut dyn FnMut(&Value) -> Result<Answer, E>) -> Self {
        Self { size: Size::of(&start), best: start, tried: HashMap::new(), evaluations: 0, budget, holds }
    }

    /// Whether no further candidate may be evaluated.
    pub(super) fn is_exhausted(&self) -> bool {
        self.evaluations == self.budget
    }

    /// Takes `candidate` for the best if it is smaller and the predicate holds for it; says whether it did.
    pub(super) fn attempt(&mut self, candidate: Value) -> Result<bool, E> {
        // Most candidates are larger, and need not be looked at closely.
        if self.size.is_exceeded_by(&candidate) {
            return Ok(false);
        }
        let size = Size::of(&candidate);
        if size >= self.size || self.ask_written(&candidate, size.json())? != Answer::Holds {
            return Ok(false);
        }
        self.best = candidate;
        self.size = size;
        Ok(true)
    }

    /// What the predicate says of `candidate`, smaller or not, without taking it.
    pub(super) fn ask(&mut self, candidate: &Value) -> Result<Answer, E> {
        self.ask_written(candidate, &candidate.to_string())
    }

    /// The same of a candidate whose JSON text is `text`.
    fn ask_written(&mut self, candidate: &Value, text: &str) -> Result<Answer, E> {
        if let Some(answer) = self.tried.get(text) {
            return Ok(*answer);
        }
        if self.is_exhausted() {
            return Ok(Answer::OutOfTime);
        }
        let answer = (self.holds)(candidate)?;
        match answer {
            Answer::Holds | Answer::HoldsNot => self.evaluations += 1,
            Answer::OutOfDomain => {}
            Answer::OutOfTime => self.budget = self.evaluations,
        }
        self.tried.insert(text.to_owned(), answer);
        Ok(answer)
    }
}

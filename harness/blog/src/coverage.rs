//! Whether the generated cases are adequate: which declared outcomes they reach, and how many are refused before a handler
//! does anything with them.

use parity_model::INVALID_INPUT;
use reference_rs::{HandlerSpec, OutcomeClass};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use parity_json::yaml;
use parity_schema::Scope;
use parity_suite::{Case, CaseId, GenerateError};

use crate::cases::{NoCases, OwnCases};

/// What must be reached, as the file `harness/blog/coverage.yaml` has it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// Cases a handler.
    pub cases: u64,
    /// The least share of the cases for each declared outcome, from 0 to 1.
    pub outcome_share: f64,
    /// The largest share of the cases that may be `INVALID_INPUT`, from 0 to 1.
    pub reject_share: f64,
}

impl Thresholds {
    /// The thresholds of the file, which is part of the binary.
    pub fn ours() -> Result<Self, CoverageError> {
        Self::parse(include_str!("../coverage.yaml"))
    }

    fn parse(text: &str) -> Result<Self, CoverageError> {
        yaml::parse(text)
            .map_err(|error| CoverageError::Thresholds { line: error.line.unwrap_or(0), message: error.message })
    }
}

/// Why there is no coverage.
#[derive(Debug, Error)]
pub enum CoverageError {
    /// The file of the thresholds can not be used.
    #[error("harness/blog/coverage.yaml:{line}: {message}")]
    Thresholds {
        /// Its line.
        line: u32,
        /// What is wrong.
        message: String,
    },
    /// There are no cases.
    #[error(transparent)]
    NoCases(#[from] NoCases),
    /// A strategy failed.
    #[error(transparent)]
    Generate(#[from] GenerateError),
}

/// What the cases of one handler reached.
///
/// JSON: `{"handler", "cases", "reject_share", "outcomes": [Reached], "undeclared"}`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Coverage {
    /// `namespace/step`.
    pub handler: &'static str,
    /// Generated cases.
    pub cases: u64,
    /// Share of the cases that are `INVALID_INPUT`.
    pub reject_share: f64,
    /// One entry a declared outcome, in the order of the specification.
    pub outcomes: Vec<Reached>,
    /// Cases that ended in an outcome which the specification does not declare.
    pub undeclared: u64,
}

/// How often an outcome was reached.
///
/// JSON: `{"outcome", "cases", "share"}`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reached {
    /// The declared outcome.
    pub outcome: String,
    /// Cases that ended in it.
    pub cases: u64,
    /// Their share.
    pub share: f64,
}

/// The first cases of a handler's campaign with this seed.
pub fn draw_cases(spec: &'static HandlerSpec, cases: u64, seed: u64) -> Result<Vec<Case>, CoverageError> {
    let source = OwnCases::of(&spec.handler())?;
    let draw = |index| Ok(source.draw(CaseId { seed, index }, Scope::Normal.of_case(index))?);
    (0..cases).map(draw).collect()
}

impl Coverage {
    /// Draws `cases` cases of a handler and asks the oracle how they end.
    pub fn of(spec: &'static HandlerSpec, cases: u64, seed: u64) -> Result<Self, CoverageError> {
        let mut counts = vec![0; spec.outcomes.len()];
        let mut undeclared = 0;
        for case in draw_cases(spec, cases, seed)? {
            let class = spec.evaluate(&case.step_input).class;
            match class.and_then(|class| spec.outcomes.iter().position(|declared| *declared == class)) {
                Some(place) => counts[place] += 1,
                None => undeclared += 1,
            }
        }
        let outcomes: Vec<Reached> = spec
            .outcomes
            .iter()
            .zip(counts)
            .map(|(outcome, count)| Reached { outcome: outcome.to_string(), cases: count, share: share(count, cases) })
            .collect();
        let invalid = spec.outcomes.iter().position(|outcome| *outcome == OutcomeClass::Permanent(INVALID_INPUT));
        let reject_share = invalid.map_or(0.0, |place| outcomes[place].share);
        Ok(Self { handler: spec.id, cases, reject_share, outcomes, undeclared })
    }

    /// What falls short of the thresholds, one sentence each.
    #[must_use]
    pub fn shortfalls(&self, thresholds: &Thresholds) -> Vec<String> {
        let mut sentences = Vec::new();
        for reached in self.outcomes.iter().filter(|reached| reached.share < thresholds.outcome_share) {
            sentences.push(format!(
                "{}: {} is reached by {} of {} cases, {} of them are needed",
                self.handler,
                reached.outcome,
                reached.cases,
                self.cases,
                percent(thresholds.outcome_share)
            ));
        }
        if self.reject_share > thresholds.reject_share {
            let most = percent(thresholds.reject_share);
            let share = percent(self.reject_share);
            sentences
                .push(format!("{}: {share} of the cases are {INVALID_INPUT}, at most {most} may be", self.handler));
        }
        if self.undeclared > 0 {
            sentences.push(format!(
                "{}: {} cases end in an outcome that it does not declare",
                self.handler, self.undeclared
            ));
        }
        sentences
    }
}

/// A share as text, e.g. `0.5 %`.
#[must_use]
pub fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

#[expect(clippy::cast_precision_loss, reason = "no campaign has 2^53 cases")]
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn thresholds() -> Thresholds {
        Thresholds { cases: 100, outcome_share: 0.05, reject_share: 0.30 }
    }

    fn coverage(reached: u64, rejected: u64, undeclared: u64) -> Coverage {
        let outcome = |outcome: &str, cases| Reached { outcome: outcome.to_owned(), cases, share: share(cases, 100) };
        Coverage {
            handler: "a/b",
            cases: 100,
            reject_share: share(rejected, 100),
            outcomes: vec![outcome("completed", reached), outcome("INVALID_INPUT", rejected)],
            undeclared,
        }
    }

    #[test]
    fn enough_is_enough() {
        assert_eq!(coverage(5, 30, 0).shortfalls(&thresholds()), Vec::<String>::new());
    }

    #[test]
    fn every_shortfall_is_told() {
        let told = |coverage: Coverage| coverage.shortfalls(&thresholds());
        assert_eq!(told(coverage(4, 30, 0)), ["a/b: completed is reached by 4 of 100 cases, 5.0 % of them are needed"]);
        assert_eq!(told(coverage(5, 31, 0)), ["a/b: 31.0 % of the cases are INVALID_INPUT, at most 30.0 % may be"]);
        assert_eq!(told(coverage(5, 30, 2)), ["a/b: 2 cases end in an outcome that it does not declare"]);
        assert_eq!(told(coverage(0, 100, 9)).len(), 3);
    }

    #[test]
    fn the_file_of_the_thresholds_can_be_read_and_a_wrong_one_is_refused() {
        assert!(Thresholds::ours().unwrap().outcome_share > 0.0);
        let error = Thresholds::parse("cases: 1\noutcome_share: x\n").unwrap_err();
        assert!(error.to_string().starts_with("harness/blog/coverage.yaml:2: "), "{error}");
        assert!(Thresholds::parse("cases: 1").is_err());
    }
}

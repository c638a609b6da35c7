//! One step input on the oracle and on one subject.

use parity_engine::{Engine, EngineFault};
use parity_model::{Observation, StepInput};

use crate::criteria::{ComparedCall, Criteria, Verdict};

/// The oracle's and one subject's answer to a step input.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison<'a> {
    /// What the oracle answered.
    pub expected: &'a Observation,
    /// What the subject did, if it is not the same in everything.
    pub other: Option<Observation>,
    /// How that differs.
    pub verdict: Verdict,
}

impl Comparison<'_> {
    /// What the subject did.
    #[must_use]
    pub fn actual(&self) -> &Observation {
        self.other.as_ref().unwrap_or(self.expected)
    }

    /// What the oracle answered, and what the subject did.
    #[must_use]
    pub fn into_ends(self) -> (Observation, Observation) {
        (self.expected.clone(), self.other.unwrap_or_else(|| self.expected.clone()))
    }
}

/// Runs the subject on `step_input` and compares with what the oracle `expected`, behind everything that does not count.
pub fn compare_on<'a>(
    (oracle, subject): (&mut dyn Engine, &mut dyn Engine),
    step_input: &StepInput,
    expected: &'a Observation,
    criteria: &Criteria,
) -> Result<Comparison<'a>, EngineFault> {
    let verdict = criteria.judge_expected(expected);
    if verdict.unsupported.is_some() || verdict.is_outside {
        return Ok(Comparison { expected, other: None, verdict });
    }
    let Some(actual) = subject.run_expecting(step_input, expected)? else {
        return Ok(Comparison { expected, other: None, verdict: Verdict::default() });
    };
    let (handler, ambient) = (&step_input.handler, &step_input.ambient);
    let pair = ComparedCall { handler, ambient, expected, engine: subject.name(), actual: &actual };
    let mut again = |ambient: &_| oracle.again(step_input, ambient);
    let verdict = criteria.judge(&pair, &mut again)?;
    Ok(Comparison { expected, other: Some(actual), verdict })
}

//! The one way to ask a case: the oracle and one subject are given the same input, and judged.

use parity_engine::{Engine, EngineFault};
use parity_judge::{Comparison, Criteria, compare_on};
use parity_model::{Observation, Signature, StepInput};

/// The oracle, one subject, and what counts as a difference between them.
pub struct Probe<'a> {
    /// What is expected.
    pub oracle: &'a mut dyn Engine,
    /// What is compared with it.
    pub subject: &'a mut dyn Engine,
    /// What counts.
    pub criteria: &'a Criteria,
}

/// How a subject answers an input.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The differences that count.
    pub signatures: Vec<Signature>,
    /// Those that the ledger knows.
    pub known: Vec<Signature>,
    /// Why the two cannot be compared: what an engine does not provide.
    pub unsupported: Option<String>,
    /// Whether the input is outside the contract, so that nothing was compared.
    pub is_outside: bool,
    /// Fields that were compared by their form alone.
    pub by_form: Vec<String>,
    /// What the oracle answers.
    pub expected: Observation,
    /// What the subject answers.
    pub actual: Observation,
}

/// Asks one engine.
pub(crate) fn call(engine: &mut dyn Engine, input: &StepInput) -> Result<Observation, EngineFault> {
    let _span = tracing::trace_span!("call", engine = engine.name(), handler = %input.handler).entered();
    engine.run(input)
}

impl Probe<'_> {
    /// Asks the subject, where it is known what the oracle `expected`.
    pub fn compare<'e>(&mut self, input: &StepInput, expected: &'e Observation) -> Result<Comparison<'e>, EngineFault> {
        let _span = tracing::trace_span!("call", engine = self.subject.name(), handler = %input.handler).entered();
        compare_on((self.oracle, self.subject), input, expected, self.criteria)
    }

    /// Asks both.
    pub fn ask(&mut self, input: &StepInput) -> Result<Verdict, EngineFault> {
        let expected = call(self.oracle, input)?;
        let comparison = self.compare(input, &expected)?;
        let parity_judge::Verdict { signatures, known, unsupported, is_outside, by_form } = comparison.verdict.clone();
        let (expected, actual) = comparison.into_ends();
        Ok(Verdict { signatures, known, unsupported, is_outside, by_form, expected, actual })
    }

    /// Whether an input shows a difference of this family, in whatever manner.
    pub(crate) fn shows_family(&mut self, family: &Signature, input: &StepInput) -> Result<bool, EngineFault> {
        let expected = call(self.oracle, input)?;
        Ok(self.compare(input, &expected)?.verdict.signatures.iter().any(|found| found.family() == *family))
    }

    /// Whether an input shows this difference.
    pub fn shows(&mut self, signature: &Signature, input: &StepInput) -> Result<bool, EngineFault> {
        let expected = call(self.oracle, input)?;
        Ok(self.compare(input, &expected)?.verdict.signatures.contains(signature))
    }
}

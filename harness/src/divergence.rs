//! A divergence: the smallest step input found for one signature, and what the two sides answered to it.

use reference_rs::{Outcome, StepInput};
use serde::{Deserialize, Serialize};

use crate::compare::{Difference, Signature, compare_where};
use crate::engine::{Engine, EngineFault};
use crate::ledger::Ledger;
use crate::outcome::Observation;
use crate::template::TemplateId;

/// What is reported of one signature.
///
/// JSON: `{"signature", "input", "expected", "actual", "evaluations"}` and, if it is nondeterministic, `"evidence"`; if there was no time
/// to finish it, `"cut_short": true`; `input` is a whole step input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Divergence {
    /// Who differs, and how.
    pub signature: Signature,
    /// The minimal step input.
    pub input: StepInput,
    /// What the oracle answers to it.
    pub expected: Outcome,
    /// What the subject answers to it.
    pub actual: Observation,
    /// How often shrinking ran the two.
    pub evaluations: u32,
    /// Why it is called nondeterministic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
    /// There was no time to make it smaller, or to see whether it repeats.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut_short: bool,
    /// Where shrinking began; only said of a shard of a campaign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Start>,
}

/// The smallest case of a signature in a shard of a campaign. The smallest of all shards is the one that the whole campaign
/// shrinks.
///
/// JSON: `{"case", "input"}`, and `"workflow"` of which it was a call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Start {
    /// Its number in the campaign.
    pub case: u64,
    /// The workflow of which it was a call, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workflow: Option<TemplateId>,
    /// Whether its input is well-formed: such cases come before others.
    pub well_formed: bool,
    /// Its input.
    pub input: StepInput,
}

/// What was seen of a divergence that does not repeat, or depends on earlier calls.
///
/// JSON: `{"seen_as": Signature, "repeats": [{"run", "outcome"}]}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// What it looked like in the campaign.
    pub seen_as: Signature,
    /// What the same input gave elsewhere.
    pub repeats: Vec<Repeat>,
}

/// One more run of an input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Repeat {
    /// Where it ran.
    pub run: String,
    /// What the subject did.
    pub outcome: Observation,
}

/// The oracle's and one subject's answer to a step input.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// What the oracle planned.
    pub expected: Outcome,
    /// What the subject did.
    pub actual: Observation,
    /// The first difference that is not known, as a signature.
    pub signature: Option<Signature>,
    /// The known differences before it.
    pub known: Vec<Signature>,
}

/// Runs `subject` on `step_input` and compares with what the oracle `expected`, behind everything that `ledger` knows.
pub fn compare_on(
    subject: &mut dyn Engine,
    step_input: &StepInput,
    expected: Outcome,
    ledger: &Ledger,
) -> Result<Comparison, EngineFault> {
    let actual = subject.run(step_input)?;
    let sign = |difference: &Difference| difference.signature(&step_input.handler, subject.name());
    let mut known = Vec::new();
    let signature = compare_where(&expected, &actual, &mut |difference| {
        let signature = sign(difference);
        let is_new = !ledger.knows(&signature);
        if !is_new {
            known.push(signature);
        }
        is_new
    });
    Ok(Comparison { signature: signature.as_ref().map(sign), expected, actual, known })
}

/// What the oracle plans for `step_input`.
pub fn expect(oracle: &mut dyn Engine, step_input: &StepInput) -> Result<Outcome, EngineFault> {
    match oracle.run(step_input)? {
        Observation::Planned(outcome) => Ok(outcome),
        Observation::Unplanned(unplanned) => Err(EngineFault::Call {
            engine: oracle.name().to_owned(),
            handler: step_input.handler.clone(),
            message: format!("the oracle has no planned outcome: {unplanned:?}"),
        }),
    }
}

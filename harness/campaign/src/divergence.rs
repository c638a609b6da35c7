//! A divergence: the smallest step input found for one signature, and what the two sides answered to it.

use parity_model::StepInput;
use serde::{Deserialize, Serialize};

use parity_judge::Grade;
use parity_model::Observation;
use parity_model::Signature;
use parity_suite::template::TemplateId;

/// What is reported of one signature.
///
/// JSON: `{"signature", "grade", "input", "expected", "actual", "sides": [{"engine", "outcome"}], "odd": ["python"], "matters":
/// ["/context/quantity"], "evaluations"}` and, if no two agree, `"apart": [[Signature, Signature]]`; if it is nondeterministic,
/// `"evidence"`; if there was no time to finish it, `"cut_short": true`; `input` is a whole step input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Divergence {
    /// Who differs, and how.
    pub signature: Signature,
    /// How much it matters.
    pub grade: Grade,
    /// The minimal step input.
    pub input: StepInput,
    /// What the oracle answers to it.
    pub expected: Observation,
    /// What the subject answers to it.
    pub actual: Observation,
    /// What every engine of the run answers to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sides: Vec<Side>,
    /// The engines that stand against most others, or against the reference implementation; none if no two agree.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub odd: Vec<String>,
    /// Where no two agree: how each two engines differ, seen from either of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub apart: Vec<[Signature; 2]>,
    /// JSON Pointers into `{"context", "dependencies"}`: the values of the input on which the difference depends. Any other
    /// well-formed value in the place of one that is not named here shows the same, as far as it was tried.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub matters: Vec<String>,
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

impl Divergence {
    /// What `comparison` shows of `signature` on `input`.
    #[must_use]
    pub fn new(signature: Signature, input: StepInput, expected: Observation, actual: Observation) -> Self {
        Self {
            grade: Grade::of(&signature, &expected, &actual),
            signature,
            input,
            expected,
            actual,
            sides: Vec::new(),
            odd: Vec::new(),
            apart: Vec::new(),
            matters: Vec::new(),
            evaluations: 0,
            evidence: None,
            cut_short: false,
            start: None,
        }
    }
}

/// One engine's answer to a minimal input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Side {
    /// The engine.
    pub engine: String,
    /// Its answer.
    pub outcome: Observation,
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

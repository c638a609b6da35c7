//! What a campaign over single handlers counts.

use std::collections::BTreeMap;

use parity_engine::{Engine, EngineFault};
use parity_model::{HandlerId, Signature, StepInput};
use serde::{Deserialize, Serialize};

use crate::divergence::Divergence;
use crate::opinions::Opinions;
use crate::seen::Seen;

/// The counts of one handler on one engine.
///
/// JSON: `{"handler", "engine", "cases", "agreed", "known", "divergences", "ends": {"completed": 900, "INVALID": 100}}`, and
/// `"malformed": 50` of those with bad input, and `"outside": 12` and `"unsupported": {"DecisionHandler": 3}` if some were not compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The handler.
    pub handler: HandlerId,
    /// The engine.
    pub engine: String,
    /// Cases that were run and compared.
    pub cases: u64,
    /// Cases in which the engine agreed with the oracle.
    pub agreed: u64,
    /// Cases that showed nothing but known divergences.
    pub known: u64,
    /// Cases that are outside the contract and were not compared.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub outside: u64,
    /// Cases that were given bad input on purpose and in which no check decided differently.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub malformed: u64,
    /// Distinct signatures among the others.
    pub divergences: u64,
    /// How many cases came to which expected end: `completed`, the code of a failure, and so on.
    #[serde(default)]
    pub ends: BTreeMap<String, u64>,
    /// Cases that could not be compared, by what an engine does not provide.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub unsupported: BTreeMap<String, u64>,
}

impl Row {
    /// Whether no case was expected to complete: the handler's work was not compared.
    #[must_use]
    pub fn is_unexercised(&self) -> bool {
        !self.ends.contains_key(COMPLETED)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// The expected end of a call that completes.
pub const COMPLETED: &str = "completed";

/// An engine failed on a handler; nothing is known about the case, and the handler is not run on that engine any further.
///
/// JSON: `{"handler", "engine", "message", "input"}`, and `"case"` if it was one of the campaign's cases.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    /// The handler.
    pub handler: HandlerId,
    /// The engine that failed.
    pub engine: String,
    /// What happened.
    pub message: String,
    /// The input on which it happened.
    pub input: StepInput,
    /// Which case it was, if it was one: while shrinking, inputs have no number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<u64>,
}

impl Fault {
    /// What happened to `engine` on `input`.
    #[must_use]
    pub fn new(engine: &dyn Engine, fault: &EngineFault, input: &StepInput) -> Self {
        Self::named(engine.name(), fault, input)
    }

    /// The same of an engine by its name.
    pub(crate) fn named(engine: &str, fault: &EngineFault, input: &StepInput) -> Self {
        Self {
            handler: input.handler.clone(),
            engine: engine.to_owned(),
            message: fault.to_string(),
            input: input.clone(),
            case: None,
        }
    }

    pub(crate) fn of_case(self, index: u64) -> Self {
        Self { case: Some(index), ..self }
    }
}

/// The result of a campaign over single handlers.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Handler by handler, engine by engine.
    pub rows: Vec<Row>,
    /// One a signature, in the order of the rows, then of the signatures.
    pub divergences: Vec<Divergence>,
    /// What could not be compared.
    pub faults: Vec<Fault>,
    /// What second runtimes said, by engine.
    pub opinions: Opinions,
    /// What outcomes showed beside whether they agree.
    pub seen: Seen,
    /// Entries of the ledger that no longer occur.
    pub stale: Vec<Signature>,
    /// Generated step inputs.
    pub cases: u64,
    /// How the campaign became quiet, if it was to end then.
    pub quiet: Option<Quiet>,
}

impl Tally {
    /// Adds what saved inputs showed and the campaign did not find itself.
    pub fn add_saved(&mut self, divergences: Vec<Divergence>, faults: Vec<Fault>) {
        for divergence in divergences {
            let signature = &divergence.signature;
            if self.divergences.iter().any(|known| known.signature.family() == signature.family()) {
                continue;
            }
            let is_of = |row: &&mut Row| row.handler == signature.handler && row.engine == signature.engine;
            if let Some(row) = self.rows.iter_mut().find(is_of) {
                row.divergences += 1;
            }
            self.divergences.push(divergence);
        }
        self.faults.extend(faults);
    }
}

/// The end of a campaign that runs until it finds nothing new.
///
/// JSON: `{"seconds": 5.0, "last_new": 1200}`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quiet {
    /// For how many seconds nothing new was to be found.
    pub seconds: f64,
    /// How many inputs were generated when the last new signature was found; 0 if none was.
    pub last_new: u64,
}

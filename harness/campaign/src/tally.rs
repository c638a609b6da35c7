//! What a campaign counts.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use parity_model::{HandlerId, StepInput};
use serde::{Deserialize, Serialize};

use crate::divergence::Divergence;
use parity_engine::{Engine, EngineFault};
use parity_model::Signature;
use parity_shrink::Size;

/// The counts of one handler on one engine.
///
/// JSON: `{"handler", "engine", "cases", "agreed", "known", "divergences"}`.
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
    /// Distinct signatures among the others.
    pub divergences: u64,
}

/// An engine failed on a handler; nothing is known about the case, and the pair is not run any further.
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
    pub(super) fn of_case(self, index: u64) -> Self {
        Self { case: Some(index), ..self }
    }

    pub(super) fn new(handler: &HandlerId, engine: &dyn Engine, fault: &EngineFault, input: &StepInput) -> Self {
        Self {
            handler: handler.clone(),
            engine: engine.name().to_owned(),
            message: fault.to_string(),
            input: input.clone(),
            case: None,
        }
    }
}

/// The result of a campaign.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Handler by handler, engine by engine.
    pub rows: Vec<Row>,
    /// One a signature, in the order of the rows, then of the signatures.
    pub divergences: Vec<Divergence>,
    /// What could not be compared.
    pub faults: Vec<Fault>,
    /// Entries of the ledger that no longer occur.
    pub stale: Vec<Signature>,
    /// Generated step inputs.
    pub cases: u64,
    /// How the campaign became quiet, if it was to end then.
    pub quiet: Option<Quiet>,
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

/// The smallest input seen of every signature on one engine.
#[derive(Debug)]
pub(super) struct Smallest<S, I> {
    seen: BTreeMap<S, (Rank, Place, I)>,
}

impl<S, I> Default for Smallest<S, I> {
    fn default() -> Self {
        Self { seen: BTreeMap::new() }
    }
}

/// Well-formed inputs come before others, smaller ones before larger ones.
pub(super) type Rank = (bool, Size);

/// The number of a case, and its workflow. Of two inputs of one rank the one in the first place counts, so that it makes no
/// difference in which order they are seen.
pub(super) type Place = (u64, String);

impl<S: Ord, I> Smallest<S, I> {
    /// Takes an input of this rank and place if it is smaller than what was seen; says whether it is.
    pub(super) fn offer(&mut self, signature: S, rank: Rank, place: Place, input: impl FnOnce() -> I) -> bool {
        let smaller = self.seen.get(&signature).is_none_or(|(best, at, _)| {
            rank < *best || (rank.partial_cmp(best) == Some(Ordering::Equal) && place < *at)
        });
        if smaller {
            self.seen.insert(signature, (rank, place, input()));
        }
        smaller
    }

    /// How many signatures were seen.
    pub(super) fn len(&self) -> usize {
        self.seen.len()
    }

    pub(super) fn into_inputs(self) -> impl Iterator<Item = (S, I)> {
        self.seen.into_iter().map(|(signature, (_, _, input))| (signature, input))
    }
}

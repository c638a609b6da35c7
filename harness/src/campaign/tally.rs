//! What a campaign counts.

use std::collections::BTreeMap;

use reference_rs::{HandlerId, StepInput};
use serde::Serialize;

use crate::compare::Signature;
use crate::divergence::Divergence;
use crate::engine::{Engine, EngineFault};
use crate::shrink::Size;

/// The counts of one handler on one engine.
///
/// JSON: `{"handler", "engine", "cases", "agreed", "known", "divergences"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
/// JSON: `{"handler", "engine", "message", "input"}`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fault {
    /// The handler.
    pub handler: HandlerId,
    /// The engine that failed.
    pub engine: String,
    /// What happened.
    pub message: String,
    /// The input on which it happened.
    pub input: StepInput,
}

impl Fault {
    pub(super) fn new(handler: &HandlerId, engine: &dyn Engine, fault: &EngineFault, input: &StepInput) -> Self {
        Self {
            handler: handler.clone(),
            engine: engine.name().to_owned(),
            message: fault.to_string(),
            input: input.clone(),
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
}

/// The smallest input seen of every signature on one engine.
#[derive(Debug)]
pub(super) struct Smallest<S, I> {
    seen: BTreeMap<S, (Rank, I)>,
}

impl<S, I> Default for Smallest<S, I> {
    fn default() -> Self {
        Self { seen: BTreeMap::new() }
    }
}

/// Well-formed inputs come before others, smaller ones before larger ones.
type Rank = (bool, Size);

impl<S: Ord, I: Clone> Smallest<S, I> {
    pub(super) fn offer(&mut self, signature: S, input: &I, well_formed: bool, size: Size) {
        let rank = (!well_formed, size);
        match self.seen.get_mut(&signature) {
            Some(best) if rank < best.0 => *best = (rank, input.clone()),
            Some(_) => {}
            None => {
                self.seen.insert(signature, (rank, input.clone()));
            }
        }
    }

    pub(super) fn into_inputs(self) -> impl Iterator<Item = (S, I)> {
        self.seen.into_iter().map(|(signature, (_, input))| (signature, input))
    }
}

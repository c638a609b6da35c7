//! Step inputs as the cases of a campaign.

use parity_model::{DifferenceClass, HandlerId, Observation, Signature, StepInput, document_of};
use parity_shrink::Size;
use parity_suite::template::TemplateId;
use serde::{Deserialize, Serialize};

use crate::divergence::{Divergence, Start, distinct};
use crate::kind::{Counted, Counts, Course, Gathered, Kind, Place, Rank};
use crate::tally::{Fault, Row, Tally};

/// The kind of case that is one call of a handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepKind;

/// The one way in which a step input is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Direct;

/// A call that differs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Witness {
    /// Who differs, and how.
    pub signature: Signature,
    /// The number of its case in the campaign.
    pub case: u64,
    /// The workflow of which it was a call, if it was.
    pub workflow: Option<TemplateId>,
    /// Whether its input is well-formed.
    pub well_formed: bool,
    /// Its input.
    pub input: StepInput,
    /// What the oracle answered.
    pub expected: Observation,
    /// What the subject answered.
    pub actual: Observation,
}

impl Witness {
    /// The rank of an input.
    pub(crate) fn rank_of(input: &StepInput, well_formed: bool) -> Rank {
        (!well_formed, Size::of(&document_of(input)))
    }

    pub(crate) fn rank(&self) -> (Rank, Place) {
        let workflow = self.workflow.as_ref().map_or_else(String::new, ToString::to_string);
        (Self::rank_of(&self.input, self.well_formed), (self.case, workflow))
    }

    /// What is known when there was no time for triage.
    pub(crate) fn untriaged(self) -> Divergence {
        let Self { signature, input, expected, actual, .. } = self;
        Divergence { cut_short: true, ..Divergence::new(signature, input, expected, actual) }
    }

    /// The case as the start of shrinking.
    pub(crate) fn start(&self) -> Start {
        let Self { case, workflow, well_formed, input, .. } = self.clone();
        Start { case, workflow, well_formed, input }
    }
}

impl Kind for StepKind {
    type Group = HandlerId;
    type Mode = Direct;
    type Signature = Signature;
    type Witness = Witness;
    type Divergence = Divergence;
    type Fault = Fault;
    type Tally = Tally;

    const BLOCK: u64 = 100;

    fn about(signature: &Signature) -> String {
        signature.handler.to_string()
    }

    fn family(signature: &Signature) -> Signature {
        signature.family()
    }

    fn is_timeout(signature: &Signature) -> bool {
        signature.class == DifferenceClass::TimedOut
    }

    fn rank(witness: &Witness) -> (Rank, Place) {
        witness.rank()
    }

    fn untriaged(witness: Witness) -> Divergence {
        witness.untriaged()
    }

    fn is_unsettled(divergence: &Divergence) -> bool {
        divergence.signature.class == DifferenceClass::Nondeterministic
    }

    fn with_start(divergence: Divergence, witness: &Witness) -> Divergence {
        Divergence { start: Some(witness.start()), ..divergence }
    }

    fn tally(gathered: Gathered<Self>) -> Tally {
        let Course { cases, opinions, seen } = gathered.course();
        let Gathered { rows, divergences, mut faults, stale, unknown, quiet, whole, .. } = gathered;
        let mut tally = Tally { opinions, seen, stale, cases, quiet, ..Tally::default() };
        let found = divergences.into_values().collect();
        let mut found = if whole { distinct(found) } else { found };
        for Counted { group: handler, engine, counts, .. } in rows {
            let here = |signature: &Signature| signature.handler == handler && signature.engine == engine;
            let (own, others): (Vec<_>, Vec<_>) = found.into_iter().partition(|one| here(&one.signature));
            found = others;
            let divergences = own.len() as u64;
            tally.divergences.extend(own);
            let Counts { cases, agreed, known, outside, malformed, unsupported, ends, .. } = counts;
            let row = Row { handler, engine, cases, agreed, known, outside, malformed, divergences, ends, unsupported };
            tally.rows.push(row);
        }
        faults.extend(unknown);
        tally.faults = faults;
        tally
    }
}

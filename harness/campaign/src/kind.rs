//! The two kinds of case that a campaign can consist of: step inputs, and tasks of whole workflows.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Debug, Display};

use parity_model::Signature;
use parity_shrink::Size;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::opinions::Opinions;
use crate::seen::Seen;
use crate::tally::{Fault, Quiet};

/// A document that crosses the border between processes.
pub trait Document: Clone + Debug + Serialize + DeserializeOwned + Send + 'static {}

impl<T: Clone + Debug + Serialize + DeserializeOwned + Send + 'static> Document for T {}

/// A kind of case: what a [`Campaign`](crate::Campaign) draws, and what it can find.
pub trait Kind: Clone + Debug + Send + 'static {
    /// What cases are drawn for and counted by: a handler, a workflow.
    type Group: Document + Ord + Display;
    /// The ways in which a case is run, each counted apart.
    type Mode: Document + Copy + Ord;
    /// What makes two findings the same one.
    type Signature: Document + Ord;
    /// A case that shows a signature, and which.
    type Witness: Document;
    /// A finding that went through triage.
    type Divergence: Document;
    /// An engine that failed.
    type Fault: Document + PartialEq;
    /// The result of a campaign.
    type Tally;

    /// Groups take turns after this many cases, so that a campaign that runs out of time has run all of them.
    const BLOCK: u64;

    /// What a finding is about: a handler, a workflow.
    fn about(signature: &Self::Signature) -> String;

    /// The signature without what may differ from one cause to another in the same place.
    fn family(signature: &Self::Signature) -> Self::Signature;

    /// Whether a call took too long.
    fn is_timeout(signature: &Self::Signature) -> bool;

    /// How small a witness is, and where it was found.
    fn rank(witness: &Self::Witness) -> (Rank, Place);

    /// The divergence of a finding that there was no time to triage.
    fn untriaged(witness: Self::Witness) -> Self::Divergence;

    /// Whether it does not repeat, or what is found of its group depends on who ran what before.
    fn is_unsettled(divergence: &Self::Divergence) -> bool;

    /// The divergence with its witness, for the report of a shard.
    fn with_start(divergence: Self::Divergence, witness: &Self::Witness) -> Self::Divergence;

    /// Puts everything that was gathered into the order of the report.
    fn tally(gathered: Gathered<Self>) -> Self::Tally;
}

/// Well-formed inputs come before others, smaller ones before larger ones.
pub type Rank = (bool, Size);

/// The number of a case, and its workflow. Of two witnesses of one rank the one in the first place counts, so that it makes no
/// difference in which order they are seen.
pub type Place = (u64, String);

/// A group on one engine in one mode, and what was counted of it.
#[derive(Clone, Debug)]
pub struct Counted<K: Kind> {
    /// The group.
    pub group: K::Group,
    /// The engine.
    pub engine: String,
    /// The mode.
    pub mode: K::Mode,
    /// What was counted.
    pub counts: Counts<K>,
}

/// What was counted of one group on one engine in one mode.
#[derive(Clone, Debug)]
pub struct Counts<K: Kind> {
    /// Cases that were run and compared.
    pub cases: u64,
    /// Those that agreed.
    pub agreed: u64,
    /// Those that showed nothing but known divergences.
    pub known: u64,
    /// Those that are outside the contract.
    pub outside: u64,
    /// Those with bad input in which no check decided differently.
    pub malformed: u64,
    /// Those that could not be compared, by what an engine does not provide.
    pub unsupported: BTreeMap<String, u64>,
    /// How many came to which expected end.
    pub ends: BTreeMap<String, u64>,
    /// What the others showed.
    pub signatures: BTreeSet<K::Signature>,
}

impl<K: Kind> Default for Counts<K> {
    fn default() -> Self {
        let (unsupported, ends) = (BTreeMap::new(), BTreeMap::new());
        Self { cases: 0, agreed: 0, known: 0, outside: 0, malformed: 0, unsupported, ends, signatures: BTreeSet::new() }
    }
}

/// Everything that a campaign found, in no order that a report would have.
pub struct Gathered<K: Kind> {
    /// The counts, by group, engine and mode.
    pub rows: Vec<Counted<K>>,
    /// What went through triage, by its signature before it.
    pub divergences: BTreeMap<K::Signature, K::Divergence>,
    /// What could not be compared.
    pub faults: Vec<K::Fault>,
    /// What else is to be said of each group.
    pub courses: BTreeMap<K::Group, Course>,
    /// Entries of the ledger that no longer occur.
    pub stale: Vec<Signature>,
    /// Entries of the ledger of which that is not known.
    pub unknown: Vec<Fault>,
    /// How the campaign became quiet, if it was to end then.
    pub quiet: Option<Quiet>,
    /// Whether all cases were run, not those of a shard.
    pub whole: bool,
}

impl<K: Kind> Gathered<K> {
    /// What is to be said of all groups together.
    #[must_use]
    pub fn course(&self) -> Course {
        let mut all = Course::default();
        self.courses.values().for_each(|course| all.add(course.clone()));
        all
    }
}

/// The cases of a group, and what they showed beside whether they agree.
#[derive(Clone, Debug, Default)]
pub struct Course {
    /// Generated cases.
    pub cases: u64,
    /// What second runtimes said, by engine.
    pub opinions: Opinions,
    /// What outcomes showed.
    pub seen: Seen,
}

impl Course {
    /// Takes more cases.
    pub(crate) fn add(&mut self, Self { cases, opinions, seen }: Self) {
        self.cases += cases;
        for (engine, opinion) in opinions {
            self.opinions.entry(engine).or_default().add(opinion);
        }
        self.seen.add(seen);
    }
}

//! What a campaign asks of those who run its cases, piece by piece. A piece depends on no other one, and what comes of it is a
//! document, so that it makes no difference whether this process does it or another one.

use std::time::Instant;

use parity_model::{HandlerId, Signature};
use serde::{Deserialize, Serialize};

use crate::error::CampaignError;
use crate::kind::{Document, Kind};
use crate::note::{Log, Standing};
use crate::tally::Fault;

/// Somebody who runs cases of one kind.
pub trait Worker<K: Kind> {
    /// Runs cases, as many as there is time for.
    fn probe(&mut self, cases: &Cases<K>, limit: Option<Instant>) -> Result<Log<K>, CampaignError>;

    /// Makes a finding a divergence.
    fn triage(&mut self, found: &Found<K>, limit: Option<Instant>) -> Result<Triaged<K>, CampaignError>;

    /// Looks which known divergences still occur.
    fn recheck(&mut self, known: &Known) -> Result<Rechecked, CampaignError>;
}

/// A job: a request that a [`Worker`] answers in one way.
pub(crate) trait Job<K: Kind>: Document {
    /// The answer.
    type Done: Document;

    /// Lets `worker` do the job, and end it early, with as much of it as is done, after `limit`.
    fn run(&self, worker: &mut dyn Worker<K>, limit: Option<Instant>) -> Result<Self::Done, CampaignError>;

    /// The job as it is sent to another process.
    fn order(self) -> Order<K>;
}

/// A job of any sort.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", bound = "")]
pub(crate) enum Order<K: Kind> {
    /// See [`Cases`].
    Probe(Cases<K>),
    /// See [`Found`].
    Triage(Box<Found<K>>),
    /// See [`Known`].
    Recheck(Known),
}

/// Cases to run, as far as they are in the campaign's shard.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Cases<K: Kind> {
    /// Of this handler or workflow.
    pub group: K::Group,
    /// The number of the first case.
    pub first: u64,
    /// The number behind the last case.
    pub end: u64,
    /// On these engines.
    pub engines: Vec<Standing>,
    /// Whether they are to be engines in which nothing ran before.
    #[serde(default)]
    pub afresh: bool,
}

impl<K: Kind> Job<K> for Cases<K> {
    type Done = Log<K>;

    fn run(&self, worker: &mut dyn Worker<K>, limit: Option<Instant>) -> Result<Log<K>, CampaignError> {
        let _span = tracing::debug_span!("probe", group = %self.group, first = self.first, end = self.end).entered();
        worker.probe(self, limit)
    }

    fn order(self) -> Order<K> {
        Order::Probe(self)
    }
}

/// A finding to make a divergence of.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Found<K: Kind> {
    /// What it must go on to show while it is shrunk.
    pub signature: K::Signature,
    /// Where to start.
    pub witness: K::Witness,
    /// Whether it is to be shrunk on engines in which nothing ran before.
    #[serde(default)]
    pub afresh: bool,
}

/// What came of a finding.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", bound = "")]
pub enum Triaged<K: Kind> {
    /// It is a divergence.
    Divergence(Box<K::Divergence>),
    /// An engine failed.
    Fault(Box<K::Fault>),
}

impl<K: Kind> Job<K> for Found<K> {
    type Done = Triaged<K>;

    fn run(&self, worker: &mut dyn Worker<K>, limit: Option<Instant>) -> Result<Triaged<K>, CampaignError> {
        let _span = tracing::debug_span!("triage", signature = ?self.signature).entered();
        worker.triage(self, limit)
    }

    fn order(self) -> Order<K> {
        Order::Triage(Box::new(self))
    }
}

/// Entries of the ledger to look at: those of one handler on one engine.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Known {
    /// The handler.
    pub handler: HandlerId,
    /// The engine.
    pub engine: String,
}

/// What came of entries of the ledger.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Rechecked {
    /// Those that no longer occur.
    pub stale: Vec<Signature>,
    /// Those of which it is not known.
    pub faults: Vec<Fault>,
}

impl<K: Kind> Job<K> for Known {
    type Done = Rechecked;

    fn run(&self, worker: &mut dyn Worker<K>, _: Option<Instant>) -> Result<Rechecked, CampaignError> {
        let _span = tracing::debug_span!("recheck", handler = %self.handler, engine = self.engine).entered();
        worker.recheck(self)
    }

    fn order(self) -> Order<K> {
        Order::Recheck(self)
    }
}

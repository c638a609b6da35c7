//! What a worker notes while it runs cases. Notes are documents: they come from this process or from another one.

use std::time::Instant;

use parity_judge::decision_name;
use parity_model::{Observation, Unplanned};
use serde::{Deserialize, Serialize};

use crate::kind::Kind;
use crate::opinions::Opinions;
use crate::seen::Seen;

/// How an engine does with a group so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// The engine.
    pub engine: String,
    /// How many calls have timed out.
    pub timeouts: u32,
}

/// A group that has taken too long this often is not run any further on that engine: it would take all the time.
pub(crate) const MOST_TIMEOUTS: u32 = 3;

/// What happened in some cases, engine by engine, in the order of the cases.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Log<K: Kind> {
    /// Generated cases.
    pub cases: u64,
    /// One an engine.
    pub engines: Vec<EngineLog<K>>,
    /// What second runtimes said of their engines' calls, by engine.
    #[serde(default, skip_serializing_if = "Opinions::is_empty")]
    pub opinions: Opinions,
    /// What outcomes showed beside whether they agree.
    #[serde(default)]
    pub seen: Seen,
}

/// What happened on one engine.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct EngineLog<K: Kind> {
    /// The engine.
    pub engine: String,
    /// What happened, in order.
    pub notes: Vec<Note<K>>,
}

/// What happened with one or more cases.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "note", rename_all = "snake_case", bound = "")]
pub enum Note<K: Kind> {
    /// So many cases agreed, one after the other.
    Agreed {
        /// How they were run and ended.
        ended: Ended<K>,
        /// How many.
        cases: u64,
    },
    /// A case showed nothing but what the ledger knows.
    Known {
        /// How it was run and ended.
        ended: Ended<K>,
    },
    /// A case differs.
    Differs {
        /// How it was run and ended.
        ended: Ended<K>,
        /// What was found.
        findings: Vec<Finding<K>>,
    },
    /// A case is outside the contract, and was not compared.
    Outside {
        /// How it was run and ended.
        ended: Ended<K>,
    },
    /// A case was given bad input on purpose, and no check decided differently.
    Malformed {
        /// How it was run.
        mode: K::Mode,
        /// The expected end, unless it completed: that says nothing of what a handler does with good input.
        end: Option<String>,
    },
    /// A case could not be compared, because an engine does not provide what a handler asked for.
    Unsupported {
        /// How it was run and ended.
        ended: Ended<K>,
        /// What is not provided.
        what: String,
    },
    /// An engine failed; nothing comes after it.
    Fault {
        /// What happened.
        fault: Box<K::Fault>,
    },
}

/// How a case was run, and which end the oracle came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Ended<K: Kind> {
    /// How it was run.
    pub mode: K::Mode,
    /// The expected end, see [`end_of`].
    pub end: String,
}

/// The end of a call as it is counted: `completed`, the code or else the kind of a failure, or the kind of an end that nobody planned.
#[must_use]
pub fn end_of(observation: &Observation) -> String {
    match observation {
        Observation::Planned(outcome) => decision_name(outcome).to_owned(),
        Observation::Unplanned(Unplanned::Crashed { class, .. }) => format!("crashed:{class}"),
        Observation::Unplanned(unplanned) => unplanned.class().to_string(),
    }
}

/// A difference that a case showed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Finding<K: Kind> {
    /// Who differs, and how.
    pub signature: K::Signature,
    /// The case, if it is the smallest of its signature among those of this job so far.
    pub witness: Option<Box<K::Witness>>,
}

/// Whether the time is over.
pub(crate) fn is_over(limit: Option<Instant>) -> bool {
    limit.is_some_and(|limit| Instant::now() >= limit)
}

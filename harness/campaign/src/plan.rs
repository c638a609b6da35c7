//! What a campaign's process hands to those that it starts: the plan as data, jobs, and their answers, a line of JSON each.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::campaign::Campaign;
use crate::kind::Kind;
use crate::roster::Rosters;
use crate::worker::Order;

/// The first line: everything that a process has to know.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound = "", deny_unknown_fields)]
pub(crate) struct Plan<K: Kind> {
    pub(crate) campaign: Campaign<K>,
    pub(crate) deadline: Duration,
    pub(crate) isolated: bool,
    pub(crate) recorder: Option<PathBuf>,
}

/// Who made the plan, and for whom. It is looked at before the rest, whose form depends on it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Head {
    pub(crate) version: String,
    pub(crate) kind: String,
}

/// The version of plans: a process refuses those of another one.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What a process says first.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Hello {
    /// It has these engines.
    Ready(Rosters),
    /// It cannot work.
    Refused {
        /// Why.
        message: String,
        /// Whether it is for the user to mend.
        is_input: bool,
    },
}

/// A job on its way to a process.
#[derive(Debug, Serialize, Deserialize)]
#[serde(bound = "")]
pub(crate) struct Request<K: Kind> {
    pub(crate) order: Order<K>,
    /// In how many milliseconds it should be done.
    pub(crate) millis: Option<u64>,
}

/// What came of a job.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Response<D> {
    /// It was done.
    Done(D),
    /// It cannot be done at all.
    Failed {
        /// Why.
        message: String,
    },
}

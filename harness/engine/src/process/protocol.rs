//! What the harness and a worker say to each other: one JSON document a line. `docs/protocol.md` tells it to people.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use parity_model::{HandlerId, StepInput};
use serde::{Deserialize, Serialize};

use crate::naming::{Inventory, NotLoaded, Sighting};
use parity_model::Observation;

/// The version of the protocol.
pub(super) const PROTOCOL: u32 = 1;

/// What the harness says: first [`Request::Hello`], then one request at a time.
///
/// JSON: `{"type": "hello", "protocol": 1, "engine": "node", "tree": "/…" | null, "deadline": 5.0}`,
/// `{"type": "assign", "handlers": {"ecommerce/validate_cart": 0}}`, `{"type": "run", "id": 7, "input": {…}}`,
/// `{"type": "bye"}`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "there is one at a time")]
pub(super) enum Request<'a> {
    /// Load the tree.
    Hello {
        /// [`PROTOCOL`].
        protocol: u32,
        /// The engine's name in reports.
        engine: Cow<'a, str>,
        /// The tree of handlers, if the engine has one that is named on the command line of the harness.
        tree: Option<Cow<'a, Path>>,
        /// Seconds after which a call has timed out and the worker is ended.
        deadline: f64,
    },
    /// Answer to [`Reply::Found`]: which of the things that were found is which handler.
    Assign {
        /// The place of each handler in what was found.
        handlers: BTreeMap<HandlerId, usize>,
    },
    /// Call a handler.
    Run {
        /// Comes back with the reply.
        id: u64,
        /// The whole step input.
        input: Cow<'a, StepInput>,
    },
    /// Nothing more will be asked.
    Bye,
}

/// What a worker says: first [`Reply::Hello`] or [`Reply::Refused`], then one reply a run.
///
/// JSON: `{"type": "hello", "protocol": 1, "engine": "Node 20.20.2", "handlers": ["ecommerce/validate_cart", …]}`,
/// `{"type": "result", "id": 7, "outcome": {…}}` and so on.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Reply<O = Observation> {
    /// The worker is ready.
    Hello {
        /// [`PROTOCOL`].
        protocol: u32,
        /// What runs the handlers, in the worker's words.
        engine: String,
        /// The handlers that it has.
        handlers: Vec<HandlerId>,
        /// What it knows of its tree beside that.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        inventory: Option<Inventory>,
    },
    /// The worker has found what may be handlers, and asks which ones they are. It says hello when it knows.
    Found {
        /// What it has found.
        found: Vec<Sighting>,
        /// The files that it could not load.
        #[serde(default)]
        not_loaded: Vec<NotLoaded>,
    },
    /// The worker cannot load its tree, for a reason that the tree's owner can mend.
    Refused {
        /// The reason.
        message: String,
    },
    /// A call has ended.
    Result {
        /// The request's.
        id: u64,
        /// What the handler did.
        outcome: O,
    },
    /// The worker itself failed.
    Fault {
        /// The request's.
        id: u64,
        /// What happened.
        message: String,
    },
    /// The worker cannot make this call in the state in which it is: an earlier handler left what cannot be undone. It is ended, and a
    /// new one is asked.
    Again {
        /// The request's.
        id: u64,
    },
    /// The handler left the worker in a state in which it cannot go on.
    Spoiled {
        /// The request's.
        id: u64,
        /// What the handler left.
        what: String,
    },
}

/// What a worker may say before the reply to a run, at once: how far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Progress {
    /// It loads the handler, which takes no time of the call's.
    Loading {},
    /// It calls the handler now.
    Loaded {},
}

/// As long as the longest of them.
const LONGEST_PROGRESS: usize = 64;

impl Progress {
    /// What a line says of it, if it does.
    pub(super) fn of(line: &[u8]) -> Option<Self> {
        if line.len() <= LONGEST_PROGRESS { serde_json::from_slice(line).ok() } else { None }
    }
}

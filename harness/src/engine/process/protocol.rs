//! What the harness and a worker say to each other: one JSON document a line.

use std::borrow::Cow;

use reference_rs::{HandlerId, StepInput};
use serde::{Deserialize, Serialize};

use crate::outcome::Observation;

/// The version of the protocol.
pub const PROTOCOL: u32 = 1;

/// What the harness says.
///
/// JSON: `{"type": "run", "id": 7, "input": {…}}` or `{"type": "bye"}`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "there is one at a time")]
pub enum Request<'a> {
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

/// What a worker says: first [`Reply::Hello`] or [`Reply::Refused`], then one reply a request.
///
/// JSON: `{"type": "hello", "protocol": 1, "handlers": ["ecommerce/validate_cart", …]}`,
/// `{"type": "result", "id": 7, "outcome": {…}}` and so on.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Reply {
    /// The worker is ready.
    Hello {
        /// [`PROTOCOL`].
        protocol: u32,
        /// The handlers that it has.
        handlers: Vec<HandlerId>,
    },
    /// The worker can not load its tree, for a reason that the tree's owner can mend.
    Refused {
        /// The reason.
        message: String,
    },
    /// A call has ended.
    Result {
        /// The request's.
        id: u64,
        /// What the handler did.
        outcome: Observation,
    },
    /// The worker itself failed.
    Fault {
        /// The request's.
        id: u64,
        /// What happened.
        message: String,
    },
    /// The handler left the worker in a state in which it can not go on.
    Spoiled {
        /// The request's.
        id: u64,
        /// What the handler left.
        what: String,
    },
}

//! What the harness saw a handler do: a planned outcome, or one of the ends that only an observer can name.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::outcome::Outcome;
use crate::signature::DifferenceClass;

/// The observed end of one call.
///
/// JSON: the planned [`Outcome`] document, or `{"status": "crashed", "class", "message", "trace"}` and so on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Observation {
    /// The handler answered.
    Planned(Outcome),
    /// The handler did not answer.
    Unplanned(Unplanned),
}

/// An end that the handler did not plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Unplanned {
    /// The handler raised something that is no planned failure, or returned something that is no result.
    Crashed {
        /// Class of what was raised, e.g. `KeyError`.
        class: String,
        /// Its message.
        message: String,
        /// The stack, innermost call last; paths are relative to the handlers' tree.
        trace: String,
    },
    /// The handler did not end within its deadline.
    TimedOut,
    /// The handler used more memory than it is given.
    OutOfMemory,
    /// The handler recursed deeper than its stack.
    StackOverflow,
    /// The handler tried to end the process.
    Exited,
    /// The handler reached for something that the sandbox keeps it from, whatever it made of the refusal.
    Denied {
        /// `network`, `process`, `file` or `native_code`.
        what: String,
        /// The action and what it was about.
        detail: String,
    },
    /// The handler ended, and left something that would change later calls.
    LeftBehind {
        /// E.g. `a running thread`.
        what: String,
    },
    /// The handler answered with something that is not JSON.
    Unserialisable {
        /// JSON Pointer into the outcome document.
        path: String,
        /// What stands there, e.g. `NaN` or `a set`.
        what: String,
    },
}

impl Unplanned {
    /// What kind of difference it is to any planned outcome.
    #[must_use]
    pub fn class(&self) -> DifferenceClass {
        match self {
            Self::Crashed { class, .. } => DifferenceClass::Crashed(class.clone()),
            Self::TimedOut => DifferenceClass::TimedOut,
            Self::OutOfMemory => DifferenceClass::OutOfMemory,
            Self::StackOverflow => DifferenceClass::StackOverflow,
            Self::Exited => DifferenceClass::Exited,
            Self::Denied { what, .. } => DifferenceClass::Denied(what.clone()),
            Self::LeftBehind { .. } => DifferenceClass::LeftBehind,
            Self::Unserialisable { what, .. } => DifferenceClass::Unserialisable(what.clone()),
        }
    }
}

impl Observation {
    /// The value at a JSON Pointer into the document.
    #[must_use]
    pub fn at(&self, pointer: &str) -> Option<Value> {
        serde_json::to_value(self).ok()?.pointer_mut(pointer).map(Value::take)
    }

    /// The planned outcome, if it is one.
    #[must_use]
    pub fn planned(&self) -> Option<&Outcome> {
        match self {
            Self::Planned(outcome) => Some(outcome),
            Self::Unplanned(_) => None,
        }
    }
}

impl From<Outcome> for Observation {
    fn from(outcome: Outcome) -> Self {
        Self::Planned(outcome)
    }
}

impl From<Unplanned> for Observation {
    fn from(unplanned: Unplanned) -> Self {
        Self::Unplanned(unplanned)
    }
}

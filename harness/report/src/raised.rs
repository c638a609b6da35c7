//! What is told once a tree: that Tasker's worker does not take for permanent what the handlers raise as permanent.

use std::collections::BTreeSet;
use std::fmt;

use parity_campaign::Raised;
use parity_judge::Grade;
use parity_model::HandlerId;
use serde::{Deserialize, Serialize};

use super::counts::counted_noun;

/// What a handler writes that fails for good, whatever the worker makes of errors.
const INSTEAD: &str = "return self.failure(..., retryable=False)";

/// The handlers of a tree that raise permanent errors, which Tasker's worker retries, without their codes and contexts. As far as they
/// are compared they are what the handlers mean.
///
/// JSON: `{"engine": "python", "grade": "contract", "handlers": ["shop/pay"], "instead": "return self.failure(...)"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RaisedErrors {
    /// The engine on the tree.
    pub engine: String,
    /// How much it matters.
    pub grade: Grade,
    /// The handlers of which a call ended so.
    pub handlers: BTreeSet<HandlerId>,
    /// What they write instead.
    pub instead: String,
}

impl RaisedErrors {
    /// One an engine.
    pub(super) fn of(raised: Raised) -> Vec<Self> {
        let one = |(engine, handlers)| Self { engine, grade: Grade::Contract, handlers, instead: INSTEAD.to_owned() };
        raised.into_engines().map(one).collect()
    }

    /// Joins what two parts of a campaign tell.
    pub(super) fn add_all(all: &mut Vec<Self>, more: Vec<Self>) {
        for one in more {
            match all.iter_mut().find(|known| known.engine == one.engine) {
                Some(known) => known.handlers.extend(one.handlers),
                None => all.push(one),
            }
        }
        all.sort_by(|one, other| one.engine.cmp(&other.engine));
    }
}

impl fmt::Display for RaisedErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { engine, grade, handlers, instead } = self;
        let (number, names) = (counted_noun(handlers.len(), "handler"), Vec::from_iter(handlers));
        let names = names.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        write!(
            f,
            "{engine}: Tasker's worker retries the permanent errors that {number} raised, and drops their codes and contexts; \
             write `{instead}` (grade {grade}): {names}"
        )
    }
}

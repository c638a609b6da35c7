//! The report as data.

use reference_rs::HandlerId;
use serde_json::{Value, json};

use super::reproduce::Trees;
use crate::campaign::Tally;
use crate::generate::Scope;

/// A handler that an engine's tree lacks, and that was not run there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absent {
    /// The handler.
    pub handler: HandlerId,
    /// The engine that lacks it.
    pub engine: String,
}

/// Everything that is said about a campaign.
#[derive(Clone, Debug)]
pub struct Report {
    /// The campaign's seed.
    pub seed: u64,
    /// Its largest scope.
    pub scope: Scope,
    /// What was found.
    pub tally: Tally,
    /// What was not run.
    pub absent: Vec<Absent>,
    /// The trees that were named.
    pub trees: Trees,
    /// How long it took.
    pub seconds: f64,
}

impl Report {
    /// The report as one JSON document:
    /// `{"seed", "cases", "seconds", "handlers": [Row], "divergences": [{"signature", "input", "expected", "actual",
    /// "evaluations", "reproduce"}], "faults": [Fault], "stale": [Signature], "absent": [{"handler", "engine"}]}`.
    /// `stale` are entries of the ledger that no longer occur.
    ///
    /// `cases` counts generated step inputs; only `seconds` differs between two runs with the same seed.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let divergences: Vec<Value> = self
            .tally
            .divergences
            .iter()
            .map(|divergence| {
                let mut document = json!(divergence);
                document["reproduce"] = self.trees.reproduce(&divergence.input).into();
                document
            })
            .collect();
        let absent: Vec<Value> =
            self.absent.iter().map(|absent| json!({"handler": absent.handler, "engine": absent.engine})).collect();
        json!({
            "seed": format!("{:016x}", self.seed),
            "cases": self.tally.cases,
            "seconds": (self.seconds * 1000.0).round() / 1000.0,
            "handlers": self.tally.rows,
            "divergences": divergences,
            "faults": self.tally.faults,
            "stale": self.tally.stale,
            "absent": absent,
        })
    }
}

//! What a campaign reached: to which ends the oracle came, which handlers were never expected to complete, and which calls could not
//! be compared.

use std::collections::BTreeMap;

use super::document::{Allowed, Report};
use super::normalise::missing;

/// A handler or a workflow, and what was counted of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    /// Its name.
    pub name: String,
    /// How many cases came to which end, or asked for what.
    pub counts: BTreeMap<String, u64>,
}

impl Report {
    /// To which ends the oracle came.
    #[must_use]
    pub fn ends(&self) -> Vec<Reached> {
        let handlers = self.handlers.iter().flatten().map(|row| (row.handler.to_string(), &row.ends));
        let workflows = self.workflows.iter().flatten().map(|row| (row.workflow.to_string(), &row.ends));
        by_name(handlers.chain(workflows).filter(|(_, counts)| !counts.is_empty()))
    }

    /// The handlers and workflows that ran, and of which no case was expected to complete: that two engines refuse every input alike
    /// says nothing of their work. Of a part of a campaign nobody knows.
    #[must_use]
    pub fn unexercised(&self) -> Vec<Reached> {
        if !missing(&self.shards).is_empty() {
            return Vec::new();
        }
        let handlers = self.handlers.iter().flatten().filter(|row| row.is_unexercised());
        let handlers = handlers.map(|row| (row.handler.to_string(), &row.ends));
        let workflows = self.workflows.iter().flatten().filter(|row| row.is_unexercised());
        let workflows = workflows.map(|row| (row.workflow.to_string(), &row.ends));
        by_name(handlers.chain(workflows))
    }

    /// The handlers that no run of their workflow has called, unless that is accepted; each with what is said of it. Of a part of a
    /// campaign nobody knows.
    #[must_use]
    pub fn never_called(&self) -> Vec<String> {
        if !missing(&self.shards).is_empty() {
            return Vec::new();
        }
        let each =
            self.uncalled.iter().flat_map(|(workflow, handlers)| handlers.iter().map(move |one| (workflow, one)));
        let counts = |name: &str| !Allowed::holds(&self.allowed.unexercised, name);
        let counted = each.filter(|(workflow, handler)| counts(&workflow.to_string()) && counts(handler.as_str()));
        counted.map(|(workflow, handler)| format!("no run of {workflow} has called {handler}")).collect()
    }

    /// The handlers and workflows that asked for what an engine does not provide.
    #[must_use]
    pub fn unsupported(&self) -> Vec<Reached> {
        let handlers = self.handlers.iter().flatten().map(|row| (row.handler.to_string(), &row.unsupported));
        let workflows = self.workflows.iter().flatten().map(|row| (row.workflow.to_string(), &row.unsupported));
        by_name(handlers.chain(workflows).filter(|(_, counts)| !counts.is_empty()))
    }
}

/// Each name once, in the order of the rows, with the counts of the engine that has most.
fn by_name<'r>(rows: impl Iterator<Item = (String, &'r BTreeMap<String, u64>)>) -> Vec<Reached> {
    let mut all: Vec<Reached> = Vec::new();
    for (name, counts) in rows {
        if all.iter().all(|known| known.name != name) {
            all.push(Reached { name: name.clone(), counts: BTreeMap::new() });
        }
        let Some(known) = all.iter_mut().find(|known| known.name == name) else { continue };
        for (what, count) in counts {
            let most = known.counts.entry(what.clone()).or_default();
            *most = (*most).max(*count);
        }
    }
    all
}

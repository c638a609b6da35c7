//! What a report says of each handler and workflow on each engine: the rows of its tables, and what was to be there and is not.

use std::collections::BTreeMap;

use super::counts::{counted, counted_noun};
use super::document::{Absent, Allowed, Report, ReportedDivergence, ReportedFault};
use super::normalise::missing;
use parity_campaign::Mode;
use parity_model::Signature;

/// A handler or a workflow on an engine.
pub(super) struct Cell<'r> {
    /// The handler, or the workflow.
    pub(super) name: String,
    /// How a workflow was run.
    pub(super) mode: Option<Mode>,
    /// The engine.
    pub(super) engine: String,
    /// Cases that were run.
    pub(super) cases: u64,
    /// Cases that agreed.
    pub(super) agreed: u64,
    /// What differs, with its number in the report.
    pub(super) divergences: Vec<(usize, &'r ReportedDivergence)>,
    /// Cases that differ and of which nothing is told here.
    pub(super) told_elsewhere: u64,
    /// Entries of the ledger that no longer occur.
    pub(super) stale: Vec<&'r Signature>,
    /// Why it was not compared.
    pub(super) obstacles: Vec<String>,
    /// What of this is accepted.
    pub(super) accepted: Vec<String>,
}

/// What becomes of a handler or workflow on an engine, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum State {
    /// It was not compared, or not all of it.
    NotCompared,
    /// Something differs, or the ledger is stale.
    Differs,
    /// It was not compared, and that is accepted.
    Accepted,
    /// Everything agrees.
    Agrees,
}

impl Cell<'_> {
    pub(super) fn state(&self) -> State {
        if !self.obstacles.is_empty() {
            State::NotCompared
        } else if !self.divergences.is_empty() || !self.stale.is_empty() || self.told_elsewhere > 0 {
            State::Differs
        } else if !self.accepted.is_empty() {
            State::Accepted
        } else {
            State::Agrees
        }
    }

    /// The name, and the mode of a workflow.
    pub(super) fn title(&self) -> String {
        self.mode.map_or_else(|| self.name.clone(), |mode| format!("{} ({mode})", self.name))
    }

    fn new(name: String, mode: Option<Mode>, engine: &str) -> Self {
        Self {
            name,
            mode,
            engine: engine.to_owned(),
            cases: 0,
            agreed: 0,
            divergences: Vec::new(),
            told_elsewhere: 0,
            stale: Vec::new(),
            obstacles: Vec::new(),
            accepted: Vec::new(),
        }
    }
}

impl Report {
    /// Every handler and workflow on every engine, in the order of the rows; what has no row follows.
    pub(super) fn cells(&self) -> Vec<Cell<'_>> {
        let mut cells: Vec<Cell<'_>> = Vec::new();
        let is_whole = missing(&self.shards).is_empty();
        for row in self.handlers.iter().flatten() {
            let without = row.known + row.outside + row.malformed + row.unsupported.values().sum::<u64>();
            let mut cell = Cell::new(row.handler.to_string(), None, &row.engine);
            (cell.cases, cell.agreed) = (row.cases, row.agreed);
            cell.told_elsewhere = row.cases.saturating_sub(row.agreed + without);
            let unexercised = (is_whole && row.is_unexercised()).then_some(&row.ends);
            cell.look(&self.allowed, unexercised, &row.unsupported);
            cells.push(cell);
        }
        for row in self.workflows.iter().flatten() {
            let mut cell = Cell::new(row.workflow.to_string(), Some(row.mode), &row.engine);
            (cell.cases, cell.agreed) = (row.cases, row.agreed);
            cell.told_elsewhere = row.cases.saturating_sub(row.agreed + row.unsupported.values().sum::<u64>());
            let unexercised = (is_whole && row.is_unexercised()).then_some(&row.ends);
            cell.look(&self.allowed, unexercised, &row.unsupported);
            cells.push(cell);
        }
        self.add_absent(&mut cells);
        for fault in &self.faults {
            let (name, engine, message) = match fault {
                ReportedFault::Step(fault) => (fault.handler.to_string(), &fault.engine, &fault.message),
                ReportedFault::Run(fault) => (fault.workflow.to_string(), &fault.engine, &fault.message),
            };
            for cell in found(&mut cells, &name, None, engine) {
                cell.obstacles.push(format!("the engine failed: {message}"));
            }
        }
        self.add_divergences(&mut cells);
        for signature in self.stale.iter().flatten() {
            for cell in found(&mut cells, &signature.handler.to_string(), None, &signature.engine) {
                cell.stale.push(signature);
            }
        }
        cells
    }

    /// What keeps the campaign as a whole from being complete.
    pub(super) fn obstacles(&self) -> Vec<String> {
        let interrupted = self.interrupted.iter().map(|signal| format!("interrupted by {signal}"));
        let missing = missing(&self.shards);
        let names: Vec<String> = missing.iter().map(ToString::to_string).collect();
        let missing = (!missing.is_empty()).then(|| format!("shard {} is not in it", names.join(", ")));
        let refused = self.refused.iter().map(|template| format!("not compared: {template}"));
        let uncalled = self.never_called().into_iter().map(|what| format!("not exercised: {what}"));
        interrupted.chain(missing).chain(refused).chain(uncalled).collect()
    }

    fn add_absent<'r>(&'r self, cells: &mut Vec<Cell<'r>>) {
        for absent in &self.absent {
            let (engine, reason) = match absent {
                Absent::Handler { engine, why, .. } => {
                    let why: Vec<String> = why.iter().map(ToString::to_string).collect();
                    let reasons = if why.is_empty() { String::new() } else { format!(": {}", why.join("; ")) };
                    (engine, format!("{engine} has no {}{reasons}", absent.name()))
                }
                Absent::Workflow { engine, reason, .. } => (engine, reason.clone()),
            };
            let is_accepted = Allowed::holds(&self.allowed.absent, &absent.name());
            for cell in found(cells, &absent.name(), None, engine) {
                let list = if is_accepted { &mut cell.accepted } else { &mut cell.obstacles };
                list.push(reason.clone());
            }
        }
    }

    fn add_divergences<'r>(&'r self, cells: &mut Vec<Cell<'r>>) {
        for (index, divergence) in self.divergences.iter().enumerate() {
            let (mode, engine) = match divergence {
                ReportedDivergence::Step { divergence, .. } => (None, &divergence.signature.engine),
                ReportedDivergence::Run { divergence, mode, .. } => (Some(*mode), &divergence.signature.engine),
            };
            for cell in found(cells, &divergence.name(), mode, engine) {
                cell.divergences.push((index + 1, divergence));
            }
        }
        for cell in cells {
            if self.divergences.is_empty() || !cell.divergences.is_empty() {
                cell.told_elsewhere = 0;
            }
        }
    }
}

impl Cell<'_> {
    /// What its counts tell.
    fn look(
        &mut self,
        allowed: &Allowed,
        unexercised: Option<&BTreeMap<String, u64>>,
        unsupported: &BTreeMap<String, u64>,
    ) {
        if let Some(ends) = unexercised {
            let ends = if ends.is_empty() { "no case was run".to_owned() } else { counted(ends) };
            let reason = format!("no case was expected to complete: {ends}");
            let is_accepted = Allowed::holds(&allowed.unexercised, &self.name);
            let list = if is_accepted { &mut self.accepted } else { &mut self.obstacles };
            list.push(reason);
        }
        if !unsupported.is_empty() {
            self.obstacles.push(format!("asks for what is not provided: {}", counted(unsupported)));
        }
    }

    /// What it comes to, in one line.
    pub(super) fn line(&self) -> String {
        let mut parts: Vec<String> = self.obstacles.clone();
        if !self.divergences.is_empty() {
            parts.push(counted_noun(self.divergences.len(), "divergence"));
        }
        if !self.stale.is_empty() {
            parts.push(format!("{} no longer there", counted_noun(self.stale.len(), "known divergence")));
        }
        if self.told_elsewhere > 0 {
            parts.push(format!("{} cases differ, which is told elsewhere in the report", self.told_elsewhere));
        }
        parts.extend(self.accepted.iter().map(|reason| format!("accepted: {reason}")));
        if parts.is_empty() { format!("{} cases agree", self.agreed) } else { parts.join("; ") }
    }
}

/// The cells of this name on this engine, of this mode if one is said; a new one if there is none.
fn found<'c, 'r>(
    cells: &'c mut Vec<Cell<'r>>,
    name: &str,
    mode: Option<Mode>,
    engine: &str,
) -> impl Iterator<Item = &'c mut Cell<'r>> {
    let is_it = move |cell: &Cell<'_>, name: &str, engine: &str| {
        cell.name == name && cell.engine == engine && (mode.is_none() || cell.mode == mode)
    };
    if !cells.iter().any(|cell| is_it(cell, name, engine)) {
        cells.push(Cell::new(name.to_owned(), mode, engine));
    }
    let (name, engine) = (name.to_owned(), engine.to_owned());
    cells.iter_mut().filter(move |cell| is_it(cell, &name, &engine))
}

//! What a campaign over single handlers has found so far: notes on cases go in, rows and what is to be shrunk come out. The
//! order in which the jobs end makes no difference.

use std::collections::BTreeMap;

use parity_model::HandlerId;

use super::crew::{EngineLog, Log, Note, Shown, Standing};
use super::run::TIMEOUTS;
use super::tally::{Fault, Row, Smallest};
use parity_model::document_of;
use parity_model::{DifferenceClass, Signature};
use parity_shrink::Size;

/// One handler of a campaign on all engines that have it.
pub(super) struct Subject {
    pub(super) handler: HandlerId,
    pub(super) cases: u64,
    pub(super) pairs: Vec<Pair>,
    /// Logs that ended before one of earlier cases, by their first case.
    early: BTreeMap<u64, (u64, Log<Note>)>,
    /// Everything before this case is in.
    reached: u64,
}

/// One handler on one engine.
pub(super) struct Pair {
    pub(super) row: Row,
    pub(super) smallest: Smallest<Signature, Shown>,
    pub(super) faults: Vec<Fault>,
    timeouts: u32,
    failed: bool,
}

impl Pair {
    fn new(handler: &HandlerId, engine: &str) -> Self {
        let row =
            Row { handler: handler.clone(), engine: engine.to_owned(), cases: 0, agreed: 0, known: 0, divergences: 0 };
        Self { row, smallest: Smallest::default(), faults: Vec::new(), timeouts: 0, failed: false }
    }

    fn stopped(&self) -> bool {
        self.failed || self.timeouts >= TIMEOUTS
    }

    fn add(&mut self, note: Note) {
        if self.stopped() {
            return;
        }
        match note {
            Note::Agreed { cases } => {
                self.row.cases += cases;
                self.row.agreed += cases;
            }
            Note::Known => {
                self.row.cases += 1;
                self.row.known += 1;
            }
            Note::Differs { signature, shown } => {
                self.row.cases += 1;
                self.timeouts += u32::from(signature.class == DifferenceClass::TimedOut);
                if let Some(shown) = shown {
                    let rank = (!shown.well_formed, Size::of(&document_of(&shown.input)));
                    self.smallest.offer(signature, rank, (shown.case, String::new()), || *shown);
                }
            }
            Note::Fault { fault } => {
                self.failed = true;
                self.faults.push(*fault);
            }
        }
    }
}

impl Subject {
    /// Nothing found yet on these engines.
    pub(super) fn new<'e>(handler: &HandlerId, engines: impl Iterator<Item = &'e str>) -> Self {
        Self {
            handler: handler.clone(),
            cases: 0,
            pairs: engines.map(|engine| Pair::new(handler, engine)).collect(),
            early: BTreeMap::new(),
            reached: 0,
        }
    }

    /// The engines that are worth another case.
    pub(super) fn standings(&self) -> Vec<Standing> {
        let going = self.pairs.iter().filter(|pair| !pair.stopped());
        going.map(|pair| Standing { engine: pair.row.engine.clone(), timeouts: pair.timeouts }).collect()
    }

    /// Takes the notes on the cases from `first` up to `end`, which wait until those of all earlier cases are in: what
    /// stops an engine decides whether later notes count. Answers whether a signature is new.
    pub(super) fn take(&mut self, first: u64, end: u64, log: Log<Note>) -> bool {
        let known = self.signatures();
        self.early.insert(first, (end, log));
        while let Some((end, log)) = self.early.remove(&self.reached) {
            self.reached = end;
            self.add(log);
        }
        self.signatures() > known
    }

    fn signatures(&self) -> usize {
        self.pairs.iter().map(|pair| pair.smallest.len()).sum()
    }

    /// Takes what still waits, because earlier cases were never run.
    pub(super) fn take_the_rest(&mut self) {
        for (_, log) in std::mem::take(&mut self.early).into_values() {
            self.add(log);
        }
    }

    fn add(&mut self, log: Log<Note>) {
        self.cases += log.cases;
        for EngineLog { engine, notes } in log.engines {
            for pair in self.pairs.iter_mut().filter(|pair| pair.row.engine == engine) {
                for note in &notes {
                    pair.add(note.clone());
                }
            }
        }
    }
}

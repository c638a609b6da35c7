//! What a campaign over workflows has found so far: notes on tasks go in, rows and what is to be shrunk come out. The order in
//! which the jobs end makes no difference.

use std::collections::{BTreeMap, BTreeSet};

use super::crew::{EngineLog, Log, Shown, ShownTask, TaskNote};
use super::shrink_task::document_of_task;
use super::tally::Smallest;
use super::workflow_tally::{WorkflowFault, WorkflowRow, WorkflowTally};
use super::workflows::Mode;
use parity_model::Signature;
use parity_model::document_of;
use parity_shrink::Size;
use parity_suite::template::TemplateId;
use parity_suite::workflow::WorkflowSignature;

/// One workflow of a campaign on all engines that have its handlers.
pub(super) struct Line {
    pub(super) workflow: TemplateId,
    cases: u64,
    pairs: Vec<Pair>,
    early: BTreeMap<u64, (u64, Log<TaskNote>)>,
    reached: u64,
}

/// One workflow on one engine.
struct Pair {
    engine: String,
    counts: BTreeMap<Mode, Counts>,
    failed: bool,
}

#[derive(Default)]
struct Counts {
    cases: u64,
    agreed: u64,
    signatures: BTreeSet<String>,
}

impl Line {
    pub(super) fn new<'e>(workflow: &TemplateId, engines: impl Iterator<Item = &'e str>) -> Self {
        let pair = |engine: &str| Pair { engine: engine.to_owned(), counts: BTreeMap::new(), failed: false };
        Self {
            workflow: workflow.clone(),
            cases: 0,
            pairs: engines.map(pair).collect(),
            early: BTreeMap::new(),
            reached: 0,
        }
    }

    /// The engines that have not failed.
    pub(super) fn going(&self) -> Vec<String> {
        self.pairs.iter().filter(|pair| !pair.failed).map(|pair| pair.engine.clone()).collect()
    }
}

/// Everything that was found.
pub(super) struct Findings {
    pub(super) lines: Vec<Line>,
    steps: Smallest<Signature, Shown>,
    runs: Smallest<WorkflowSignature, ShownTask>,
    faults: Vec<WorkflowFault>,
}

/// What is to be shrunk.
type Parts = (WorkflowTally, BTreeMap<Signature, Shown>, BTreeMap<WorkflowSignature, ShownTask>);

impl Findings {
    pub(super) fn new(lines: Vec<Line>) -> Self {
        Self { lines, steps: Smallest::default(), runs: Smallest::default(), faults: Vec::new() }
    }

    /// Takes the notes on the tasks from `first` up to `end`, which wait until those of all earlier tasks are in.
    pub(super) fn take(&mut self, workflow: &TemplateId, (first, end): (u64, u64), log: Log<TaskNote>) {
        let Some(number) = self.lines.iter().position(|line| line.workflow == *workflow) else { return };
        self.lines[number].early.insert(first, (end, log));
        loop {
            let line = &mut self.lines[number];
            let Some((end, log)) = line.early.remove(&line.reached) else { return };
            line.reached = end;
            self.add(number, log);
        }
    }

    /// Takes what still waits, because earlier tasks were never run.
    pub(super) fn take_the_rest(&mut self) {
        for number in 0..self.lines.len() {
            for (_, log) in std::mem::take(&mut self.lines[number].early).into_values() {
                self.add(number, log);
            }
        }
    }

    fn add(&mut self, number: usize, log: Log<TaskNote>) {
        self.lines[number].cases += log.cases;
        for EngineLog { engine, notes } in log.engines {
            let mut shown = BTreeSet::new();
            for note in notes {
                self.add_note(number, &engine, note, &mut shown);
            }
        }
    }

    fn add_note(&mut self, number: usize, engine: &str, note: TaskNote, seen: &mut BTreeSet<String>) {
        let Line { workflow, pairs, .. } = &mut self.lines[number];
        let Some(pair) = pairs.iter_mut().find(|pair| pair.engine == engine && !pair.failed) else { return };
        match note {
            TaskNote::Step { signature, shown } => {
                seen.insert(signature.to_string());
                if let Some(shown) = shown {
                    let rank = (!shown.well_formed, Size::of(&document_of(&shown.input)));
                    self.steps.offer(signature, rank, (shown.case, workflow.to_string()), || *shown);
                }
            }
            TaskNote::Run { signature, shown } => {
                seen.insert(signature.to_string());
                if let Some(shown) = shown {
                    let rank = (!shown.well_formed, Size::of(&document_of_task(&shown.task)));
                    self.runs.offer(signature, rank, (shown.case, workflow.to_string()), || *shown);
                }
            }
            TaskNote::Ran { mode } => {
                let counts = pair.counts.entry(mode).or_default();
                counts.cases += 1;
                counts.agreed += u64::from(seen.is_empty());
                counts.signatures.append(seen);
            }
            TaskNote::Fault { fault } => {
                pair.failed = true;
                if !self.faults.contains(&fault) {
                    self.faults.push(*fault);
                }
            }
        }
    }

    /// The rows, and the smallest case of every signature. A shard's rows say which signatures they counted, a whole
    /// campaign's how many.
    pub(super) fn into_parts(self, modes: &[Mode], whole: bool) -> Parts {
        let cases = self.lines.iter().map(|line| line.cases).sum();
        let mut tally = WorkflowTally { cases, faults: self.faults, ..WorkflowTally::default() };
        for line in self.lines {
            for mut pair in line.pairs {
                for mode in modes.iter().copied().collect::<BTreeSet<Mode>>() {
                    let Some(Counts { cases, agreed, signatures }) = pair.counts.remove(&mode).or_else(|| {
                        // Another shard may have run it, and the rows must be the same.
                        (!whole).then(Counts::default)
                    }) else {
                        continue;
                    };
                    tally.rows.push(WorkflowRow {
                        workflow: line.workflow.clone(),
                        mode,
                        engine: pair.engine.clone(),
                        cases,
                        agreed,
                        divergences: signatures.len() as u64,
                        signatures: if whole { Vec::new() } else { signatures.into_iter().collect() },
                    });
                }
            }
        }
        (tally, self.steps.into_inputs().collect(), self.runs.into_inputs().collect())
    }
}

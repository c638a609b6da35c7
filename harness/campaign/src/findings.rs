//! What a campaign has found so far: notes on cases go in, counts and what is to be triaged come out. The order in which the
//! jobs end makes no difference.

use std::collections::{BTreeMap, BTreeSet};

use parity_model::DifferenceClass;

use crate::kind::{Counted, Counts, Course, Kind};
use crate::note::{Ended, EngineLog, Finding, Log, MOST_TIMEOUTS, Note, Standing};
use crate::smallest::Smallest;

/// Everything that was found so far.
pub(crate) struct Findings<K: Kind> {
    lines: Vec<Line<K>>,
    smallest: Smallest<K::Signature, K::Witness>,
    faults: Vec<K::Fault>,
}

/// One group on all engines that have it.
struct Line<K: Kind> {
    group: K::Group,
    course: Course,
    engines: Vec<OnEngine<K>>,
    /// Logs that ended before one of earlier cases, by their first case.
    early: BTreeMap<u64, (u64, Log<K>)>,
    /// Everything before this case is in.
    reached: u64,
}

/// One group on one engine.
struct OnEngine<K: Kind> {
    engine: String,
    counts: BTreeMap<K::Mode, Counts<K>>,
    timeouts: u32,
    failed: bool,
}

impl<K: Kind> OnEngine<K> {
    fn stopped(&self) -> bool {
        self.failed || self.timeouts >= MOST_TIMEOUTS
    }
}

impl<K: Kind> Findings<K> {
    /// Nothing found yet in these groups, each on these engines.
    pub(crate) fn new(groups: impl Iterator<Item = (K::Group, Vec<String>)>) -> Self {
        let on = |engine: String| OnEngine { engine, counts: BTreeMap::new(), timeouts: 0, failed: false };
        let line = |(group, engines): (K::Group, Vec<String>)| Line {
            group,
            course: Course::default(),
            engines: engines.into_iter().map(on).collect(),
            early: BTreeMap::new(),
            reached: 0,
        };
        Self { lines: groups.map(line).collect(), smallest: Smallest::default(), faults: Vec::new() }
    }

    /// The engines that are worth another case of group number `number`.
    pub(crate) fn standings(&self, number: usize) -> Vec<Standing> {
        let going = self.lines[number].engines.iter().filter(|on| !on.stopped());
        going.map(|on| Standing { engine: on.engine.clone(), timeouts: on.timeouts }).collect()
    }

    /// Generated cases so far.
    pub(crate) fn cases(&self) -> u64 {
        self.lines.iter().map(|line| line.course.cases).sum()
    }

    /// How many signatures were found so far.
    pub(crate) fn found(&self) -> usize {
        self.smallest.len()
    }

    /// Takes the notes on the cases from `first` up to `end`, which wait until those of all earlier cases are in: what stops an
    /// engine decides whether later notes count. Returns whether a signature is new.
    pub(crate) fn take(&mut self, number: usize, (first, end): (u64, u64), log: Log<K>) -> bool {
        let known = self.smallest.len();
        self.lines[number].early.insert(first, (end, log));
        loop {
            let line = &mut self.lines[number];
            let Some((end, log)) = line.early.remove(&line.reached) else { break };
            line.reached = end;
            self.add(number, log);
        }
        self.smallest.len() > known
    }

    /// Takes what still waits, because earlier cases were never run.
    pub(crate) fn take_the_rest(&mut self) {
        for number in 0..self.lines.len() {
            for (_, log) in std::mem::take(&mut self.lines[number].early).into_values() {
                self.add(number, log);
            }
        }
    }

    fn add(&mut self, number: usize, log: Log<K>) {
        let Self { lines, smallest, faults } = self;
        let line = &mut lines[number];
        let Log { cases, engines, opinions, seen } = log;
        line.course.add(Course { cases, opinions, seen });
        for EngineLog { engine, notes } in engines {
            let Some(on) = line.engines.iter_mut().find(|on| on.engine == engine) else { continue };
            for note in notes {
                if on.stopped() {
                    break;
                }
                on.add(note, smallest, faults);
            }
        }
    }

    /// The counts of `modes`, the smallest witness of every signature, and the faults.
    pub(crate) fn into_parts(self, modes: &[K::Mode]) -> Parts<K> {
        let mut rows = Vec::new();
        let mut courses = BTreeMap::new();
        for line in self.lines {
            courses.insert(line.group.clone(), line.course);
            for mut on in line.engines {
                for mode in modes.iter().copied().collect::<BTreeSet<K::Mode>>() {
                    let counts = on.counts.remove(&mode).unwrap_or_default();
                    rows.push(Counted { group: line.group.clone(), engine: on.engine.clone(), mode, counts });
                }
            }
        }
        Parts { rows, witnesses: self.smallest.into_witnesses().collect(), faults: self.faults, courses }
    }
}

/// What triage begins with.
pub(crate) struct Parts<K: Kind> {
    pub(crate) rows: Vec<Counted<K>>,
    pub(crate) witnesses: BTreeMap<K::Signature, K::Witness>,
    pub(crate) faults: Vec<K::Fault>,
    pub(crate) courses: BTreeMap<K::Group, Course>,
}

impl<K: Kind> OnEngine<K> {
    fn add(&mut self, note: Note<K>, smallest: &mut Smallest<K::Signature, K::Witness>, faults: &mut Vec<K::Fault>) {
        match note {
            Note::Agreed { ended, cases } => {
                if ended.end == DifferenceClass::TimedOut.to_string() {
                    self.timeouts += u32::try_from(cases).unwrap_or(u32::MAX);
                }
                self.count(&ended, cases).agreed += cases;
            }
            Note::Known { ended } => self.count(&ended, 1).known += 1,
            Note::Outside { ended } => self.count(&ended, 1).outside += 1,
            Note::Malformed { mode, end } => self.count_malformed(mode, end),
            Note::Unsupported { ended, what } => *self.count(&ended, 1).unsupported.entry(what).or_default() += 1,
            Note::Differs { ended, findings } => {
                self.count(&ended, 1);
                for Finding { signature, witness } in findings {
                    self.timeouts += u32::from(K::is_timeout(&signature));
                    let family = K::family(&signature);
                    self.counts.entry(ended.mode).or_default().signatures.insert(family.clone());
                    if let Some(witness) =
                        witness.filter(|_| smallest.has_room(&signature, |seen| K::family(seen) == family))
                    {
                        let (rank, place) = K::rank(&witness);
                        smallest.offer(signature, rank, place, || *witness);
                    }
                }
            }
            Note::Fault { fault } => {
                self.failed = true;
                if !faults.contains(&fault) {
                    faults.push(*fault);
                }
            }
        }
    }

    /// Counts a case with bad input.
    fn count_malformed(&mut self, mode: K::Mode, end: Option<String>) {
        let counts = self.counts.entry(mode).or_default();
        counts.cases += 1;
        counts.malformed += 1;
        if let Some(end) = end {
            *counts.ends.entry(end).or_default() += 1;
        }
    }

    /// Counts cases that ended so.
    fn count(&mut self, ended: &Ended<K>, cases: u64) -> &mut Counts<K> {
        let counts = self.counts.entry(ended.mode).or_default();
        counts.cases += cases;
        *counts.ends.entry(ended.end.clone()).or_default() += cases;
        counts
    }
}

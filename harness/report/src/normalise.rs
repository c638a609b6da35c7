//! The one form that a report has, whoever found what first: everything in the order of its rows, each thing once, and no trace
//! of shards when all of them are there.

use std::collections::BTreeMap;

use parity_campaign::{Divergence, Row, Shard, WorkflowRow, distinct};
use parity_model::Signature;

use super::document::{Report, ReportedDivergence, ReportedFault, ShardCounts};
use super::opinions::SecondOpinion;
use super::order::{json_text, precedes};

impl Report {
    /// The report in its one form.
    #[must_use]
    pub(super) fn normalised(mut self) -> Self {
        self.unite_steps();
        self.sum_shards();
        if missing(&self.shards).is_empty() {
            self.unite_odd();
        }
        self.sort_divergences();
        if missing(&self.shards).is_empty() {
            self.keep_distinct();
        }
        self.group();
        self.normalise_faults();
        let (handlers, rows) = (self.handlers.take(), &self.divergences);
        self.handlers = handlers.map(|handlers| counted(handlers, rows));
        if let Some(stale) = &mut self.stale {
            let mut seen = Vec::new();
            stale.retain(|signature| {
                let is_new = !seen.contains(signature);
                seen.push(signature.clone());
                is_new
            });
            let order = |signature: &Signature| {
                place(self.handlers.as_deref(), &signature.handler.to_string(), &signature.engine)
            };
            stale.sort_by_key(|signature| (order(signature), signature.clone()));
        }
        self.absent.sort();
        self.absent.dedup();
        self.places.sort();
        self.places.dedup_by(|one, other| one.handler == other.handler && one.engine == other.engine);
        self.refused.sort();
        self.refused.dedup();
        self.doors.sort();
        self.doors.dedup();
        self.unconfined.sort();
        self.unconfined.dedup();
        if !self.shards.is_empty() && missing(&self.shards).is_empty() {
            self.forget_shards();
        }
        self
    }

    /// What single handlers show is not reported again of their calls in workflows.
    fn unite_steps(&mut self) {
        let alone: Vec<Signature> = self
            .divergences
            .iter()
            .filter_map(|found| match found {
                ReportedDivergence::Step { divergence, mode: None, .. } => Some(divergence.signature.clone()),
                _ => None,
            })
            .collect();
        self.divergences.retain(|found| match found {
            ReportedDivergence::Step { divergence, mode: Some(_), .. } => !alone.contains(&divergence.signature),
            _ => true,
        });
    }

    /// An oracle that stands alone against several engines differs from each of them, and is one divergence.
    fn unite_odd(&mut self) {
        let mut kept: Vec<ReportedDivergence> = Vec::new();
        for found in std::mem::take(&mut self.divergences) {
            let same = kept.iter_mut().find(|known| self.is_one(known, &found) && same_place(known, &found));
            match same {
                Some(known) if precedes(&found, known) => *known = found,
                Some(_) => {}
                None => kept.push(found),
            }
        }
        self.divergences = kept;
    }

    /// Of what shards found in one place, what has causes of its own.
    fn keep_distinct(&mut self) {
        let steps = |found: &ReportedDivergence| match found {
            ReportedDivergence::Step { divergence, .. } => Some(divergence.as_ref().clone()),
            ReportedDivergence::Run { .. } => None,
        };
        let kept = distinct(self.divergences.iter().filter_map(steps).collect());
        self.divergences.retain(|found| steps(found).is_none_or(|divergence| kept.contains(&divergence)));
    }

    /// Whether the oracle stands alone in both.
    fn is_one(&self, one: &ReportedDivergence, other: &ReportedDivergence) -> bool {
        let (ReportedDivergence::Step { divergence: one, .. }, ReportedDivergence::Step { divergence: other, .. }) =
            (one, other)
        else {
            return false;
        };
        let odd = |divergence: &Divergence| divergence.odd == [self.oracle.as_str()];
        odd(one) && odd(other)
    }

    fn sum_shards(&mut self) {
        self.shards.sort_by_key(|part| part.shard);
        let Some(first) = self.shards.first().cloned() else { return };
        let ShardCounts { cases, tasks, handlers, workflows, second_opinions, .. } = first;
        self.second_opinions = second_opinions;
        (self.cases, self.tasks, self.handlers, self.workflows) = (cases, tasks, handlers, workflows);
        for part in &self.shards[1..] {
            SecondOpinion::add_all(&mut self.second_opinions, part.second_opinions.iter().cloned());
            self.cases += part.cases;
            if let (Some(tasks), Some(more)) = (&mut self.tasks, part.tasks) {
                *tasks += more;
            }
            for (row, more) in self.handlers.iter_mut().flatten().zip(part.handlers.iter().flatten()) {
                row.cases += more.cases;
                row.agreed += more.agreed;
                row.known += more.known;
                row.outside += more.outside;
                row.malformed += more.malformed;
                sum(&mut row.ends, &more.ends);
                sum(&mut row.unsupported, &more.unsupported);
            }
            for (row, more) in self.workflows.iter_mut().flatten().zip(part.workflows.iter().flatten()) {
                add(row, more);
            }
        }
    }

    fn sort_divergences(&mut self) {
        let (handlers, mut engines) = (self.handlers.as_deref(), Vec::new());
        for row in self.workflows.iter().flatten() {
            if !engines.contains(&row.engine) {
                engines.push(row.engine.clone());
            }
        }
        let engine = |name: &str| engines.iter().position(|engine| engine == name);
        self.divergences.sort_by_cached_key(|found| match found {
            ReportedDivergence::Step { divergence, mode, .. } => {
                let seen_as = divergence.evidence.as_ref().map_or(&divergence.signature, |evidence| &evidence.seen_as);
                let Signature { handler, engine: name, .. } = seen_as;
                let row = if mode.is_none() { place(handlers, &handler.to_string(), name) } else { engine(name) };
                (mode.is_some(), false, row, Some(seen_as.clone()), None)
            }
            ReportedDivergence::Run { divergence, .. } => {
                let row = engine(&divergence.signature.engine);
                (true, true, row, None, Some(divergence.signature.clone()))
            }
        });
    }

    /// A fault once, and of those on the campaign's cases the first of each handler or workflow on each engine, where a
    /// campaign on one machine stops.
    fn normalise_faults(&mut self) {
        let handlers = self.handlers.as_deref();
        let mut faults: Vec<(FaultRank, ReportedFault)> = std::mem::take(&mut self.faults)
            .into_iter()
            .map(|fault| (FaultRank::of(&fault, handlers), fault))
            .collect();
        faults.sort_by(|(one, _), (other, _)| one.cmp(other));
        faults.dedup_by(|(one, _), (other, _)| one.text == other.text);
        let mut stopped: Vec<FaultKey> = Vec::new();
        for (_, fault) in faults {
            let key = FaultKey::of(&fault);
            if case_of(&fault).is_some() {
                if stopped.contains(&key) {
                    continue;
                }
                stopped.push(key);
            }
            self.faults.push(fault);
        }
    }

    fn forget_shards(&mut self) {
        self.shards.clear();
        self.workflows.iter_mut().flatten().for_each(|row| row.signatures.clear());
        self.workflows = self.workflows.take().map(|rows| rows.into_iter().filter(|row| row.cases > 0).collect());
        for found in &mut self.divergences {
            match found {
                ReportedDivergence::Step { divergence, .. } => divergence.start = None,
                ReportedDivergence::Run { divergence, .. } => divergence.start = None,
            }
        }
    }
}

/// Which shards of a campaign are not among `parts`.
#[must_use]
pub fn missing(parts: &[ShardCounts]) -> Vec<Shard> {
    let Some(count) = parts.first().map(|part| part.shard.count()) else { return Vec::new() };
    let all = (1..=count).filter_map(|number| format!("{number}/{count}").parse().ok());
    all.filter(|shard: &Shard| parts.iter().all(|part| part.shard != *shard)).collect()
}

fn add(row: &mut WorkflowRow, more: &WorkflowRow) {
    row.cases += more.cases;
    row.agreed += more.agreed;
    sum(&mut row.ends, &more.ends);
    sum(&mut row.unsupported, &more.unsupported);
    row.signatures.extend(more.signatures.iter().cloned());
    row.signatures.sort();
    row.signatures.dedup();
    row.divergences = row.signatures.len() as u64;
}

fn sum(counts: &mut BTreeMap<String, u64>, more: &BTreeMap<String, u64>) {
    for (what, count) in more {
        *counts.entry(what.clone()).or_default() += count;
    }
}

/// The rows with the number of their divergences.
fn counted(mut rows: Vec<Row>, found: &[ReportedDivergence]) -> Vec<Row> {
    for row in &mut rows {
        let own = found.iter().filter(|found| match found {
            ReportedDivergence::Step { divergence, mode: None, .. } => {
                divergence.signature.handler == row.handler && divergence.signature.engine == row.engine
            }
            _ => false,
        });
        row.divergences = own.count() as u64;
    }
    rows
}

/// Which row is that of a handler on an engine.
fn place(rows: Option<&[Row]>, handler: &str, engine: &str) -> Option<usize> {
    rows?.iter().position(|row| row.handler.as_str() == handler && row.engine == engine)
}

/// What an engine failed on.
#[derive(PartialEq, Eq)]
struct FaultKey {
    /// The handler or the workflow.
    name: String,
    engine: String,
    is_run: bool,
}

impl FaultKey {
    fn of(fault: &ReportedFault) -> Self {
        let (name, engine) = match fault {
            ReportedFault::Step(fault) => (fault.handler.to_string(), fault.engine.clone()),
            ReportedFault::Run(fault) => (fault.workflow.to_string(), fault.engine.clone()),
        };
        Self { name, engine, is_run: matches!(fault, ReportedFault::Run(_)) }
    }
}

/// What decides which of two faults comes first, in the order of the members.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct FaultRank {
    is_run: bool,
    row: Option<usize>,
    case: u64,
    text: String,
}

impl FaultRank {
    fn of(fault: &ReportedFault, handlers: Option<&[Row]>) -> Self {
        let FaultKey { name, engine, is_run } = FaultKey::of(fault);
        let row = if is_run { None } else { place(handlers, &name, &engine) };
        Self { is_run, row, case: case_of(fault).unwrap_or(u64::MAX), text: json_text(fault) }
    }
}

/// The case that an engine failed on, unless it failed on what was made of one.
fn case_of(fault: &ReportedFault) -> Option<u64> {
    match fault {
        ReportedFault::Step(fault) => fault.case,
        ReportedFault::Run(fault) => fault.case,
    }
}

/// Whether two divergences are of one kind, in one place of one handler, in one mode.
fn same_place(one: &ReportedDivergence, other: &ReportedDivergence) -> bool {
    let place = |found: &ReportedDivergence| match found {
        ReportedDivergence::Step { divergence, mode, .. } => {
            let Signature { handler, class, path, .. } = divergence.signature.clone();
            Some((handler, class, path, *mode))
        }
        ReportedDivergence::Run { .. } => None,
    };
    place(one).is_some() && place(one) == place(other)
}

#[cfg(test)]
mod tests {
    use parity_model::StepInput;
    use serde_json::{Map, json};

    use super::*;
    use crate::order::key_of;
    use parity_judge::Strictness;
    use parity_model::Unplanned;
    use parity_schema::Scope;

    fn signature(engine: &str, path: &str) -> Signature {
        let (handler, class) = ("a/x".parse().unwrap(), parity_model::DifferenceClass::Value);
        Signature { handler, engine: engine.to_owned(), class, path: path.to_owned(), manner: String::new() }
    }

    /// What differs in `engine` at `path`, where `odd` stands alone; the same input shows what is `beside` it.
    fn found(engine: &str, path: &str, odd: &[&str], beside: &[&str]) -> ReportedDivergence {
        let input = StepInput::new("a/x".parse().unwrap(), Map::new(), Map::new());
        let end = || Unplanned::Exited.into();
        let divergence = Divergence::new(signature(engine, path), input, end(), end());
        let odd = odd.iter().map(|odd| (*odd).to_owned()).collect();
        let beside = beside.iter().map(|path| signature(engine, path)).collect();
        let divergence = Box::new(Divergence { odd, beside, ..divergence });
        ReportedDivergence::Step { divergence, mode: None, under: None, reproduce: String::new() }
    }

    fn normalised(divergences: &[ReportedDivergence]) -> Vec<(String, Option<usize>)> {
        let report: Report = serde_json::from_value(json!({
            "seed": "0000000000000000", "oracle": "majority", "strictness": Strictness::Contract, "scope": Scope::Normal,
            "cases": 1, "seconds": 0.0, "divergences": divergences, "faults": [], "absent": [],
        }))
        .unwrap();
        let under = |found: &ReportedDivergence| match found {
            ReportedDivergence::Step { under, .. } => *under,
            ReportedDivergence::Run { .. } => None,
        };
        report.normalised().divergences.iter().map(|found| (key_of(found).1, under(found))).collect()
    }

    #[test]
    fn nothing_that_was_found_is_dropped_but_an_oracle_that_stands_alone_is_told_once() {
        let all = [
            found("p", "/street", &["p"], &[]),
            found("t", "/street", &[], &[]),
            found("p", "/gift", &["majority"], &[]),
            found("t", "/gift", &["majority"], &[]),
        ];
        let names: Vec<String> = normalised(&all).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["a/x p value /gift", "a/x p value /street", "a/x t value /street"]);
    }

    #[test]
    fn what_two_inputs_show_together_is_listed_under_the_first() {
        let all = [
            found("p", "/a", &["p"], &["/b"]),
            found("p", "/b", &["p"], &["/a", "/c"]),
            found("p", "/c", &["p"], &[]),
            found("t", "/b", &["t"], &["/a"]),
        ];
        let under: Vec<Option<usize>> = normalised(&all).into_iter().map(|(_, under)| under).collect();
        assert_eq!(under, [None, Some(1), None, None]);
    }
}

//! The one form that a report has, whoever found what first: everything in the order of its rows, each thing once, and no trace
//! of shards when all of them are there.

use parity_campaign::{Divergence, Row, Shard, WorkflowRow};
use parity_model::Signature;

use super::document::{Report, ReportedDivergence, ReportedFault, ShardCounts};
use super::order::{json_text, precedes};

impl Report {
    /// The report in its one form.
    #[must_use]
    pub(super) fn normalised(mut self) -> Self {
        self.unite_steps();
        self.sum_shards();
        if missing(&self.shards).is_empty() {
            self.drop_combinations();
            self.unite_odd();
        }
        self.sort_divergences();
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

    /// An input on which no two agree because of several things at once, each of which is known of one engine alone, is none more.
    fn drop_combinations(&mut self) {
        let alone: Vec<Signature> = self
            .divergences
            .iter()
            .filter_map(|found| match found {
                ReportedDivergence::Step { divergence, .. }
                    if divergence.odd == [divergence.signature.engine.as_str()] =>
                {
                    Some(divergence.signature.clone())
                }
                _ => None,
            })
            .collect();
        let is_known = |pair: &[Signature; 2]| pair.iter().any(|signature| alone.contains(signature));
        self.divergences.retain(|found| match found {
            ReportedDivergence::Step { divergence, .. } => {
                divergence.apart.is_empty() || !divergence.apart.iter().all(is_known)
            }
            ReportedDivergence::Run { .. } => true,
        });
    }

    /// An oracle that stands alone against several engines differs from each of them, and is one divergence; so is an input on which no
    /// two agree.
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

    /// Whether the oracle stands alone in both, or nobody agrees with anybody, in the same way.
    fn is_one(&self, one: &ReportedDivergence, other: &ReportedDivergence) -> bool {
        let (ReportedDivergence::Step { divergence: one, .. }, ReportedDivergence::Step { divergence: other, .. }) =
            (one, other)
        else {
            return false;
        };
        let odd = |divergence: &Divergence| divergence.odd == [self.oracle.as_str()];
        odd(one) && odd(other) || !one.apart.is_empty() && one.apart == other.apart
    }

    fn sum_shards(&mut self) {
        self.shards.sort_by_key(|part| part.shard);
        let Some(ShardCounts { cases, tasks, handlers, workflows, .. }) = self.shards.first().cloned() else { return };
        (self.cases, self.tasks, self.handlers, self.workflows) = (cases, tasks, handlers, workflows);
        for part in &self.shards[1..] {
            self.cases += part.cases;
            if let (Some(tasks), Some(more)) = (&mut self.tasks, part.tasks) {
                *tasks += more;
            }
            for (row, more) in self.handlers.iter_mut().flatten().zip(part.handlers.iter().flatten()) {
                row.cases += more.cases;
                row.agreed += more.agreed;
                row.known += more.known;
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
    row.signatures.extend(more.signatures.iter().cloned());
    row.signatures.sort();
    row.signatures.dedup();
    row.divergences = row.signatures.len() as u64;
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
        Signature { handler, engine: engine.to_owned(), class, path: path.to_owned() }
    }

    /// What differs in `engine` at `path`; `apart` names, for each two engines, the place where they differ.
    fn found(engine: &str, path: &str, apart: &[(&str, &str, &str)]) -> ReportedDivergence {
        let input = StepInput::new("a/x".parse().unwrap(), Map::new(), Map::new());
        let end = || Unplanned::Exited.into();
        let divergence = Divergence::new(signature(engine, path), input, end(), end());
        let odd = if apart.is_empty() { vec![engine.to_owned()] } else { Vec::new() };
        let pair = |(one, other, path): &(&str, &str, &str)| [signature(other, path), signature(one, path)];
        let divergence = Divergence { odd, apart: apart.iter().map(pair).collect(), ..divergence };
        ReportedDivergence::Step { divergence: Box::new(divergence), mode: None, reproduce: String::new() }
    }

    fn normalised(divergences: &[ReportedDivergence]) -> Vec<String> {
        let report: Report = serde_json::from_value(json!({
            "seed": "0000000000000000", "oracle": "majority", "strictness": Strictness::Contract, "scope": Scope::Normal,
            "cases": 1, "seconds": 0.0, "divergences": divergences, "faults": [], "absent": [],
        }))
        .unwrap();
        report.normalised().divergences.iter().map(|found| key_of(found).1).collect()
    }

    const BOTH: [(&str, &str, &str); 3] = [("p", "t", "/street"), ("p", "r", "/street"), ("t", "r", "/gift")];

    #[test]
    fn two_things_at_once_are_no_third() {
        let alone = [found("p", "/street", &[]), found("t", "/gift", &[])];
        let combined = [found("t", "/street", &BOTH), found("r", "/street", &BOTH)];
        let all: Vec<ReportedDivergence> = alone.into_iter().chain(combined).collect();
        assert_eq!(normalised(&all), ["a/x p value /street", "a/x t value /gift"]);
    }

    #[test]
    fn what_is_not_known_of_one_engine_stays_and_is_one() {
        let all = || [found("t", "/street", &BOTH), found("r", "/street", &BOTH)];
        let with = |more: ReportedDivergence| normalised(&all().into_iter().chain([more]).collect::<Vec<_>>());
        assert_eq!(normalised(&all()), ["a/x r value /street"]);
        assert_eq!(with(found("p", "/street", &[])), ["a/x p value /street", "a/x r value /street"]);
        // The same place, but of the third engine, which is none of the two.
        assert_eq!(with(found("r", "/gift", &[])), ["a/x r value /gift", "a/x r value /street"]);
    }

    #[test]
    fn three_answers_in_one_place_are_no_combination() {
        let apart = [("p", "t", "/a"), ("p", "r", "/a"), ("t", "r", "/a")];
        let all = [found("p", "/a", &[]), found("t", "/a", &apart), found("r", "/a", &apart)];
        assert_eq!(normalised(&all), ["a/x p value /a", "a/x r value /a"]);
    }
}

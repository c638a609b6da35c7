//! The one form that a report has, whoever found what first: everything in the order of its rows, each thing once, and no trace
//! of shards when all of them are there.

use super::document::{AnyFault, Found, Part, Report};
use super::merge::{missing, precedes, sorted, text_of};
use parity_campaign::Divergence;
use parity_campaign::{Mode, Row, WorkflowRow};
use parity_model::Signature;

impl Report {
    /// The report in its one form.
    #[must_use]
    pub(super) fn settled(mut self) -> Self {
        self.unite_steps();
        self.sum_parts();
        if missing(&self.shards).is_empty() {
            self.drop_combinations();
            self.unite_odd();
        }
        self.sort_divergences();
        self.settle_faults();
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
        self.absent = sorted(std::mem::take(&mut self.absent));
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
                Found::Step { divergence, mode: None, .. } => Some(divergence.signature.clone()),
                _ => None,
            })
            .collect();
        self.divergences.retain(|found| match found {
            Found::Step { divergence, mode: Some(_), .. } => !alone.contains(&divergence.signature),
            _ => true,
        });
    }

    /// An input on which no two agree because of several things at once, each of which is known of one engine alone, is none more.
    fn drop_combinations(&mut self) {
        let alone: Vec<Signature> = self
            .divergences
            .iter()
            .filter_map(|found| match found {
                Found::Step { divergence, .. } if divergence.odd == [divergence.signature.engine.as_str()] => {
                    Some(divergence.signature.clone())
                }
                _ => None,
            })
            .collect();
        let is_known = |pair: &[Signature; 2]| pair.iter().any(|signature| alone.contains(signature));
        self.divergences.retain(|found| match found {
            Found::Step { divergence, .. } => divergence.apart.is_empty() || !divergence.apart.iter().all(is_known),
            Found::Run { .. } => true,
        });
    }

    /// An oracle that stands alone against several engines differs from each of them, and is one divergence; so is an input on which no
    /// two agree.
    fn unite_odd(&mut self) {
        let mut kept: Vec<Found> = Vec::new();
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
    fn is_one(&self, one: &Found, other: &Found) -> bool {
        let (Found::Step { divergence: one, .. }, Found::Step { divergence: other, .. }) = (one, other) else {
            return false;
        };
        let odd = |divergence: &Divergence| divergence.odd == [self.oracle.as_str()];
        odd(one) && odd(other) || !one.apart.is_empty() && one.apart == other.apart
    }

    fn sum_parts(&mut self) {
        self.shards.sort_by_key(|part| part.shard);
        let Some(Part { cases, tasks, handlers, workflows, .. }) = self.shards.first().cloned() else { return };
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
            Found::Step { divergence, mode, .. } => {
                let seen_as = divergence.evidence.as_ref().map_or(&divergence.signature, |evidence| &evidence.seen_as);
                let Signature { handler, engine: name, .. } = seen_as;
                let row = if mode.is_none() { place(handlers, &handler.to_string(), name) } else { engine(name) };
                (mode.is_some(), false, row, Some(seen_as.clone()), None)
            }
            Found::Run { divergence, .. } => {
                let row = engine(&divergence.signature.engine);
                (true, true, row, None, Some(divergence.signature.clone()))
            }
        });
    }

    /// A fault once, and of those on the campaign's cases the first of each handler or workflow on each engine, where a
    /// campaign on one machine stops.
    fn settle_faults(&mut self) {
        let mut faults: Vec<(Vec<Option<usize>>, u64, String, AnyFault)> = Vec::new();
        for fault in std::mem::take(&mut self.faults) {
            let (name, engine, case, is_run) = parts_of(&fault);
            let row = if is_run { None } else { place(self.handlers.as_deref(), &name, &engine) };
            let text = text_of(&fault);
            faults.push((vec![Some(usize::from(is_run)), row], case.unwrap_or(u64::MAX), text, fault));
        }
        faults.sort_by(|one, other| (&one.0, one.1, &one.2).cmp(&(&other.0, other.1, &other.2)));
        faults.dedup_by(|one, other| one.2 == other.2);
        let mut stopped: Vec<(String, String, bool)> = Vec::new();
        for (.., fault) in faults {
            let (name, engine, case, is_run) = parts_of(&fault);
            let key = (name, engine, is_run);
            if case.is_some() {
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
                Found::Step { divergence, .. } => divergence.start = None,
                Found::Run { divergence, .. } => divergence.start = None,
            }
        }
    }
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
fn counted(mut rows: Vec<Row>, found: &[Found]) -> Vec<Row> {
    for row in &mut rows {
        let own = found.iter().filter(|found| match found {
            Found::Step { divergence, mode: None, .. } => {
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

fn parts_of(fault: &AnyFault) -> (String, String, Option<u64>, bool) {
    match fault {
        AnyFault::Step(fault) => (fault.handler.to_string(), fault.engine.clone(), fault.case, false),
        AnyFault::Run(fault) => (fault.workflow.to_string(), fault.engine.clone(), fault.case, true),
    }
}

/// Whether two divergences are of one kind, in one place of one handler, in one mode.
fn same_place(one: &Found, other: &Found) -> bool {
    let place = |found: &Found| match found {
        Found::Step { divergence, mode, .. } => {
            let Signature { handler, class, path, .. } = divergence.signature.clone();
            Some((handler, class, path, *mode))
        }
        Found::Run { .. } => None,
    };
    place(one).is_some() && place(one) == place(other)
}

/// What makes two divergences the same one, whoever found them.
pub(super) fn key_of(found: &Found) -> (Option<Mode>, String) {
    match found {
        Found::Step { divergence, mode, .. } => (*mode, divergence.signature.to_string()),
        Found::Run { divergence, mode, .. } => (Some(*mode), divergence.signature.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use parity_model::StepInput;
    use serde_json::{Map, json};

    use super::*;
    use parity_judge::Strictness;
    use parity_model::Unplanned;
    use parity_schema::Scope;

    fn signature(engine: &str, path: &str) -> Signature {
        let (handler, class) = ("a/x".parse().unwrap(), parity_model::DifferenceClass::Value);
        Signature { handler, engine: engine.to_owned(), class, path: path.to_owned() }
    }

    /// What differs in `engine` at `path`; `apart` names, for each two engines, the place where they differ.
    fn found(engine: &str, path: &str, apart: &[(&str, &str, &str)]) -> Found {
        let input = StepInput::new("a/x".parse().unwrap(), Map::new(), Map::new());
        let end = || Unplanned::Exited.into();
        let divergence = Divergence::new(signature(engine, path), input, end(), end());
        let odd = if apart.is_empty() { vec![engine.to_owned()] } else { Vec::new() };
        let pair = |(one, other, path): &(&str, &str, &str)| [signature(other, path), signature(one, path)];
        let divergence = Divergence { odd, apart: apart.iter().map(pair).collect(), ..divergence };
        Found::Step { divergence: Box::new(divergence), mode: None, reproduce: String::new() }
    }

    fn settled(divergences: &[Found]) -> Vec<String> {
        let report: Report = serde_json::from_value(json!({
            "seed": "0000000000000000", "oracle": "majority", "strictness": Strictness::Contract, "scope": Scope::Normal,
            "cases": 1, "seconds": 0.0, "divergences": divergences, "faults": [], "absent": [],
        }))
        .unwrap();
        report.settled().divergences.iter().map(|found| key_of(found).1).collect()
    }

    const BOTH: [(&str, &str, &str); 3] = [("p", "t", "/street"), ("p", "r", "/street"), ("t", "r", "/gift")];

    #[test]
    fn two_things_at_once_are_no_third() {
        let alone = [found("p", "/street", &[]), found("t", "/gift", &[])];
        let combined = [found("t", "/street", &BOTH), found("r", "/street", &BOTH)];
        let all: Vec<Found> = alone.into_iter().chain(combined).collect();
        assert_eq!(settled(&all), ["a/x p value /street", "a/x t value /gift"]);
    }

    #[test]
    fn what_is_not_known_of_one_engine_stays_and_is_one() {
        let all = || [found("t", "/street", &BOTH), found("r", "/street", &BOTH)];
        let with = |more: Found| settled(&all().into_iter().chain([more]).collect::<Vec<_>>());
        assert_eq!(settled(&all()), ["a/x r value /street"]);
        assert_eq!(with(found("p", "/street", &[])), ["a/x p value /street", "a/x r value /street"]);
        // The same place, but of the third engine, which is none of the two.
        assert_eq!(with(found("r", "/gift", &[])), ["a/x r value /gift", "a/x r value /street"]);
    }

    #[test]
    fn three_answers_in_one_place_are_no_combination() {
        let apart = [("p", "t", "/a"), ("p", "r", "/a"), ("t", "r", "/a")];
        let all = [found("p", "/a", &[]), found("t", "/a", &apart), found("r", "/a", &apart)];
        assert_eq!(settled(&all), ["a/x p value /a", "a/x r value /a"]);
    }
}

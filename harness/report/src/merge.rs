//! Joins the reports of a campaign's shards. What comes out does not depend on the order, and joining a report twice changes
//! nothing: two reports of one shard say the same, the parts are a set, and of several divergences of one signature the smallest is kept.
//!
//! The smallest is the one that the whole campaign would have shrunk: first counts the case that a shard began with, then the
//! minimal input. So the shards together say what one machine would have said.

use serde::Serialize;
use thiserror::Error;

use super::document::{Report, ShardCounts};
use super::order::{json_text, key_of, precedes};
use super::raised::RaisedErrors;

/// Why two reports cannot be joined.
#[derive(Debug, PartialEq, Eq, Error)]
pub enum MergeError {
    /// They are of two campaigns.
    #[error("{what} differs: {one} and {other}; only reports of one campaign can be joined")]
    OtherCampaign {
        /// What differs.
        what: &'static str,
        /// In the first.
        one: String,
        /// In the second.
        other: String,
    },
    /// There is nothing to join.
    #[error("there is no report to join; name at least one")]
    Nothing,
}

/// Joins reports of one campaign.
pub fn merge(reports: impl IntoIterator<Item = Report>) -> Result<Report, MergeError> {
    let mut reports = reports.into_iter();
    let first = reports.next().ok_or(MergeError::Nothing)?.normalised();
    reports.try_fold(first, |merged, report| join(merged, report.normalised()))
}

fn join(one: Report, other: Report) -> Result<Report, MergeError> {
    check(&one, &other)?;
    let seconds = one.seconds.max(other.seconds);
    let (one, other) = match (one.shards.is_empty(), other.shards.is_empty()) {
        // A whole campaign holds everything that its shards do.
        (true, false) => return Ok(Report { seconds, ..one }),
        (false, true) => return Ok(Report { seconds, ..other }),
        // Two runs of one campaign count alike, unless one of them had less time.
        (true, true) if weight(&one) < weight(&other) => (other, one),
        _ => (one, other),
    };
    let mut merged = Report { seconds, ..one };
    for part in other.shards {
        match merged.shards.iter_mut().find(|known| known.shard == part.shard) {
            Some(known) if weight(&*known) < weight(&part) => *known = part,
            Some(_) => {}
            None => merged.shards.push(part),
        }
    }
    for found in other.divergences {
        match merged.divergences.iter_mut().find(|known| key_of(known) == key_of(&found)) {
            Some(known) if precedes(&found, known) => *known = found,
            Some(_) => {}
            None => merged.divergences.push(found),
        }
    }
    merged.faults.extend(other.faults);
    if let (Some(stale), Some(more)) = (&mut merged.stale, other.stale) {
        stale.extend(more);
    }
    merged.absent.extend(other.absent);
    RaisedErrors::add_all(&mut merged.raised, other.raised);
    merged.unmet.retain(|field| other.unmet.contains(field));
    for (handler, fields) in other.by_form {
        merged.by_form.entry(handler).or_default().extend(fields);
    }
    merged.refused.extend(other.refused);
    for (workflow, handlers) in &mut merged.uncalled {
        handlers.retain(|handler| other.uncalled.get(workflow).is_some_and(|others| others.contains(handler)));
    }
    merged.uncalled.retain(|_, handlers| !handlers.is_empty());
    merged.places.extend(other.places);
    merged.interrupted = merged.interrupted.max(other.interrupted);
    merged.doors.extend(other.doors);
    merged.unconfined.extend(other.unconfined);
    Ok(merged.normalised())
}

fn check(one: &Report, other: &Report) -> Result<(), MergeError> {
    let campaign = |report: &Report| {
        let handlers = report.handlers.iter().flatten().map(|row| format!("{} on {}", row.handler, row.engine));
        let workflows = report.workflows.iter().flatten();
        let workflows = workflows.map(|row| format!("{} on {} in {}", row.workflow, row.engine, row.mode));
        let shards = report.shards.first().map(|part| part.shard.count().to_string());
        [
            ("the seed", Some(format!("{:016x}", report.seed))),
            ("the oracle", Some(report.oracle.clone())),
            ("the strictness", Some(json_text(&report.strictness))),
            ("what is ignored", Some(json_text(&report.ignored))),
            ("what is allowed", Some(json_text(&report.allowed))),
            ("the scope", Some(json_text(&report.scope))),
            ("what was run", Some(handlers.chain(workflows).collect::<Vec<_>>().join(", "))),
            ("the number of shards", shards),
        ]
    };
    for ((what, one), (_, other)) in campaign(one).into_iter().zip(campaign(other)) {
        if let (Some(one), Some(other)) = (one, other)
            && one != other
        {
            return Err(MergeError::OtherCampaign { what, one, other });
        }
    }
    Ok(())
}

/// Of two accounts of the same cases the one that counted more is kept; the text decides where that is no decision.
fn weight(account: &(impl Account + Serialize)) -> (u64, String) {
    (account.cases(), json_text(account))
}

trait Account {
    fn cases(&self) -> u64;
}

impl Account for Report {
    fn cases(&self) -> u64 {
        self.cases + self.tasks.unwrap_or_default()
    }
}

impl Account for ShardCounts {
    fn cases(&self) -> u64 {
        self.cases + self.tasks.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use parity_model::StepInput;
    use proptest::prelude::*;
    use proptest::sample::{select, subsequence};
    use serde_json::{Map, json};

    use super::*;
    use crate::document::{Allowed, ReportedDivergence, ReportedFault, Version};
    use parity_campaign::{Divergence, Fault, Row, Start};
    use parity_judge::Strictness;
    use parity_model::Signature;
    use parity_model::Unplanned;
    use parity_schema::Scope;

    const HANDLERS: [&str; 2] = ["a/x", "a/y"];
    const SHARDS: u64 = 3;

    fn input(handler: &str, size: usize) -> StepInput {
        let context = Map::from_iter([("value".to_owned(), json!("x".repeat(size)))]);
        StepInput::new(handler.parse().unwrap(), context, Map::new())
    }

    fn divergence(handler: &str, path: &str, start: (u64, bool, usize), minimal: usize) -> ReportedDivergence {
        let (case, well_formed, size) = start;
        let signature = Signature {
            handler: handler.parse().unwrap(),
            engine: "python".to_owned(),
            class: parity_model::DifferenceClass::Value,
            path: path.to_owned(),
            manner: String::new(),
        };
        let start = Some(Start { case, workflow: None, well_formed, input: input(handler, size) });
        let expected = serde_json::from_value(json!({"status": "completed", "result": {}, "metadata": {}})).unwrap();
        let divergence = Divergence::new(signature, input(handler, minimal), expected, Unplanned::Exited.into());
        let divergence = Divergence { evaluations: 3, start, ..divergence };
        ReportedDivergence::Step { divergence: Box::new(divergence), mode: None, under: None, reproduce: String::new() }
    }

    prop_compose! {
        fn found()(
            handler in select(&HANDLERS[..]), path in select(&["/p", "/q"][..]), case in 0..9_u64,
            well_formed in any::<bool>(), size in 1..4_usize, minimal in 0..3_usize,
        ) -> ReportedDivergence {
            divergence(handler, path, (case, well_formed, size), minimal)
        }
    }

    prop_compose! {
        fn shard_report(number: u64)(
            counts in prop::collection::vec(0..5_u64, 2), found in prop::collection::vec(found(), 0..4),
            fault in prop::option::of((select(&HANDLERS[..]), 0..9_u64)), seconds in 0..4_u32,
            unmet in subsequence(vec!["/result/a", "/result/b"], 0..=2), raised in subsequence(HANDLERS.to_vec(), 1..=2),
        ) -> Report {
            let rows = HANDLERS.iter().zip(counts).map(|(handler, agreed)| Row {
                handler: handler.parse().unwrap(), engine: "python".to_owned(), cases: 5, agreed, known: 0, outside: 0, malformed: 0, divergences: 0, ends: [("completed".to_owned(), 5)].into(), unsupported: BTreeMap::new(),
            });
            let raised = serde_json::from_value(json!({"python": raised})).unwrap();
            let unmet = unmet.into_iter().map(|field| field.parse().unwrap()).collect();
            let handlers = Some(rows.collect::<Vec<_>>());
            let shard = format!("{number}/{SHARDS}").parse().unwrap();
            let faults = fault.map(|(handler, case)| ReportedFault::Step(Fault {
                handler: handler.parse().unwrap(), engine: "python".to_owned(), message: "out of order".to_owned(),
                input: input(handler, 1), case: Some(case),
            }));
            let mut divergences: Vec<ReportedDivergence> = Vec::new();
            for found in found {
                if divergences.iter().all(|known| key_of(known) != key_of(&found)) {
                    divergences.push(found);
                }
            }
            Report {
                version: Version, places: Vec::new(), seed: 7, oracle: "rust".to_owned(), strictness: Strictness::Full, ignored: Vec::new(), tolerated: Vec::new(), unmet, by_form: BTreeMap::new(), efforts: BTreeMap::new(), refused: Vec::new(), uncalled: BTreeMap::new(), raised: RaisedErrors::of(raised), scope: Scope::Normal, interrupted: None, unconfined: Vec::new(), doors: Vec::new(),
                shards: vec![ShardCounts { shard, cases: 10, tasks: None, handlers: handlers.clone(), workflows: None, second_opinions: Vec::new() }],
                cases: 10, tasks: None, quiet: None, seconds: f64::from(seconds), handlers, workflows: None, divergences,
                faults: faults.into_iter().collect(), stale: Some(Vec::new()), second_opinions: Vec::new(), absent: Vec::new(), allowed: Allowed::default(),
            }.normalised()
        }
    }

    /// The reports of some shards of one campaign, one of them perhaps twice, from machines that are not equally fast.
    fn reports() -> impl Strategy<Value = Vec<Report>> {
        let all =
            (shard_report(1), shard_report(2), shard_report(3), 0..9_u32).prop_map(|(one, two, three, seconds)| {
                vec![Report { seconds: seconds.into(), ..one.clone() }, one, two, three]
            });
        all.prop_flat_map(|all| subsequence(all.clone(), 3..=all.len())).prop_shuffle()
    }

    proptest! {
        #[test]
        fn merge_is_associative(reports in reports()) {
            let [one, two, rest @ ..] = &reports[..] else { unreachable!() };
            let rest = merge(rest.to_vec()).unwrap();
            let left = merge([merge([one.clone(), two.clone()]).unwrap(), rest.clone()]).unwrap();
            let right = merge([one.clone(), merge([two.clone(), rest]).unwrap()]).unwrap();
            prop_assert_eq!(left, right);
        }

        #[test]
        fn merge_is_commutative(reports in reports()) {
            let backwards: Vec<Report> = reports.iter().rev().cloned().collect();
            prop_assert_eq!(merge(reports).unwrap(), merge(backwards).unwrap());
        }

        #[test]
        fn merge_is_idempotent(reports in reports()) {
            let merged = merge(reports.clone()).unwrap();
            prop_assert_eq!(&merge([merged.clone(), merged.clone()]).unwrap(), &merged);
            prop_assert_eq!(&merge([merged.clone(), reports[0].clone()]).unwrap(), &merged);
        }

        #[test]
        fn a_merged_report_reads_back_as_itself(reports in reports()) {
            let merged = merge(reports).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Report>(&merged.to_json().unwrap()).unwrap(), &merged);
        }

        #[test]
        fn of_one_signature_the_smallest_is_kept(one in found(), other in found()) {
            prop_assume!(key_of(&one) == key_of(&other) && one != other);
            prop_assert_ne!(precedes(&one, &other), precedes(&other, &one));
        }
    }

    #[test]
    fn of_two_minimal_inputs_from_one_start_the_smaller_is_kept() {
        let [small, large] = [1, 2].map(|minimal| divergence("a/x", "/p", (0, true, 3), minimal));
        assert!(precedes(&small, &large) && !precedes(&large, &small));
    }

    #[test]
    fn nothing_can_not_be_joined() {
        assert_eq!(merge([]), Err(MergeError::Nothing));
    }
}

//! Joins the reports of a campaign's shards. What comes out does not depend on the order, and joining a report twice changes
//! nothing: the parts are a set, and of several divergences of one signature the smallest is kept.
//!
//! The smallest is the one that the whole campaign would have shrunk: first counts the case that a shard began with, then the
//! minimal input. So the shards together say what one machine would have said.

use std::cmp::Ordering;

use serde::Serialize;
use thiserror::Error;

use super::document::{Absent, AnyFault, Found, Part, Report};
use super::settle::key_of;

use crate::campaign::{Shard, TaskStart};
use crate::divergence::Start;
use crate::domain::document_of;
use crate::shrink::Size;

/// Why two reports can not be joined.
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
    let first = reports.next().ok_or(MergeError::Nothing)?.settled();
    reports.try_fold(first, |merged, report| join(merged, report.settled()))
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
    Ok(merged.settled())
}

fn check(one: &Report, other: &Report) -> Result<(), MergeError> {
    let campaign = |report: &Report| {
        let handlers = report.handlers.iter().flatten().map(|row| format!("{} on {}", row.handler, row.engine));
        let workflows = report.workflows.iter().flatten();
        let workflows = workflows.map(|row| format!("{} on {} in {}", row.workflow, row.engine, row.mode));
        let shards = report.shards.first().map(|part| part.shard.count().to_string());
        [
            ("the seed", Some(format!("{:016x}", report.seed))),
            ("the scope", Some(text(&report.scope))),
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
    (account.cases(), text(account))
}

trait Account {
    fn cases(&self) -> u64;
}

impl Account for Report {
    fn cases(&self) -> u64 {
        self.cases + self.tasks.unwrap_or_default()
    }
}

impl Account for Part {
    fn cases(&self) -> u64 {
        self.cases + self.tasks.unwrap_or_default()
    }
}

fn text(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// Whether `one` is the divergence to keep of two of one signature.
fn precedes(one: &Found, other: &Found) -> bool {
    let (one, other) = (order_of(one), order_of(other));
    one.partial_cmp(&other).unwrap_or(Ordering::Equal) == Ordering::Less
}

/// The start, as the campaign orders cases; then the minimal input; then the text, so that the order is total.
type Order = (Option<String>, Option<(bool, Size, u64, Option<String>)>, Size, String);

fn order_of(found: &Found) -> Order {
    match found {
        Found::Step { divergence, .. } => {
            let start = divergence.start.as_ref().map(|Start { case, workflow, well_formed, input }| {
                (!well_formed, Size::of(&document_of(input)), *case, workflow.as_ref().map(ToString::to_string))
            });
            let seen_as = divergence.evidence.as_ref().map(|evidence| evidence.seen_as.to_string());
            (seen_as, start, Size::of(&document_of(&divergence.input)), text(found))
        }
        Found::Run { divergence, .. } => {
            let document = |context| serde_json::json!({"context": context});
            let start = divergence.start.as_ref().map(|TaskStart { case, well_formed, task }| {
                (!well_formed, Size::of(&document(&task.context)), *case, Some(task.workflow.to_string()))
            });
            (None, start, Size::of(&document(&divergence.input.context)), text(found))
        }
    }
}

/// Which shards of a campaign are not among `parts`.
#[must_use]
pub fn missing(parts: &[Part]) -> Vec<Shard> {
    let Some(count) = parts.first().map(|part| part.shard.count()) else { return Vec::new() };
    let all = (1..=count).filter_map(|number| format!("{number}/{count}").parse().ok());
    all.filter(|shard: &Shard| parts.iter().all(|part| part.shard != *shard)).collect()
}

/// The absent of a report, sorted, each once.
pub(super) fn sorted(mut absent: Vec<Absent>) -> Vec<Absent> {
    absent.sort();
    absent.dedup();
    absent
}

/// A fault's text, by which equal ones are known.
pub(super) fn text_of(fault: &AnyFault) -> String {
    text(fault)
}

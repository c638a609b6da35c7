//! The course of a campaign: blocks of cases are given out and what was noted on them is gathered, then what was found goes
//! through triage, each signature once.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::{Duration, Instant};

use parity_model::HandlerId;
use parity_schema::Scope;
use parity_suite::Suite;
use serde::{Deserialize, Serialize};

use crate::error::CampaignError;
use crate::executor::Executor;
use crate::findings::{Findings, Parts};
use crate::kind::{Counted, Gathered, Kind};
use crate::roster::Roster;
use crate::shard::Shard;
use crate::tally::Quiet;
use crate::worker::{Cases, Found, Known, Rechecked, Triaged};

/// What to run.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Campaign<K: Kind> {
    /// The handlers or workflows, in the order of the report.
    pub groups: Vec<K::Group>,
    /// How each case is run.
    pub modes: Vec<K::Mode>,
    /// What is compared.
    pub suite: Suite,
    /// Cases of each group.
    pub cases: u64,
    /// No case is drawn after this time.
    pub max_time: Option<Duration>,
    /// No case is drawn when no new signature was found for so long.
    pub until_quiet: Option<Duration>,
    /// No case is drawn once something was found.
    #[serde(default)]
    pub fail_fast: bool,
    /// Fixes all cases.
    pub seed: u64,
    /// The largest scope.
    pub scope: Scope,
    /// Which of the cases.
    pub shard: Shard,
}

/// Something that a watcher of a campaign may want to know of a handler or a workflow.
#[derive(Clone, Copy)]
pub enum Event<'a> {
    /// This many more cases of it were run; so many signatures were found by now.
    Ran(&'a dyn fmt::Display, u64, usize),
    /// Something that was found goes through triage.
    Triage(&'a str),
}

/// When something ends at the latest, and whether it is to end now.
type Until<'a> = (Option<Instant>, &'a dyn Fn() -> bool);

/// The part of a campaign's time that is for triage, if something was found.
const TRIAGE_SHARE: f64 = 0.25;

/// How long after the end of its time findings may go through triage, at least.
const TRIAGE_TIME: Duration = Duration::from_secs(1);

impl<K: Kind> Campaign<K> {
    /// How many blocks of cases there are to give out.
    #[must_use]
    pub fn jobs(&self) -> u64 {
        self.cases.div_ceil(self.block()).saturating_mul(self.groups.len() as u64)
    }

    fn block(&self) -> u64 {
        K::BLOCK.saturating_mul(self.shard.count())
    }

    /// Lets `executor` run the campaign, which `started` at some time; `able` names the engines that can run a group. What is
    /// found does not depend on who does which part of it.
    ///
    /// An engine that fails on a group is a fault of the result and not run on that group again; neither is one on which it
    /// takes too long three times. Once it is `interrupted`, nothing more is drawn, and what was found stays as it is.
    pub(crate) fn conduct(
        &self,
        executor: &mut impl Executor<K>,
        able: &dyn Fn(&K::Group) -> Vec<String>,
        rechecks: Vec<Known>,
        started: Instant,
        interrupted: &dyn Fn() -> bool,
        watch: &mut dyn FnMut(Event<'_>),
    ) -> Result<K::Tally, CampaignError> {
        let mut findings = Findings::new(self.groups.iter().map(|group| (group.clone(), able(group))));
        let end = self.max_time.map(|max_time| started + max_time);
        let quiet = self.probe(executor, &mut findings, (end, interrupted), false, watch)?;
        let parts = findings.into_parts(&self.modes);
        let nothing = parts.faults.is_empty() && parts.rows.iter().all(|row| row.counts.cases == 0);
        if nothing && self.shard.holds_any(self.cases) && !interrupted() {
            return Err(CampaignError::NothingExecuted);
        }
        let limit = end.map(|end| end + TRIAGE_TIME);
        let gathered = self.triage(executor, parts, (limit, interrupted), false, watch)?;
        let gathered = Gathered { quiet, ..self.settled(executor, gathered, able, interrupted, watch)? };
        let rechecks = if interrupted() { Vec::new() } else { rechecks };
        Ok(K::tally(recheck(executor, gathered, rechecks, limit)?))
    }

    /// What was found, but of groups that keep something from one call to the next it is found once more, each piece on engines in which
    /// nothing ran before: else it would depend on who did which piece. Where the time decides what is run, it does so anyway.
    fn settled(
        &self,
        executor: &mut impl Executor<K>,
        mut gathered: Gathered<K>,
        able: &dyn Fn(&K::Group) -> Vec<String>,
        interrupted: &dyn Fn() -> bool,
        watch: &mut dyn FnMut(Event<'_>),
    ) -> Result<Gathered<K>, CampaignError> {
        let unsettled = gathered.divergences.iter().filter(|(_, divergence)| K::is_unsettled(divergence));
        let names: BTreeSet<String> = unsettled.map(|(signature, _)| K::about(signature)).collect();
        if names.is_empty() || self.max_time.is_some() || self.until_quiet.is_some() || self.fail_fast {
            return Ok(gathered);
        }
        let is_of = |group: &K::Group| names.contains(&group.to_string());
        let groups = self.groups.iter().filter(|group| is_of(group)).cloned().collect();
        let campaign = Self { groups, ..self.clone() };
        let mut findings = Findings::new(campaign.groups.iter().map(|group| (group.clone(), able(group))));
        let until: Until<'_> = (None, interrupted);
        // These cases were seen before.
        let mut watch = |event: Event<'_>| {
            if let Event::Triage(_) = event {
                watch(event);
            }
        };
        campaign.probe(executor, &mut findings, until, true, &mut watch)?;
        let again = campaign.triage(executor, findings.into_parts(&self.modes), until, true, &mut watch)?;
        if interrupted() {
            return Ok(gathered);
        }
        gathered.divergences.retain(|signature, _| !names.contains(&K::about(signature)));
        gathered.divergences.extend(again.divergences);
        gathered.courses.extend(again.courses);
        for row in &mut gathered.rows {
            let is_same =
                |new: &&Counted<K>| (&new.group, &new.engine, new.mode) == (&row.group, &row.engine, row.mode);
            if let Some(new) = again.rows.iter().find(is_same) {
                row.counts = new.counts.clone();
            }
        }
        for fault in again.faults {
            if !gathered.faults.contains(&fault) {
                gathered.faults.push(fault);
            }
        }
        Ok(gathered)
    }

    fn probe(
        &self,
        executor: &mut impl Executor<K>,
        findings: &mut Findings<K>,
        (end, interrupted): Until<'_>,
        afresh: bool,
        watch: &mut dyn FnMut(Event<'_>),
    ) -> Result<Option<Quiet>, CampaignError> {
        let last_new = Cell::new((Instant::now(), 0));
        let is_quiet = || self.until_quiet.is_some_and(|quiet| last_new.get().0.elapsed() >= quiet);
        let shared = RefCell::new((&mut *findings, watch));
        let numbers = 0..self.groups.len();
        let places =
            blocks(self.cases, self.block()).flat_map(|block| numbers.clone().map(move |number| (block, number)));
        let mut places = places.fuse();
        // Cases are drawn until the end only as long as nothing has to go through triage.
        let before = self.max_time.map_or(Duration::ZERO, |time| time.mul_f64(TRIAGE_SHARE));
        let is_end = |end: Instant| {
            let before = if last_new.get().1 > 0 { before } else { Duration::ZERO };
            Instant::now() + before >= end
        };
        let has_failed = || self.fail_fast && last_new.get().1 > 0;
        let is_over = || interrupted() || end.is_some_and(is_end) || is_quiet() || has_failed();
        let all_drawn = Cell::new(false);
        let mut next = || {
            while !is_over() {
                let Some(((first, last), number)) = places.next() else {
                    all_drawn.set(true);
                    return None;
                };
                let (findings, watch) = &mut *shared.borrow_mut();
                let engines = findings.standings(number);
                let group = &self.groups[number];
                if engines.is_empty() {
                    watch(Event::Ran(group, last - first, findings.found()));
                    continue;
                }
                return Some((Cases { group: group.clone(), first, end: last, engines, afresh }, end));
            }
            None
        };
        let mut done = |cases: Cases<K>, log| {
            let (findings, watch) = &mut *shared.borrow_mut();
            let Cases { group, first, end, .. } = cases;
            let number = self.groups.iter().position(|known| *known == group);
            if number.is_some_and(|number| findings.take(number, (first, end), log)) {
                last_new.set((Instant::now(), findings.cases()));
            }
            watch(Event::Ran(&group, end - first, findings.found()));
            Ok(())
        };
        // What was under way when it became quiet may have shown something new.
        loop {
            executor.execute(&mut next, &mut done)?;
            if all_drawn.get() || is_over() {
                break;
            }
        }
        findings.take_the_rest();
        let quiet = self.until_quiet.filter(|_| is_quiet());
        Ok(quiet.map(|quiet| Quiet { seconds: quiet.as_secs_f64(), last_new: last_new.get().1 }))
    }

    /// Makes everything that was found a divergence. What there is no time for stays as it was found.
    fn triage(
        &self,
        executor: &mut impl Executor<K>,
        parts: Parts<K>,
        (limit, interrupted): Until<'_>,
        afresh: bool,
        watch: &mut dyn FnMut(Event<'_>),
    ) -> Result<Gathered<K>, CampaignError> {
        let Parts { rows, witnesses, mut faults, courses } = parts;
        let mut jobs = witnesses.iter();
        let mut next = || {
            if interrupted() {
                return None;
            }
            let left = u32::try_from(jobs.len()).unwrap_or(u32::MAX);
            let (signature, witness) = jobs.next()?;
            watch(Event::Triage(&K::about(signature)));
            // Each gets its share of the time that is left, so that the first do not use up that of the others.
            let now = Instant::now();
            let limit = limit.map(|limit| now + limit.saturating_duration_since(now) / left);
            Some((Found { signature: signature.clone(), witness: witness.clone(), afresh }, limit))
        };
        let mut triaged: BTreeMap<K::Signature, Triaged<K>> = BTreeMap::new();
        let mut done = |found: Found<K>, done| {
            triaged.insert(found.signature, done);
            Ok(())
        };
        executor.execute(&mut next, &mut done)?;
        let whole = self.shard == Shard::WHOLE;
        let mut divergences = BTreeMap::new();
        for (signature, witness) in witnesses {
            let divergence = match triaged.remove(&signature) {
                Some(Triaged::Divergence(divergence)) => *divergence,
                Some(Triaged::Fault(fault)) => {
                    if !faults.contains(&fault) {
                        faults.push(*fault);
                    }
                    continue;
                }
                None => K::untriaged(witness.clone()),
            };
            let divergence = if whole { divergence } else { K::with_start(divergence, &witness) };
            divergences.insert(signature, divergence);
        }
        let (stale, unknown) = (Vec::new(), Vec::new());
        Ok(Gathered { rows, divergences, faults, courses, stale, unknown, quiet: None, whole })
    }

    /// The entries of the ledger to look at: those of these handlers on these engines.
    pub(crate) fn rechecks<'h>(&self, handlers: impl Iterator<Item = &'h HandlerId>, engines: &[Roster]) -> Vec<Known> {
        let mut rechecks = Vec::new();
        for handler in handlers {
            for roster in engines.iter().filter(|roster| roster.has(handler)) {
                let here = |entry: &parity_judge::Entry| {
                    entry.signature.handler == *handler && entry.signature.engine == roster.engine
                };
                if self.suite.criteria.ledger.entries().iter().any(here) {
                    rechecks.push(Known { handler: handler.clone(), engine: roster.engine.clone() });
                }
            }
        }
        rechecks
    }
}

/// Looks which known divergences still occur.
fn recheck<K: Kind>(
    executor: &mut impl Executor<K>,
    mut gathered: Gathered<K>,
    rechecks: Vec<Known>,
    limit: Option<Instant>,
) -> Result<Gathered<K>, CampaignError> {
    let mut jobs = rechecks.into_iter();
    let mut next = || Some((jobs.next()?, limit));
    let mut done = |_: Known, Rechecked { stale, faults }| {
        gathered.stale.extend(stale);
        gathered.unknown.extend(faults);
        Ok(())
    };
    executor.execute(&mut next, &mut done)?;
    gathered.stale.sort();
    Ok(gathered)
}

/// `0..cases` in blocks, the last of which may be shorter.
fn blocks(cases: u64, step: u64) -> impl Iterator<Item = (u64, u64)> {
    let from = move |first: u64| (first < cases).then(|| (first, cases.min(first.saturating_add(step))));
    std::iter::successors(from(0), move |(_, end)| from(*end))
}

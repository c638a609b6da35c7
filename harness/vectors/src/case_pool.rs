//! The cases that the vectors of a handler are chosen from: the first of a fixed seed, well-meant and hostile ones.

use std::collections::{BTreeMap, BTreeSet};

use reference_rs::HandlerSpec;

use super::error::VectorError;
use super::examine::Examined;
use super::feature::{CommonValues, Feature};
use super::flag::class_flag;
use super::model::SEED;
use parity_blog::OwnCases;
use parity_json::compact_text;
use parity_model::Zone;
use parity_schema::Domain;
use parity_schema::Scope;
use parity_shrink::Size;
use parity_suite::CaseId;

/// Cases of the ordinary scopes.
const CASES: u64 = 2000;

/// Hostile cases.
const HOSTILE_CASES: u64 = 800;

/// Longer inputs are no documentation.
const LONGEST: usize = 4000;

/// Every so many cases one is a second attempt.
const SECOND_ATTEMPTS: u64 = 16;

/// A feature that fewer cases have is an accident.
const COMMON: u32 = 3;

/// One case with everything about it.
#[derive(Debug)]
pub(super) struct PooledCase {
    pub(super) examined: Examined,
    pub(super) features: BTreeSet<Feature>,
    pub(super) size: Size,
}

/// The cases of one handler.
#[derive(Debug)]
pub(super) struct CasePool {
    pub(super) cases: Vec<PooledCase>,
    source: OwnCases,
    pub(super) common: CommonValues,
}

impl CasePool {
    /// Draws the cases of a handler.
    pub(super) fn of(spec: &'static HandlerSpec) -> Result<Self, VectorError> {
        let source = OwnCases::of(&spec.handler())?;
        let domain = source.domain();
        let mut seen = BTreeMap::new();
        let scopes = (0..CASES).map(|index| (index, Scope::Normal.of_case(index)));
        for (index, scope) in scopes.chain((CASES..CASES + HOSTILE_CASES).map(|index| (index, Scope::Hostile))) {
            let mut input = source.draw(CaseId { seed: SEED, index }, scope)?.step_input;
            // None of our handlers tells a local time.
            input.ambient.zone = Zone::default();
            input.attempt = if index % SECOND_ATTEMPTS == SECOND_ATTEMPTS - 1 { 2 } else { 1 };
            if let Some(examined) = Examined::new(&input) {
                let examined = examined.in_plain_ambient();
                let text = compact_text(&examined.input);
                if text.len() <= LONGEST {
                    seen.entry(text).or_insert((index, examined));
                }
            }
        }
        let mut drawn: Vec<(u64, Examined)> = seen.into_values().collect();
        drawn.sort_by_key(|(index, _)| *index);
        let well_formed =
            drawn.iter().map(|(_, examined)| examined).filter(|examined| domain.holds(&examined.document));
        let common = CommonValues::of(well_formed);
        let pooled = |(_, examined): (u64, Examined)| PooledCase {
            features: examined.features(domain, &common),
            size: Size::of(&examined.document),
            examined,
        };
        let mut cases: Vec<PooledCase> = drawn.into_iter().map(pooled).collect();
        forget_accidents(&mut cases);
        Ok(Self { cases, source, common })
    }

    /// Which inputs are well-formed.
    pub(super) fn domain(&self) -> &Domain {
        self.source.domain()
    }
}

/// Forgets the features that hardly any case of the same declared outcome has: they tell about the case, not the handler.
fn forget_accidents(cases: &mut [PooledCase]) {
    let mut counts: BTreeMap<(String, Feature), u32> = BTreeMap::new();
    let key = |examined: &Examined, feature: &Feature| (class_flag(examined.class), feature.clone());
    for case in cases.iter() {
        for feature in &case.features {
            *counts.entry(key(&case.examined, feature)).or_default() += 1;
        }
    }
    for PooledCase { examined, features, .. } in cases {
        let is_common = |feature: &Feature| counts.get(&key(examined, feature)).is_some_and(|count| *count >= COMMON);
        features.retain(|feature| matches!(feature, Feature::Class | Feature::Edge(_)) || is_common(feature));
    }
}

//! Choosing vectors: every declared outcome, every edge of every outcome, every boundary, and what else outcomes differ in,
//! each by the smallest case that has it; then a few fuller cases that have many of these things at once.

use std::collections::{BTreeMap, BTreeSet};

use reference_rs::{HandlerSpec, OutcomeClass};

use super::case_pool::{CasePool, PooledCase};
use super::error::VectorError;
use super::examine::Examined;
use super::feature::Feature;
use super::flag::{Flag, class_flag};
use super::model::Vector;
use crate::notes;

/// Vectors a handler, apart from promoted ones.
const MOST: usize = 42;

/// Up to how many vectors edges, then boundaries, then all other features may go; the rest is for fuller cases.
const EDGES: usize = 20;
const BOUNDARIES: usize = 26;
const FEATURES: usize = 29;

/// A fuller case is made smaller only if so many features keep it full.
const WORTHWHILE: usize = 4;

/// Every declared outcome has so many vectors, if there are as many different cases.
const OF_A_CLASS: usize = 3;

/// Chooses the vectors of a handler. It depends on the handler alone.
pub fn select(spec: &'static HandlerSpec) -> Result<Vec<Vector>, VectorError> {
    let pool = CasePool::of(spec)?;
    let mut selection = Selection { pool: &pool, covered: BTreeMap::new(), chosen: BTreeMap::new() };
    for class in spec.outcomes {
        selection.cover(*class, &Feature::Class);
    }
    let wanted = selection.wanted();
    selection.cover_all(&wanted, EDGES, |feature| matches!(feature, Feature::Edge(_)));
    selection.cover_all(&wanted, BOUNDARIES, |feature| matches!(feature, Feature::Boundary(_)));
    selection.cover_all(&wanted, FEATURES, |feature| !matches!(feature, Feature::Edge(_) | Feature::Shape(_)));
    for class in spec.outcomes {
        selection.repeat(*class);
    }
    selection.fill();
    Ok(selection.chosen.into_values().map(|(_, vector)| vector).collect())
}

struct Selection<'a> {
    pool: &'a CasePool,
    /// How many vectors have a feature, by declared outcome.
    covered: BTreeMap<String, BTreeMap<Feature, u32>>,
    /// The vectors by identity.
    chosen: BTreeMap<String, (OutcomeClass, Vector)>,
}

impl Selection<'_> {
    /// The features of all cases that are vectors' business, the common ones first within their kind.
    fn wanted(&self) -> Vec<(OutcomeClass, Feature)> {
        let mut counts: BTreeMap<(String, &Feature), (OutcomeClass, u32)> = BTreeMap::new();
        for case in &self.pool.cases {
            let class = case.examined.class;
            for feature in &case.features {
                counts.entry((class_flag(class), feature)).or_insert((class, 0)).1 += 1;
            }
        }
        let mut wanted: Vec<_> =
            counts.into_iter().map(|((flag, feature), counted)| (counted, feature, flag)).collect();
        wanted.sort_by(|((_, a), feature, flag), ((_, b), other, other_flag)| {
            b.cmp(a).then_with(|| feature.cmp(other)).then_with(|| flag.cmp(other_flag))
        });
        wanted.into_iter().map(|((class, _), feature, _)| (class, feature.clone())).collect()
    }

    /// What vectors of a declared outcome have.
    fn covered(&self, class: OutcomeClass) -> Option<&BTreeMap<Feature, u32>> {
        self.covered.get(&class_flag(class))
    }

    fn cover_all(&mut self, wanted: &[(OutcomeClass, Feature)], most: usize, is_meant: impl Fn(&Feature) -> bool) {
        for (class, feature) in wanted.iter().filter(|(_, feature)| is_meant(feature)) {
            if self.chosen.len() >= most {
                return;
            }
            self.cover(*class, feature);
        }
    }

    /// Adds the smallest case with this declared outcome and feature, unless a vector has it already.
    fn cover(&mut self, class: OutcomeClass, feature: &Feature) {
        let is_covered = if is_of_any_class(feature) {
            self.covered.values().any(|covered| covered.contains_key(feature))
        } else {
            self.covered(class).is_some_and(|covered| covered.contains_key(feature))
        };
        if is_covered {
            return;
        }
        let having =
            self.pool.cases.iter().filter(|case| case.examined.class == class && case.features.contains(feature));
        if let Some(case) = having.min_by(|a, b| smaller(a, b)) {
            let examined = case.examined.minimised(&BTreeSet::from([feature.clone()]), self.pool.domain());
            self.add(&examined, notes::of_feature(class, feature));
        }
    }

    /// Adds cases of a declared outcome that has too few vectors.
    fn repeat(&mut self, class: OutcomeClass) {
        let mut cases: Vec<&PooledCase> = self.pool.cases.iter().filter(|case| case.examined.class == class).collect();
        cases.sort_by(|a, b| smaller(a, b));
        // Spread over the sizes, not only the smallest ones.
        let step = (cases.len() / (4 * OF_A_CLASS)).max(1);
        for case in cases.into_iter().step_by(step) {
            if self.chosen.values().filter(|(other, _)| *other == class).count() >= OF_A_CLASS {
                return;
            }
            let examined = case.examined.minimised(&case.features, self.pool.domain());
            self.add(&examined, notes::another(class));
        }
    }

    /// Adds fuller cases: those with the most features that no vector has, made as small as these allow, well-formed ones only.
    fn fill(&mut self) {
        let hostile = Feature::Edge(Flag::Hostile);
        let mut left: Vec<&PooledCase> =
            self.pool.cases.iter().filter(|case| !case.features.contains(&hostile)).collect();
        while self.chosen.len() < MOST {
            let gains = left.iter().map(|case| (self.gain(case), *case)).enumerate();
            let best =
                gains.max_by(|(_, (gain, case)), (_, (other, of))| gain.cmp(other).then_with(|| smaller(of, case)));
            let Some((place, _)) = best else { return };
            let case = left.swap_remove(place);
            let covered = self.covered(case.examined.class);
            let is_new = |feature: &&Feature| covered.is_none_or(|covered| !covered.contains_key(*feature));
            let new: BTreeSet<Feature> = case.features.iter().filter(is_new).cloned().collect();
            let kept = if new.len() < WORTHWHILE { case.features.clone() } else { new };
            let examined = case.examined.minimised(&kept, self.pool.domain());
            self.add(&examined, notes::fuller(case.examined.class, &kept));
        }
    }

    /// How many features no vector has; then how rare the others are among the vectors.
    fn gain(&self, case: &PooledCase) -> (usize, u32) {
        let covered = self.covered(case.examined.class);
        let count = |feature| covered.and_then(|covered| covered.get(feature)).copied().unwrap_or(0);
        let counts: Vec<u32> = case.features.iter().map(count).collect();
        let new = counts.iter().filter(|count| **count == 0).count();
        (new, counts.into_iter().map(|count| 1000 / (1 + count).pow(2)).sum())
    }

    fn add(&mut self, examined: &Examined, note: String) {
        let flags = examined.flags(self.pool.domain());
        let vector = Vector::new(examined.input.clone(), examined.outcome.clone(), flags, note);
        if !self.chosen.contains_key(&vector.id) {
            let covered = self.covered.entry(class_flag(examined.class)).or_default();
            for feature in examined.features(self.pool.domain(), &self.pool.common) {
                *covered.entry(feature).or_default() += 1;
            }
            self.chosen.insert(vector.id.clone(), (examined.class, vector));
        }
    }
}

/// Whether one vector with this feature is enough, whatever outcome it ends in.
fn is_of_any_class(feature: &Feature) -> bool {
    matches!(feature, Feature::Edge(Flag::Large | Flag::Retry | Flag::Unicode))
}

/// Well-formed before hostile, then by size; the earlier of two equal ones is the smaller.
fn smaller(a: &PooledCase, b: &PooledCase) -> std::cmp::Ordering {
    let is_hostile = |case: &PooledCase| case.features.contains(&Feature::Edge(Flag::Hostile));
    let by_size = || a.size.partial_cmp(&b.size).unwrap_or(std::cmp::Ordering::Equal);
    is_hostile(a).cmp(&is_hostile(b)).then_with(by_size)
}

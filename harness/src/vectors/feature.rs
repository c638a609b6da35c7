//! What makes a case worth keeping: things about its outcome and how it came about that other cases do not have.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use reference_rs::Outcome;

use super::edges::template;
use super::examine::Examined;
use super::flag::Flag;
use crate::domain::Domain;

/// A number of the input at which a step of one unit or one cent decides.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Boundary {
    /// Where it stands in `{"context", "dependencies"}`, with wildcards.
    pub(super) path: String,
    /// Whether the step up decides, or the step down.
    pub(super) is_up: bool,
    /// What is decided on the other side: another outcome by its name, or a place in the outcome.
    pub(super) place: String,
}

/// One thing about a case of a given declared outcome. The order is that in which they are covered.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Feature {
    /// It ends in its declared outcome.
    Class,
    /// It is at an edge.
    Edge(Flag),
    /// It is at this boundary.
    Boundary(Boundary),
    /// Its outcome depends on a clock at this edge of the calendar.
    Clock(&'static str),
    /// Its failure has a message of this form.
    Message(String),
    /// A value that the outcome has at a place where there are few different ones.
    Value(String, String),
    /// Something stands at a place of the outcome, and of which kind.
    Shape(String),
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Class => f.write_str("the declared outcome"),
            Self::Edge(flag) => write!(f, "the edge {flag}"),
            Self::Boundary(Boundary { path, is_up, place }) => {
                let step = if *is_up { "up" } else { "down" };
                write!(f, "one step {step} of {path} decides {place}")
            }
            Self::Clock(edge) => write!(f, "the clock at {edge}"),
            Self::Message(template) => write!(f, "the message {template:?}"),
            Self::Value(path, value) => write!(f, "{value} at {path}"),
            Self::Shape(shape) => write!(f, "the shape {shape}"),
        }
    }
}

/// The values at the places of outcomes where few different ones stand: by declared outcome (as its flag) and path.
#[derive(Clone, Debug, Default)]
pub(super) struct FewValues(BTreeMap<String, BTreeMap<String, u32>>);

/// At most so many different values are few.
const FEW: usize = 8;

impl FewValues {
    /// The few values of these cases.
    pub(super) fn of<'a>(cases: impl Iterator<Item = &'a Examined>) -> Self {
        let mut values: BTreeMap<String, BTreeMap<String, u32>> = BTreeMap::new();
        for case in cases {
            for (path, value) in case.scalars() {
                let seen = values.entry(key(case, &path)).or_default();
                if seen.len() <= FEW || seen.contains_key(&value) {
                    *seen.entry(value).or_default() += 1;
                }
            }
        }
        values.retain(|_, seen| (2..=FEW).contains(&seen.len()));
        Self(values)
    }

    fn has(&self, case: &Examined, path: &str) -> bool {
        self.0.contains_key(&key(case, path))
    }
}

fn key(case: &Examined, path: &str) -> String {
    format!("{} {path}", case.class)
}

impl Examined {
    /// Everything about the case.
    pub(super) fn features(&self, domain: &Domain, few: &FewValues) -> BTreeSet<Feature> {
        let mut features = BTreeSet::from([Feature::Class]);
        let boundaries = self.boundaries();
        if !boundaries.is_empty() {
            features.insert(Feature::Edge(Flag::Boundary));
        }
        features.extend(boundaries.into_iter().map(Feature::Boundary));
        let others = Flag::ALL.into_iter().filter(|flag| *flag != Flag::Boundary);
        features.extend(others.filter(|flag| self.is_at(*flag, domain)).map(Feature::Edge));
        if features.contains(&Feature::Edge(Flag::Time)) {
            features.extend(self.clock_edges().into_iter().map(Feature::Clock));
        }
        features.extend(self.message_template().map(Feature::Message));
        let scalars = self.scalars().into_iter().filter(|(path, _)| few.has(self, path));
        features.extend(scalars.map(|(path, value)| Feature::Value(path, value)));
        features.extend(self.shape().into_iter().map(Feature::Shape));
        features
    }

    /// Whether the case has all of `features`; the cheap ones are asked first.
    pub(super) fn has_all(&self, features: &BTreeSet<Feature>, domain: &Domain) -> bool {
        features.iter().rev().all(|feature| match feature {
            Feature::Class => true,
            Feature::Edge(flag) => self.is_at(*flag, domain),
            Feature::Boundary(boundary) => self.boundaries().contains(boundary),
            Feature::Clock(edge) => self.clock_edges().contains(edge) && self.depends_on_time(),
            Feature::Message(template) => self.message_template().as_ref() == Some(template),
            Feature::Value(path, value) => self.scalars().contains(&(path.clone(), value.clone())),
            Feature::Shape(shape) => self.shape().contains(shape),
        })
    }

    fn message_template(&self) -> Option<String> {
        match &self.outcome {
            Outcome::Failed(failure) => Some(template(&failure.message)),
            Outcome::Completed { .. } => None,
        }
    }

    fn clock_edges(&self) -> Vec<&'static str> {
        let now: DateTime = self.input.ambient.now.to_zoned(TimeZone::UTC).datetime();
        let date = now.date();
        let edges = [
            ("the last day of a month", date.day() == date.days_in_month()),
            ("the 29th of February", date.month() == 2 && date.day() == 29),
            ("the last hour of a day", now.hour() == 23),
            ("the first hour of a day", now.hour() == 0),
            ("a fraction of a second", now.subsec_nanosecond() != 0),
            ("the end of a year", date.month() == 12 && date.day() > 24),
            ("one digit a day and month", date.day() < 10 && date.month() < 10),
        ];
        edges.into_iter().filter_map(|(name, holds)| holds.then_some(name)).collect()
    }
}

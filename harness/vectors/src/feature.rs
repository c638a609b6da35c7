//! What makes a case worth keeping: things about its outcome and how it came about that other cases do not have.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use parity_model::Outcome;

use super::boundary::{Boundary, Step};
use super::edges::template;
use super::examine::Examined;
use super::flag::Flag;
use parity_schema::Domain;

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
    /// Its outcome depends on a value at this place of the input, and on this about it.
    Detail(String, &'static str),
    /// Its outcome depends on this value at a place of the input where it is common.
    Deciding(String, String),
    /// This value stands at a place of the input where it is common.
    Given(String, String),
    /// Its failure has a message of this form.
    Message(String),
    /// A value that is common at a place of the outcome.
    Value(String, String),
    /// Something stands at a place of the outcome, and of which kind.
    Shape(String),
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Class => f.write_str("the declared outcome"),
            Self::Edge(flag) => write!(f, "the edge {flag}"),
            Self::Boundary(Boundary { path, step, place }) => {
                let step = match step {
                    Step::Down => "one step down of",
                    Step::Up => "one step up of",
                    Step::Either => "either step of",
                };
                write!(f, "how {step} {path} decides {place}")
            }
            Self::Clock(edge) => write!(f, "the clock at {edge}"),
            Self::Detail(path, what) => write!(f, "a value at {path} {what}"),
            Self::Deciding(path, value) => write!(f, "that the input {value} at {path} decides"),
            Self::Given(path, value) => write!(f, "the input {value} at {path}"),
            Self::Message(template) => write!(f, "the message {template:?}"),
            Self::Value(path, value) => write!(f, "{value} at {path}"),
            Self::Shape(shape) => write!(f, "the shape {shape}"),
        }
    }
}

/// The values that come up again and again at a place of inputs and outcomes, as against those that are different in every
/// case: by declared outcome and path.
#[derive(Clone, Debug, Default)]
pub(super) struct CommonValues(BTreeMap<String, BTreeMap<String, u32>>);

/// One in so many values at a place must be the same for it to be a common one.
const ONE_IN: u32 = 40;

impl CommonValues {
    /// The common values of these cases.
    pub(super) fn of<'a>(cases: impl Iterator<Item = &'a Examined>) -> Self {
        let mut values: BTreeMap<String, BTreeMap<String, u32>> = BTreeMap::new();
        for case in cases {
            for (path, value) in case.scalars().into_iter().chain(case.given()) {
                *values.entry(key(case, &path)).or_default().entry(value).or_default() += 1;
            }
        }
        for seen in values.values_mut() {
            let all: u32 = seen.values().sum();
            seen.retain(|_, count| *count * ONE_IN >= all && *count < all);
        }
        Self(values)
    }

    fn has(&self, case: &Examined, path: &str, value: &str) -> bool {
        self.0.get(&key(case, path)).is_some_and(|values| values.contains_key(value))
    }
}

fn key(case: &Examined, path: &str) -> String {
    format!("{} {path}", case.class)
}

impl Examined {
    /// Everything about the case.
    pub(super) fn features(&self, domain: &Domain, common: &CommonValues) -> BTreeSet<Feature> {
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
        for (path, value) in self.given().into_iter().filter(|(path, value)| common.has(self, path, value)) {
            if self.depends_on_given(&path, &value) {
                features.insert(Feature::Deciding(path.clone(), value.clone()));
            }
            features.insert(Feature::Given(path, value));
        }
        features.extend(self.details().into_iter().map(|(path, what)| Feature::Detail(path, what)));
        let scalars = self.scalars().into_iter().filter(|(path, value)| common.has(self, path, value));
        features.extend(scalars.map(|(path, value)| Feature::Value(path, value)));
        features.extend(self.shape().into_iter().map(Feature::Shape));
        features
    }

    /// Whether the case has all of `features`; the cheap ones are asked first, and what several need is made once.
    pub(super) fn has_all(&self, features: &BTreeSet<Feature>, domain: &Domain) -> bool {
        let (shape, scalars, given) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
        let (details, boundaries) = (OnceCell::new(), OnceCell::new());
        let pair = |path: &String, value: &String| (path.clone(), value.clone());
        features.iter().rev().all(|feature| match feature {
            Feature::Class => true,
            Feature::Edge(flag) => self.is_at(*flag, domain),
            Feature::Boundary(boundary) => boundaries.get_or_init(|| self.boundaries()).contains(boundary),
            Feature::Clock(edge) => self.clock_edges().contains(edge) && self.depends_on_time(),
            Feature::Detail(path, what) => details.get_or_init(|| self.details()).contains(&(path.clone(), *what)),
            Feature::Deciding(path, value) => self.depends_on_given(path, value),
            Feature::Given(path, value) => given.get_or_init(|| self.given()).contains(&pair(path, value)),
            Feature::Message(template) => self.message_template().as_ref() == Some(template),
            Feature::Value(path, value) => scalars.get_or_init(|| self.scalars()).contains(&pair(path, value)),
            Feature::Shape(place) => shape.get_or_init(|| self.shape()).contains(place),
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

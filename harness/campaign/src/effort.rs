//! What was drawn of a handler, and what that took: whoever sets up a campaign wants to know whether its cases are worth their time.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use parity_model::StepInput;
use parity_suite::{Drawn, Origin};
use serde::{Deserialize, Serialize};

/// The first cases of a handler are looked at more closely.
const CLOSELY: u64 = 100;

/// What was drawn of a handler. The default is nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Effort {
    /// How many cases were drawn.
    pub cases: u64,
    /// How many of them, the first ones, were looked at closely.
    pub closely: u64,
    /// The digests of the inputs of these.
    inputs: BTreeSet<u64>,
    /// How many cases have something beside what was drawn.
    pub origins: BTreeMap<Origin, u64>,
    /// How long drawing took, with the earlier steps that were run for it.
    pub drawing: Duration,
    /// How long the handlers took, with comparing what they answered.
    pub running: Duration,
}

impl Effort {
    /// Counts a case.
    pub(crate) fn see(&mut self, index: u64, Drawn { input, origins, .. }: &Drawn) {
        self.cases += 1;
        if index < CLOSELY {
            self.closely += 1;
            self.inputs.insert(digest(input));
        }
        for origin in origins.iter().collect::<BTreeSet<_>>() {
            *self.origins.entry(*origin).or_default() += 1;
        }
    }

    /// How many different inputs there are among those that were looked at closely.
    #[must_use]
    pub fn distinct(&self) -> u64 {
        self.inputs.len() as u64
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.cases += other.cases;
        self.closely += other.closely;
        self.inputs.extend(other.inputs);
        for (origin, count) in other.origins {
            *self.origins.entry(origin).or_default() += count;
        }
        self.drawing += other.drawing;
        self.running += other.running;
    }
}

/// The same number for the same context and results of earlier steps, in every process.
fn digest(input: &StepInput) -> u64 {
    let mut hasher = DefaultHasher::new();
    // Of values that are JSON already, so that nothing is in the way of their text.
    serde_json::to_string(&(&input.context, &input.dependencies)).unwrap_or_default().hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::*;

    #[test]
    fn efforts_of_several_jobs_are_one() {
        let drawn = |number: u64, origins: &[Origin]| {
            let context = Map::from_iter([("n".to_owned(), json!(number))]);
            let input = StepInput::new("shop/pay".parse().unwrap(), context, Map::new());
            Drawn { input, is_spoilt: false, origins: origins.to_vec() }
        };
        let effort = |first: u64, numbers: &[u64], origins: &[Origin]| {
            let mut effort = Effort { drawing: Duration::from_secs(1), ..Effort::default() };
            (first..).zip(numbers).for_each(|(index, number)| effort.see(index, &drawn(*number, origins)));
            effort
        };
        let mut all = effort(0, &[1, 2, 1], &[Origin::Relations, Origin::Relations]);
        // As a worker process sends it.
        all.add(serde_json::from_value(json!(effort(99, &[2, 3], &[]))).unwrap());
        assert_eq!((all.cases, all.closely, all.distinct()), (5, 4, 2));
        assert_eq!(all.origins, BTreeMap::from([(Origin::Relations, 3)]));
        assert_eq!((all.drawing, all.running), (Duration::from_secs(2), Duration::ZERO));
    }
}

//! A second opinion: what another runtime of the same language said of an engine's calls.

use std::collections::{BTreeMap, BTreeSet};

use parity_model::{HandlerId, Observation, StepInput};
use serde::{Deserialize, Serialize};

/// What a second runtime said of the calls of an engine.
///
/// JSON: `{"calls": 1000, "otherwise": {"shop/quote": {"calls": 3, "input", "first", "second"}}, "troubles": ["…"]}`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Opinion {
    /// Calls that were made in it, too.
    pub calls: u64,
    /// The handlers to which the first runtime answered otherwise.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub otherwise: BTreeMap<HandlerId, Otherwise>,
    /// What went wrong with it. It says nothing about a handler.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub troubles: BTreeSet<String>,
}

/// How the first runtime answered otherwise than the second one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Otherwise {
    /// How often.
    pub calls: u64,
    /// The input of one of these calls.
    pub input: StepInput,
    /// What the first runtime answered to it.
    pub first: Observation,
    /// What the second runtime answered to it.
    pub second: Observation,
}

impl Opinion {
    /// Whether nothing was said.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// Adds another opinion. The order makes no difference: of several examples the shortest is kept.
    pub fn add(&mut self, other: Self) {
        self.calls += other.calls;
        self.troubles.extend(other.troubles);
        for (handler, other) in other.otherwise {
            self.differ(handler, other);
        }
    }

    /// Notes that the first runtime answered otherwise.
    pub fn differ(&mut self, handler: HandlerId, otherwise: Otherwise) {
        match self.otherwise.get_mut(&handler) {
            None => {
                self.otherwise.insert(handler, otherwise);
            }
            Some(known) => {
                let calls = known.calls + otherwise.calls;
                if otherwise.rank() < known.rank() {
                    *known = otherwise;
                }
                known.calls = calls;
            }
        }
    }
}

impl Otherwise {
    fn rank(&self) -> (usize, String) {
        let text = serde_json::json!([self.input, self.first, self.second]).to_string();
        (text.len(), text)
    }
}

#[cfg(test)]
mod tests {
    use parity_model::Outcome;
    use serde_json::{Map, json};

    use super::*;

    fn opinion(calls: u64, amount: u64) -> Opinion {
        let handler: HandlerId = "shop/quote".parse().unwrap();
        let context = Map::from_iter([("amount".to_owned(), json!(amount))]);
        let answer = |result: u64| Outcome::Completed { result: json!(result), metadata: json!({}) }.into();
        let input = StepInput::new(handler.clone(), context, Map::new());
        let otherwise = Otherwise { calls: 1, input, first: answer(1), second: answer(2) };
        Opinion { calls, otherwise: [(handler, otherwise)].into(), troubles: BTreeSet::default() }
    }

    #[test]
    fn opinions_add_up_in_any_order_and_the_shortest_example_is_kept() {
        let (one, other) = (opinion(3, 1000), opinion(4, 7));
        let [mut sum, mut same] = [one.clone(), other.clone()];
        sum.add(other);
        same.add(one);
        assert_eq!(sum, same);
        let otherwise = sum.otherwise.values().next().unwrap();
        assert_eq!((sum.calls, otherwise.calls), (7, 2));
        assert_eq!(otherwise.input.context["amount"], json!(7));
    }
}

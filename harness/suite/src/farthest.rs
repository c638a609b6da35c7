//! Contexts that lead far: on them the steps before a step complete, and then the step itself. Most contexts of a large workflow end at
//! one of its first checks.

use parity_schema::below;
use proptest::test_runner::TestRng;
use serde_json::{Map, Value};

/// How many are kept.
const MOST: usize = 32;

/// So many members of a context are others than in the context that it is drawn from, at most.
const OTHERS: usize = 3;

/// What led farthest so far.
#[derive(Clone, Debug)]
pub(crate) struct Farthest<T> {
    reached: usize,
    kept: Vec<T>,
}

impl<T: Clone> Farthest<T> {
    /// Nothing has led anywhere.
    pub(crate) fn new() -> Self {
        Self { reached: 0, kept: Vec::new() }
    }

    /// Keeps what led to `reached`, if that is nowhere less far than what is kept.
    pub(crate) fn offer(&mut self, reached: usize, value: &T) {
        if reached > self.reached {
            (self.reached, self.kept) = (reached, Vec::new());
        }
        if reached > 0 && reached == self.reached && self.kept.len() < MOST {
            self.kept.push(value.clone());
        }
    }

    /// Whether nothing has led anywhere.
    pub(crate) fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// What led so far.
    pub(crate) fn that_reached(&self, goal: usize) -> &[T] {
        if self.reached == goal { &self.kept } else { &[] }
    }

    /// One of them.
    pub(crate) fn one(&self, rng: &mut TestRng) -> Option<&T> {
        self.kept.get(below(rng, self.kept.len().max(1)))
    }
}

/// `kept` with a few members as in `other`, at any depth.
pub(crate) fn crossed(kept: &Map<String, Value>, other: &Map<String, Value>, rng: &mut TestRng) -> Map<String, Value> {
    let mut places = Vec::new();
    collect(kept, other, &mut Vec::new(), &mut places);
    let mut crossed = kept.clone();
    if !places.is_empty() {
        for _ in 0..=below(rng, OTHERS) {
            let (within, name) = &places[below(rng, places.len())];
            take(&mut crossed, other, (within, name));
        }
    }
    crossed
}

/// A member: the names of the objects that it is in, and its own.
type Place = (Vec<String>, String);

/// The members that one of two objects has; of those that are objects in both, their members.
fn collect(kept: &Map<String, Value>, other: &Map<String, Value>, within: &mut Vec<String>, places: &mut Vec<Place>) {
    let added = other.keys().filter(|name| !kept.contains_key(*name));
    for name in kept.keys().chain(added) {
        if let (Some(Value::Object(kept)), Some(Value::Object(other))) = (kept.get(name), other.get(name)) {
            within.push(name.clone());
            collect(kept, other, within, places);
            within.pop();
        } else {
            places.push((within.clone(), name.clone()));
        }
    }
}

/// Makes a member what it is in `other`.
fn take(crossed: &mut Map<String, Value>, other: &Map<String, Value>, (within, name): (&[String], &str)) {
    match within.split_first() {
        Some((outer, within)) => {
            if let (Some(Value::Object(crossed)), Some(Value::Object(other))) =
                (crossed.get_mut(outer), other.get(outer))
            {
                take(crossed, other, (within, name));
            }
        }
        None => match other.get(name) {
            Some(value) => drop(crossed.insert(name.to_owned(), value.clone())),
            None => drop(crossed.shift_remove(name)),
        },
    }
}

#[cfg(test)]
mod tests {
    use proptest::test_runner::RngAlgorithm;
    use serde_json::json;

    use super::*;

    fn rng() -> TestRng {
        TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32])
    }

    #[test]
    fn what_led_farther_takes_the_place_of_the_rest() {
        let mut farthest = Farthest::new();
        assert_eq!(farthest.one(&mut rng()), None);
        for (reached, name) in [(0, 'a'), (1, 'b'), (1, 'c'), (2, 'd'), (1, 'e'), (2, 'f')] {
            farthest.offer(reached, &name);
        }
        assert_eq!((farthest.that_reached(2), farthest.that_reached(3)), (&['d', 'f'][..], &[][..]));
        let rng = &mut rng();
        let seen: std::collections::BTreeSet<char> = (0..20).filter_map(|_| farthest.one(rng).copied()).collect();
        assert_eq!(Vec::from_iter(seen), ['d', 'f']);
    }

    #[test]
    fn a_few_members_are_others_and_each_may_be() {
        let (kept, other) =
            (json!({"a": 1, "b": {"c": 1, "d": 1}, "e": 1}), json!({"a": 2, "b": {"c": 2, "d": 2}, "f": 2}));
        let (kept, other) = (kept.as_object().unwrap(), other.as_object().unwrap());
        let rng = &mut rng();
        let all: Vec<Value> = (0..400).map(|_| Value::Object(crossed(kept, other, rng))).collect();
        for (path, was) in [("/a", Some(1)), ("/b/c", Some(1)), ("/b/d", Some(1)), ("/e", Some(1)), ("/f", None)] {
            let changed = all.iter().filter(|context| context.pointer(path).and_then(Value::as_i64) != was).count();
            assert!((80..=220).contains(&changed), "{path}: {changed}");
        }
    }
}

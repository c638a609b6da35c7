//! How good the shrinker is, in figures, beside proptest's own on the same starts.
//!
//! `cargo nextest run shrinking_challenge --no-capture` prints the table.

use std::collections::BTreeSet;
use std::convert::Infallible;

use parity_shrink::{Answer, Size, shrink};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;

use crate::shrinking_challenges::{CHALLENGES, Challenge};

const SEEDS: u64 = 100;
const BUDGET: u32 = 3000;

/// One shrinker on one challenge.
#[derive(Default)]
struct Figures {
    minimum: u64,
    results: BTreeSet<String>,
    evaluations: Vec<u32>,
}

impl Figures {
    fn add(&mut self, found: &Value, minimum: &Value, evaluations: u32) {
        let (size, least) = (Size::of(found), Size::of(minimum));
        assert!(size >= least || size.is_as_small_as(&least), "{found} is smaller than the minimum {minimum}");
        self.minimum += u64::from(size.is_as_small_as(&least));
        self.results.insert(found.to_string());
        self.evaluations.push(evaluations);
    }

    fn quantile(&mut self, percent: usize) -> u32 {
        self.evaluations.sort_unstable();
        self.evaluations[(self.evaluations.len() - 1) * percent / 100]
    }

    fn row(&mut self) -> String {
        let (median, p95, most) = (self.quantile(50), self.quantile(95), self.quantile(100));
        format!("{:3} {:4} {median:5} {p95:5} {most:5}", self.minimum, self.results.len())
    }
}

fn figures(challenge: &Challenge) -> (Figures, Figures) {
    let (mut ours, mut theirs) = (Figures::default(), Figures::default());
    let minimum: Value = serde_json::from_str(challenge.minimum).unwrap();
    assert_eq!((challenge.fails)(&minimum), Some(true), "{}", challenge.name);
    let fails = |value: &Value| (challenge.fails)(value) == Some(true);
    for seed in 0..SEEDS {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let mut runner = TestRunner::new_with_rng(Config::default(), rng);
        let strategy = (challenge.inputs)();
        let draws = std::iter::repeat_with(|| strategy.new_tree(&mut runner).unwrap());
        let mut tree = draws.take(20_000).find(|tree| fails(&tree.current())).unwrap();

        let found = shrink(tree.current(), BUDGET, &mut |value| {
            Ok::<_, Infallible>(match (challenge.fails)(value) {
                None => Answer::OutOfDomain,
                Some(true) => Answer::Holds,
                Some(false) => Answer::HoldsNot,
            })
        })
        .unwrap();
        ours.add(&found.value, &minimum, found.evaluations);

        let (mut best, mut evaluations) = (tree.current(), 0);
        let mut moved = tree.simplify();
        while moved && evaluations < BUDGET {
            evaluations += 1;
            moved = if fails(&tree.current()) {
                best = tree.current();
                tree.simplify()
            } else {
                tree.complicate()
            };
        }
        theirs.add(&best, &minimum, evaluations);
    }
    (ours, theirs)
}

#[test]
fn the_minimum_is_reached_on_the_public_challenges() {
    println!("of {SEEDS} seeds: minimum reached, distinct results; evaluations: median, 95 %, most");
    println!("{:22} {:^26} {:^26}", "", "ours", "proptest");
    let (mut missed, mut slow, mut changed) = (Vec::new(), Vec::new(), Vec::new());
    for challenge in &CHALLENGES {
        let (mut ours, mut theirs) = figures(challenge);
        println!("{:22} {}   {}", challenge.name, ours.row(), theirs.row());
        if ours.minimum < 99 {
            missed.push(challenge.name);
        }
        if ours.quantile(50) > challenge.median {
            slow.push(challenge.name);
        }
        let spent = ours.evaluations.iter().sum::<u32>();
        if spent != challenge.spent {
            changed.push((challenge.name, spent));
        }
        if ours.minimum < SEEDS {
            println!("{:22} {:?}", "", ours.results.iter().take(4).collect::<Vec<_>>());
        }
    }
    assert!(slow.is_empty(), "too many evaluations: {slow:?}");
    assert!(missed.len() <= 1, "the minimum is missed: {missed:?}");
    assert!(changed.is_empty(), "the search has changed; is it better? {changed:?}");
}

//! Strategies that filter: used only if they find anything.

use proptest::strategy::{BoxedStrategy, Strategy};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// How many values are tried before a schema is said to have none.
pub(super) const TRIES: u32 = 1000;

/// The strategy, if it finds a value.
pub(super) fn found<S: Strategy + 'static>(strategy: S) -> Option<BoxedStrategy<S::Value>> {
    let strategy = strategy.boxed();
    let is_found = strategy.new_tree(&mut fixed_runner(0)).is_ok();
    is_found.then_some(strategy)
}

/// A runner that draws the same wherever it is used.
pub(super) fn fixed_runner(number: u8) -> TestRunner {
    let config = Config { max_local_rejects: TRIES, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[7 + number; 32]))
}

//! How a value is drawn from a strategy, so that it depends on nothing but its number.

use proptest::strategy::{BoxedStrategy, Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use thiserror::Error;

use super::case::CaseId;
use super::scope::Scope;
use crate::fold::fold;

/// A strategy gave no value.
#[derive(Debug, Error)]
#[error("the strategy of {of} rejected case {index} of seed {seed:016x}: {reason}")]
pub struct GenerateError {
    of: &'static str,
    seed: u64,
    index: u64,
    reason: String,
}

/// Numbered draws from the strategies of one handler or workflow.
#[derive(Debug)]
pub(super) struct Draws<T: std::fmt::Debug> {
    of: &'static str,
    strategies: [BoxedStrategy<T>; 3],
    /// Made once: a new one reads the whole environment.
    config: Config,
}

impl<T: std::fmt::Debug> Draws<T> {
    /// The draws of the handler or workflow `of`.
    pub(super) fn new(of: &'static str, strategy: impl Fn(Scope) -> BoxedStrategy<T>) -> Self {
        Self {
            of,
            strategies: [Scope::Tiny, Scope::Small, Scope::Normal].map(strategy),
            config: Config { failure_persistence: None, ..Config::default() },
        }
    }

    /// Draw `id`. It depends on whose it is, seed, index and scope alone: not on the draws before it. A hostile draw is an
    /// ordinary one that `mutate` has changed.
    pub(super) fn draw(
        &self,
        id: CaseId,
        scope: Scope,
        mutate: impl Fn(T, &mut TestRng) -> T,
    ) -> Result<T, GenerateError> {
        let is_hostile = scope == Scope::Hostile;
        let scope = if is_hostile { Scope::Normal.of_case(id.index) } else { scope };
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed_bytes(self.of, id));
        let mut runner = TestRunner::new_with_rng(self.config.clone(), rng);
        let tree = self.strategies[scope as usize].new_tree(&mut runner).map_err(|reason| GenerateError {
            of: self.of,
            seed: id.seed,
            index: id.index,
            reason: reason.to_string(),
        })?;
        let drawn = tree.current();
        Ok(if is_hostile { mutate(drawn, runner.rng()) } else { drawn })
    }
}

/// The seed of one draw: campaign seed, index, and the name, so that no two handlers see the same draws.
fn seed_bytes(of: &str, id: CaseId) -> [u8; 32] {
    let mut seed = [0; 32];
    for (bytes, word) in seed.chunks_exact_mut(8).zip([id.seed, id.index, fold(of), 0]) {
        bytes.copy_from_slice(&word.to_le_bytes());
    }
    seed
}

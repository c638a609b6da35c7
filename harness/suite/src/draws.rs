//! How a value is drawn from a strategy, so that it depends on nothing but its number.

use parity_model::HandlerId;
use proptest::strategy::{BoxedStrategy, Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use thiserror::Error;

use super::case::CaseId;
use crate::fnv1a::fnv1a;
use parity_schema::SchemaError;
use parity_schema::Scope;

/// A strategy gave no value.
#[derive(Debug, Error)]
pub enum GenerateError {
    /// The strategy found no value.
    #[error("the strategy of {of} rejected case {index} of seed {seed:016x}: {reason}")]
    Rejected {
        /// The handler or workflow.
        of: String,
        /// The campaign's seed.
        seed: u64,
        /// The number of the case.
        index: u64,
        /// What the strategy says.
        reason: String,
    },
    /// A handler has no generator and is no step of a template.
    #[error("there is no generator for {0}, and it is no step of a template")]
    NoSource(HandlerId),
    /// An input schema is none.
    #[error("the input_schema of {template} is no JSON Schema: {message}")]
    InputSchema {
        /// The template.
        template: String,
        /// What is wrong.
        message: String,
    },
    /// There is no strategy.
    #[error("nothing can be drawn from the input_schema of {template}: {error}")]
    Schema {
        /// The template.
        template: String,
        /// What is wrong, and where.
        error: SchemaError,
    },
}

impl GenerateError {
    /// Whether it is for the user to mend: a schema, or the name of a handler.
    #[must_use]
    pub fn is_input(&self) -> bool {
        !matches!(self, Self::Rejected { .. })
    }
}

/// Numbered draws from the strategies of one handler or workflow.
#[derive(Debug)]
pub(super) struct Draws<T: std::fmt::Debug> {
    of: String,
    strategies: [BoxedStrategy<T>; 3],
    /// Made once: a new one reads the whole environment.
    config: Config,
}

impl<T: std::fmt::Debug> Draws<T> {
    /// The draws of the handler or workflow `of`.
    pub(super) fn new(of: &str, strategy: impl Fn(Scope) -> BoxedStrategy<T>) -> Self {
        Self::of_strategies(of, [Scope::Tiny, Scope::Small, Scope::Normal].map(strategy))
    }

    /// The same from a strategy for every scope but the hostile one, in this order.
    pub(super) fn of_strategies(of: &str, strategies: [BoxedStrategy<T>; 3]) -> Self {
        let config = Config { failure_persistence: None, ..Config::default() };
        Self { of: of.to_owned(), strategies, config }
    }

    /// Draw `id`. It depends on whose it is, seed, index and scope alone: not on the draws before it. A hostile draw is an
    /// ordinary one that `mutate` has changed.
    pub(super) fn draw(
        &self,
        id: CaseId,
        scope: Scope,
        mutate: impl Fn(T, &mut TestRng) -> T,
    ) -> Result<T, GenerateError> {
        let mut series = self.series(id, scope);
        let drawn = series.draw()?;
        Ok(if scope == Scope::Hostile { mutate(drawn, series.rng()) } else { drawn })
    }

    /// The draws of `id`, one after the other: each depends on whose it is, seed, index, scope and its place alone.
    pub(super) fn series(&self, id: CaseId, scope: Scope) -> Series<'_, T> {
        let scope = if scope == Scope::Hostile { Scope::Normal.of_case(id.index) } else { scope };
        let rng = rng_of(&self.of, id, Purpose::Draw);
        let runner = TestRunner::new_with_rng(self.config.clone(), rng);
        Series { draws: self, id, strategy: &self.strategies[scope as usize], runner }
    }
}

/// Several draws of one number.
pub(super) struct Series<'a, T: std::fmt::Debug> {
    draws: &'a Draws<T>,
    id: CaseId,
    strategy: &'a BoxedStrategy<T>,
    runner: TestRunner,
}

impl<T: std::fmt::Debug> Series<'_, T> {
    /// The next draw.
    pub(super) fn draw(&mut self) -> Result<T, GenerateError> {
        let tree = self.strategy.new_tree(&mut self.runner).map_err(|reason| GenerateError::Rejected {
            of: self.draws.of.clone(),
            seed: self.id.seed,
            index: self.id.index,
            reason: reason.to_string(),
        })?;
        Ok(tree.current())
    }

    /// The randomness that the draws so far have left.
    pub(super) fn rng(&mut self) -> &mut TestRng {
        self.runner.rng()
    }
}

/// What the randomness of a case is for: each has its own, so that one does not change with what another one takes.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    /// Its values.
    Draw,
    /// The literals that are put into it.
    Literals,
    /// What its context depends on by itself.
    RelateContext,
    /// What its values depend on.
    Relate,
    /// Whether something in it is bad, and what.
    Spoil,
    /// Whether it is a recorded input with other values, and which.
    Recorded,
    /// Which of the steps that are created while the workflow runs it is, and how far it came.
    Create,
    /// Which context that leads far it is drawn from.
    Farthest,
}

/// The randomness of a case of the handler or workflow `of`: by campaign seed, index, and the name, so that no two handlers see the
/// same draws.
pub(super) fn rng_of(of: &str, id: CaseId, purpose: Purpose) -> TestRng {
    let mut seed = [0; 32];
    for (bytes, word) in seed.chunks_exact_mut(8).zip([id.seed, id.index, fnv1a(of), purpose as u64]) {
        bytes.copy_from_slice(&word.to_le_bytes());
    }
    TestRng::from_seed(RngAlgorithm::ChaCha, &seed)
}

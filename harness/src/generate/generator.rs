//! The list of generators, one a handler, and how a case is drawn from one.

use proptest::strategy::{BoxedStrategy, Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use reference_rs::{Ambient, HandlerId, StepInput};
use serde_json::{Map, Value};
use thiserror::Error;

use super::case::{Case, CaseId, ambient};
use super::ecommerce;
use super::payments;
use super::scope::Scope;

/// A task's context and the results of the ancestor steps.
pub(super) type Parts = (Map<String, Value>, Map<String, Value>);

/// What is generated for one handler.
#[derive(Clone, Copy, Debug)]
pub struct Generator {
    /// `namespace/step`.
    pub handler: &'static str,
    /// JSON Schema of `{"context", "dependencies"}`: the well-formed inputs. A generated input may break it; a shrunk
    /// one keeps it if the original did.
    pub schema: fn() -> Value,
    /// The strategy, by scope.
    pub(super) strategy: fn(Scope) -> BoxedStrategy<Parts>,
}

/// One generator a handler.
pub const GENERATORS: &[Generator] = &[
    ecommerce::VALIDATE_CART,
    ecommerce::PROCESS_PAYMENT,
    ecommerce::UPDATE_INVENTORY,
    ecommerce::CREATE_ORDER,
    ecommerce::SEND_CONFIRMATION,
    payments::VALIDATE_PAYMENT_ELIGIBILITY,
    payments::PROCESS_GATEWAY_REFUND,
    payments::UPDATE_PAYMENT_RECORDS,
    payments::NOTIFY_CUSTOMER,
];

/// The generator of a handler.
#[must_use]
pub fn find(handler: &HandlerId) -> Option<&'static Generator> {
    GENERATORS.iter().find(|generator| generator.handler == handler.as_str())
}

/// A strategy gave no value.
#[derive(Debug, Error)]
#[error("the strategy of {handler} rejected case {index} of seed {seed:016x}: {reason}")]
pub struct GenerateError {
    handler: &'static str,
    seed: u64,
    index: u64,
    reason: String,
}

/// Draws cases of one handler. Strategies are built once and used for all cases.
#[derive(Debug)]
pub struct CaseSource {
    generator: &'static Generator,
    handler: HandlerId,
    strategies: [BoxedStrategy<(Parts, Ambient)>; 3],
    /// Made once: a new one reads the whole environment.
    config: Config,
}

impl CaseSource {
    /// The cases of `generator`.
    #[must_use]
    pub fn new(generator: &'static Generator, handler: HandlerId) -> Self {
        let strategies =
            [Scope::Tiny, Scope::Small, Scope::Normal].map(|scope| ((generator.strategy)(scope), ambient()).boxed());
        let config = Config { failure_persistence: None, ..Config::default() };
        Self { generator, handler, strategies, config }
    }

    /// Case `id`. It depends on handler, seed, index and scope alone: not on the cases before it.
    pub fn draw(&self, id: CaseId, scope: Scope) -> Result<Case, GenerateError> {
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed_bytes(self.generator.handler, id));
        let mut runner = TestRunner::new_with_rng(self.config.clone(), rng);
        let ((context, dependencies), ambient) = self.strategies[scope as usize]
            .new_tree(&mut runner)
            .map_err(|reason| GenerateError {
                handler: self.generator.handler,
                seed: id.seed,
                index: id.index,
                reason: reason.to_string(),
            })?
            .current();
        let step_input = StepInput { ambient, ..StepInput::new(self.handler.clone(), context, dependencies) };
        Ok(Case { id, step_input })
    }
}

/// The seed of one case: campaign seed, index, and the handler's name folded by FNV-1a, so that no two handlers see the
/// same draws.
fn seed_bytes(handler: &str, id: CaseId) -> [u8; 32] {
    let name = handler
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    let mut seed = [0; 32];
    for (bytes, word) in seed.chunks_exact_mut(8).zip([id.seed, id.index, name, 0]) {
        bytes.copy_from_slice(&word.to_le_bytes());
    }
    seed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_does_not_depend_on_the_cases_before_it() {
        let source = || CaseSource::new(&GENERATORS[0], GENERATORS[0].handler.parse().unwrap());
        let id = CaseId { seed: 7, index: 3 };
        let first = source().draw(id, Scope::Normal).unwrap();
        let busy = source();
        for index in 0..3 {
            busy.draw(CaseId { seed: 7, index }, Scope::Normal).unwrap();
        }
        assert_eq!(busy.draw(id, Scope::Normal).unwrap(), first);
        assert_ne!(busy.draw(CaseId { seed: 8, index: 3 }, Scope::Normal).unwrap(), first);
    }

    #[test]
    fn every_handler_of_the_oracle_has_a_generator() {
        let generated: Vec<&str> = GENERATORS.iter().map(|generator| generator.handler).collect();
        let handlers: Vec<&str> = reference_rs::HANDLERS.iter().map(|spec| spec.id).collect();
        assert_eq!(generated, handlers);
    }
}

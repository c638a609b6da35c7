//! Cases from the bytes of a fuzzer: the strategies are the same, their randomness is what the fuzzer says.

use proptest::test_runner::{RngAlgorithm, TestRng};
use reference_rs::{HandlerId, StepInput};

use super::draws::GenerateError;
use super::generator::{CaseSource, find};
use super::scope::Scope;
use crate::template::Template;

const SCOPES: [Scope; 4] = [Scope::Tiny, Scope::Small, Scope::Normal, Scope::Hostile];

/// Bytes that the randomness has at least. proptest gives the second half of what is left away at every choice but the first
/// of several, so that the fuzzer's bytes have to stand well before the end to be seen. What is missing is zero, the first
/// choice everywhere.
const ROOM: usize = 1 << 18;

/// Cases of the steps of one workflow.
///
/// The first byte chooses the step, the second the scope, and all others are the randomness of the strategy.
pub struct ByteSource {
    sources: Vec<CaseSource>,
}

impl ByteSource {
    /// The cases of the steps of `template` for which there is a generator.
    #[must_use]
    pub fn new(template: &Template) -> Self {
        let handlers: Vec<&HandlerId> = template.steps.iter().map(|step| &step.handler.callable).collect();
        let source = |handler: &HandlerId| Some(CaseSource::new(find(handler)?, handler.clone()));
        Self { sources: handlers.into_iter().filter_map(source).collect() }
    }

    /// The case of `bytes`; there is one for any, also for none.
    pub fn draw(&self, bytes: &[u8]) -> Result<StepInput, GenerateError> {
        let byte = |place: usize| usize::from(bytes.get(place).copied().unwrap_or(0));
        let source = &self.sources[byte(0) % self.sources.len().max(1)];
        let mut randomness = bytes.get(2..).unwrap_or_default().to_vec();
        randomness.resize(randomness.len().max(ROOM), 0);
        source.draw_with(TestRng::from_seed(RngAlgorithm::PassThrough, &randomness), SCOPES[byte(1) % SCOPES.len()])
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;
    use crate::template::load_all;

    fn sources() -> Vec<ByteSource> {
        let templates = load_all(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/templates"))).unwrap();
        templates.iter().map(ByteSource::new).collect()
    }

    /// Bytes that look random.
    fn noise(number: u64) -> Vec<u8> {
        let mut state = number;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state.to_be_bytes()[0]
        };
        (0..512).map(|_| next()).collect()
    }

    #[test]
    fn any_bytes_are_a_case_and_always_the_same() {
        for source in sources() {
            for bytes in [Vec::new(), vec![255], noise(1), vec![0; 9], vec![255; 600]] {
                assert_eq!(source.draw(&bytes).unwrap(), source.draw(&bytes).unwrap());
            }
        }
    }

    #[test]
    fn bytes_reach_every_handler_and_the_values_of_its_strategy() {
        let sources = sources();
        let cases: Vec<StepInput> = (0..2000).map(|n| sources[n % 5].draw(&noise(n as u64)).unwrap()).collect();
        let handlers: BTreeSet<&HandlerId> = cases.iter().map(|case| &case.handler).collect();
        assert_eq!(handlers.len(), reference_rs::HANDLERS.len());
        let carts: BTreeSet<String> = cases
            .iter()
            .filter(|case| case.handler.as_str() == "ecommerce/validate_cart")
            .map(|case| serde_json::to_string(&case.context).unwrap())
            .collect();
        assert!(carts.len() > 30, "{}", carts.len());
    }
}

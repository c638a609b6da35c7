//! The list of generators, one a handler, and how a case is drawn from one.

use proptest::strategy::{BoxedStrategy, Strategy};
use reference_rs::{Ambient, HandlerId, StepInput};
use serde_json::{Map, Value};

use super::case::{Case, CaseId, ambient};
use super::customer_success;
use super::data_pipeline;
use super::draws::{Draws, GenerateError};
use super::ecommerce;
use super::hostile;
use super::metrics;
use super::microservices;
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
    data_pipeline::EXTRACT_SALES_DATA,
    data_pipeline::EXTRACT_INVENTORY_DATA,
    data_pipeline::EXTRACT_CUSTOMER_DATA,
    data_pipeline::TRANSFORM_SALES,
    data_pipeline::TRANSFORM_INVENTORY,
    data_pipeline::TRANSFORM_CUSTOMERS,
    metrics::AGGREGATE_METRICS,
    metrics::GENERATE_INSIGHTS,
    microservices::CREATE_USER_ACCOUNT,
    microservices::SETUP_BILLING_PROFILE,
    microservices::INITIALIZE_PREFERENCES,
    microservices::SEND_WELCOME_SEQUENCE,
    microservices::UPDATE_USER_STATUS,
    customer_success::VALIDATE_REFUND_REQUEST,
    customer_success::CHECK_REFUND_POLICY,
    customer_success::GET_MANAGER_APPROVAL,
    customer_success::EXECUTE_REFUND_WORKFLOW,
    customer_success::UPDATE_TICKET_STATUS,
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

/// Draws cases of one handler. Strategies are built once and used for all cases.
#[derive(Debug)]
pub struct CaseSource {
    handler: HandlerId,
    draws: Draws<(Parts, Ambient)>,
}

impl CaseSource {
    /// The cases of `generator`.
    #[must_use]
    pub fn new(generator: &'static Generator, handler: HandlerId) -> Self {
        let strategy = |scope| ((generator.strategy)(scope), ambient()).boxed();
        Self { handler, draws: Draws::new(generator.handler, strategy) }
    }

    /// Case `id`. It depends on handler, seed, index and scope alone: not on the cases before it.
    pub fn draw(&self, id: CaseId, scope: Scope) -> Result<Case, GenerateError> {
        let ((context, dependencies), ambient) =
            self.draws.draw(id, scope, |(parts, ambient), rng| (hostile::mutate(parts, rng), ambient))?;
        let step_input = StepInput { ambient, ..StepInput::new(self.handler.clone(), context, dependencies) };
        Ok(Case { id, step_input })
    }
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

//! The generators of our own handlers, and the one list of them. A handler without one is drawn from its step in a template.

use parity_model::HandlerId;
use parity_suite::{Generator, Generators};

use crate::customer_success;
use crate::data_pipeline;
use crate::ecommerce;
use crate::metrics;
use crate::microservices;
use crate::payments;
use crate::workflows::TASK_GENERATORS;

/// The generators of our own handlers and workflows.
pub const OWN: Generators = Generators { steps: GENERATORS, tasks: TASK_GENERATORS };

/// The generators, at most one a handler.
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use parity_schema::Scope;
    use parity_suite::{CaseId, CaseSource};

    use super::*;

    #[test]
    fn every_schema_is_valid_and_refuses_an_empty_input_unless_the_handler_reads_nothing() {
        for generator in GENERATORS {
            let domain = generator.domain();
            let reads_nothing = generator.handler.starts_with("data_pipeline/extract_");
            let holds = domain.holds(&json!({"context": {}, "dependencies": {}}));
            assert_eq!(holds, reads_nothing, "{}", generator.handler);
        }
    }

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
    fn every_generator_is_of_a_handler_of_the_oracle_and_they_stand_in_its_order() {
        let generated: Vec<&str> = GENERATORS.iter().map(|generator| generator.handler).collect();
        let mut handlers: Vec<&str> = reference_rs::HANDLERS.iter().map(|spec| spec.id).collect();
        handlers.retain(|handler| generated.contains(handler));
        assert_eq!(generated, handlers);
    }
}

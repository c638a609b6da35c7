//! The list of all handlers, one line each.

use crate::post_01_ecommerce as ecommerce;
use crate::post_02_data_pipeline as data_pipeline;
use crate::post_03_microservices_coordination as microservices;
use crate::post_04_team_scaling::{customer_success, payments};
use crate::spec::HandlerSpec;
use parity_model::HandlerId;

/// Every handler of the oracle, in the order of the posts and of their workflows.
pub const HANDLERS: &[HandlerSpec] = &[
    ecommerce::validate_cart_handler::SPEC,
    ecommerce::process_payment_handler::SPEC,
    ecommerce::update_inventory_handler::SPEC,
    ecommerce::create_order_handler::SPEC,
    ecommerce::send_confirmation_handler::SPEC,
    data_pipeline::extract_sales_data_handler::SPEC,
    data_pipeline::extract_inventory_data_handler::SPEC,
    data_pipeline::extract_customer_data_handler::SPEC,
    data_pipeline::transform_sales_handler::SPEC,
    data_pipeline::transform_inventory_handler::SPEC,
    data_pipeline::transform_customers_handler::SPEC,
    data_pipeline::aggregate_metrics_handler::SPEC,
    data_pipeline::generate_insights_handler::SPEC,
    microservices::create_user_account_handler::SPEC,
    microservices::setup_billing_profile_handler::SPEC,
    microservices::initialize_preferences_handler::SPEC,
    microservices::send_welcome_sequence_handler::SPEC,
    microservices::update_user_status_handler::SPEC,
    customer_success::validate_refund_request_handler::SPEC,
    customer_success::check_refund_policy_handler::SPEC,
    customer_success::get_manager_approval_handler::SPEC,
    customer_success::execute_refund_workflow_handler::SPEC,
    customer_success::update_ticket_status_handler::SPEC,
    payments::validate_payment_eligibility_handler::SPEC,
    payments::process_gateway_refund_handler::SPEC,
    payments::update_payment_records_handler::SPEC,
    payments::notify_customer_handler::SPEC,
];

/// The handler with this identity.
#[must_use]
pub fn find(id: &HandlerId) -> Option<&'static HandlerSpec> {
    HANDLERS.iter().find(|spec| spec.id == id.as_str())
}

//! The checkout.

use parity_suite::workflow::WorkflowState;
use serde_json::{Value, json};
use similar_asserts::assert_eq;

use crate::e2e::Language;
use crate::e2e::run::{failure, failure_of, result, summary};

const CHECKOUT: &str = "ecommerce/ecommerce_order_processing";

/// Two Widgets A and one Widget B, paid for.
fn order() -> Value {
    json!({
        "cart_items": [{"product_id": 1, "quantity": 2}, {"product_id": 2, "quantity": 1}],
        "customer_info": {"email": "ada@example.com", "name": "Ada"},
        "payment_info": {"method": "credit_card", "token": "tok_test_valid", "amount": 124.76},
    })
}

/// The order with another value at `pointer`.
fn order_with(pointer: &str, value: Value) -> Value {
    let mut order = order();
    *order.pointer_mut(pointer).unwrap() = value;
    order
}

pub(crate) fn a_paid_order_is_confirmed(language: Language) {
    let trace = language.run(CHECKOUT, &order()).trace;
    assert_eq!(trace.state, WorkflowState::Completed);
    let steps = ["validate_cart", "process_payment", "update_inventory", "create_order", "send_confirmation"];
    assert_eq!(summary(&trace), steps.map(|step| (step, "completed at 0".to_owned())));

    assert_eq!(result(&trace, "validate_cart")["total"], json!(124.759_999_999_999_99));
    assert_eq!(result(&trace, "process_payment")["amount_charged"], json!(124.759_999_999_999_99));
    let order = result(&trace, "create_order");
    assert_eq!(order["customer_email"], json!("ada@example.com"));
    assert_eq!(order["total_amount"], result(&trace, "validate_cart")["total"]);
    assert_eq!(result(&trace, "send_confirmation")["recipient"], json!("ada@example.com"));
}

pub(crate) fn every_step_is_handed_the_results_of_all_its_ancestors(language: Language) {
    let execution = language.run(CHECKOUT, &order());
    let handed: Vec<Vec<&str>> =
        execution.calls.iter().map(|(input, _)| input.dependencies.keys().map(String::as_str).collect()).collect();
    let steps = ["validate_cart", "process_payment", "update_inventory", "create_order"];
    assert_eq!(handed, (0..=4).map(|count| steps[..count].to_vec()).collect::<Vec<_>>());
}

pub(crate) fn a_product_that_is_not_on_sale_ends_the_order(language: Language) {
    let trace = language.run(CHECKOUT, &order_with("/cart_items/0/product_id", json!(5))).trace;
    assert_eq!(trace.state, WorkflowState::Failed);
    assert_eq!(failure_of(&trace, "validate_cart"), json!(["permanent", "PRODUCT_INACTIVE", null]));
    assert_eq!(
        summary(&trace),
        [
            ("validate_cart", "failed at 0".to_owned()),
            ("process_payment", "skipped without validate_cart".to_owned()),
            ("update_inventory", "skipped without process_payment".to_owned()),
            ("create_order", "skipped without update_inventory".to_owned()),
            ("send_confirmation", "skipped without create_order".to_owned()),
        ]
    );
}

pub(crate) fn a_short_stock_is_tried_again_until_the_attempts_are_used_up(language: Language) {
    let trace = language.run(CHECKOUT, &order_with("/cart_items/0/quantity", json!(101))).trace;
    assert_eq!(failure_of(&trace, "validate_cart"), json!(["retryable", null, 30]));
    // The delay that the handler asks for, not the template's backoff.
    assert_eq!(summary(&trace)[0], ("validate_cart", "failed at 0, 30000".to_owned()));
}

pub(crate) fn a_declined_card_ends_the_order(language: Language) {
    let trace = language.run(CHECKOUT, &order_with("/payment_info/token", json!("tok_test_declined"))).trace;
    assert_eq!(failure_of(&trace, "process_payment"), json!(["permanent", "PAYMENT_DECLINED", null]));
    assert_eq!(summary(&trace)[0], ("validate_cart", "completed at 0".to_owned()));
    assert_eq!(summary(&trace)[1], ("process_payment", "failed at 0".to_owned()));
}

pub(crate) fn a_network_error_is_tried_again_until_the_attempts_are_used_up(language: Language) {
    let trace = language.run(CHECKOUT, &order_with("/payment_info/token", json!("tok_test_network_error"))).trace;
    assert_eq!(failure_of(&trace, "process_payment"), json!(["retryable", null, 15]));
    assert_eq!(summary(&trace)[1], ("process_payment", "failed at 0, 15000".to_owned()));
}

pub(crate) fn an_amount_that_is_not_the_total_is_refused(language: Language) {
    let trace = language.run(CHECKOUT, &order_with("/payment_info/amount", json!(124.0))).trace;
    assert_eq!(failure_of(&trace, "process_payment"), json!(["permanent", "PAYMENT_AMOUNT_MISMATCH", null]));
}

pub(crate) fn an_order_without_a_mail_address_fails_at_its_last_step(language: Language) {
    let trace = language.run(CHECKOUT, &order_with("/customer_info/email", json!("nowhere"))).trace;
    assert_eq!(failure_of(&trace, "send_confirmation"), json!(["permanent", "INVALID_EMAIL", null]));
    assert_eq!(summary(&trace)[3], ("create_order", "completed at 0".to_owned()));
    assert_eq!(trace.state, WorkflowState::Failed);
}

pub(crate) fn a_value_of_the_wrong_type_is_named(language: Language) {
    let trace = language.run(CHECKOUT, &order_with("/cart_items/1/quantity", json!("two"))).trace;
    assert_eq!(failure_of(&trace, "validate_cart"), json!(["permanent", "INVALID_INPUT", null]));
    assert_eq!(failure(&trace, "validate_cart").context["path"], json!("/context/cart_items/1/quantity"));
}

pub(crate) fn an_order_survives_an_outage_of_the_payment_service(language: Language) {
    let execution = language.run_with_outage(CHECKOUT, &order(), "ecommerce/process_payment", 1);
    let trace = &execution.trace;
    assert_eq!(trace.state, WorkflowState::Completed);
    assert_eq!(summary(trace)[1], ("process_payment", "completed at 0, 100".to_owned()));
    assert_eq!(summary(trace)[4], ("send_confirmation", "completed at 100".to_owned()));
    // The clock of the later steps has moved, too.
    assert_eq!(execution.calls[5].0.ambient.now.to_string(), "2026-01-15T09:30:00.1Z");
}

pub(crate) fn an_outage_that_lasts_fails_the_order(language: Language) {
    let trace = language.run_with_outage(CHECKOUT, &order(), "ecommerce/process_payment", 2).trace;
    assert_eq!(summary(&trace)[1], ("process_payment", "failed at 0, 100".to_owned()));
    assert_eq!(trace.state, WorkflowState::Failed);
}

//! Refunds: two teams, two namespaces, two workflows of the same name.

use parity_engine::EngineFault;
use parity_suite::workflow::WorkflowState;
use serde_json::{Value, json};
use similar_asserts::assert_eq;

use crate::e2e::Language;
use crate::e2e::run::{failure_of, result, summary};

const SUPPORT: &str = "customer_success/process_refund";
const PAYMENTS: &str = "payments/process_refund";

fn request() -> Value {
    json!({
        "ticket_id": "ticket_1",
        "customer_id": "cust_gold_789",
        "refund_amount": 2999,
        "customer_email": "ada@example.com",
        "correlation_id": "corr_1",
    })
}

fn request_with(name: &str, value: Value) -> Value {
    let mut request = request();
    request[name] = value;
    request
}

fn refund_with(name: &str, value: Value) -> Value {
    let mut refund =
        json!({"payment_id": "pay_concurrent_123", "refund_amount": 2999, "customer_email": "ada@example.com"});
    refund[name] = value;
    refund
}

pub(crate) fn two_workflows_of_one_name_never_meet(language: Language) {
    let (support, payments) =
        (language.run(SUPPORT, &request()).trace, language.run(PAYMENTS, &refund_with("x", json!(1))).trace);
    let namespaces = |trace: &parity_suite::workflow::Trace| -> Vec<String> {
        let mut namespaces: Vec<String> = trace.steps.iter().map(|step| step.handler.namespace().to_owned()).collect();
        namespaces.dedup();
        namespaces
    };
    assert_eq!(namespaces(&support), ["customer_success"]);
    assert_eq!(namespaces(&payments), ["payments"]);
    assert_eq!((support.steps.len(), payments.steps.len()), (5, 4));
    for (trace, namespace) in [(&support, "customer_success"), (&payments, "payments")] {
        assert_eq!(trace.state, WorkflowState::Completed);
        for step in &trace.steps {
            assert_eq!(step.result().unwrap()["namespace"], json!(namespace), "{}", step.step);
        }
    }
}

pub(crate) fn a_handler_of_one_namespace_is_not_found_in_the_other(language: Language) {
    for handler in [
        "payments/validate_refund_request",
        "customer_success/validate_payment_eligibility",
        "payments/execute_refund_workflow",
        "customer_success/notify_customer",
        "ecommerce/notify_customer",
    ] {
        let fault = language.call(handler).unwrap_err();
        assert!(matches!(fault, EngineFault::NoHandler { .. }), "{handler}: {fault}");
    }
    assert!(language.call("payments/notify_customer").is_ok());
    assert!(serde_json::from_value::<parity_suite::workflow::Task>(json!({"workflow": "process_refund"})).is_err());
}

pub(crate) fn a_refund_is_delegated_to_the_payments_team(language: Language) {
    let trace = language.run(SUPPORT, &request()).trace;
    let delegated = trace.step("execute_refund_workflow").unwrap().delegated.as_ref().unwrap();
    assert_eq!(delegated.workflow.to_string(), PAYMENTS);
    let payments = delegated.trace.as_ref().unwrap();
    assert_eq!(payments.state, WorkflowState::Completed);
    // What the one team found out reaches the other.
    let payment_id = &result(&trace, "validate_refund_request")["payment_id"];
    assert_eq!(&result(payments, "validate_payment_eligibility")["payment_id"], payment_id);
    assert_eq!(result(payments, "process_gateway_refund")["refund_amount"], json!(2999));
    assert_eq!(result(payments, "notify_customer")["customer_email"], json!("ada@example.com"));
    assert_eq!(result(&trace, "execute_refund_workflow")["correlation_id"], json!("corr_1"));
}

pub(crate) fn a_delegated_refund_fails_by_itself(language: Language) {
    let trace = language.run(SUPPORT, &request_with("customer_email", json!("ada@test_bounce.com"))).trace;
    assert_eq!(trace.state, WorkflowState::Completed);
    let delegated = trace.step("execute_refund_workflow").unwrap().delegated.as_ref().unwrap();
    let payments = delegated.trace.as_ref().unwrap();
    assert_eq!(payments.state, WorkflowState::Failed);
    assert_eq!(failure_of(payments, "notify_customer"), json!(["permanent", "EMAIL_BOUNCED", null]));
}

pub(crate) fn a_refund_without_an_address_is_delegated_with_a_default_one(language: Language) {
    let trace = language.run(SUPPORT, &request_with("customer_email", json!(null))).trace;
    let delegated = trace.step("execute_refund_workflow").unwrap().delegated.as_ref().unwrap();
    let payments = delegated.trace.as_ref().unwrap();
    assert_eq!(result(payments, "notify_customer")["customer_email"], json!("customer@example.com"));
}

pub(crate) fn every_refusal_of_customer_success_ends_the_request(language: Language) {
    for (name, value, step, end, attempts) in [
        (
            "ticket_id",
            json!(" "),
            "validate_refund_request",
            json!(["permanent", "MISSING_REQUIRED_FIELDS", null]),
            "0",
        ),
        (
            "ticket_id",
            json!("ticket_closed"),
            "validate_refund_request",
            json!(["permanent", "TICKET_CLOSED", null]),
            "0",
        ),
        (
            "refund_amount",
            json!(50_001),
            "check_refund_policy",
            json!(["permanent", "EXCEEDS_AMOUNT_LIMIT", null]),
            "0",
        ),
        ("refund_amount", json!("9"), "check_refund_policy", json!(["permanent", "INVALID_INPUT", null]), "0"),
        (
            "ticket_id",
            json!("ticket_locked"),
            "update_ticket_status",
            json!(["retryable", null, 15]),
            "0, 15000, 30000",
        ),
    ] {
        let trace = language.run(SUPPORT, &request_with(name, value)).trace;
        assert_eq!(failure_of(&trace, step), end);
        let of_step = summary(&trace).into_iter().find(|(name, _)| *name == step).unwrap().1;
        assert_eq!(of_step, format!("failed at {attempts}"));
        assert_eq!(trace.state, WorkflowState::Failed);
    }
}

pub(crate) fn an_approval_that_is_pending_is_not_asked_for_again(language: Language) {
    // A customer without a tier needs an approval, and the step has one attempt.
    let mut request = request_with("customer_id", json!("cust_1"));
    request["ticket_id"] = json!("ticket_pending");
    let trace = language.run(SUPPORT, &request.clone()).trace;
    assert_eq!(failure_of(&trace, "get_manager_approval"), json!(["retryable", null, 60]));
    assert_eq!(summary(&trace)[2], ("get_manager_approval", "failed at 0".to_owned()));
    request["ticket_id"] = json!("ticket_denied");
    let trace = language.run(SUPPORT, &request).trace;
    assert_eq!(failure_of(&trace, "get_manager_approval"), json!(["permanent", "APPROVAL_DENIED", null]));
}

pub(crate) fn every_refusal_of_payments_ends_the_refund(language: Language) {
    for (name, value, step, end, attempts) in [
        (
            "refund_amount",
            json!(0),
            "validate_payment_eligibility",
            json!(["permanent", "INVALID_REFUND_AMOUNT", null]),
            "0",
        ),
        (
            "payment_id",
            json!("pay-1"),
            "validate_payment_eligibility",
            json!(["permanent", "INVALID_PAYMENT_ID", null]),
            "0",
        ),
        (
            "payment_id",
            json!("pay_test_processing"),
            "validate_payment_eligibility",
            json!(["retryable", null, 30]),
            "0, 30000, 60000",
        ),
        (
            "payment_id",
            json!("pay_test_gateway_timeout"),
            "process_gateway_refund",
            json!(["retryable", null, 30]),
            "0, 30000",
        ),
        (
            "payment_id",
            json!("pay_test_gateway_error"),
            "process_gateway_refund",
            json!(["permanent", "GATEWAY_REFUND_FAILED", null]),
            "0",
        ),
        (
            "payment_id",
            json!("pay_test_record_lock"),
            "update_payment_records",
            json!(["retryable", null, 10]),
            "0, 10000, 20000",
        ),
        (
            "customer_email",
            json!("ada@test_rate_limit.com"),
            "notify_customer",
            json!(["retryable", null, 60]),
            "0, 60000, 120000, 180000, 240000",
        ),
        ("customer_email", json!(null), "notify_customer", json!(["permanent", "MISSING_CUSTOMER_EMAIL", null]), "0"),
    ] {
        let trace = language.run(PAYMENTS, &refund_with(name, value)).trace;
        assert_eq!(failure_of(&trace, step), end);
        let of_step = summary(&trace).into_iter().find(|(name, _)| *name == step).unwrap().1;
        assert_eq!(of_step, format!("failed at {attempts}"));
        assert_eq!(trace.state, WorkflowState::Failed);
    }
}

pub(crate) fn an_outage_of_the_gateway_is_survived(language: Language) {
    let trace =
        language.run_with_outage(PAYMENTS, &refund_with("x", json!(1)), "payments/process_gateway_refund", 1).trace;
    assert_eq!(summary(&trace)[1], ("process_gateway_refund", "completed at 0, 5000".to_owned()));
    assert_eq!(summary(&trace)[3], ("notify_customer", "completed at 5000".to_owned()));
    assert_eq!(trace.state, WorkflowState::Completed);
}

//! `payments/process_gateway_refund`: pays the money back through the gateway.

use serde_json::json;

use crate::field::Field;
use crate::spec::{HandlerSpec, OutcomeClass, Step};
use crate::success::Success;
use parity_model::{Failure, INVALID_INPUT};

/// See the module.
pub const SPEC: HandlerSpec = HandlerSpec {
    id: "payments/process_gateway_refund",
    dependencies: &["validate_payment_eligibility"],
    outcomes: &[
        OutcomeClass::Completed("completed"),
        OutcomeClass::Permanent("MISSING_VALIDATION"),
        OutcomeClass::Retryable(30),
        OutcomeClass::Permanent("GATEWAY_REFUND_FAILED"),
        OutcomeClass::Retryable(60),
        OutcomeClass::Permanent(INVALID_INPUT),
    ],
    named_by_data: &[],
    call,
};

const GATEWAY_PROVIDER: &str = "MockPaymentGateway";
const REFUND_STATUS: &str = "processed";
const ARRIVAL_DAYS: i64 = 5;

fn call(step: &mut Step<'_>) -> Result<Success, Failure> {
    let payment = step.get_dependency_result("validate_payment_eligibility").object_or_nil()?;
    if !payment.get("payment_validated").is_truthy() {
        return Err(Failure::permanent("MISSING_VALIDATION", "the payment validation must come first"));
    }
    let payment_id = payment.get("payment_id");
    check_gateway(&payment_id)?;

    let payment_id = payment_id.hand_on()?;
    let refund_amount = payment.get("refund_amount");
    let refund_amount = refund_amount.hand_on()?;
    let refund_id = format!("rfnd_{}", step.ambient.hex(12));
    let transaction_id = format!("gtx_{}", step.ambient.hex(10));

    Ok(Success::completed(
        json!({
            "refund_processed": true,
            "refund_id": refund_id,
            "payment_id": payment_id,
            "refund_amount": refund_amount,
            "refund_status": REFUND_STATUS,
            "gateway_transaction_id": transaction_id,
            "gateway_provider": GATEWAY_PROVIDER,
            "processed_at": step.ambient.utc_stamp(),
            "estimated_arrival": step.ambient.date_text(ARRIVAL_DAYS, "%Y-%m-%dT%H:%M:%SZ"),
            "namespace": "payments",
        }),
        json!({
            "operation": "process_gateway_refund",
            "execution_hints": {
                "refund_id": refund_id,
                "gateway_provider": GATEWAY_PROVIDER,
                "refund_status": REFUND_STATUS,
            },
            "http_headers": {
                "X-Gateway-Provider": GATEWAY_PROVIDER,
                "X-Refund-ID": refund_id,
                "X-Gateway-Transaction-ID": transaction_id,
            },
            "input_refs": {
                "refund_reason": "context.get_input_or(\"refund_reason\", \"customer_request\")",
                "partial_refund": "context.get_input_or(\"partial_refund\", false)",
                "payment_id": "context.get_dependency_field(\"validate_payment_eligibility\", \"payment_id\")",
                "refund_amount": "context.get_dependency_field(\"validate_payment_eligibility\", \"refund_amount\")",
                "original_amount": "context.get_dependency_field(\"validate_payment_eligibility\", \"original_amount\")",
            },
        }),
    ))
}

/// The simulated gateway: test ids fail, every other payment is refunded.
fn check_gateway(payment_id: &Field<'_>) -> Result<(), Failure> {
    if payment_id.contains("pay_test_gateway_timeout") {
        return Err(Failure::retryable(30, "the gateway timed out"));
    }
    if payment_id.contains("pay_test_gateway_error") {
        return Err(Failure::permanent("GATEWAY_REFUND_FAILED", "the gateway refund failed: gateway error"));
    }
    if payment_id.contains("pay_test_rate_limit") {
        return Err(Failure::retryable(60, "the gateway's rate limit is reached"));
    }
    Ok(())
}

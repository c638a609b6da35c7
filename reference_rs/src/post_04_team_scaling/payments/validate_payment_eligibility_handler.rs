//! `payments/validate_payment_eligibility`: decides whether a payment may be refunded.

use serde_json::{Value, json};

use crate::number::Number;
use crate::spec::{HandlerSpec, OutcomeClass, Step};
use crate::success::Success;
use parity_model::{Failure, INVALID_INPUT};

/// See the module.
pub const SPEC: HandlerSpec = HandlerSpec {
    id: "payments/validate_payment_eligibility",
    dependencies: &[],
    outcomes: &[
        OutcomeClass::Completed("completed"),
        OutcomeClass::Permanent("MISSING_REQUIRED_FIELDS"),
        OutcomeClass::Permanent("INVALID_REFUND_AMOUNT"),
        OutcomeClass::Permanent("INVALID_PAYMENT_ID"),
        OutcomeClass::Permanent("INSUFFICIENT_FUNDS"),
        OutcomeClass::Retryable(30),
        OutcomeClass::Permanent("PAYMENT_INELIGIBLE"),
        OutcomeClass::Permanent(INVALID_INPUT),
    ],
    named_by_data: &[],
    call,
};

const GATEWAY_PROVIDER: &str = "MockPaymentGateway";
const ELIGIBILITY_STATUS: &str = "eligible";

/// By how much the simulated payment was larger than the refund, in cents.
const NOT_REFUNDED: Number = Number::Integer(1000);

fn call(step: &mut Step<'_>) -> Result<Success, Failure> {
    let payment_id = step.get_input("payment_id");
    let refund_amount = step.get_input("refund_amount");
    let required = [("payment_id", &payment_id), ("refund_amount", &refund_amount)];
    let missing: Vec<&str> = required.iter().filter(|(_, field)| field.is_blank()).map(|(name, _)| *name).collect();
    if !missing.is_empty() {
        let message = format!("missing required fields: {}", missing.join(", "));
        return Err(Failure::permanent("MISSING_REQUIRED_FIELDS", message));
    }
    let amount = refund_amount.number()?;
    if amount <= Number::Integer(0) {
        let message = format!("refund amount must be positive, not {}", amount.text());
        return Err(Failure::permanent("INVALID_REFUND_AMOUNT", message));
    }
    let id = payment_id.text()?;
    if !is_payment_id(id) {
        return Err(Failure::permanent("INVALID_PAYMENT_ID", format!("invalid payment id: {id}")));
    }
    check_payment(id)?;

    Ok(Success::completed(
        json!({
            "payment_validated": true,
            "payment_id": id,
            "original_amount": Value::from(amount + NOT_REFUNDED),
            "refund_amount": refund_amount.value(),
            "payment_method": "credit_card",
            "gateway_provider": GATEWAY_PROVIDER,
            "eligibility_status": ELIGIBILITY_STATUS,
            "validation_timestamp": step.ambient.utc_stamp(),
            "namespace": "payments",
        }),
        json!({
            "operation": "validate_payment_eligibility",
            "execution_hints": {
                "payment_id": id,
                "gateway_provider": GATEWAY_PROVIDER,
                "eligibility_status": ELIGIBILITY_STATUS,
            },
            "http_headers": {
                "X-Payment-Gateway": GATEWAY_PROVIDER,
                "X-Payment-ID": id,
                "X-Eligibility-Status": ELIGIBILITY_STATUS,
            },
            "input_refs": {
                "payment_id": "context.get_input(\"payment_id\")",
                "refund_amount": "context.get_input(\"refund_amount\")",
                "refund_reason": "context.get_input(\"refund_reason\")",
                "partial_refund": "context.get_input_or(\"partial_refund\", false)",
            },
        }),
    ))
}

/// `pay_` and one or more ASCII letters, digits or underscores.
fn is_payment_id(text: &str) -> bool {
    text.strip_prefix("pay_")
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'))
}

/// The simulated gateway: test ids are refused, every other payment may be refunded.
fn check_payment(id: &str) -> Result<(), Failure> {
    if id.contains("pay_test_insufficient") {
        return Err(Failure::permanent("INSUFFICIENT_FUNDS", "not enough funds for the refund"));
    }
    if id.contains("pay_test_processing") {
        return Err(Failure::retryable(30, "the payment is still processing"));
    }
    if id.contains("pay_test_ineligible") {
        let message = "the payment is not eligible for a refund: the refund window is over";
        return Err(Failure::permanent("PAYMENT_INELIGIBLE", message));
    }
    Ok(())
}

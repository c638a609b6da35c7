//! `payments/update_payment_records`: books the refund.

use serde_json::json;

use super::refund::processed_refund;
use crate::spec::{HandlerSpec, OutcomeClass, Step};
use crate::success::Success;
use parity_model::{Failure, INVALID_INPUT};

/// See the module.
pub const SPEC: HandlerSpec = HandlerSpec {
    id: "payments/update_payment_records",
    dependencies: &["process_gateway_refund", "validate_payment_eligibility"],
    outcomes: &[
        OutcomeClass::Completed("completed"),
        OutcomeClass::Permanent("MISSING_REFUND"),
        OutcomeClass::Retryable(10),
        OutcomeClass::Retryable(30),
        OutcomeClass::Permanent(INVALID_INPUT),
    ],
    named_by_data: &[],
    call,
};

const PAYMENT_STATUS: &str = "refunded";

fn call(step: &mut Step<'_>) -> Result<Success, Failure> {
    let refund = processed_refund(step)?;
    // The original amount is asked for and not used: its step must be readable, the amount may be anything.
    step.get_dependency_result("validate_payment_eligibility").object_or_nil()?;

    let payment_id = refund.get("payment_id");
    if payment_id.contains("pay_test_record_lock") {
        return Err(Failure::retryable(10, "the payment record is locked"));
    }
    if payment_id.contains("pay_test_record_error") {
        return Err(Failure::retryable(30, "the payment record was not updated: database error"));
    }

    let payment_id = payment_id.hand_on()?;
    let refund_id = refund.get("refund_id");
    let refund_id = refund_id.hand_on()?;
    let record_id = format!("rec_{}", step.ambient.hex(8));

    Ok(Success::completed(
        json!({
            "records_updated": true,
            "payment_id": payment_id,
            "refund_id": refund_id,
            "record_id": record_id,
            "payment_status": PAYMENT_STATUS,
            "refund_status": "completed",
            "history_entries_created": 2,
            "updated_at": step.ambient.utc_stamp(),
            "namespace": "payments",
        }),
        json!({
            "operation": "update_payment_records",
            "execution_hints": {
                "payment_id": payment_id,
                "refund_id": refund_id,
                "record_id": record_id,
            },
            "http_headers": {
                "X-Payment-Record-Service": "MockPaymentRecordSystem",
                "X-Record-ID": record_id,
                "X-Payment-Status": PAYMENT_STATUS,
            },
            "input_refs": {
                "refund_reason": "context.get_input_or(\"refund_reason\", \"customer_request\")",
                "payment_id": "context.get_dependency_field(\"process_gateway_refund\", \"payment_id\")",
                "refund_id": "context.get_dependency_field(\"process_gateway_refund\", \"refund_id\")",
                "refund_amount": "context.get_dependency_field(\"process_gateway_refund\", \"refund_amount\")",
                "gateway_transaction_id":
                    "context.get_dependency_field(\"process_gateway_refund\", \"gateway_transaction_id\")",
                "original_amount": "context.get_dependency_field(\"validate_payment_eligibility\", \"original_amount\")",
            },
        }),
    ))
}

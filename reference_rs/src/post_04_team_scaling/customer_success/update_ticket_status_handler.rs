//! `customer_success/update_ticket_status`: closes the ticket and says why.

use serde_json::json;

use crate::field::Field;
use crate::number::fmt2;
use crate::spec::{HandlerSpec, OutcomeClass, Step};
use crate::success::Success;
use parity_model::{Failure, INVALID_INPUT};

/// See the module.
pub const SPEC: HandlerSpec = HandlerSpec {
    id: "customer_success/update_ticket_status",
    dependencies: &["execute_refund_workflow", "validate_refund_request"],
    outcomes: &[
        OutcomeClass::Completed("completed"),
        OutcomeClass::Permanent("MISSING_DELEGATION"),
        OutcomeClass::Retryable(15),
        OutcomeClass::Retryable(30),
        OutcomeClass::Permanent(INVALID_INPUT),
    ],
    named_by_data: &[],
    call,
};

const NEW_STATUS: &str = "resolved";

fn call(step: &mut Step<'_>) -> Result<Success, Failure> {
    let delegation = step.get_dependency_result("execute_refund_workflow").object_or_nil()?;
    if !delegation.get("task_delegated").is_truthy() {
        return Err(Failure::permanent("MISSING_DELEGATION", "the refund workflow must be executed first"));
    }
    let request = step.get_dependency_result("validate_refund_request").object_or_nil()?;
    check_ticket(&request.get("ticket_id"))?;

    let dollars = step.get_input("refund_amount").number()?.as_f64() / 100.0;
    let ticket_id = request.get("ticket_id").hand_on()?;
    let delegated_task_id = delegation.get("delegated_task_id");
    let correlation_id = delegation.get("correlation_id").to_text()?;
    let note = format!(
        "Refund of ${} processed successfully. Delegated task ID: {}. Correlation ID: {correlation_id}",
        fmt2(dollars),
        delegated_task_id.to_text()?,
    );
    Ok(Success::completed(
        json!({
            "ticket_updated": true,
            "ticket_id": ticket_id,
            "previous_status": "in_progress",
            "new_status": NEW_STATUS,
            "resolution_note": note,
            "updated_at": step.ambient.utc_stamp(),
            "refund_completed": true,
            "delegated_task_id": delegated_task_id.value(),
            "namespace": "customer_success",
        }),
        json!({
            "operation": "update_ticket_status",
            "execution_hints": {"ticket_id": ticket_id, "new_status": NEW_STATUS, "refund_completed": true},
            "http_headers": {
                "X-Customer-Service-Platform": "MockCustomerServiceSystem",
                "X-Ticket-ID": ticket_id,
                "X-Ticket-Status": NEW_STATUS,
            },
            "input_refs": {
                "refund_amount": "context.get_input(\"refund_amount\")",
                "refund_reason": "context.get_input(\"refund_reason\")",
                "ticket_id": "context.get_dependency_field(\"validate_refund_request\", \"ticket_id\")",
                "customer_id": "context.get_dependency_field(\"validate_refund_request\", \"customer_id\")",
                "delegated_task_id": "context.get_dependency_field(\"execute_refund_workflow\", \"delegated_task_id\")",
                "correlation_id": "context.get_dependency_field(\"execute_refund_workflow\", \"correlation_id\")",
            },
        }),
    ))
}

/// The simulated ticket system: test tickets can not be updated now.
fn check_ticket(ticket_id: &Field<'_>) -> Result<(), Failure> {
    if ticket_id.contains("ticket_locked") {
        return Err(Failure::retryable(15, "another agent holds the ticket"));
    }
    if ticket_id.contains("ticket_update_error") {
        return Err(Failure::retryable(30, "the ticket can not be updated: system error while updating"));
    }
    Ok(())
}

//! `customer_success/execute_refund_workflow`: hands the refund on to the payments team, which has a workflow of the same name.

use serde_json::json;

use crate::spec::{HandlerSpec, OutcomeClass, Step};
use crate::success::Success;
use parity_model::{Failure, INVALID_INPUT};

const TARGET_NAMESPACE: &str = "payments";
const TARGET_WORKFLOW: &str = "process_refund";

/// See the module.
pub const SPEC: HandlerSpec = HandlerSpec {
    id: "customer_success/execute_refund_workflow",
    dependencies: &["get_manager_approval", "validate_refund_request"],
    outcomes: &[
        OutcomeClass::Completed("completed"),
        OutcomeClass::Permanent("MISSING_APPROVAL"),
        OutcomeClass::Permanent("MISSING_PAYMENT_ID"),
        OutcomeClass::Permanent(INVALID_INPUT),
    ],
    named_by_data: &[],
    call,
};

fn call(step: &mut Step<'_>) -> Result<Success, Failure> {
    let approval = step.get_dependency_result("get_manager_approval").object_or_nil()?;
    if !approval.get("approval_obtained").is_truthy() {
        return Err(Failure::permanent("MISSING_APPROVAL", "the manager approval must come first"));
    }
    let request = step.get_dependency_result("validate_refund_request").object_or_nil()?;
    if !request.get("payment_id").is_truthy() {
        return Err(Failure::permanent("MISSING_PAYMENT_ID", "the validation results have no payment id"));
    }

    let given = step.get_input("correlation_id");
    let correlation_id =
        if given.is_truthy() { given.hand_on()?.clone() } else { format!("cs-{}", step.ambient.hex(8)).into() };
    let task_id = format!("task_{}", step.ambient.uuid4());
    Ok(Success::completed(
        json!({
            "task_delegated": true,
            "target_namespace": TARGET_NAMESPACE,
            "target_workflow": TARGET_WORKFLOW,
            "delegated_task_id": task_id,
            "delegated_task_status": "created",
            "delegation_timestamp": step.ambient.utc_stamp(),
            "correlation_id": correlation_id,
            "namespace": "customer_success",
        }),
        json!({
            "operation": "execute_refund_workflow",
            "execution_hints": {
                "target_namespace": TARGET_NAMESPACE,
                "target_workflow": TARGET_WORKFLOW,
                "delegated_task_id": task_id,
                "correlation_id": correlation_id,
            },
            "http_headers": {
                "X-Target-Namespace": TARGET_NAMESPACE,
                "X-Target-Workflow": TARGET_WORKFLOW,
                "X-Delegated-Task-ID": task_id,
                "X-Correlation-ID": correlation_id,
            },
            "input_refs": {
                "refund_amount": "context.get_input(\"refund_amount\")",
                "refund_reason": "context.get_input_or(\"refund_reason\", \"customer_request\")",
                "customer_email": "context.get_input_or(\"customer_email\", \"customer@example.com\")",
                "ticket_id": "context.get_input(\"ticket_id\")",
                "payment_id": "context.get_dependency_field(\"validate_refund_request\", \"payment_id\")",
                "approval_id": "context.get_dependency_field(\"get_manager_approval\", \"approval_id\")",
            },
        }),
    ))
}

//! `customer_success/get_manager_approval`: asks a manager, where the policy asks for one.

use serde_json::{Value, json};

use crate::field::Field;
use crate::spec::{HandlerSpec, OutcomeClass, Step};
use crate::success::Success;
use parity_model::{Failure, INVALID_INPUT};

const MANAGER_APPROVED: &str = "approved by a manager";
const AUTO_APPROVED: &str = "approved without one";

/// See the module.
pub const SPEC: HandlerSpec = HandlerSpec {
    id: "customer_success/get_manager_approval",
    dependencies: &["check_refund_policy", "validate_refund_request"],
    outcomes: &[
        OutcomeClass::Completed(MANAGER_APPROVED),
        OutcomeClass::Completed(AUTO_APPROVED),
        OutcomeClass::Permanent("MISSING_POLICY_CHECK"),
        OutcomeClass::Permanent("APPROVAL_DENIED"),
        OutcomeClass::Retryable(60),
        OutcomeClass::Permanent(INVALID_INPUT),
    ],
    named_by_data: &[],
    call,
};

/// The managers of the simulated portal are numbered from 1.
const MANAGERS: u32 = 5;

struct Approval {
    id: Value,
    manager_id: Value,
    notes: Value,
}

fn call(step: &mut Step<'_>) -> Result<Success, Failure> {
    let policy = step.get_dependency_result("check_refund_policy").object_or_nil()?;
    if !policy.get("policy_checked").is_truthy() {
        return Err(Failure::permanent("MISSING_POLICY_CHECK", "the policy check must come first"));
    }
    let request = step.get_dependency_result("validate_refund_request").object_or_nil()?;
    let requires_approval = policy.get("requires_approval");
    let is_required = requires_approval.is_truthy();
    if is_required {
        check_portal(&request.get("ticket_id"))?;
    }

    let requires_approval = requires_approval.hand_on()?;
    let approval = if is_required {
        approve(step, &request.get("customer_id"))?
    } else {
        Approval { id: Value::Null, manager_id: Value::Null, notes: Value::Null }
    };
    let result = json!({
        "approval_obtained": true,
        "approval_required": requires_approval,
        "auto_approved": !is_required,
        "approval_id": approval.id,
        "manager_id": approval.manager_id,
        "manager_notes": approval.notes,
        "approved_at": step.ambient.utc_stamp(),
        "namespace": "customer_success",
    });
    let metadata = json!({
        "operation": "get_manager_approval",
        "execution_hints": {
            "approval_required": requires_approval,
            "approval_id": approval.id,
            "manager_id": approval.manager_id,
        },
        "http_headers": {
            "X-Approval-System": "ManagerApprovalPortal",
            "X-Approval-ID": approval.id.as_str().unwrap_or("N/A"),
            "X-Auto-Approved": (!is_required).to_string(),
        },
        "input_refs": {
            "refund_amount": "context.get_input(\"refund_amount\")",
            "refund_reason": "context.get_input(\"refund_reason\")",
            "requires_approval": "context.get_dependency_field(\"check_refund_policy\", \"requires_approval\")",
            "customer_tier": "context.get_dependency_field(\"check_refund_policy\", \"customer_tier\")",
            "ticket_id": "context.get_dependency_field(\"validate_refund_request\", \"ticket_id\")",
            "customer_id": "context.get_dependency_field(\"validate_refund_request\", \"customer_id\")",
        },
    });
    let variant = if is_required { MANAGER_APPROVED } else { AUTO_APPROVED };
    Ok(Success { variant, ..Success::completed(result, metadata) })
}

/// The simulated portal: test tickets are denied or wait, every other one is approved.
fn check_portal(ticket_id: &Field<'_>) -> Result<(), Failure> {
    if ticket_id.contains("ticket_denied") {
        return Err(Failure::permanent("APPROVAL_DENIED", "the manager denied the refund"));
    }
    if ticket_id.contains("ticket_pending") {
        return Err(Failure::retryable(60, "the manager has not decided yet"));
    }
    Ok(())
}

fn approve(step: &mut Step<'_>, customer_id: &Field<'_>) -> Result<Approval, Failure> {
    let customer_id = customer_id.to_text()?;
    Ok(Approval {
        id: format!("appr_{}", step.ambient.hex(8)).into(),
        manager_id: format!("mgr_{}", step.ambient.integer(1, MANAGERS)).into(),
        notes: format!("Approved refund request for customer {customer_id}").into(),
    })
}

//! Where one team's step hands a task on to another team's workflow.
//!
//! `customer_success/execute_refund_workflow` answers with the workflow that it delegated to, but not with the context that it
//! sent there. The executor builds that context as the handler's text says.

use serde_json::{Map, Value, json};

use crate::template::TemplateId;
use crate::workflow::task::Task;
use crate::workflow::trace::{StepTrace, Trace};

/// The one step that delegates.
const DELEGATES: &str = "customer_success/execute_refund_workflow";

/// The task that `step`, one of `trace`, handed on.
pub(super) fn delegated_task(trace: &Trace, step: &StepTrace, task: &Task) -> Option<Task> {
    let result = step.result().filter(|_| step.handler.as_str() == DELEGATES)?;
    let target = |name: &str| Some(result.get(name)?.as_str()?.to_owned());
    let workflow = TemplateId { namespace: target("target_namespace")?, name: target("target_workflow")? };

    let input = |name: &str, default: Value| match task.context.get(name) {
        None | Some(Value::Null) => default,
        Some(value) => value.clone(),
    };
    let of = |step: &str, name: &str| {
        let result = trace.step(step).and_then(StepTrace::result);
        result.and_then(|result| result.get(name)).cloned().unwrap_or_default()
    };
    let context = json!({
        "payment_id": of("validate_refund_request", "payment_id"),
        "refund_amount": input("refund_amount", Value::Null),
        "refund_reason": input("refund_reason", "customer_request".into()),
        "customer_email": input("customer_email", "customer@example.com".into()),
        "initiated_by": "customer_success",
        "approval_id": of("get_manager_approval", "approval_id"),
        "ticket_id": input("ticket_id", Value::Null),
        "correlation_id": result.get("correlation_id").cloned().unwrap_or_default(),
    });
    let context = match context {
        Value::Object(context) => context,
        _ => Map::new(),
    };
    Some(Task { workflow, context, ambient: task.ambient.clone() })
}

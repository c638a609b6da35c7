//! `microservices/update_user_status`: activates a user for whom every service has done its part.

use serde_json::{Map, Value, json};

use super::plan::{FREE, plan_of};
use crate::spec::{HandlerSpec, OutcomeClass, Step};
use crate::success::Success;
use parity_model::{Failure, INVALID_INPUT};

const NEEDED: [&str; 4] =
    ["create_user_account", "setup_billing_profile", "initialize_preferences", "send_welcome_sequence"];

/// See the module.
pub const SPEC: HandlerSpec = HandlerSpec {
    id: "microservices/update_user_status",
    dependencies: &NEEDED,
    outcomes: &[
        OutcomeClass::Completed("completed"),
        OutcomeClass::Permanent("INCOMPLETE_WORKFLOW"),
        OutcomeClass::Permanent(INVALID_INPUT),
    ],
    named_by_data: &[],
    call,
};

fn call(step: &mut Step<'_>) -> Result<Success, Failure> {
    let results = NEEDED.map(|source| step.get_dependency_result(source));
    let missing: Vec<&str> =
        NEEDED.into_iter().zip(&results).filter(|(_, result)| !result.is_truthy()).map(|(source, _)| source).collect();
    if !missing.is_empty() {
        let message =
            format!("the registration can not be completed, these results are missing: {}", missing.join(", "));
        return Err(Failure::permanent("INCOMPLETE_WORKFLOW", message));
    }
    let [account, billing, initialized, welcome] = results;
    let account = account.object_if_truthy()?;
    let billing = billing.object_if_truthy()?;
    let initialized = initialized.object_if_truthy()?;
    let welcome = welcome.object_if_truthy()?;

    let user_id = account.get("user_id").hand_on()?;
    let plan = plan_of(&account)?;
    let now = step.ambient.utc_stamp();
    let mut summary = Map::new();
    let mut put = |name: &str, value: Value| summary.insert(name.to_owned(), value);
    put("user_id", user_id.clone());
    put("email", account.get("email").hand_on()?.clone());
    put("plan", plan.clone());
    put("registration_status", "complete".into());
    if plan != FREE {
        put("billing_id", billing.get("billing_id").hand_on()?.clone());
        put("next_billing_date", billing.get("next_billing_date").hand_on()?.clone());
    }
    put("preferences_count", initialized.get("preferences").value().as_object().map_or(0, Map::len).into());
    put("welcome_sent", true.into());
    let channels = welcome.get("channels_used");
    put("notification_channels", if channels.is_truthy() { channels.hand_on()?.clone() } else { json!([]) });
    put("user_created_at", account.get("created_at").hand_on()?.clone());
    put("registration_completed_at", now.clone().into());

    Ok(Success::completed(
        json!({
            "user_id": user_id,
            "status": "active",
            "plan": plan,
            "registration_summary": summary,
            "activation_timestamp": now,
            "all_services_coordinated": true,
            "services_completed": ["user_service", "billing_service", "preferences_service", "notification_service"],
        }),
        json!({
            "operation": "update_user_status",
            "service": "user_service",
            "plan": plan,
            "workflow_complete": true,
            "completed_at": now,
            "handler_class": "Microservices::StepHandlers::UpdateUserStatusHandler",
        }),
    ))
}

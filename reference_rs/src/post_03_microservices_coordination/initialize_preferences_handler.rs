//! `microservices/initialize_preferences`: the defaults of the plan, overlaid by what the user wants.

use serde_json::{Map, Value, json};

use super::plan::{plan_of, user_account};
use crate::spec::{HandlerSpec, OutcomeClass, Step};
use crate::success::Success;
use parity_model::{Failure, INVALID_INPUT};

/// See the module.
pub const SPEC: HandlerSpec = HandlerSpec {
    id: "microservices/initialize_preferences",
    dependencies: &["create_user_account"],
    outcomes: &[
        OutcomeClass::Completed("completed"),
        OutcomeClass::Permanent("MISSING_USER_DATA"),
        OutcomeClass::Permanent(INVALID_INPUT),
    ],
    named_by_data: &["/result/preferences"],
    call,
};

fn call(step: &mut Step<'_>) -> Result<Success, Failure> {
    let account = user_account(step.get_dependency_result("create_user_account"))?;
    let user_info = step.get_input("user_info").object_or_nil()?;
    let wanted = user_info.get("preferences").object_if_truthy()?;

    let user_id = account.get("user_id").hand_on()?;
    let plan = plan_of(&account)?;
    let custom = wanted.hand_on()?.as_object().cloned().unwrap_or_default();
    let defaults = defaults_of(&plan);
    let (defaults_applied, customizations) = (defaults.len(), custom.len());
    let mut preferences = defaults;
    preferences.extend(custom);
    let now = step.ambient.utc_stamp();

    Ok(Success::completed(
        json!({
            "preferences_id": format!("prefs_{}", step.ambient.hex(6)),
            "user_id": user_id,
            "plan": plan,
            "preferences": preferences,
            "defaults_applied": defaults_applied,
            "customizations": customizations,
            "status": "active",
            "created_at": now,
            "updated_at": now,
        }),
        json!({
            "operation": "initialize_preferences",
            "service": "preferences_service",
            "plan": plan,
            "custom_preferences_count": customizations,
            "created_at": now,
            "handler_class": "Microservices::StepHandlers::InitializePreferencesHandler",
        }),
    ))
}

/// The defaults of a plan; an unknown one has those of the free plan.
fn defaults_of(plan: &Value) -> Map<String, Value> {
    let defaults = match plan.as_str() {
        Some("pro") => json!({
            "email_notifications": true,
            "marketing_emails": true,
            "product_updates": true,
            "weekly_digest": true,
            "theme": "dark",
            "language": "en",
            "timezone": "UTC",
            "api_notifications": true,
        }),
        Some("enterprise") => json!({
            "email_notifications": true,
            "marketing_emails": true,
            "product_updates": true,
            "weekly_digest": true,
            "theme": "dark",
            "language": "en",
            "timezone": "UTC",
            "api_notifications": true,
            "audit_logs": true,
            "advanced_reports": true,
        }),
        _ => json!({
            "email_notifications": true,
            "marketing_emails": false,
            "product_updates": true,
            "weekly_digest": false,
            "theme": "light",
            "language": "en",
            "timezone": "UTC",
        }),
    };
    defaults.as_object().cloned().unwrap_or_default()
}

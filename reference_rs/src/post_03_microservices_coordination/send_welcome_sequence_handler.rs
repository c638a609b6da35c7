//! `microservices/send_welcome_sequence`: welcomes a user on every channel that the plan and the preferences allow.

use serde_json::{Value, json};

use super::plan::plan_of;
use crate::spec::{HandlerSpec, OutcomeClass, Step};
use crate::success::Success;
use parity_model::{Failure, INVALID_INPUT};

/// See the module.
pub const SPEC: HandlerSpec = HandlerSpec {
    id: "microservices/send_welcome_sequence",
    dependencies: &["create_user_account", "setup_billing_profile", "initialize_preferences"],
    outcomes: &[
        OutcomeClass::Completed("completed"),
        OutcomeClass::Permanent("MISSING_USER_DATA"),
        OutcomeClass::Permanent("MISSING_BILLING_DATA"),
        OutcomeClass::Permanent("MISSING_PREFERENCES_DATA"),
        OutcomeClass::Permanent(INVALID_INPUT),
    ],
    named_by_data: &[],
    call,
};

/// The results that are needed, the code of a missing one, and what it is called.
const NEEDED: [(&str, &str, &str); 3] = [
    ("create_user_account", "MISSING_USER_DATA", "user data"),
    ("setup_billing_profile", "MISSING_BILLING_DATA", "billing data"),
    ("initialize_preferences", "MISSING_PREFERENCES_DATA", "preferences data"),
];

fn call(step: &mut Step<'_>) -> Result<Success, Failure> {
    let [account, billing, initialized] = NEEDED.map(|(source, _, _)| step.get_dependency_result(source));
    for ((source, code, what), result) in NEEDED.into_iter().zip([&account, &billing, &initialized]) {
        if !result.is_truthy() {
            return Err(Failure::permanent(code, format!("{what} from {source} are missing")));
        }
    }
    let account = account.object_if_truthy()?;
    billing.object_if_truthy()?;
    let preferences = initialized.object_if_truthy()?.get("preferences").object_if_truthy()?;

    let user_id = account.get("user_id").hand_on()?;
    let plan = plan_of(&account)?;
    let channels = channels(&plan, preferences.get("email_notifications").value());
    let now = step.ambient.utc_stamp();

    Ok(Success::completed(
        json!({
            "user_id": user_id,
            "plan": plan,
            "channels_used": channels,
            "messages_sent": channels.len(),
            "welcome_sequence_id": format!("welcome_{}", step.ambient.hex(6)),
            "status": "sent",
            "sent_at": now,
        }),
        json!({
            "operation": "send_welcome_sequence",
            "service": "notification_service",
            "plan": plan,
            "channels_used": channels.len(),
            "created_at": now,
            "handler_class": "Microservices::StepHandlers::SendWelcomeSequenceHandler",
        }),
    ))
}

/// Mail unless it was declined in so many words, always a message in the application, and a text message for enterprises.
fn channels(plan: &Value, email_notifications: &Value) -> Vec<&'static str> {
    let mut channels = Vec::new();
    if *email_notifications != false {
        channels.push("email");
    }
    channels.push("in_app");
    if plan == "enterprise" {
        channels.push("sms");
    }
    channels
}

//! `microservices/create_user_account`: registers a user, or recognises one who is there already.

use serde_json::json;

use super::plan::{FREE, plan_of};
use crate::spec::{HandlerSpec, OutcomeClass, Step};
use crate::success::Success;
use parity_model::{Failure, INVALID_INPUT};

const CREATED: &str = "created";
const ALREADY_EXISTS: &str = "already_exists";

/// See the module.
pub const SPEC: HandlerSpec = HandlerSpec {
    id: "microservices/create_user_account",
    dependencies: &[],
    outcomes: &[
        OutcomeClass::Completed(CREATED),
        OutcomeClass::Completed(ALREADY_EXISTS),
        OutcomeClass::Permanent("MISSING_EMAIL"),
        OutcomeClass::Permanent("MISSING_NAME"),
        OutcomeClass::Permanent("INVALID_EMAIL_FORMAT"),
        OutcomeClass::Permanent("USER_CONFLICT"),
        OutcomeClass::Permanent(INVALID_INPUT),
    ],
    named_by_data: &[],
    call,
};

struct User {
    id: &'static str,
    email: &'static str,
    name: &'static str,
    plan: &'static str,
    created_at: &'static str,
}

/// The one user whom the simulated user service knows.
const KNOWN_USER: User = User {
    id: "user_existing_001",
    email: "existing@example.com",
    name: "Existing User",
    plan: FREE,
    created_at: "2025-01-01T00:00:00Z",
};

fn call(step: &mut Step<'_>) -> Result<Success, Failure> {
    let user_info = step.get_input("user_info").object_or_nil()?;
    let (email, name) = (user_info.get("email"), user_info.get("name"));
    if !email.is_truthy() {
        return Err(Failure::permanent("MISSING_EMAIL", "email is required"));
    }
    if !name.is_truthy() {
        return Err(Failure::permanent("MISSING_NAME", "name is required"));
    }
    let email = email.text()?;
    if !is_email(email) {
        return Err(Failure::permanent("INVALID_EMAIL_FORMAT", format!("invalid email address: {email}")));
    }

    let now = step.ambient.utc_stamp();
    let (variant, user) = if email == KNOWN_USER.email {
        let plan = user_info.get("plan");
        let same_plan = !plan.is_truthy() || plan.value() == KNOWN_USER.plan;
        if name.value() != KNOWN_USER.name || !same_plan {
            let message = format!("a user with the address {email} exists with other data");
            return Err(Failure::permanent("USER_CONFLICT", message));
        }
        let known = json!({
            "user_id": KNOWN_USER.id,
            "email": KNOWN_USER.email,
            "plan": KNOWN_USER.plan,
            "status": ALREADY_EXISTS,
            "created_at": KNOWN_USER.created_at,
        });
        (ALREADY_EXISTS, known)
    } else {
        let (name, plan) = (name.hand_on()?, plan_of(&user_info)?);
        let created = json!({
            "user_id": format!("user_{}", step.ambient.hex(6)),
            "email": email,
            "name": name,
            "plan": plan,
            "status": CREATED,
            "created_at": now,
        });
        (CREATED, created)
    };
    let metadata = json!({
        "operation": "create_user",
        "service": "user_service",
        "idempotent": variant == ALREADY_EXISTS,
        "created_at": now,
        "handler_class": "Microservices::StepHandlers::CreateUserAccountHandler",
    });
    Ok(Success { variant, ..Success::completed(user, metadata) })
}

/// Something of ASCII letters, digits, `_`, `+`, `-` and `.`, an `@`, and labels of ASCII letters, digits and `-` with dots
/// between them, of which the last has letters only.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let Some((host, top)) = domain.rsplit_once('.') else { return false };
    let is_label =
        |label: &str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let is_local = |byte: u8| byte.is_ascii_alphanumeric() || b"_+-.".contains(&byte);
    !local.is_empty()
        && local.bytes().all(is_local)
        && host.split('.').all(is_label)
        && !top.is_empty()
        && top.bytes().all(|byte| byte.is_ascii_alphabetic())
}

//! `microservices/setup_billing_profile`: who is on a paid plan gets a billing profile.

use serde_json::{Value, json};

use super::plan::{plan_of, user_account};
use crate::spec::{HandlerSpec, OutcomeClass, Step};
use crate::success::Success;
use parity_model::{Failure, INVALID_INPUT};

const BILLED: &str = "billed";
const SKIPPED: &str = "skipped_free_plan";

/// See the module.
pub const SPEC: HandlerSpec = HandlerSpec {
    id: "microservices/setup_billing_profile",
    dependencies: &["create_user_account"],
    outcomes: &[
        OutcomeClass::Completed(BILLED),
        OutcomeClass::Completed(SKIPPED),
        OutcomeClass::Permanent("MISSING_USER_DATA"),
        OutcomeClass::Permanent(INVALID_INPUT),
    ],
    named_by_data: &[],
    call,
};

struct PaidPlan {
    name: &'static str,
    price: f64,
    features: &'static [&'static str],
}

/// Whatever other plan a user has is free.
const PAID_PLANS: [PaidPlan; 2] = [
    PaidPlan { name: "pro", price: 29.99, features: &["basic_features", "advanced_analytics"] },
    PaidPlan {
        name: "enterprise",
        price: 299.99,
        features: &["basic_features", "advanced_analytics", "priority_support", "custom_integrations"],
    },
];

const BILLING_DAYS: i64 = 30;

fn call(step: &mut Step<'_>) -> Result<Success, Failure> {
    let account = user_account(step.get_dependency_result("create_user_account"))?;
    let user_id = account.get("user_id").hand_on()?;
    let plan = plan_of(&account)?;
    let paid = PAID_PLANS.iter().find(|paid| plan == paid.name);
    let now = step.ambient.utc_stamp();
    let (variant, billing) = if let Some(paid) = paid {
        (BILLED, profile(step, paid, user_id, &now))
    } else {
        let skipped = json!({
            "user_id": user_id,
            "plan": plan,
            "billing_required": false,
            "status": SKIPPED,
            "message": "Free plan users do not require billing setup",
        });
        (SKIPPED, skipped)
    };
    let metadata = json!({
        "operation": "setup_billing",
        "service": "billing_service",
        "plan": plan,
        "billing_required": paid.is_some(),
        "created_at": now,
        "handler_class": "Microservices::StepHandlers::SetupBillingProfileHandler",
    });
    Ok(Success { variant, ..Success::completed(billing, metadata) })
}

fn profile(step: &mut Step<'_>, plan: &PaidPlan, user_id: &Value, now: &str) -> Value {
    json!({
        "billing_id": format!("billing_{}", step.ambient.hex(6)),
        "user_id": user_id,
        "plan": plan.name,
        "price": plan.price,
        "currency": "USD",
        "billing_cycle": "monthly",
        "features": plan.features,
        "status": "active",
        "next_billing_date": step.ambient.date_text(BILLING_DAYS, "%Y-%m-%dT%H:%M:%SZ"),
        "created_at": now,
    })
}

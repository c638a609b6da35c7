//! `customer_success/check_refund_policy`: holds the request against the refund policy of the customer's tier.

use serde_json::json;

use crate::number::{Number, float_text};
use crate::spec::{HandlerSpec, OutcomeClass, Step};
use crate::success::Success;
use crate::times::parse_time;
use parity_model::{Failure, INVALID_INPUT};

const SOURCE: &str = "validate_refund_request";

/// See the module.
pub const SPEC: HandlerSpec = HandlerSpec {
    id: "customer_success/check_refund_policy",
    dependencies: &[SOURCE],
    outcomes: &[
        OutcomeClass::Completed("completed"),
        OutcomeClass::Permanent("MISSING_VALIDATION"),
        OutcomeClass::Permanent("OUTSIDE_REFUND_WINDOW"),
        OutcomeClass::Permanent("EXCEEDS_AMOUNT_LIMIT"),
        OutcomeClass::Permanent(INVALID_INPUT),
    ],
    named_by_data: &[],
    call,
};

struct Policy {
    tier: &'static str,
    window_days: i64,
    requires_approval: bool,
    /// In cents.
    max_amount: i64,
}

const POLICIES: [Policy; 3] = [
    Policy { tier: "standard", window_days: 30, requires_approval: true, max_amount: 10_000 },
    Policy { tier: "gold", window_days: 60, requires_approval: false, max_amount: 50_000 },
    Policy { tier: "premium", window_days: 90, requires_approval: false, max_amount: 100_000 },
];

const MILLISECONDS_PER_DAY: i64 = 86_400_000;

fn call(step: &mut Step<'_>) -> Result<Success, Failure> {
    let request = step.get_dependency_result(SOURCE).object_or_nil()?;
    if !request.get("request_validated").is_truthy() {
        return Err(Failure::permanent("MISSING_VALIDATION", "the request validation must come first"));
    }
    let tier = request.get("customer_tier");
    let tier = if tier.is_truthy() { tier.text()? } else { POLICIES[0].tier };
    let purchase_date = request.get("original_purchase_date");
    let purchased = purchase_date.text().ok().and_then(parse_time);
    let purchased = purchased.ok_or_else(|| purchase_date.invalid("a date or an RFC 3339 timestamp"))?;
    let amount = step.get_input("refund_amount").number()?;

    // Any other tier has the policy of the first one.
    let policy = POLICIES.iter().find(|policy| policy.tier == tier).unwrap_or(&POLICIES[0]);
    let days = (step.ambient.now().as_millisecond() - purchased) / MILLISECONDS_PER_DAY;
    if days > policy.window_days {
        let message = format!("{days} days since the purchase, a refund is possible for {}", policy.window_days);
        return Err(Failure::permanent("OUTSIDE_REFUND_WINDOW", message));
    }
    let limit = Number::Integer(policy.max_amount);
    if amount > limit {
        let message = format!("a refund of {} is above the limit of {}", dollars(amount), dollars(limit));
        return Err(Failure::permanent("EXCEEDS_AMOUNT_LIMIT", message));
    }

    Ok(Success::completed(
        json!({
            "policy_checked": true,
            "policy_compliant": true,
            "customer_tier": tier,
            "refund_window_days": policy.window_days,
            "days_since_purchase": days,
            "within_refund_window": true,
            "requires_approval": policy.requires_approval,
            "max_allowed_amount": policy.max_amount,
            "policy_checked_at": step.ambient.utc_stamp(),
            "namespace": "customer_success",
        }),
        json!({
            "operation": "check_refund_policy",
            "execution_hints": {
                "customer_tier": tier,
                "requires_approval": policy.requires_approval,
                "within_window": true,
            },
            "http_headers": {
                "X-Policy-Engine": "RefundPolicyService",
                "X-Customer-Tier": tier,
                "X-Requires-Approval": policy.requires_approval.to_string(),
            },
            "input_refs": {
                "refund_amount": "context.get_input(\"refund_amount\")",
                "refund_reason": "context.get_input(\"refund_reason\")",
                "customer_tier": "context.get_dependency_field(\"validate_refund_request\", \"customer_tier\")",
                "original_purchase_date":
                    "context.get_dependency_field(\"validate_refund_request\", \"original_purchase_date\")",
            },
        }),
    ))
}

/// Cents as a text of dollars, `$100.0`.
fn dollars(cents: Number) -> String {
    format!("${}", float_text(cents.as_f64() / 100.0))
}

//! `payments/notify_customer`: tells the customer that the money is on its way.

use serde_json::json;

use super::refund::processed_refund;
use crate::email::is_email;
use crate::spec::{HandlerSpec, OutcomeClass, Step};
use crate::success::Success;
use parity_model::{Failure, INVALID_INPUT};

/// See the module.
pub const SPEC: HandlerSpec = HandlerSpec {
    id: "payments/notify_customer",
    dependencies: &["process_gateway_refund"],
    outcomes: &[
        OutcomeClass::Completed("completed"),
        OutcomeClass::Permanent("MISSING_REFUND"),
        OutcomeClass::Permanent("MISSING_CUSTOMER_EMAIL"),
        OutcomeClass::Permanent("INVALID_EMAIL_FORMAT"),
        OutcomeClass::Permanent("EMAIL_BOUNCED"),
        OutcomeClass::Permanent("INVALID_EMAIL"),
        OutcomeClass::Retryable(60),
        OutcomeClass::Permanent(INVALID_INPUT),
    ],
    named_by_data: &[],
    call,
};

const NOTIFICATION_TYPE: &str = "refund_confirmation";

fn call(step: &mut Step<'_>) -> Result<Success, Failure> {
    let refund = processed_refund(step)?;
    let customer_email = step.get_input("customer_email");
    if !customer_email.is_truthy() {
        return Err(Failure::permanent("MISSING_CUSTOMER_EMAIL", "customer email is required"));
    }
    let email = customer_email.text()?;
    if !is_email(email) {
        return Err(Failure::permanent("INVALID_EMAIL_FORMAT", format!("invalid email address: {email}")));
    }
    check_mailbox(email)?;

    // The subject line of the mail names the amount, so it must be one.
    let refund_amount = refund.get("refund_amount");
    refund_amount.number()?;
    let refund_id = refund.get("refund_id");
    let refund_id = refund_id.hand_on()?;
    let message_id = format!("msg_{}", step.ambient.hex(12));

    Ok(Success::completed(
        json!({
            "notification_sent": true,
            "customer_email": email,
            "message_id": message_id,
            "notification_type": NOTIFICATION_TYPE,
            "sent_at": step.ambient.utc_stamp(),
            "delivery_status": "delivered",
            "refund_id": refund_id,
            "refund_amount": refund_amount.value(),
            "namespace": "payments",
        }),
        json!({
            "operation": "notify_customer",
            "execution_hints": {
                "customer_email": email,
                "message_id": message_id,
                "notification_type": NOTIFICATION_TYPE,
            },
            "http_headers": {
                "X-Notification-Service": "MockEmailService",
                "X-Message-ID": message_id,
                "X-Recipient": email,
            },
            "input_refs": {
                "customer_email": "context.get_input(\"customer_email\")",
                "refund_reason": "context.get_input_or(\"refund_reason\", \"customer_request\")",
                "refund_id": "context.get_dependency_field(\"process_gateway_refund\", \"refund_id\")",
                "refund_amount": "context.get_dependency_field(\"process_gateway_refund\", \"refund_amount\")",
                "payment_id": "context.get_dependency_field(\"process_gateway_refund\", \"payment_id\")",
                "estimated_arrival": "context.get_dependency_field(\"process_gateway_refund\", \"estimated_arrival\")",
            },
        }),
    ))
}

/// The simulated mail service: test addresses fail, every other mail is delivered.
fn check_mailbox(email: &str) -> Result<(), Failure> {
    if email.contains("@test_bounce") {
        return Err(Failure::permanent("EMAIL_BOUNCED", "the email bounced"));
    }
    if email.contains("@test_invalid") {
        return Err(Failure::permanent("INVALID_EMAIL", "the email address does not exist"));
    }
    if email.contains("@test_rate_limit") {
        return Err(Failure::retryable(60, "the email service's rate limit is reached"));
    }
    Ok(())
}

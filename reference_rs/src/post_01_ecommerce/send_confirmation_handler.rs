//! `ecommerce/send_confirmation`: tells the customer that the order is placed.

use serde_json::json;

use crate::email::is_email;
use crate::spec::{HandlerSpec, OutcomeClass, Step};
use crate::success::Success;
use parity_model::{Failure, INVALID_INPUT};

/// See the module.
pub const SPEC: HandlerSpec = HandlerSpec {
    id: "ecommerce/send_confirmation",
    dependencies: &["create_order", "validate_cart"],
    outcomes: &[
        OutcomeClass::Completed("completed"),
        OutcomeClass::Permanent("MISSING_CUSTOMER_EMAIL"),
        OutcomeClass::Permanent("MISSING_ORDER_RESULT"),
        OutcomeClass::Permanent("MISSING_CART_VALIDATION"),
        OutcomeClass::Permanent("INVALID_EMAIL"),
        OutcomeClass::Permanent(INVALID_INPUT),
    ],
    named_by_data: &[],
    call,
};

fn call(step: &mut Step<'_>) -> Result<Success, Failure> {
    let customer_info = step.get_input("customer_info").object_if_truthy()?;
    let order = step.get_dependency_result("create_order").object_if_truthy()?;
    let cart = step.get_dependency_result("validate_cart").object_if_truthy()?;

    let email = customer_info.get("email");
    if !customer_info.is_object()? || !email.is_truthy() {
        return Err(Failure::permanent("MISSING_CUSTOMER_EMAIL", "customer email is required"));
    }
    if !order.is_object()? || !order.get("order_id").is_truthy() {
        return Err(Failure::permanent("MISSING_ORDER_RESULT", "order results are missing"));
    }
    if !cart.is_object()? || !cart.get("validated_items").has_any()? {
        return Err(Failure::permanent("MISSING_CART_VALIDATION", "cart validation results are missing"));
    }
    let email = email.text()?;
    if !is_email(email) {
        return Err(
            Failure::permanent("INVALID_EMAIL", format!("{email} is not a valid email address")).with("email", email)
        );
    }

    let now = step.ambient.utc_stamp();
    let message_id = format!("msg_{}", step.ambient.hex(12));
    Ok(Success::completed(
        json!({
            "email_sent": true,
            "recipient": email,
            "email_type": "order_confirmation",
            "sent_at": now,
            "message_id": message_id,
        }),
        json!({
            "operation": "send_confirmation_email",
            "execution_hints": {
                "recipient": email,
                "email_type": "order_confirmation",
                "delivery_status": "sent",
                "sent_timestamp": now,
            },
            "http_headers": {
                "X-Email-Service": "MockEmailService",
                "X-Message-ID": message_id,
                "X-Recipient": email,
            },
            "input_refs": {
                "customer_info": "context.get_input(\"customer_info\")",
                "order_result": "context.get_dependency_result(\"create_order\")",
                "cart_validation": "context.get_dependency_result(\"validate_cart\")",
            },
        }),
    ))
}

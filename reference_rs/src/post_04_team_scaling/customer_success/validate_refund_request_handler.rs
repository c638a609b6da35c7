//! `customer_success/validate_refund_request`: looks up the ticket and the tier of the customer.

use serde_json::json;

use crate::field::Field;
use crate::spec::{HandlerSpec, OutcomeClass, Step};
use crate::success::Success;
use parity_model::{Failure, INVALID_INPUT};

/// See the module.
pub const SPEC: HandlerSpec = HandlerSpec {
    id: "customer_success/validate_refund_request",
    dependencies: &[],
    outcomes: &[
        OutcomeClass::Completed("completed"),
        OutcomeClass::Permanent("MISSING_REQUIRED_FIELDS"),
        OutcomeClass::Permanent("TICKET_CLOSED"),
        OutcomeClass::Permanent("TICKET_CANCELLED"),
        OutcomeClass::Permanent("TICKET_DUPLICATE"),
        OutcomeClass::Permanent(INVALID_INPUT),
    ],
    named_by_data: &[],
    call,
};

/// What a ticket id says of a ticket that gets no refund: test token, code, and state.
const DEAD_TICKETS: [(&str, &str, &str); 3] = [
    ("ticket_closed", "TICKET_CLOSED", "closed"),
    ("ticket_cancelled", "TICKET_CANCELLED", "cancelled"),
    ("ticket_duplicate", "TICKET_DUPLICATE", "duplicate"),
];

/// What in a customer id tells a tier; the first that is there counts.
const TIERS: [(&str, &str); 3] = [("vip", "premium"), ("premium", "premium"), ("gold", "gold")];
const DEFAULT_TIER: &str = "standard";

const TICKET_STATUS: &str = "open";

/// How long ago the simulated shop sold everything.
const PURCHASED_DAYS_AGO: i64 = 30;

fn call(step: &mut Step<'_>) -> Result<Success, Failure> {
    let [ticket_id, customer_id, refund_amount] =
        ["ticket_id", "customer_id", "refund_amount"].map(|name| step.get_input(name));
    let required = [("ticket_id", &ticket_id), ("customer_id", &customer_id), ("refund_amount", &refund_amount)];
    let missing: Vec<&str> = required.iter().filter(|(_, field)| field.is_blank()).map(|(name, _)| *name).collect();
    if !missing.is_empty() {
        let message = format!("missing required fields: {}", missing.join(", "));
        return Err(Failure::permanent("MISSING_REQUIRED_FIELDS", message));
    }
    if let Some((_, code, state)) = DEAD_TICKETS.iter().find(|(token, _, _)| ticket_id.contains(token)) {
        return Err(Failure::permanent(code, format!("no refund for a {state} ticket")));
    }

    let tier = tier_of(&customer_id);
    let ticket_id = ticket_id.hand_on()?;
    let customer_id = customer_id.hand_on()?;
    Ok(Success::completed(
        json!({
            "request_validated": true,
            "ticket_id": ticket_id,
            "customer_id": customer_id,
            "ticket_status": TICKET_STATUS,
            "customer_tier": tier,
            "original_purchase_date": step.ambient.date_text(-PURCHASED_DAYS_AGO, "%Y-%m-%dT%H:%M:%SZ"),
            "payment_id": format!("pay_{}", step.ambient.hex(8)),
            "validation_timestamp": step.ambient.utc_stamp(),
            "namespace": "customer_success",
        }),
        json!({
            "operation": "validate_refund_request",
            "execution_hints": {"ticket_id": ticket_id, "customer_tier": tier, "ticket_status": TICKET_STATUS},
            "http_headers": {
                "X-Customer-Service-Platform": "MockCustomerServiceSystem",
                "X-Ticket-ID": ticket_id,
                "X-Customer-Tier": tier,
            },
            "input_refs": {
                "ticket_id": "context.get_input(\"ticket_id\")",
                "customer_id": "context.get_input(\"customer_id\")",
                "refund_amount": "context.get_input(\"refund_amount\")",
                "refund_reason": "context.get_input(\"refund_reason\")",
            },
        }),
    ))
}

fn tier_of(customer_id: &Field<'_>) -> &'static str {
    TIERS.iter().find(|(token, _)| customer_id.contains(token)).map_or(DEFAULT_TIER, |(_, tier)| tier)
}

//! `ecommerce/process_payment`: charges the cart total to the customer's means of payment.

use serde_json::json;

use crate::field::Field;
use crate::number::{float_text, round2};
use crate::spec::{HandlerSpec, OutcomeClass, Step};
use crate::success::Success;
use parity_model::{Failure, INVALID_INPUT};

const FEE_RATE: f64 = 0.029;
const FIXED_FEE: f64 = 0.30;
const AMOUNT_TOLERANCE: f64 = 0.01;

/// See the module.
pub const SPEC: HandlerSpec = HandlerSpec {
    id: "ecommerce/process_payment",
    dependencies: &["validate_cart"],
    outcomes: &[
        OutcomeClass::Completed("completed"),
        OutcomeClass::Permanent("MISSING_PAYMENT_METHOD"),
        OutcomeClass::Permanent("MISSING_PAYMENT_TOKEN"),
        OutcomeClass::Permanent("MISSING_CART_TOTAL"),
        OutcomeClass::Permanent("PAYMENT_AMOUNT_MISMATCH"),
        OutcomeClass::Permanent("PAYMENT_DECLINED"),
        OutcomeClass::Retryable(15),
        OutcomeClass::Permanent(INVALID_INPUT),
    ],
    named_by_data: &[],
    call,
};

fn call(step: &mut Step<'_>) -> Result<Success, Failure> {
    let payment_info = step.get_input("payment_info").object_if_truthy()?;
    let cart = step.get_dependency_result("validate_cart").object_or_nil()?;
    let payment_info = payment_info.object_or_nil()?;

    let method = payment_info.get("method");
    if !method.is_truthy() {
        return Err(Failure::permanent("MISSING_PAYMENT_METHOD", "payment method is required"));
    }
    let token = payment_info.get("token");
    if !token.is_truthy() {
        return Err(Failure::permanent("MISSING_PAYMENT_TOKEN", "payment token is required"));
    }
    let cart_total = cart.get("total");
    if !cart_total.is_truthy() {
        return Err(Failure::permanent("MISSING_CART_TOTAL", "cart total from validate_cart is missing"));
    }
    check_amount(&payment_info.get("amount"), &cart_total)?;
    check_gateway(token.value().as_str())?;

    // A text may stand for the total up to here; fees are taken of a number only.
    let total = cart_total.number()?;
    let method = method.hand_on()?;
    let processing_fee = round2(total.as_f64() * FEE_RATE);
    let payment_id = format!("pay_{}", step.ambient.hex(12));
    let transaction_id = format!("txn_{}", step.ambient.hex(12));

    Ok(Success::completed(
        json!({
            "payment_id": payment_id,
            "amount_charged": cart_total.value(),
            "currency": "USD",
            "payment_method_type": method,
            "transaction_id": transaction_id,
            "processed_at": step.ambient.utc_stamp(),
            "status": "completed",
        }),
        json!({
            "operation": "process_payment",
            "execution_hints": {
                "payment_gateway": "mock",
                "amount_charged": cart_total.value(),
                "fees": {
                    "processing_fee": processing_fee,
                    "fixed_fee": FIXED_FEE,
                    "total_fees": processing_fee + FIXED_FEE,
                },
                "processing_time_ms": 150,
            },
            "http_headers": {
                "X-Payment-Gateway": "SimulatedPaymentService",
                "X-Payment-ID": payment_id,
                "X-Transaction-ID": transaction_id,
            },
            "input_refs": {
                "amount": "context.get_dependency_field(\"validate_cart\", \"total\")",
                "payment_info": "context.get_input(\"payment_info\")",
            },
        }),
    ))
}

fn check_amount(amount: &Field<'_>, cart_total: &Field<'_>) -> Result<(), Failure> {
    let provided = amount.to_float()?;
    let expected = cart_total.to_float()?;
    if (provided - expected).abs() <= AMOUNT_TOLERANCE {
        return Ok(());
    }
    let message =
        format!("payment amount ${} does not match the cart total ${}", float_text(provided), float_text(expected));
    Err(Failure::permanent("PAYMENT_AMOUNT_MISMATCH", message)
        .with("expected_amount", expected)
        .with("provided_amount", provided)
        .with("difference", round2(provided - expected)))
}

/// The simulated gateway: test tokens decline, every other token is charged.
fn check_gateway(token: Option<&str>) -> Result<(), Failure> {
    let declined = |status: &str, reason: &str| {
        Failure::permanent("PAYMENT_DECLINED", format!("payment declined: {reason}")).with("payment_status", status)
    };
    match token {
        Some("tok_test_declined") => Err(declined("card_declined", "the issuer declined the card")),
        Some("tok_test_insufficient_funds") => Err(declined("insufficient_funds", "not enough funds")),
        Some("tok_test_network_error") => {
            Err(Failure::retryable(15, "payment service is temporarily unavailable").with("payment_status", "timeout"))
        }
        _ => Ok(()),
    }
}

//! `ecommerce/create_order`: turns cart, payment and reservation into an order.

use serde_json::json;

use crate::spec::{HandlerSpec, OutcomeClass, Step};
use crate::success::Success;
use parity_model::{Failure, INVALID_INPUT};

/// See the module.
pub const SPEC: HandlerSpec = HandlerSpec {
    id: "ecommerce/create_order",
    dependencies: &["validate_cart", "process_payment", "update_inventory"],
    outcomes: &[
        OutcomeClass::Completed("completed"),
        OutcomeClass::Permanent("MISSING_CUSTOMER_INFO"),
        OutcomeClass::Permanent("MISSING_CART_VALIDATION"),
        OutcomeClass::Permanent("MISSING_PAYMENT_RESULT"),
        OutcomeClass::Permanent("MISSING_INVENTORY_RESULT"),
        OutcomeClass::Permanent(INVALID_INPUT),
    ],
    named_by_data: &[],
    call,
};

const DELIVERY_DAYS: i64 = 7;

fn call(step: &mut Step<'_>) -> Result<Success, Failure> {
    let customer_info = step.get_input("customer_info").object_if_truthy()?;
    let cart = step.get_dependency_result("validate_cart").object_if_truthy()?;
    let payment = step.get_dependency_result("process_payment").object_if_truthy()?;
    let inventory = step.get_dependency_result("update_inventory").object_if_truthy()?;

    if !customer_info.is_truthy() {
        return Err(Failure::permanent("MISSING_CUSTOMER_INFO", "customer information is required"));
    }
    if !cart.is_object()? || !cart.get("validated_items").has_any()? {
        return Err(Failure::permanent("MISSING_CART_VALIDATION", "cart validation results are missing"));
    }
    if !payment.is_object()? || !payment.get("payment_id").is_truthy() {
        return Err(Failure::permanent("MISSING_PAYMENT_RESULT", "payment results are missing"));
    }
    if !inventory.is_object()? || !inventory.get("updated_products").has_any()? {
        return Err(Failure::permanent("MISSING_INVENTORY_RESULT", "inventory results are missing"));
    }

    let total = cart.get("total");
    let total_amount = total.hand_on()?;
    let email = customer_info.get("email");
    let customer_email = email.hand_on()?;
    let count = cart.get("item_count");
    let item_count = count.hand_on()?;
    let order_id = step.ambient.integer(1000, 9999);
    let order_number = format!("ORD-{}-{}", step.ambient.date_text(0, "%Y%m%d"), step.ambient.hex(4).to_uppercase());

    Ok(Success::completed(
        json!({
            "order_id": order_id,
            "order_number": order_number,
            "status": "confirmed",
            "total_amount": total_amount,
            "customer_email": customer_email,
            "created_at": step.ambient.date_text(0, "%Y-%m-%dT%H:%M:%S+00:00"),
            "estimated_delivery": step.ambient.date_text(DELIVERY_DAYS, "%B %d, %Y"),
        }),
        json!({
            "operation": "create_order",
            "execution_hints": {
                "order_id": order_id,
                "order_number": order_number,
                "item_count": item_count,
                "total_amount": total_amount,
                "creation_timestamp": step.ambient.utc_stamp(),
            },
            "http_headers": {
                "X-Order-Service": "OrderManagement",
                "X-Order-ID": order_id.to_string(),
                "X-Order-Number": order_number,
                "X-Order-Status": "confirmed",
            },
            "input_refs": {
                "customer_info": "context.get_input(\"customer_info\")",
                "cart_validation": "context.get_dependency_result(\"validate_cart\")",
                "payment_result": "context.get_dependency_result(\"process_payment\")",
                "inventory_result": "context.get_dependency_result(\"update_inventory\")",
            },
        }),
    ))
}

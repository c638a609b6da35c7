//! `ecommerce/update_inventory`: reserves the stock of the validated cart.

use serde_json::{Value, json};

use super::products::{StockedProduct, check_stock, find_product};
use crate::field::Field;
use crate::number::{Number, sum};
use crate::spec::{HandlerSpec, OutcomeClass, Step};
use crate::success::Success;
use parity_model::{Failure, INVALID_INPUT};

/// The warehouse's own table: it knows no prices and reserves inactive products too.
const PRODUCTS: [StockedProduct; 5] = [
    StockedProduct { id: 1, name: "Widget A", stock: 100 },
    StockedProduct { id: 2, name: "Widget B", stock: 50 },
    StockedProduct { id: 3, name: "Widget C", stock: 25 },
    StockedProduct { id: 4, name: "Widget D", stock: 0 },
    StockedProduct { id: 5, name: "Widget E", stock: 10 },
];

/// See the module.
pub const SPEC: HandlerSpec = HandlerSpec {
    id: "ecommerce/update_inventory",
    dependencies: &["validate_cart"],
    outcomes: &[
        OutcomeClass::Completed("completed"),
        OutcomeClass::Permanent("MISSING_VALIDATED_ITEMS"),
        OutcomeClass::Permanent("MISSING_CUSTOMER_INFO"),
        OutcomeClass::Permanent("PRODUCT_NOT_FOUND"),
        OutcomeClass::Retryable(30),
        OutcomeClass::Permanent(INVALID_INPUT),
    ],
    named_by_data: &[],
    call,
};

fn call(step: &mut Step<'_>) -> Result<Success, Failure> {
    let cart = step.get_dependency_result("validate_cart").object_or_nil()?;
    let customer_info = step.get_input("customer_info").object_if_truthy()?;
    let items = cart.get("validated_items");
    if !items.has_any()? {
        return Err(Failure::permanent("MISSING_VALIDATED_ITEMS", "validated items from validate_cart are missing"));
    }
    if !customer_info.is_truthy() {
        return Err(Failure::permanent("MISSING_CUSTOMER_INFO", "customer information is required"));
    }

    let now = step.ambient.utc_stamp();
    let mut updated_products = Vec::new();
    let mut inventory_changes = Vec::new();
    let mut quantities = Vec::new();
    for item in items.elements()? {
        let (product, quantity) = read_item(&item)?;
        let reservation_id = format!("rsv_{}", step.ambient.hex(8));
        let inventory_log_id = format!("log_{}", step.ambient.hex(6));
        updated_products.push(json!({
            "product_id": product.id,
            "name": product.name,
            "previous_stock": product.stock,
            "new_stock": Value::from(Number::Integer(product.stock) - quantity),
            "quantity_reserved": Value::from(quantity),
            "reservation_id": reservation_id,
        }));
        inventory_changes.push(json!({
            "product_id": product.id,
            "change_type": "reservation",
            "quantity": Value::from(-quantity),
            "reason": "order_checkout",
            "timestamp": now,
            "reservation_id": reservation_id,
            "inventory_log_id": inventory_log_id,
        }));
        quantities.push(quantity);
    }
    let products_updated = updated_products.len();
    let total_items_reserved = sum(&quantities);
    let inventory_log_id = format!("log_{}", step.ambient.hex(8));

    Ok(Success::completed(
        json!({
            "updated_products": updated_products,
            "total_items_reserved": Value::from(total_items_reserved),
            "inventory_changes": inventory_changes,
            "inventory_log_id": inventory_log_id,
            "updated_at": now,
        }),
        json!({
            "operation": "update_inventory",
            "execution_hints": {
                "products_updated": products_updated,
                "total_items_reserved": Value::from(total_items_reserved),
                "reservation_timestamp": now,
            },
            "http_headers": {
                "X-Inventory-Service": "MockInventoryService",
                "X-Reservation-Count": products_updated.to_string(),
                "X-Total-Quantity": total_items_reserved.text(),
            },
            "input_refs": {
                "validated_items": "context.get_dependency_field(\"validate_cart\", \"validated_items\")",
                "customer_info": "context.get_input(\"customer_info\")",
            },
        }),
    ))
}

fn read_item(item: &Field<'_>) -> Result<(&'static StockedProduct, Number), Failure> {
    if !item.value().is_object() {
        return Err(item.invalid("an object"));
    }
    let product = find_product(&PRODUCTS, &item.get("product_id"))?;
    let quantity = item.get("quantity").number()?;
    check_stock(product, quantity, "needed")?;
    Ok((product, quantity))
}

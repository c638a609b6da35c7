//! Post 01, namespace `ecommerce`: the checkout of a shop, five steps in a row.

pub mod create_order_handler;
pub mod process_payment_handler;
pub mod send_confirmation_handler;
pub mod update_inventory_handler;
pub mod validate_cart_handler;

use crate::field::Field;
use crate::number::{MAX_SAFE_INTEGER, Number};
use crate::outcome::Failure;
use serde_json::Value;

/// The product id that a cart line names, if it is an integer at all.
fn product_id(field: &Field<'_>) -> Result<Option<i64>, Failure> {
    match field.value() {
        Value::Number(_) => match field.number()? {
            Number::Integer(id) => Ok(Some(id)),
            Number::Float(_) => Ok(None),
        },
        _ => Ok(None),
    }
}

/// How a message names a product id of whatever type was given.
fn product_not_found(id: &Field<'_>) -> Failure {
    let name = match id.value() {
        Value::Null => "null".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => {
            Number::from_json(number).map_or_else(|| format!("beyond {MAX_SAFE_INTEGER}"), Number::text)
        }
        Value::String(text) => format!("\"{text}\""),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    };
    Failure::permanent("PRODUCT_NOT_FOUND", format!("product {name} not found"))
}

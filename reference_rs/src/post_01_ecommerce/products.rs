//! Looking up the products that cart lines name, each department in its own table.

use serde_json::Value;

use crate::field::Field;
use crate::number::Number;
use parity_model::Failure;

/// What every table of products knows.
pub(super) struct StockedProduct {
    pub(super) id: i64,
    pub(super) name: &'static str,
    pub(super) stock: i64,
}

impl AsRef<Self> for StockedProduct {
    fn as_ref(&self) -> &Self {
        self
    }
}

/// The product that `id` names: only an integer can, no text that looks like one.
pub(super) fn find_product<'p, P: AsRef<StockedProduct>>(products: &'p [P], id: &Field<'_>) -> Result<&'p P, Failure> {
    let number = match id.value() {
        Value::Number(_) => Some(id.number()?),
        _ => None,
    };
    let product = products.iter().find(|product| number == Some(Number::Integer(product.as_ref().id)));
    product.ok_or_else(|| {
        let name = match id.value() {
            Value::String(text) => format!("\"{text}\""),
            Value::Array(_) => "a list".to_owned(),
            Value::Object(_) => "an object".to_owned(),
            null_or_flag => number.map_or_else(|| null_or_flag.to_string(), Number::text),
        };
        Failure::permanent("PRODUCT_NOT_FOUND", format!("product {name} not found"))
    })
}

/// Refuses a quantity beyond the stock; more may have arrived by the next attempt.
pub(super) fn check_stock(product: &StockedProduct, quantity: Number, purpose: &str) -> Result<(), Failure> {
    let StockedProduct { id, name, stock } = *product;
    if Number::Integer(stock) >= quantity {
        return Ok(());
    }
    let message = format!("not enough stock of {name}: {stock} available, {} {purpose}", quantity.text());
    Err(Failure::retryable(30, message)
        .with("product_id", id)
        .with("product_name", name)
        .with("available_stock", stock)
        .with("requested_quantity", quantity))
}

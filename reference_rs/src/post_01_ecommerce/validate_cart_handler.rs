//! `ecommerce/validate_cart`: prices the cart and refuses what can not be sold.

use serde_json::{Value, json};

use super::products::{StockedProduct, check_stock, find_product};
use crate::field::Field;
use crate::number::{Number, round2, sum_floats};
use crate::spec::{HandlerSpec, OutcomeClass, Step};
use crate::success::Success;
use parity_model::{Failure, INVALID_INPUT};

struct Product {
    stocked: StockedProduct,
    price: f64,
    active: bool,
}

impl Product {
    const fn new(id: i64, name: &'static str, price: f64, stock: i64, active: bool) -> Self {
        Self { stocked: StockedProduct { id, name, stock }, price, active }
    }
}

impl AsRef<StockedProduct> for Product {
    fn as_ref(&self) -> &StockedProduct {
        &self.stocked
    }
}

/// Id, name, price, stock, and whether it is on sale.
const PRODUCTS: [Product; 5] = [
    Product::new(1, "Widget A", 29.99, 100, true),
    Product::new(2, "Widget B", 49.99, 50, true),
    Product::new(3, "Widget C", 19.99, 25, true),
    Product::new(4, "Widget D", 39.99, 0, true),
    Product::new(5, "Widget E", 59.99, 10, false),
];

const TAX_RATE: f64 = 0.08;
const WEIGHT_PER_UNIT: f64 = 0.5;

/// See the module.
pub const SPEC: HandlerSpec = HandlerSpec {
    id: "ecommerce/validate_cart",
    dependencies: &[],
    outcomes: &[
        OutcomeClass::Completed("completed"),
        OutcomeClass::Permanent("MISSING_CART_ITEMS"),
        OutcomeClass::Permanent("MISSING_PRODUCT_ID"),
        OutcomeClass::Permanent("INVALID_QUANTITY"),
        OutcomeClass::Permanent("PRODUCT_NOT_FOUND"),
        OutcomeClass::Permanent("PRODUCT_INACTIVE"),
        OutcomeClass::Retryable(30),
        OutcomeClass::Permanent(INVALID_INPUT),
    ],
    named_by_data: &[],
    call,
};

struct CartItem<'a> {
    product_id: Field<'a>,
    quantity: Number,
}

fn call(step: &mut Step<'_>) -> Result<Success, Failure> {
    let items = read_items(&step.get_input("cart_items"))?;

    let mut validated_items = Vec::new();
    let mut line_totals = Vec::new();
    let mut weights = Vec::new();
    for CartItem { product_id, quantity } in &items {
        let Product { stocked, price, active } = find_product(&PRODUCTS, product_id)?;
        if !active {
            return Err(Failure::permanent("PRODUCT_INACTIVE", format!("{} is not active", stocked.name)));
        }
        check_stock(stocked, *quantity, "requested")?;
        let line_total = round2(price * quantity.as_f64());
        line_totals.push(line_total);
        weights.push(quantity.as_f64() * WEIGHT_PER_UNIT);
        validated_items.push(json!({
            "product_id": stocked.id,
            "name": stocked.name,
            "price": price,
            "quantity": Value::from(*quantity),
            "line_total": line_total,
        }));
    }

    let subtotal = sum_floats(&line_totals);
    let tax = round2(subtotal * TAX_RATE);
    let shipping = shipping_cost(sum_floats(&weights));
    let total = subtotal + tax + shipping;
    let item_count = validated_items.len();

    Ok(Success::completed(
        json!({
            "validated_items": validated_items,
            "subtotal": subtotal,
            "tax": tax,
            "shipping": shipping,
            "total": total,
            "item_count": item_count,
            "validated_at": step.ambient.utc_stamp(),
        }),
        json!({
            "operation": "validate_cart",
            "execution_hints": {
                "items_validated": item_count,
                "total_amount": total,
                "tax_rate": TAX_RATE,
                "shipping_cost": shipping,
            },
            "input_refs": { "cart_items": "context.get_input(\"cart_items\")" },
        }),
    ))
}

/// All lines are read before the first product is looked up, so a bad quantity in a later line comes before an unknown
/// product in an earlier one.
fn read_items<'a>(cart_items: &Field<'a>) -> Result<Vec<CartItem<'a>>, Failure> {
    if !cart_items.has_any()? {
        return Err(Failure::permanent("MISSING_CART_ITEMS", "cart items are required"));
    }
    let lines = cart_items.elements()?;
    for line in &lines {
        if !line.value().is_object() {
            return Err(line.invalid("an object"));
        }
    }
    let read_item = |(line, number): (&Field<'a>, usize)| {
        let product_id = line.get("product_id");
        if !product_id.is_truthy() {
            return Err(Failure::permanent(
                "MISSING_PRODUCT_ID",
                format!("product id is missing in cart item {number}"),
            ));
        }
        let invalid_quantity =
            || Failure::permanent("INVALID_QUANTITY", format!("a valid quantity is required in cart item {number}"));
        let quantity = line.get("quantity");
        if quantity.is_nil() {
            return Err(invalid_quantity());
        }
        match quantity.number()? {
            quantity if quantity.as_f64() > 0.0 => Ok(CartItem { product_id, quantity }),
            _ => Err(invalid_quantity()),
        }
    };
    lines.iter().zip(1..).map(read_item).collect()
}

fn shipping_cost(weight: f64) -> f64 {
    match weight {
        0.0..=2.0 => 5.99,
        2.0..=10.0 => 9.99,
        _ => 14.99,
    }
}

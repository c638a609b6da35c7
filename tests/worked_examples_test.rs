//! The worked examples of the checkout, computed by the public implementation, hold for the oracle and for every engine.

use parity_engine::Engine;
use parity_model::Outcome;
use rstest::rstest;
use serde_json::{Value, json};
use similar_asserts::assert_eq;

use crate::support::{answer, oracle, python, result, typescript};

fn cart(items: &[(i64, i64)]) -> Value {
    let item = |&(product_id, quantity): &(i64, i64)| json!({"product_id": product_id, "quantity": quantity});
    json!({"cart_items": items.iter().map(item).collect::<Vec<_>>()})
}

/// `[subtotal, tax, shipping, total, item_count]`, by value.
fn totals(result: &Value) -> Vec<f64> {
    ["subtotal", "tax", "shipping", "total", "item_count"].iter().map(|key| result[key].as_f64().unwrap()).collect()
}

#[rstest]
fn carts_are_priced_like_the_public_implementation(
    #[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>,
    #[values(
        (&[(1, 2), (2, 1)][..], [109.97, 8.8, 5.99, 124.759_999_999_999_99, 2.0]),
        (&[(1, 1), (2, 1), (3, 1)][..], [99.97, 8.0, 5.99, 113.96, 3.0]),
        (&[(1, 1), (2, 1), (3, 2)][..], [119.96, 9.6, 5.99, 135.55, 3.0]),
        (&[(1, 5)][..], [149.95, 12.0, 9.99, 171.94, 1.0]),
        (&[(1, 20)][..], [599.8, 47.98, 9.99, 657.77, 1.0]),
        (&[(1, 21)][..], [629.79, 50.38, 14.99, 695.16, 1.0]),
        (&[(1, 14)][..], [419.86, 33.59, 9.99, 463.440_000_000_000_05, 1.0]),
        (&[(3, 25)][..], [499.75, 39.98, 14.99, 554.72, 1.0])
    )]
    (items, expected): (&[(i64, i64)], [f64; 5]),
) {
    let (result, metadata) = result(start().as_mut(), "ecommerce/validate_cart", &cart(items), &json!({}));
    assert_eq!(totals(&result), expected.to_vec());
    assert_eq!(result["validated_at"], json!("2026-01-15T09:30:00Z"));
    assert_eq!(metadata["execution_hints"]["total_amount"].as_f64(), Some(expected[3]));
}

#[rstest]
fn a_line_above_the_stock_is_retried(#[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>) {
    let mut outcome = json!(answer(start().as_mut(), "ecommerce/validate_cart", &cart(&[(3, 26)]), &json!({})));
    // The reference names no type.
    let error_type = outcome.as_object_mut().unwrap().remove("error_type");
    assert!(error_type.is_none_or(|name| name == "retryable_error"));
    assert_eq!(
        outcome,
        json!({
            "status": "failed",
            "kind": "retryable",
            "code": null,
            "message": "not enough stock of Widget C: 25 available, 26 requested",
            "retry_after": 30,
            "context": {
                "product_id": 3,
                "product_name": "Widget C",
                "available_stock": 25,
                "requested_quantity": 26,
            },
        })
    );
}

#[rstest]
fn fractional_quantities_are_rounded_half_away_from_zero(
    #[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>,
) {
    let context = json!({"cart_items": [{"product_id": 1, "quantity": 1.5}, {"product_id": 1, "quantity": 0.0001}]});
    let (result, _) = result(start().as_mut(), "ecommerce/validate_cart", &context, &json!({}));
    let line_totals: Vec<_> =
        result["validated_items"].as_array().unwrap().iter().map(|item| item["line_total"].as_f64()).collect();
    assert_eq!(line_totals, [Some(44.99), Some(0.0)]);
}

fn payment(engine: &mut dyn Engine, total: &Value, amount: &Value) -> Outcome {
    let context = json!({"payment_info": {"method": "credit_card", "token": "tok_test_valid", "amount": amount}});
    answer(engine, "ecommerce/process_payment", &context, &json!({"validate_cart": {"total": total}}))
}

#[rstest]
#[case(json!(100.0), 2.9, 3.199_999_999_999_999_7)]
#[case(json!(15.0), 0.44, 0.74)]
fn fees_are_rounded_but_their_sum_is_not(
    #[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>,
    #[case] total: Value,
    #[case] processing_fee: f64,
    #[case] total_fees: f64,
) {
    let Outcome::Completed { metadata, .. } = payment(start().as_mut(), &total, &total) else { panic!("refused") };
    let fees = &metadata["execution_hints"]["fees"];
    assert_eq!(
        [&fees["processing_fee"], &fees["fixed_fee"], &fees["total_fees"]].map(Value::as_f64),
        [Some(processing_fee), Some(0.3), Some(total_fees)]
    );
}

#[rstest]
#[case(json!(10.0), json!(10.01), true)]
#[case(json!(100.0), json!(100.01), false)]
#[case(json!(100.0), json!(99.99), false)]
#[case(json!(124.759_999_999_999_99), json!(124.76), true)]
#[case(json!(0.01), json!(null), true)]
#[case(json!(100), json!("100abc"), true)]
fn one_cent_apart_is_decided_by_the_doubles(
    #[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>,
    #[case] total: Value,
    #[case] amount: Value,
    #[case] accepted: bool,
) {
    let outcome = payment(start().as_mut(), &total, &amount);
    assert_eq!(matches!(outcome, Outcome::Completed { .. }), accepted, "{outcome:?}");
}

#[rstest]
#[case("ecommerce/validate_cart", json!({"cart_items": "x"}), json!({}), "/context/cart_items")]
#[case("ecommerce/validate_cart", json!({"cart_items": {"a": 1}}), json!({}), "/context/cart_items")]
#[case("ecommerce/validate_cart", json!({"cart_items": [null, {}]}), json!({}), "/context/cart_items/0")]
#[case(
    "ecommerce/validate_cart",
    json!({"cart_items": [{"product_id": 1, "quantity": true}]}),
    json!({}),
    "/context/cart_items/0/quantity"
)]
#[case(
    "ecommerce/validate_cart",
    json!({"cart_items": [{"product_id": 9_007_199_254_740_992_i64, "quantity": 1}]}),
    json!({}),
    "/context/cart_items/0/product_id"
)]
#[case("ecommerce/process_payment", json!({"payment_info": false}), json!({"validate_cart": 1}), "/dependencies/validate_cart")]
#[case("ecommerce/process_payment", json!({"payment_info": true}), json!({"validate_cart": 1}), "/context/payment_info")]
#[case(
    "ecommerce/process_payment",
    json!({"payment_info": {"method": "m", "token": "t"}}),
    json!({"validate_cart": {"total": "0"}}),
    "/dependencies/validate_cart/total"
)]
#[case(
    "ecommerce/update_inventory",
    json!({"customer_info": {}}),
    json!({"validate_cart": {"validated_items": [{"product_id": 1}]}}),
    "/dependencies/validate_cart/validated_items/0/quantity"
)]
#[case("ecommerce/create_order", json!({"customer_info": {}}), json!({"validate_cart": false}), "/dependencies/validate_cart")]
#[case("ecommerce/send_confirmation", json!({"customer_info": false}), json!({}), "/context/customer_info")]
fn what_can_not_be_read_is_named_by_its_path(
    #[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>,
    #[case] handler: &str,
    #[case] context: Value,
    #[case] dependencies: Value,
    #[case] path: &str,
) {
    let Outcome::Failed(failure) = answer(start().as_mut(), handler, &context, &dependencies) else {
        panic!("completed")
    };
    assert_eq!(failure.code.as_deref(), Some("INVALID_INPUT"));
    assert_eq!(Value::from(failure.context), json!({"path": path}));
}

#[rstest]
fn numbers_are_read_by_value(#[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>) {
    let mut engine = start();
    let mut answer = |product_id: Value, quantity: Value| {
        let items = json!([{"product_id": product_id, "quantity": quantity}]);
        let dependencies = json!({"validate_cart": {"validated_items": items}});
        result(engine.as_mut(), "ecommerce/update_inventory", &json!({"customer_info": {}}), &dependencies).1
    };
    assert_eq!(answer(json!(1.0), json!(2.0)), answer(json!(1), json!(2)));
    assert_eq!(answer(json!(1), json!(0.5))["http_headers"]["X-Total-Quantity"], json!("0.5"));
}

#[rstest]
fn a_sum_of_fractions_is_a_float_in_texts(#[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>) {
    let half = json!({"product_id": 1, "quantity": 0.5});
    let dependencies = json!({"validate_cart": {"validated_items": [half, half]}});
    let context = json!({"customer_info": {}});
    let (_, metadata) = result(start().as_mut(), "ecommerce/update_inventory", &context, &dependencies);
    assert_eq!(metadata["http_headers"]["X-Total-Quantity"], json!("1.0"));
}

#[rstest]
fn times_are_utc_and_ids_have_their_shape(#[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>) {
    let dependencies = json!({
        "validate_cart": {"validated_items": [{}]},
        "process_payment": {"payment_id": "p"},
        "update_inventory": {"updated_products": [{}]},
    });
    let (result, _) = result(start().as_mut(), "ecommerce/create_order", &json!({"customer_info": {}}), &dependencies);
    assert_eq!(result["created_at"], json!("2026-01-15T09:30:00+00:00"));
    assert_eq!(result["estimated_delivery"], json!("January 22, 2026"));
    let number = result["order_number"].as_str().unwrap();
    assert!(number.starts_with("ORD-20260115-") && number.len() == 21 && number == number.to_uppercase(), "{number}");
    assert!((1000..=9999).contains(&result["order_id"].as_i64().unwrap()));
}

#[rstest]
#[case("a@b", true)]
#[case("a\u{a0}b@c", true)]
#[case("a@b\n", false)]
#[case("a@b@c", false)]
#[case("", false)]
fn an_address_is_matched_as_a_whole(
    #[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>,
    #[case] email: &str,
    #[case] valid: bool,
) {
    let dependencies = json!({"create_order": {"order_id": 0}, "validate_cart": {"validated_items": [{}]}});
    let context = json!({"customer_info": {"email": email}});
    match answer(start().as_mut(), "ecommerce/send_confirmation", &context, &dependencies) {
        Outcome::Completed { .. } => assert!(valid),
        Outcome::Failed(failure) => {
            assert!(!valid);
            assert_eq!(failure.code.as_deref(), Some("INVALID_EMAIL"));
        }
    }
}

//! Carts, customers, payments, and the results that the steps of the checkout hand on.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::parts::{list_of, parts, record, step_schema};
use parity_schema::Scope;
use parity_schema::values::{Member, decimal, list, member, members_of, money, object, one_of, optional, text};
use parity_suite::{Generator, Parts};

/// See [`Generator`].
pub(super) const VALIDATE_CART: Generator = Generator {
    handler: "ecommerce/validate_cart",
    schema: || {
        step_schema(
            json!({"cart_items": list_of(json!({"product_id": {"type": "integer"}, "quantity": {"type": "number"}}))}),
            json!({}),
        )
    },
    strategy: |scope| parts(members_of([("cart_items", member(list(scope, cart_item(scope))))]), members_of([])),
};

/// See [`Generator`].
pub(super) const PROCESS_PAYMENT: Generator = Generator {
    handler: "ecommerce/process_payment",
    schema: || {
        let payment = json!({"method": {"type": "string"}, "token": {"type": "string"}, "amount": {"type": "number"}});
        step_schema(
            json!({"payment_info": record(payment)}),
            json!({"validate_cart": record(json!({"total": {"type": "number"}}))}),
        )
    },
    strategy: process_payment,
};

/// See [`Generator`].
pub(super) const UPDATE_INVENTORY: Generator = Generator {
    handler: "ecommerce/update_inventory",
    schema: || {
        let item = json!({"product_id": {"type": "integer"}, "quantity": {"type": "number"}});
        step_schema(
            json!({"customer_info": {"type": "object"}}),
            json!({"validate_cart": record(json!({"validated_items": list_of(item)}))}),
        )
    },
    strategy: |scope| {
        parts(
            members_of([("customer_info", member(customer_info()))]),
            members_of([("validate_cart", member(validate_cart_result(scope)))]),
        )
    },
};

/// See [`Generator`].
pub(super) const CREATE_ORDER: Generator = Generator {
    handler: "ecommerce/create_order",
    schema: || {
        step_schema(
            json!({"customer_info": {"type": "object"}}),
            json!({
                "validate_cart": record(json!({"validated_items": list_of(json!({}))})),
                "process_payment": record(json!({"payment_id": {"type": "string"}})),
                "update_inventory": record(json!({"updated_products": list_of(json!({}))})),
            }),
        )
    },
    strategy: |scope| {
        parts(
            members_of([("customer_info", member(customer_info()))]),
            members_of([
                ("validate_cart", member(validate_cart_result(scope))),
                ("process_payment", member(process_payment_result(scope))),
                ("update_inventory", member(update_inventory_result(scope))),
            ]),
        )
    },
};

/// See [`Generator`].
pub(super) const SEND_CONFIRMATION: Generator = Generator {
    handler: "ecommerce/send_confirmation",
    schema: || {
        step_schema(
            json!({"customer_info": record(json!({"email": {"type": "string"}}))}),
            json!({
                "create_order": record(json!({"order_id": {"type": "integer"}})),
                "validate_cart": record(json!({"validated_items": list_of(json!({}))})),
            }),
        )
    },
    strategy: |scope| {
        parts(
            members_of([("customer_info", member(customer_info()))]),
            members_of([
                ("create_order", member(create_order_result(scope))),
                ("validate_cart", member(validate_cart_result(scope))),
            ]),
        )
    },
};

fn product_id() -> BoxedStrategy<Value> {
    prop_oneof![
        8 => (1_i64..=3).prop_map(Value::from),
        1 => one_of(vec![json!(4), json!(5)]),
        1 => one_of(vec![json!(0), json!(6), json!(-1), json!(99), json!(1.0), json!(2.5), json!("1"), json!("")]),
    ]
    .boxed()
}

/// Quantities around the stock of every product (0, 10, 25, 50, 100) and around the weights at which shipping changes
/// (4 and 20 units), and fractions that end in half a cent.
fn quantity(scope: Scope) -> BoxedStrategy<Value> {
    if scope == Scope::Tiny {
        return prop_oneof![
            6 => (0_i64..=5).prop_map(Value::from),
            3 => (1_i64..=9).prop_map(|tenths| decimal(tenths, 1)),
            2 => one_of(vec![json!(11), json!(21), json!(26), json!(51), json!(101)]),
            1 => Just(json!(-1)),
        ]
        .boxed();
    }
    prop_oneof![
        10 => (1_i64..=6).prop_map(Value::from),
        4 => one_of([4, 5, 10, 11, 20, 21, 25, 26, 50, 51, 100, 101].map(Value::from).to_vec()),
        2 => (1_i64..=60).prop_map(|tenths| decimal(tenths, 1)),
        1 => (1_i64..=2500).prop_map(|hundredths| decimal(hundredths, 2)),
        1 => one_of(vec![json!(0), json!(-1), json!(0.0001), json!(2.0), json!(4.5), json!(-0.5), json!("2")]),
    ]
    .boxed()
}

fn cart_item(scope: Scope) -> BoxedStrategy<Value> {
    object([
        ("product_id", member(product_id())),
        ("quantity", member(quantity(scope))),
        ("price", optional(money(Scope::Tiny))),
    ])
}

fn customer_info() -> BoxedStrategy<Value> {
    object([("email", member(email())), ("name", optional(text(&["Ada", "Grace"]))), ("phone", optional(text(&["1"])))])
}

fn email() -> BoxedStrategy<Value> {
    text(&[
        "a@b",
        "test@example.com",
        "Ada@Example.COM",
        "ada.l+shop@example.co.uk",
        "no-at-sign",
        "two@@example.com",
        "a@b@c",
        "@b",
        "a@",
        "a b@c",
        "a@b\n",
        "a@b\u{a0}c",
        "ü@ö",
        "a@b\u{b}",
    ])
}

/// A total, and an amount that is equal, off by about a cent, or something else.
fn process_payment(scope: Scope) -> BoxedStrategy<Parts> {
    let amounts = (money(scope), 0_usize..10).prop_map(|(total, relation)| {
        let shifted = |cents: f64| total.as_f64().map(|total| json!(total + cents)).unwrap_or_default();
        let amount = match relation {
            0 => shifted(0.01),
            1 => shifted(-0.01),
            2 => shifted(0.02),
            3 => json!(total.to_string()),
            _ => total.clone(),
        };
        (total, amount)
    });
    (amounts, money(scope), payment_method(), payment_token(), 0_usize..40)
        .prop_flat_map(|((total, amount), other, method, token, twist)| {
            let amount = match twist {
                0..=2 => other,
                3 => json!("100abc"),
                _ => amount,
            };
            let total = if twist == 4 { json!(total.to_string()) } else { total };
            let payment_info = object([
                ("method", member(Just(method).boxed())),
                ("token", member(Just(token).boxed())),
                ("amount", member(Just(amount).boxed())),
            ]);
            let cart = object([("total", member(Just(total).boxed()))]);
            parts(members_of([("payment_info", member(payment_info))]), members_of([("validate_cart", member(cart))]))
        })
        .boxed()
}

fn payment_method() -> BoxedStrategy<Value> {
    text(&["credit_card", "paypal"])
}

fn payment_token() -> BoxedStrategy<Value> {
    prop_oneof![
        6 => text(&["tok_test_valid", "tok_1"]),
        3 => one_of(vec![
            json!("tok_test_declined"),
            json!("tok_test_insufficient_funds"),
            json!("tok_test_network_error"),
            json!("TOK_TEST_DECLINED"),
            json!("tok_test_declined "),
        ]),
    ]
    .boxed()
}

fn validate_cart_result(scope: Scope) -> BoxedStrategy<Value> {
    let item = object([
        ("product_id", member(product_id())),
        ("quantity", member(quantity(scope))),
        ("name", optional(text(&["Widget A"]))),
        ("line_total", optional(money(scope))),
    ]);
    object([
        ("validated_items", member(list(scope, item))),
        ("total", optional_money(scope)),
        ("subtotal", optional_money(scope)),
        ("tax", optional_money(scope)),
        ("item_count", optional((0_i64..9).prop_map(Value::from).boxed())),
    ])
}

fn optional_money(scope: Scope) -> Member {
    optional(money(scope))
}

fn process_payment_result(scope: Scope) -> BoxedStrategy<Value> {
    object([
        ("payment_id", member(text(&["pay_0123456789abcdef01234567"]))),
        ("transaction_id", optional(text(&["txn_0123456789abcdef01234567"]))),
        ("amount_charged", optional_money(scope)),
    ])
}

fn update_inventory_result(scope: Scope) -> BoxedStrategy<Value> {
    let product = object([("product_id", member(product_id())), ("quantity_reserved", optional(quantity(scope)))]);
    object([
        ("updated_products", member(list(scope, product))),
        ("inventory_log_id", optional(text(&["log_0123456789abcdef"]))),
    ])
}

fn create_order_result(scope: Scope) -> BoxedStrategy<Value> {
    object([
        ("order_id", member(one_of(vec![json!(0), json!(1000), json!(9999), json!("1000")]))),
        ("order_number", optional(text(&["ORD-20260115-DEADBEEF"]))),
        ("total_amount", optional_money(scope)),
        ("estimated_delivery", optional(text(&["January 22, 2026"]))),
    ])
}

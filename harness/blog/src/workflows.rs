//! Tasks of whole workflows: mostly ones that get far, with one thing that goes wrong on the way now and then. The edges of
//! single steps are the business of their own generators.

use parity_model::{Outcome, StepInput};
use parity_suite::{Context, TaskGenerator};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use parity_schema::Scope;
use parity_schema::values::{decimal, list, member, members_of, object, one_of, optional, text};

/// One generator a workflow.
pub const TASK_GENERATORS: &[TaskGenerator] = &[
    TaskGenerator { workflow: "ecommerce/ecommerce_order_processing", strategy: order },
    TaskGenerator { workflow: "data_pipeline/analytics_pipeline", strategy: pipeline },
    TaskGenerator { workflow: "microservices/user_registration", strategy: registration },
    TaskGenerator { workflow: "customer_success/process_refund", strategy: refund_request },
    TaskGenerator { workflow: "payments/process_refund", strategy: refund },
];

/// Carts of what is for sale, mostly paid for as they cost.
fn order(scope: Scope) -> Context {
    let product = prop_oneof![19 => 1_i64..=3, 1 => 0_i64..=6];
    let quantity = prop_oneof![19 => 1_i64..=4, 1 => 0_i64..=120];
    let item = object([
        ("product_id", member(product.prop_map(Value::from).boxed())),
        ("quantity", member(quantity.prop_map(Value::from).boxed())),
    ]);
    let token = prop_oneof![
        8 => text(&["tok_test_valid", "tok_1"]),
        2 => plain(&["tok_test_declined", "tok_test_insufficient_funds", "tok_test_network_error"]),
    ];
    (list(scope, item), token, 0_usize..10)
        .prop_flat_map(|(items, token, twist)| {
            let amount = if twist == 0 { json!(100) } else { total_of(&items) };
            let payment = object([
                ("method", member(plain(&["credit_card", "paypal"]))),
                ("token", member(Just(token).boxed())),
                ("amount", member(Just(amount).boxed())),
            ]);
            let customer = object([
                ("email", member(plain(&["test@example.com", "Ada@example.co.uk", "no-at-sign"]))),
                ("name", member(plain(&["Ada", "Grace"]))),
                ("phone", optional(plain(&["1"]))),
            ]);
            members_of([
                ("cart_items", member(Just(items).boxed())),
                ("customer_info", member(customer)),
                ("payment_info", member(payment)),
            ])
        })
        .boxed()
}

/// What the cart costs; 100 if it is refused.
fn total_of(items: &Value) -> Value {
    let context = Map::from_iter([("cart_items".to_owned(), items.clone())]);
    let total = "ecommerce/validate_cart".parse().ok().and_then(|handler| {
        let spec = reference_rs::find(&handler)?;
        match spec.evaluate(&StepInput::new(handler, context, Map::new())).outcome {
            Outcome::Completed { result, .. } => result.get("total").cloned(),
            Outcome::Failed(_) => None,
        }
    });
    total.unwrap_or(json!(100))
}

/// No handler reads this context.
fn pipeline(_: Scope) -> Context {
    let day = || member(plain(&["2025-11-01", "2025-11-30"]));
    members_of([
        ("pipeline_id", optional(plain(&["pipeline_1"]))),
        ("date_range", optional(object([("start_date", day()), ("end_date", day())]))),
    ])
}

/// New users and the known one, on every plan, with and without preferences of their own.
fn registration(_: Scope) -> Context {
    let email = prop_oneof![
        8 => plain(&["ada@example.com", "GRACE+1@example.co.uk", "existing@example.com"]),
        2 => text(&["a@b", "no-at-sign", "a@b..co", "a@b.c0"]),
    ];
    let flag = || optional(one_of(vec![json!(true), json!(false), json!(null)]));
    let preferences = object([
        ("email_notifications", flag()),
        ("marketing_emails", flag()),
        ("theme", optional(text(&["dark", "light"]))),
    ]);
    let user = object([
        ("email", member(email.boxed())),
        ("name", member(text(&["Ada", "Existing User"]))),
        ("plan", optional(text(&["free", "pro", "enterprise", "Pro"]))),
        ("phone", optional(plain(&["1"]))),
        ("source", optional(plain(&["web", "referral"]))),
        ("preferences", optional(preferences)),
    ]);
    members_of([("user_info", member(user))])
}

/// Tickets and customers of every kind; amounts at, just below and just above the limits of the tiers.
fn refund_request(_: Scope) -> Context {
    let ticket = prop_oneof![
        6 => plain(&["ticket_1", "T-42"]),
        4 => plain(&[
            "ticket_closed",
            "ticket_cancelled",
            "ticket_duplicate",
            "ticket_denied",
            "ticket_pending",
            "ticket_locked",
            "ticket_update_error",
        ]),
    ];
    let limits = [9999, 10_000, 10_001, 50_000, 50_001, 100_000, 100_001].map(Value::from).to_vec();
    let amount = prop_oneof![6 => (0_i64..10_000).prop_map(Value::from), 3 => one_of(limits), 1 => cents()];
    members_of([
        ("ticket_id", member(ticket.boxed())),
        ("customer_id", member(plain(&["cust_1", "cust_gold_1", "cust_vip_1", "premium_2"]))),
        ("refund_amount", member(amount.boxed())),
        ("customer_email", member(refund_email())),
        ("refund_reason", optional(plain(&["customer_request", "fraud"]))),
        ("correlation_id", optional(plain(&["corr_1", ""]))),
    ])
}

/// Payments of every kind.
fn refund(_: Scope) -> Context {
    let payment = prop_oneof![
        6 => plain(&["pay_1", "pay_0123456789abcdef"]),
        4 => plain(&[
            "pay_test_insufficient",
            "pay_test_processing",
            "pay_test_ineligible",
            "pay_test_gateway_timeout",
            "pay_test_gateway_error",
            "pay_test_rate_limit",
            "pay_test_record_lock",
            "pay_test_record_error",
            "pay-1",
        ]),
    ];
    let amount = prop_oneof![8 => (0_i64..10_000).prop_map(Value::from), 2 => cents()];
    members_of([
        ("payment_id", member(payment.boxed())),
        ("refund_amount", member(amount.boxed())),
        ("customer_email", member(refund_email())),
        ("refund_reason", optional(plain(&["customer_request", "chargeback"]))),
        ("partial_refund", optional(one_of(vec![json!(true), json!(false)]))),
    ])
}

fn refund_email() -> BoxedStrategy<Value> {
    prop_oneof![
        8 => plain(&["test@example.com", "Ada@example.co.uk"]),
        2 => plain(&["a@test_bounce.com", "a@test_invalid.com", "a@test_rate_limit.com", "no-at-sign"]),
    ]
    .boxed()
}

/// An amount that is no whole number of cents.
fn cents() -> BoxedStrategy<Value> {
    (-10_i64..100_000).prop_map(|scaled| decimal(scaled, 1)).boxed()
}

fn plain(texts: &'static [&'static str]) -> BoxedStrategy<Value> {
    select(texts).prop_map(Value::from).boxed()
}

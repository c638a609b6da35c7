//! Refund requests, and the results that the steps of the payments team hand on.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::parts::{parts, record, step_schema};
use parity_schema::Scope;
use parity_schema::values::{Member, decimal, member, members_of, object, one_of, optional, text};
use parity_suite::Generator;

/// See [`Generator`].
pub(super) const VALIDATE_PAYMENT_ELIGIBILITY: Generator = Generator {
    handler: "payments/validate_payment_eligibility",
    schema: || step_schema(json!({"payment_id": {"type": "string"}, "refund_amount": {"type": "number"}}), json!({})),
    strategy: |scope| {
        let context = members_of([
            ("payment_id", member(requested_payment_id())),
            ("refund_amount", member(requested_amount(scope))),
            ("refund_reason", refund_reason()),
            ("partial_refund", partial_refund()),
        ]);
        parts(context, members_of([]))
    },
};

/// See [`Generator`].
pub(super) const PROCESS_GATEWAY_REFUND: Generator = Generator {
    handler: "payments/process_gateway_refund",
    schema: || {
        let payment = json!({
            "payment_validated": {"type": "boolean"},
            "payment_id": {"type": "string"},
            "refund_amount": {"type": "number"},
        });
        step_schema(json!({}), json!({"validate_payment_eligibility": record(payment)}))
    },
    strategy: |scope| {
        let ids: &[&str] =
            &["pay_test_gateway_timeout", "pay_test_gateway_error", "pay_test_rate_limit", "pay_test_gateway"];
        let payment = validate_payment_eligibility_result(scope, ids);
        parts(unused_input(), members_of([("validate_payment_eligibility", member(payment))]))
    },
};

/// See [`Generator`].
pub(super) const UPDATE_PAYMENT_RECORDS: Generator = Generator {
    handler: "payments/update_payment_records",
    schema: || {
        let refund = json!({
            "refund_processed": {"type": "boolean"},
            "payment_id": {"type": "string"},
            "refund_id": {"type": "string"},
        });
        step_schema(json!({}), json!({"process_gateway_refund": record(refund)}))
    },
    strategy: |scope| {
        let refund =
            process_gateway_refund_result(scope, &["pay_test_record_lock", "pay_test_record_error", "pay_test_record"]);
        let payment = validate_payment_eligibility_result(scope, &["pay_test_record_lock"]);
        let dependencies = members_of([
            ("process_gateway_refund", member(refund)),
            ("validate_payment_eligibility", optional(payment)),
        ]);
        parts(unused_input(), dependencies)
    },
};

/// See [`Generator`].
pub(super) const NOTIFY_CUSTOMER: Generator = Generator {
    handler: "payments/notify_customer",
    schema: || {
        let refund = json!({
            "refund_processed": {"type": "boolean"},
            "refund_amount": {"type": "number"},
            "refund_id": {"type": "string"},
        });
        step_schema(json!({"customer_email": {"type": "string"}}), json!({"process_gateway_refund": record(refund)}))
    },
    strategy: |scope| {
        let context = members_of([("customer_email", member(customer_email())), ("refund_reason", refund_reason())]);
        let refund = process_gateway_refund_result(scope, &["pay_test_bounce"]);
        parts(context, members_of([("process_gateway_refund", member(refund))]))
    },
};

/// What the handlers ask for and do not use.
fn unused_input() -> BoxedStrategy<Map<String, Value>> {
    members_of([("refund_reason", refund_reason()), ("partial_refund", partial_refund())])
}

fn refund_reason() -> Member {
    optional(text(&["customer_request", "fraud", "system_error", "chargeback"]))
}

fn partial_refund() -> Member {
    optional(any::<bool>().prop_map(Value::from).boxed())
}

/// Ids around the pattern, which is matched as a whole and knows ASCII only; test ids, alone and together; blanks.
fn requested_payment_id() -> BoxedStrategy<Value> {
    let bad = [
        "pay_",
        "Pay_1",
        "pay_a-b",
        "xpay_1",
        "foo pay_1",
        "pay_1 ",
        " pay_1",
        "pay_1\n",
        "pay_Z9\n",
        "pay__\n",
        "pay_1\nfoo",
        "foo\npay_1",
        "pay_1\r\n",
        "pay_\n",
        "pay_é",
        "pay_ſ",
        "pay_\u{661}",
        "pay",
        "\u{1c}",
        "\u{feff}",
        "\u{200b}",
        "\u{85}",
        "\u{3000}",
        "pay_test_processing!",
    ];
    prop_oneof![
        8 => text(&["pay_1", "pay_concurrent_123", "pay_Z9", "pay__", "pay_0123456789abcdef"]),
        4 => one_of([
            "pay_test_insufficient",
            "pay_test_processing",
            "pay_test_ineligible",
            "pay_test_ineligible_1",
            "pay_1pay_test_processing",
            "pay_test_processing_pay_test_insufficient",
            "pay_test_ineligible_pay_test_processing",
            "pay_TEST_INSUFFICIENT",
        ].map(Value::from).to_vec()),
        4 => one_of(bad.map(Value::from).to_vec()),
    ]
    .boxed()
}

/// Cents around 0, fractions of one, and amounts at which the sum with 1000 leaves the safe integers.
fn requested_amount(scope: Scope) -> BoxedStrategy<Value> {
    let odd = [
        json!(0),
        json!(-1),
        json!(-0.0),
        json!(-0.5),
        json!(-1e-7),
        json!(1e-7),
        json!(0.1),
        json!(9_007_199_254_739_991_i64),
        json!(9_007_199_254_739_992_i64),
        json!(9_007_199_254_740_991_i64),
        json!("\u{a0}"),
        json!("100"),
    ];
    prop_oneof![8 => cents(scope), 2 => one_of(odd.to_vec())].boxed()
}

fn cents(scope: Scope) -> BoxedStrategy<Value> {
    let most: i64 = if scope == Scope::Tiny { 9 } else { 100_000 };
    prop_oneof![
        4 => (1..=most).prop_map(Value::from),
        1 => (1..=most).prop_map(|tenths| decimal(tenths, 1)),
        1 => one_of(vec![json!(0), json!(2999), json!(5000.0), json!(-1), json!(1000)]),
    ]
    .boxed()
}

/// A payment id of a result: usual, one of `test_ids`, or one with something around it.
fn handed_on_payment_id(test_ids: &[&'static str]) -> BoxedStrategy<Value> {
    let around = |id: &&str| [json!(*id), json!(format!("x{id}_1")), json!(id.to_uppercase())];
    let several = json!(test_ids.iter().rev().copied().collect::<String>());
    let tests: Vec<Value> = test_ids.iter().flat_map(around).chain([several]).collect();
    prop_oneof![1 => text(&["pay_1", "pay_concurrent_123"]), 1 => one_of(tests)].boxed()
}

/// Nearly always true, as a step that completed says.
fn done() -> Member {
    member(prop_oneof![12 => Just(json!(true)), 1 => Just(json!(false))].boxed())
}

fn validate_payment_eligibility_result(scope: Scope, test_ids: &[&'static str]) -> BoxedStrategy<Value> {
    object([
        ("payment_validated", done()),
        ("payment_id", member(handed_on_payment_id(test_ids))),
        ("refund_amount", member(cents(scope))),
        ("original_amount", optional(cents(scope))),
        ("payment_method", optional(text(&["credit_card"]))),
    ])
}

fn process_gateway_refund_result(scope: Scope, test_ids: &[&'static str]) -> BoxedStrategy<Value> {
    object([
        ("refund_processed", done()),
        ("payment_id", member(handed_on_payment_id(test_ids))),
        ("refund_id", member(text(&["rfnd_0123456789abcdef01234567"]))),
        ("refund_amount", member(cents(scope))),
        ("gateway_transaction_id", optional(text(&["gtx_0123456789abcdef0123"]))),
        ("estimated_arrival", optional(text(&["2026-01-20T09:30:00Z"]))),
    ])
}

/// Addresses around the pattern and the test addresses, which are matched anywhere and in their own case.
fn customer_email() -> BoxedStrategy<Value> {
    prop_oneof![
        4 => text(&["a@b", "test@example.com", "Ada@Example.COM", "ü@ö", "a@b\u{a0}c"]),
        4 => one_of([
            "a@test_bounce",
            "x@test_bounced.com",
            "x@TEST_BOUNCE",
            "test_bounce@x",
            "a@test_invalid",
            "x@test_invalid.com",
            "a@test_rate_limit",
            "x@test_rate_limit.com",
            "a@test_Rate_limit",
        ].map(Value::from).to_vec()),
        2 => one_of([
            "", "@", "no-at-sign", "a@b@c", "@b", "a@", "a b@c", "a@b\n", "\na@b", "a@b\nc@d", "a@b\u{b}",
            "x@test_bounce@test", "a @test_bounce",
        ].map(Value::from).to_vec()),
    ]
    .boxed()
}

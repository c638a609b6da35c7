//! Refund requests of the support team, and the results that its steps hand on.

use parity_model::Ambient;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::parts::{parts, record, step_schema};
use parity_schema::Scope;
use parity_schema::values::{Member, decimal, member, members_of, object, one_of, optional, text};
use parity_suite::Generator;

/// See [`Generator`].
pub(super) const VALIDATE_REFUND_REQUEST: Generator = Generator {
    handler: "customer_success/validate_refund_request",
    schema: || {
        let text = || json!({"type": "string"});
        let context = json!({"ticket_id": text(), "customer_id": text(), "refund_amount": {"type": "number"}});
        step_schema(context, json!({}))
    },
    strategy: |scope| {
        let context = members_of([
            ("ticket_id", member(ticket(&["ticket_closed", "ticket_cancelled", "ticket_duplicate"]))),
            ("customer_id", member(customer())),
            ("refund_amount", member(amount(scope))),
            ("refund_reason", optional(text(&["customer_request"]))),
        ]);
        parts(context, members_of([]))
    },
};

/// See [`Generator`].
pub(super) const CHECK_REFUND_POLICY: Generator = Generator {
    handler: "customer_success/check_refund_policy",
    schema: || {
        let request = json!({
            "request_validated": {"type": "boolean"},
            "customer_tier": {"type": "string"},
            "original_purchase_date": {"type": "string"},
        });
        step_schema(json!({"refund_amount": {"type": "number"}}), json!({"validate_refund_request": record(request)}))
    },
    strategy: |scope| {
        let request = object([
            ("request_validated", done()),
            ("customer_tier", absent_or(tier())),
            ("original_purchase_date", member(purchase_date(scope))),
        ]);
        let context = members_of([("refund_amount", member(amount(scope)))]);
        parts(context, members_of([("validate_refund_request", member(request))]))
    },
};

/// See [`Generator`].
pub(super) const GET_MANAGER_APPROVAL: Generator = Generator {
    handler: "customer_success/get_manager_approval",
    schema: || {
        let policy = json!({"policy_checked": {"type": "boolean"}, "requires_approval": {"type": "boolean"}});
        step_schema(
            json!({}),
            json!({"check_refund_policy": record(policy), "validate_refund_request": request_schema()}),
        )
    },
    strategy: |_| {
        let policy = object([
            ("policy_checked", done()),
            ("requires_approval", member(one_of(vec![json!(true), json!(true), json!(false)]))),
            ("customer_tier", optional(tier())),
        ]);
        let dependencies = members_of([
            ("check_refund_policy", member(policy)),
            ("validate_refund_request", absent_or(request(&["ticket_denied", "ticket_pending"]))),
        ]);
        parts(members_of([]), dependencies)
    },
};

/// See [`Generator`].
pub(super) const EXECUTE_REFUND_WORKFLOW: Generator = Generator {
    handler: "customer_success/execute_refund_workflow",
    schema: || {
        step_schema(
            json!({}),
            json!({
                "get_manager_approval": record(json!({"approval_obtained": {"type": "boolean"}})),
                "validate_refund_request": record(json!({"payment_id": {"type": "string"}})),
            }),
        )
    },
    strategy: |scope| {
        let approval = object([("approval_obtained", done()), ("approval_id", optional(text(&["appr_1"])))]);
        let request = object([("payment_id", member(text(&["pay_0123456789abcdef"])))]);
        let context = members_of([
            ("correlation_id", optional(text(&["corr_1", ""]))),
            ("refund_amount", optional(amount(scope))),
            ("customer_email", optional(text(&["ada@example.com"]))),
        ]);
        let dependencies =
            members_of([("get_manager_approval", member(approval)), ("validate_refund_request", absent_or(request))]);
        parts(context, dependencies)
    },
};

/// See [`Generator`].
pub(super) const UPDATE_TICKET_STATUS: Generator = Generator {
    handler: "customer_success/update_ticket_status",
    schema: || {
        let delegation = json!({
            "task_delegated": {"type": "boolean"},
            "delegated_task_id": {"type": "string"},
            "correlation_id": {"type": "string"},
        });
        step_schema(
            json!({"refund_amount": {"type": "number"}}),
            json!({"execute_refund_workflow": record(delegation), "validate_refund_request": request_schema()}),
        )
    },
    strategy: |scope| {
        let delegation = object([
            ("task_delegated", done()),
            ("delegated_task_id", member(text(&["task_1"]))),
            ("correlation_id", member(text(&["corr_1", "cs-0123456789abcdef"]))),
        ]);
        let dependencies = members_of([
            ("execute_refund_workflow", member(delegation)),
            ("validate_refund_request", absent_or(request(&["ticket_locked", "ticket_update_error"]))),
        ]);
        parts(members_of([("refund_amount", member(amount(scope)))]), dependencies)
    },
};

fn request_schema() -> Value {
    record(json!({"ticket_id": {"type": "string"}, "customer_id": {"type": "string"}}))
}

/// A member that is there more often than not.
fn absent_or(good: BoxedStrategy<Value>) -> Member {
    prop_oneof![1 => Just(None), 9 => member(good)].boxed()
}

/// Nearly always true, as a step that completed says.
fn done() -> Member {
    member(prop_oneof![12 => Just(json!(true)), 1 => Just(json!(false))].boxed())
}

/// A ticket id: a usual one, one of `tests`, or one with something around it; tokens match in their own case, anywhere.
fn ticket(tests: &[&'static str]) -> BoxedStrategy<Value> {
    let around = |id: &&str| [json!(*id), json!(format!("x{id}_1")), json!(id.to_uppercase())];
    let several = json!(tests.iter().rev().copied().collect::<String>());
    let tests: Vec<Value> = tests.iter().flat_map(around).chain([several]).collect();
    prop_oneof![1 => text(&["ticket_1", "T-42", "\u{a0}", "ticket"]), 1 => one_of(tests)].boxed()
}

/// Customers of every tier, and some who look like it.
fn customer() -> BoxedStrategy<Value> {
    prop_oneof![
        19 => text(&["cust_1", "cust_gold_789", "vip_1", "premium_1", "goldvip", "viper", "marigold", "VIP_1", "Gold"]),
        1 => one_of(vec![json!(7), json!(["vip"]), json!(9_007_199_254_740_992_i64)]),
    ]
    .boxed()
}

fn tier() -> BoxedStrategy<Value> {
    prop_oneof![
        6 => one_of(["standard", "gold", "premium"].map(Value::from).to_vec()),
        1 => text(&["platinum", "GOLD", ""]),
    ]
    .boxed()
}

fn request(tests: &[&'static str]) -> BoxedStrategy<Value> {
    object([("ticket_id", member(ticket(tests))), ("customer_id", member(customer()))])
}

/// Cents at, just below and just above the limits, and amounts that are no whole number of cents.
fn amount(scope: Scope) -> BoxedStrategy<Value> {
    let most: i64 = if scope == Scope::Tiny { 20 } else { 120_000 };
    let limits = [9999, 10_000, 10_001, 49_999, 50_000, 50_001, 99_999, 100_000, 100_001].map(Value::from);
    let odd = [
        json!(0),
        json!(-5),
        json!(12.5),
        json!(1050.5),
        json!(10_000.5),
        json!(0.5),
        json!(1e15),
        json!(100_000_000_000_012.5),
        json!(9_007_199_254_740_991_i64),
        json!("100"),
    ];
    prop_oneof![
        5 => (0..=most).prop_map(Value::from),
        2 => one_of(limits.to_vec()),
        2 => (0..=most * 10).prop_map(|tenths| decimal(tenths, 1)),
        1 => one_of(odd.to_vec()),
    ]
    .boxed()
}

/// In the smallest inputs one date within every window and one within none; else days before the default clock, at and around the windows, and whatever else looks like a time.
fn purchase_date(scope: Scope) -> BoxedStrategy<Value> {
    if scope == Scope::Tiny {
        return one_of(vec![json!("2026-01-01"), json!("2025-01-01")]);
    }
    let days =
        prop_oneof![proptest::sample::select(vec![0_i64, 29, 30, 31, 59, 60, 61, 89, 90, 91, -1, -2]), 0_i64..20_000,];
    let since = (days, -1_i64..=1).prop_map(|(days, seconds)| {
        let shift = jiff::SignedDuration::from_secs(-(days * 86_400 + seconds));
        let time = Ambient::default().now.checked_add(shift).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        json!(time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
    });
    let far = ["2100-01-01T00:00:00Z", "9999-12-31", "2099-12-31T23:59:59.999+14:00"];
    let odd = [
        "2026-01-15",
        "2025-12-16T09:30:00+01:00",
        "2025-12-16T09:30:00.123456789-00:30",
        "0001-01-01T00:00:00+23:59",
        "0000-01-01",
        "2026-02-30",
        "2024-02-29",
        "2025-02-29",
        "2026-01-15T24:00:00Z",
        "2026-01-15T23:59:60Z",
        "2026-01-15T09:30:00",
        "2026-01-15 09:30:00Z",
        "2026-01-15t09:30:00z",
        "2026-01-15T09:30Z",
        "2026-01-15T09:30:00Z\n",
        "20260115",
        "Thu, 15 Jan 2026 09:30:00 GMT",
        "yesterday",
        "\u{ff12}026-01-15",
        "2026-01-15T09:30:00+24:00",
        "-2026-01-15",
        "2026-13-01",
        "2026-00-10",
        "2026-01-00",
    ];
    prop_oneof![
        8 => since,
        3 => one_of(far.map(Value::from).to_vec()),
        1 => one_of(odd.map(Value::from).to_vec()),
    ]
    .boxed()
}

//! Users who register, and what the services hand on about them.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::parts::{parts, record, step_schema};
use parity_schema::Scope;
use parity_schema::values::{Member, list, member, members_of, object, one_of, optional, text};
use parity_suite::Generator;

/// See [`Generator`].
pub(super) const CREATE_USER_ACCOUNT: Generator = Generator {
    handler: "microservices/create_user_account",
    schema: || {
        let user = record(json!({"email": {"type": "string"}, "name": {"type": "string"}}));
        step_schema(json!({"user_info": user}), json!({}))
    },
    strategy: |_| {
        let user = prop_oneof![3 => known_user(), 5 => user_info()];
        parts(members_of([("user_info", member(user.boxed()))]), members_of([]))
    },
};

/// See [`Generator`].
pub(super) const SETUP_BILLING_PROFILE: Generator = Generator {
    handler: "microservices/setup_billing_profile",
    schema: || step_schema(json!({}), json!({"create_user_account": account_schema()})),
    strategy: |_| parts(members_of([]), members_of([("create_user_account", member(account()))])),
};

/// See [`Generator`].
pub(super) const INITIALIZE_PREFERENCES: Generator = Generator {
    handler: "microservices/initialize_preferences",
    schema: || step_schema(json!({"user_info": {"type": "object"}}), json!({"create_user_account": account_schema()})),
    strategy: |scope| {
        let user = object([("preferences", absent_or(custom_preferences(scope))), ("plan", optional(plan()))]);
        let context = members_of([("user_info", absent_or(user))]);
        parts(context, members_of([("create_user_account", member(account()))]))
    },
};

/// See [`Generator`].
pub(super) const SEND_WELCOME_SEQUENCE: Generator = Generator {
    handler: "microservices/send_welcome_sequence",
    schema: || {
        step_schema(
            json!({}),
            json!({
                "create_user_account": account_schema(),
                "setup_billing_profile": {"type": "object"},
                "initialize_preferences": record(json!({"preferences": {"type": "object"}})),
            }),
        )
    },
    strategy: |scope| {
        let dependencies = members_of([
            ("create_user_account", member(account())),
            ("setup_billing_profile", member(billing())),
            ("initialize_preferences", member(initialized(scope))),
        ]);
        parts(members_of([]), dependencies)
    },
};

/// See [`Generator`].
pub(super) const UPDATE_USER_STATUS: Generator = Generator {
    handler: "microservices/update_user_status",
    schema: || {
        step_schema(
            json!({}),
            json!({
                "create_user_account": account_schema(),
                "setup_billing_profile": {"type": "object"},
                "initialize_preferences": record(json!({"preferences": {"type": "object"}})),
                "send_welcome_sequence": record(json!({"channels_used": {"type": "array"}})),
            }),
        )
    },
    strategy: |scope| {
        let channels = list(scope, one_of(["email", "in_app", "sms"].map(Value::from).to_vec()));
        let dependencies = members_of([
            ("create_user_account", member(account())),
            ("setup_billing_profile", member(billing())),
            ("initialize_preferences", member(initialized(scope))),
            ("send_welcome_sequence", member(object([("channels_used", absent_or(channels))]))),
        ]);
        parts(members_of([]), dependencies)
    },
};

fn account_schema() -> Value {
    record(json!({"user_id": {"type": "string"}, "plan": {"type": "string"}}))
}

/// A member that is there more often than not.
fn absent_or(good: BoxedStrategy<Value>) -> Member {
    prop_oneof![1 => Just(None), 6 => member(good)].boxed()
}

/// Plans that are for sale, and what is not quite one.
fn plan() -> BoxedStrategy<Value> {
    prop_oneof![
        6 => one_of(["free", "pro", "enterprise"].map(Value::from).to_vec()),
        1 => text(&["Pro", "FREE", "enterprise ", "premium", ""]),
    ]
    .boxed()
}

/// Addresses around the edges of the pattern.
fn email() -> BoxedStrategy<Value> {
    let good = ["ada@example.com", "a@b.c", ".@b.co", "-@-.co", "a@1.co", "A.b+c_d-e@X-1.example.COM", "a@b.c.d"];
    let bad = [
        "a@b",
        "a@b..co",
        "a@.co",
        "a@b.c0",
        "a@b_c.co",
        "a@b@c.co",
        "a@b.co.",
        "a@b.co\n",
        "@b.co",
        "a b@c.co",
        "é@b.co",
        "a@\u{17f}.co",
        "a@b.\u{212a}",
        "",
    ];
    prop_oneof![4 => one_of(good.map(Value::from).to_vec()), 2 => one_of(bad.map(Value::from).to_vec()), 1 => text(&["a@b.co"])]
        .boxed()
}

fn user_info() -> BoxedStrategy<Value> {
    object([
        ("email", member(email())),
        ("name", member(text(&["Ada", "Grace", ""]))),
        ("plan", absent_or(plan())),
        ("phone", optional(text(&["1"]))),
        ("source", optional(text(&["web", "referral"]))),
    ])
}

/// The known user, with the same data or nearly.
fn known_user() -> BoxedStrategy<Value> {
    object([
        (
            "email",
            member(one_of(
                ["existing@example.com", "existing@example.com", "Existing@example.com"].map(Value::from).to_vec(),
            )),
        ),
        ("name", member(one_of(["Existing User", "Existing User", "existing user", "Ada"].map(Value::from).to_vec()))),
        ("plan", absent_or(one_of(["free", "free", "pro", "Free", ""].map(Value::from).to_vec()))),
    ])
}

fn account() -> BoxedStrategy<Value> {
    object([
        ("user_id", member(text(&["user_0123456789ab", "user_existing_001"]))),
        ("plan", absent_or(plan())),
        ("email", optional(text(&["ada@example.com"]))),
        ("status", optional(text(&["created", "already_exists"]))),
        ("created_at", optional(text(&["2026-01-15T09:30:00Z"]))),
    ])
}

fn billing() -> BoxedStrategy<Value> {
    object([
        ("billing_id", optional(text(&["billing_0123456789ab"]))),
        ("next_billing_date", optional(text(&["2026-02-14T09:30:00Z"]))),
        ("billing_required", optional(one_of(vec![json!(false)]))),
    ])
}

/// Preferences that override a default, with null and false among them, and such as nobody knows.
fn custom_preferences(scope: Scope) -> BoxedStrategy<Value> {
    let flag = || one_of(vec![json!(true), json!(false), json!(null), json!("false"), json!(0)]);
    let unknown = if scope == Scope::Tiny { optional(flag()) } else { absent_or(text(&["x"])) };
    object([
        ("email_notifications", optional(flag())),
        ("theme", optional(one_of(vec![json!("dark"), json!("light"), json!(null)]))),
        ("audit_logs", optional(flag())),
        ("beta", unknown),
        ("__proto__", optional(flag())),
    ])
}

fn initialized(scope: Scope) -> BoxedStrategy<Value> {
    object([
        ("preferences", absent_or(custom_preferences(scope))),
        ("defaults_applied", optional(one_of(vec![json!(7)]))),
    ])
}

//! The rules of the registration at their edges hold for the oracle and for every engine.

use parity_engine::Engine;
use rstest::rstest;
use serde_json::{Value, json};
use similar_asserts::assert_eq;

use crate::support::{answer, oracle, python, result, typescript};

type Start = fn() -> Box<dyn Engine>;

#[rstest]
#[case("a@b.c", true)]
#[case(".@b.co", true)]
#[case("-@-.co", true)]
#[case("a@1.co", true)]
#[case("a@b", false)]
#[case("a@b..co", false)]
#[case("a@.co", false)]
#[case("a@b.c0", false)]
#[case("a@b_c.co", false)]
#[case("a@b@c.co", false)]
#[case("a@b.co.", false)]
#[case("a@b.co\n", false)]
#[case("é@b.co", false)]
#[case("a@\u{17f}.co", false)]
#[case("a@b.\u{212a}", false)]
#[case("", false)]
fn an_address_is_ascii_and_ends_in_letters(
    #[values(oracle, python, typescript)] start: Start,
    #[case] email: &str,
    #[case] good: bool,
) {
    let context = json!({"user_info": {"email": email, "name": "Ada"}});
    let outcome = json!(answer(start().as_mut(), "microservices/create_user_account", &context, &json!({})));
    let code = if good { json!(null) } else { json!("INVALID_EMAIL_FORMAT") };
    assert_eq!(outcome.get("code").cloned().unwrap_or_default(), code);
}

#[rstest]
#[case(json!({"name": "Existing User"}), json!("already_exists"))]
#[case(json!({"name": "Existing User", "plan": false, "phone": "1"}), json!("already_exists"))]
#[case(json!({"name": "Existing User", "plan": "free"}), json!("already_exists"))]
#[case(json!({"name": "Existing User", "plan": ""}), json!("USER_CONFLICT"))]
#[case(json!({"name": "existing user"}), json!("USER_CONFLICT"))]
fn a_known_user_is_recognised_by_name_and_plan(
    #[values(oracle, python, typescript)] start: Start,
    #[case] mut user: Value,
    #[case] expected: Value,
) {
    user["email"] = json!("existing@example.com");
    let context = json!({"user_info": user});
    let outcome = json!(answer(start().as_mut(), "microservices/create_user_account", &context, &json!({})));
    assert_eq!(outcome.get("code").unwrap_or(&outcome["result"]["status"]), &expected);
}

/// Plan, price, and how many features and default preferences belong to it.
#[rstest]
#[case(json!("free"), json!(null), 0, 7)]
#[case(json!("pro"), json!(29.99), 2, 8)]
#[case(json!("enterprise"), json!(299.99), 4, 10)]
#[case(json!("Pro"), json!(null), 0, 7)]
#[case(json!(""), json!(null), 0, 7)]
#[case(json!(7), json!(null), 0, 7)]
fn a_plan_has_a_price_and_preferences(
    #[values(oracle, python, typescript)] start: Start,
    #[case] plan: Value,
    #[case] price: Value,
    #[case] features: usize,
    #[case] defaults: u64,
) {
    let mut engine = start();
    let account = json!({"create_user_account": {"user_id": "user_1", "plan": plan}});
    let (billing, _) = result(engine.as_mut(), "microservices/setup_billing_profile", &json!({}), &account);
    assert_eq!(billing.get("price").cloned().unwrap_or_default(), price);
    assert_eq!(billing.get("features").map_or(0, |list| list.as_array().unwrap().len()), features);
    assert_eq!(billing["plan"], plan);
    let (preferences, _) = result(engine.as_mut(), "microservices/initialize_preferences", &json!({}), &account);
    assert_eq!(preferences["defaults_applied"], json!(defaults));
    assert_eq!(preferences["customizations"], json!(0));
}

#[rstest]
fn preferences_override_defaults_with_null_too(#[values(oracle, python, typescript)] start: Start) {
    let custom = json!({"theme": null, "weekly_digest": "x", "beta": true, "__proto__": 1});
    let context = json!({"user_info": {"preferences": custom}});
    let account = json!({"create_user_account": {"plan": "free"}});
    let (result, metadata) = result(start().as_mut(), "microservices/initialize_preferences", &context, &account);
    assert_eq!(
        result["preferences"],
        json!({
            "email_notifications": true,
            "marketing_emails": false,
            "product_updates": true,
            "weekly_digest": "x",
            "theme": null,
            "language": "en",
            "timezone": "UTC",
            "beta": true,
            "__proto__": 1,
        })
    );
    assert_eq!((&result["customizations"], &metadata["custom_preferences_count"]), (&json!(4), &json!(4)));
}

#[rstest]
#[case(json!(false), json!(["in_app"]))]
#[case(json!(null), json!(["email", "in_app"]))]
#[case(json!(0), json!(["email", "in_app"]))]
#[case(json!(""), json!(["email", "in_app"]))]
#[case(json!("false"), json!(["email", "in_app"]))]
fn only_a_plain_no_stops_the_mail(
    #[values(oracle, python, typescript)] start: Start,
    #[case] flag: Value,
    #[case] channels: Value,
) {
    let dependencies = json!({
        "create_user_account": {"plan": "pro"},
        "setup_billing_profile": {},
        "initialize_preferences": {"preferences": {"email_notifications": flag}},
    });
    let (result, _) = result(start().as_mut(), "microservices/send_welcome_sequence", &json!({}), &dependencies);
    assert_eq!(
        (&result["messages_sent"], &result["channels_used"]),
        (&json!(channels.as_array().unwrap().len()), &channels)
    );
}

#[rstest]
fn what_is_missing_is_listed(#[values(oracle, python, typescript)] start: Start) {
    let dependencies = json!({"setup_billing_profile": {}, "send_welcome_sequence": false});
    let outcome = json!(answer(start().as_mut(), "microservices/update_user_status", &json!({}), &dependencies));
    let missing = "create_user_account, initialize_preferences, send_welcome_sequence";
    assert_eq!(outcome["code"], json!("INCOMPLETE_WORKFLOW"));
    assert!(outcome["message"].as_str().unwrap().ends_with(missing), "{outcome}");
}

#[rstest]
#[case(json!("free"), false)]
#[case(json!("premium"), true)]
fn a_summary_has_billing_unless_the_plan_is_free(
    #[values(oracle, python, typescript)] start: Start,
    #[case] plan: Value,
    #[case] has_billing: bool,
) {
    let dependencies = json!({
        "create_user_account": {"user_id": "user_1", "plan": plan},
        "setup_billing_profile": {},
        "initialize_preferences": {"preferences": []},
        "send_welcome_sequence": {},
    });
    let (result, _) = result(start().as_mut(), "microservices/update_user_status", &json!({}), &dependencies);
    let summary = result["registration_summary"].as_object().unwrap();
    assert_eq!(
        (summary.contains_key("billing_id"), summary.contains_key("next_billing_date")),
        (has_billing, has_billing)
    );
    assert_eq!((&summary["preferences_count"], &summary["notification_channels"]), (&json!(0), &json!([])));
}

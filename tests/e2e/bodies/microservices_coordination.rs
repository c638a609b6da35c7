//! The registration of a user: an account, then billing and preferences side by side, then the welcome.

use parity_suite::workflow::WorkflowState;
use serde_json::{Value, json};
use similar_asserts::assert_eq;

use crate::e2e::Language;
use crate::e2e::run::{failure_of, result, summary};

const REGISTRATION: &str = "microservices/user_registration";

const MIDDLE: [&str; 2] = ["microservices/setup_billing_profile", "microservices/initialize_preferences"];

fn user(plan: &str) -> Value {
    json!({"user_info": {"email": "ada@example.com", "name": "Ada", "plan": plan, "source": "web"}})
}

pub(crate) fn a_new_user_on_a_paid_plan_is_billed_and_welcomed(language: Language) {
    let trace = language.run(REGISTRATION, &user("pro")).trace;
    assert_eq!(trace.state, WorkflowState::Completed);
    let account = result(&trace, "create_user_account");
    assert_eq!((&account["status"], &account["plan"]), (&json!("created"), &json!("pro")));
    assert_eq!(result(&trace, "setup_billing_profile")["price"], json!(29.99));
    assert_eq!(result(&trace, "initialize_preferences")["defaults_applied"], json!(8));
    assert_eq!(result(&trace, "send_welcome_sequence")["channels_used"], json!(["email", "in_app"]));
    assert_eq!(result(&trace, "update_user_status")["user_id"], account["user_id"]);
}

pub(crate) fn a_free_user_needs_no_billing(language: Language) {
    let trace = language.run(REGISTRATION, &user("free")).trace;
    assert_eq!(result(&trace, "setup_billing_profile")["status"], json!("skipped_free_plan"));
    assert_eq!(trace.state, WorkflowState::Completed);
}

pub(crate) fn an_enterprise_user_hears_on_three_channels(language: Language) {
    let trace = language.run(REGISTRATION, &user("enterprise")).trace;
    assert_eq!(result(&trace, "send_welcome_sequence")["channels_used"], json!(["email", "in_app", "sms"]));
}

pub(crate) fn a_user_who_wants_no_mail_gets_none(language: Language) {
    let mut user = user("free");
    user["user_info"]["preferences"] = json!({"email_notifications": false});
    let trace = language.run(REGISTRATION, &user).trace;
    assert_eq!(result(&trace, "initialize_preferences")["customizations"], json!(1));
    assert_eq!(result(&trace, "send_welcome_sequence")["channels_used"], json!(["in_app"]));
}

pub(crate) fn a_known_user_with_the_same_data_goes_on(language: Language) {
    let known = json!({"user_info": {"email": "existing@example.com", "name": "Existing User"}});
    let trace = language.run(REGISTRATION, &known).trace;
    assert_eq!(result(&trace, "create_user_account")["status"], json!("already_exists"));
    assert_eq!(trace.state, WorkflowState::Completed);
}

pub(crate) fn every_refusal_of_an_account_ends_the_registration(language: Language) {
    for (user, code) in [
        (json!({}), "MISSING_EMAIL"),
        (json!({"user_info": {"email": "ada@example.com"}}), "MISSING_NAME"),
        (json!({"user_info": {"email": "ada@example", "name": "Ada"}}), "INVALID_EMAIL_FORMAT"),
        (json!({"user_info": {"email": "existing@example.com", "name": "Ada"}}), "USER_CONFLICT"),
        (json!({"user_info": "Ada"}), "INVALID_INPUT"),
    ] {
        let trace = language.run(REGISTRATION, &user).trace;
        assert_eq!(failure_of(&trace, "create_user_account"), json!(["permanent", code, null]));
        assert_eq!(summary(&trace)[1].1, "skipped without create_user_account");
        assert_eq!(summary(&trace)[2].1, "skipped without create_user_account");
        assert_eq!(summary(&trace)[3].1, "skipped without setup_billing_profile, initialize_preferences");
        assert_eq!(trace.state, WorkflowState::Failed);
    }
}

pub(crate) fn billing_and_preferences_run_at_the_same_time(language: Language) {
    let trace = language.run_with_meeting(REGISTRATION, &user("pro"), &MIDDLE);
    assert_eq!(trace.state, WorkflowState::Completed);
}

pub(crate) fn the_welcome_waits_for_both_and_is_handed_both(language: Language) {
    let execution = language.run_with_outage(REGISTRATION, &user("pro"), MIDDLE[0], 1);
    let steps = summary(&execution.trace);
    assert_eq!(steps[1], ("setup_billing_profile", "completed at 0, 2000".to_owned()));
    assert_eq!(steps[2], ("initialize_preferences", "completed at 0".to_owned()));
    assert_eq!(steps[3], ("send_welcome_sequence", "completed at 2000".to_owned()));
    let (welcome, _) =
        execution.calls.iter().find(|(input, _)| input.handler.step() == "send_welcome_sequence").unwrap();
    assert_eq!(
        welcome.dependencies.keys().collect::<Vec<_>>(),
        ["create_user_account", "setup_billing_profile", "initialize_preferences"]
    );
}

pub(crate) fn an_outage_that_lasts_skips_the_welcome(language: Language) {
    let trace = language.run_with_outage(REGISTRATION, &user("pro"), MIDDLE[1], 3).trace;
    let steps = summary(&trace);
    assert_eq!(steps[1].1, "completed at 0");
    assert_eq!(steps[2].1, "failed at 0, 2000, 6000");
    assert_eq!(steps[3].1, "skipped without initialize_preferences");
    assert_eq!(steps[4].1, "skipped without send_welcome_sequence");
}

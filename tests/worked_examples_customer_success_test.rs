//! The rules of the support team's refunds at their edges hold for the oracle and for every engine.

use parity_engine::Engine;
use rstest::rstest;
use serde_json::{Value, json};
use similar_asserts::assert_eq;

use crate::support::{answer, oracle, python, result, typescript};

type Start = fn() -> Box<dyn Engine>;

fn code(start: Start, step: &str, context: &Value, dependencies: &Value) -> Value {
    let outcome = json!(answer(start().as_mut(), &format!("customer_success/{step}"), context, dependencies));
    outcome.get("code").cloned().unwrap_or_else(|| outcome["status"].clone())
}

#[rstest]
#[case(json!({"ticket_id": " \u{a0}\u{3000}", "customer_id": [], "refund_amount": false}), "ticket_id, customer_id, refund_amount")]
#[case(json!({"ticket_id": "ticket_closed", "customer_id": {}, "refund_amount": 0}), "customer_id")]
#[case(json!({"ticket_id": 7, "customer_id": true, "refund_amount": ""}), "refund_amount")]
fn blank_fields_are_listed(
    #[values(oracle, python, typescript)] start: Start,
    #[case] context: Value,
    #[case] missing: &str,
) {
    let outcome = json!(answer(start().as_mut(), "customer_success/validate_refund_request", &context, &json!({})));
    assert_eq!(outcome["code"], json!("MISSING_REQUIRED_FIELDS"));
    assert_eq!(outcome["message"], json!(format!("missing required fields: {missing}")));
}

#[rstest]
#[case("goldvip", "premium")]
#[case("viper", "premium")]
#[case("xpremium", "premium")]
#[case("marigold", "gold")]
#[case("VIP_1", "standard")]
#[case("cust_1", "standard")]
fn a_tier_stands_in_the_customer_id(
    #[values(oracle, python, typescript)] start: Start,
    #[case] customer: &str,
    #[case] tier: &str,
) {
    let context = json!({"ticket_id": 7, "customer_id": customer, "refund_amount": "text"});
    let (result, _) = result(start().as_mut(), "customer_success/validate_refund_request", &context, &json!({}));
    assert_eq!(result["customer_tier"], json!(tier));
    assert_eq!(result["original_purchase_date"], json!("2025-12-16T09:30:00Z"));
}

/// Tier, date of purchase, amount, and how it ends: the clock stands at 2026-01-15T09:30.
#[rstest]
#[case("standard", "2025-12-16T09:30:00Z", json!(10_000), "completed")]
#[case("standard", "2025-12-15T09:30:00.001Z", json!(0), "completed")]
#[case("standard", "2025-12-15T09:30:00Z", json!(0), "OUTSIDE_REFUND_WINDOW")]
#[case("standard", "2025-12-15T10:30:00+01:00", json!(0), "OUTSIDE_REFUND_WINDOW")]
#[case("standard", "2025-12-16", json!(10_000.5), "EXCEEDS_AMOUNT_LIMIT")]
#[case("gold", "2025-11-16", json!(50_000), "completed")]
#[case("gold", "2025-11-15", json!(0), "OUTSIDE_REFUND_WINDOW")]
#[case("premium", "2025-10-17", json!(100_001), "EXCEEDS_AMOUNT_LIMIT")]
#[case("GOLD", "2025-11-20", json!(0), "OUTSIDE_REFUND_WINDOW")]
#[case("standard", "2999-01-01", json!(-5), "completed")]
#[case("standard", "2025-12-16T09:30:00", json!(0), "INVALID_INPUT")]
#[case("standard", "16 Dec 2025", json!(0), "INVALID_INPUT")]
#[case("standard", "2000-01-01", json!("1"), "INVALID_INPUT")]
fn windows_and_limits_are_inclusive(
    #[values(oracle, python, typescript)] start: Start,
    #[case] tier: &str,
    #[case] purchased: &str,
    #[case] amount: Value,
    #[case] end: &str,
) {
    let request = json!({"request_validated": 1, "customer_tier": tier, "original_purchase_date": purchased});
    let dependencies = json!({"validate_refund_request": request});
    assert_eq!(code(start, "check_refund_policy", &json!({"refund_amount": amount}), &dependencies), json!(end));
}

#[rstest]
fn a_refusal_names_days_and_dollars(#[values(oracle, python, typescript)] start: Start) {
    let message = |purchased: &str, amount: Value| {
        let request = json!({"request_validated": true, "original_purchase_date": purchased});
        let outcome = json!(answer(
            start().as_mut(),
            "customer_success/check_refund_policy",
            &json!({"refund_amount": amount}),
            &json!({"validate_refund_request": request}),
        ));
        outcome["message"].clone()
    };
    assert_eq!(message("2025-12-01", json!(0)), json!("45 days since the purchase, a refund is possible for 30"));
    let above = "a refund of $123.45 is above the limit of $100.0";
    assert_eq!(message("2026-01-15", json!(12_345)), json!(above));
}

#[rstest]
fn who_needs_no_approval_is_never_denied(#[values(oracle, python, typescript)] start: Start) {
    let dependencies = |requires: Value| {
        json!({
            "check_refund_policy": {"policy_checked": true, "requires_approval": requires},
            "validate_refund_request": {"ticket_id": "ticket_denied", "customer_id": 7},
        })
    };
    for requires in [json!(false), json!(null)] {
        let (approval, metadata) = result(
            start().as_mut(),
            "customer_success/get_manager_approval",
            &json!({}),
            &dependencies(requires.clone()),
        );
        assert_eq!((&approval["approval_required"], &approval["auto_approved"]), (&requires, &json!(true)));
        assert_eq!(
            (&approval["approval_id"], &metadata["http_headers"]["X-Approval-ID"]),
            (&json!(null), &json!("N/A"))
        );
    }
    for requires in [json!(true), json!(0), json!("")] {
        assert_eq!(code(start, "get_manager_approval", &json!({}), &dependencies(requires)), json!("APPROVAL_DENIED"));
    }
}

#[rstest]
fn a_manager_approves_the_customer(#[values(oracle, python, typescript)] start: Start) {
    let dependencies = json!({
        "check_refund_policy": {"policy_checked": true, "requires_approval": true},
        "validate_refund_request": {"ticket_id": null, "customer_id": 7.0},
    });
    let (approval, _) = result(start().as_mut(), "customer_success/get_manager_approval", &json!({}), &dependencies);
    assert_eq!(approval["manager_notes"], json!("Approved refund request for customer 7"));
    let number = approval["manager_id"].as_str().unwrap().strip_prefix("mgr_").unwrap();
    assert!((1..=5).contains(&number.parse().unwrap()), "{number}");
}

#[rstest]
#[case(json!("corr_1"), Some(json!("corr_1")))]
#[case(json!(""), Some(json!("")))]
#[case(json!([1]), Some(json!([1])))]
#[case(json!(null), None)]
#[case(json!(false), None)]
fn a_correlation_id_is_kept_or_made(
    #[values(oracle, python, typescript)] start: Start,
    #[case] given: Value,
    #[case] kept: Option<Value>,
) {
    let dependencies = json!({
        "get_manager_approval": {"approval_obtained": true},
        "validate_refund_request": {"payment_id": ""},
    });
    let context = json!({"correlation_id": given});
    let (delegation, _) = result(start().as_mut(), "customer_success/execute_refund_workflow", &context, &dependencies);
    let made = delegation["correlation_id"].as_str().is_some_and(|id| id.starts_with("cs-") && id.len() == 19);
    assert_eq!(
        (kept.is_none(), kept.unwrap_or(delegation["correlation_id"].clone())),
        (made, delegation["correlation_id"].clone())
    );
    assert_eq!(delegation["delegated_task_id"].as_str().unwrap().len(), "task_".len() + 36);
}

#[rstest]
#[case(json!(5000), "$50.00")]
#[case(json!(0), "$0.00")]
#[case(json!(-5), "$-0.05")]
#[case(json!(12.5), "$0.12")]
#[case(json!(1050.5), "$10.50")]
fn a_note_names_dollars_and_cents(
    #[values(oracle, python, typescript)] start: Start,
    #[case] amount: Value,
    #[case] dollars: &str,
) {
    let dependencies = json!({"execute_refund_workflow": {"task_delegated": true, "correlation_id": 7}});
    let context = json!({"refund_amount": amount});
    let (update, _) = result(start().as_mut(), "customer_success/update_ticket_status", &context, &dependencies);
    let note = format!("Refund of {dollars} processed successfully. Delegated task ID: . Correlation ID: 7");
    assert_eq!(update["resolution_note"], json!(note));
}

#[rstest]
#[case("check_refund_policy", "validate_refund_request")]
#[case("get_manager_approval", "check_refund_policy")]
#[case("execute_refund_workflow", "get_manager_approval")]
#[case("update_ticket_status", "execute_refund_workflow")]
fn a_guarded_result_is_an_object(
    #[values(oracle, python, typescript)] start: Start,
    #[case] step: &str,
    #[case] guarded: &str,
) {
    for odd in [json!(false), json!("x"), json!([])] {
        assert_eq!(code(start, step, &json!({}), &json!({guarded: odd})), json!("INVALID_INPUT"));
    }
}

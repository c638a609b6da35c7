//! What the public implementation of the payments team does at the edges of its rules holds for the oracle and for every
//! engine.

use parity_engine::Engine;
use parity_model::Outcome;
use rstest::rstest;
use serde_json::{Value, json};
use similar_asserts::assert_eq;

use crate::support::{answer, oracle, python, result, typescript};

const VALIDATE: &str = "payments/validate_payment_eligibility";
const REFUND: &str = "payments/process_gateway_refund";
const RECORDS: &str = "payments/update_payment_records";
const NOTIFY: &str = "payments/notify_customer";

/// `completed`, the code of a failure, or its delay.
fn end(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Completed { .. } => "completed".to_owned(),
        Outcome::Failed(failure) => match (&failure.code, &failure.retry_after) {
            (Some(code), None) => code.clone(),
            (None, Some(seconds)) => seconds.to_string(),
            _ => panic!("{failure:?}"),
        },
    }
}

fn request(payment_id: &Value, refund_amount: &Value) -> Value {
    json!({"payment_id": payment_id, "refund_amount": refund_amount})
}

/// The result of a validation that lets `payment_id` pass.
fn validated(payment_id: &Value) -> Value {
    json!({"validate_payment_eligibility": {
        "payment_validated": true, "payment_id": payment_id, "refund_amount": 2999,
    }})
}

/// The result of a gateway refund of `payment_id`.
fn refunded(payment_id: &Value, refund_amount: &Value) -> Value {
    json!({"process_gateway_refund": {
        "refund_processed": true, "payment_id": payment_id, "refund_id": "rfnd_1", "refund_amount": refund_amount,
    }})
}

#[rstest]
fn the_upstream_refund_goes_through_all_steps(#[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>) {
    let mut engine = start();
    let context = json!({
        "payment_id": "pay_concurrent_123", "refund_amount": 2999, "customer_email": "customer@example.com",
    });

    let (validation, metadata) = result(engine.as_mut(), VALIDATE, &context, &json!({}));
    assert_eq!(
        validation,
        json!({
            "payment_validated": true,
            "payment_id": "pay_concurrent_123",
            "original_amount": 3999,
            "refund_amount": 2999,
            "payment_method": "credit_card",
            "gateway_provider": "MockPaymentGateway",
            "eligibility_status": "eligible",
            "validation_timestamp": "2026-01-15T09:30:00Z",
            "namespace": "payments",
        })
    );
    assert_eq!(metadata["http_headers"]["X-Payment-ID"], json!("pay_concurrent_123"));
    assert_eq!(metadata["input_refs"]["partial_refund"], json!("context.get_input_or(\"partial_refund\", false)"));

    let mut ancestors = json!({"validate_payment_eligibility": validation});
    let (refund, metadata) = result(engine.as_mut(), REFUND, &context, &ancestors);
    assert_eq!(
        [&refund["refund_processed"], &refund["payment_id"], &refund["refund_amount"], &refund["refund_status"]],
        [&json!(true), &json!("pay_concurrent_123"), &json!(2999), &json!("processed")]
    );
    assert_eq!(refund["processed_at"], json!("2026-01-15T09:30:00Z"));
    assert_eq!(refund["estimated_arrival"], json!("2026-01-20T09:30:00Z"));
    assert!(has_shape(&refund["refund_id"], "rfnd_", 24));
    assert!(has_shape(&refund["gateway_transaction_id"], "gtx_", 20));
    assert_eq!(metadata["http_headers"]["X-Gateway-Transaction-ID"], refund["gateway_transaction_id"]);

    ancestors["process_gateway_refund"] = refund.clone();
    let (records, metadata) = result(engine.as_mut(), RECORDS, &context, &ancestors);
    assert_eq!(
        records,
        json!({
            "records_updated": true,
            "payment_id": "pay_concurrent_123",
            "refund_id": refund["refund_id"],
            "record_id": records["record_id"],
            "payment_status": "refunded",
            "refund_status": "completed",
            "history_entries_created": 2,
            "updated_at": "2026-01-15T09:30:00Z",
            "namespace": "payments",
        })
    );
    assert!(has_shape(&records["record_id"], "rec_", 16));
    assert_eq!(metadata["http_headers"]["X-Record-ID"], records["record_id"]);

    let (notification, metadata) = result(engine.as_mut(), NOTIFY, &context, &ancestors);
    assert_eq!(
        notification,
        json!({
            "notification_sent": true,
            "customer_email": "customer@example.com",
            "message_id": notification["message_id"],
            "notification_type": "refund_confirmation",
            "sent_at": "2026-01-15T09:30:00Z",
            "delivery_status": "delivered",
            "refund_id": refund["refund_id"],
            "refund_amount": 2999,
            "namespace": "payments",
        })
    );
    assert!(has_shape(&notification["message_id"], "msg_", 24));
    assert_eq!(metadata["http_headers"]["X-Recipient"], json!("customer@example.com"));
}

/// Whether `id` is `prefix` and `digits` lower-case hexadecimal digits.
fn has_shape(id: &Value, prefix: &str, digits: usize) -> bool {
    let rest = id.as_str().and_then(|id| id.strip_prefix(prefix)).unwrap_or_default();
    rest.len() == digits && rest.chars().all(|digit| matches!(digit, '0'..='9' | 'a'..='f'))
}

#[rstest]
#[case(json!("pay_1"), "completed")]
#[case(json!("pay__"), "completed")]
#[case(json!("pay_"), "INVALID_PAYMENT_ID")]
#[case(json!("Pay_1"), "INVALID_PAYMENT_ID")]
#[case(json!("pay_a-b"), "INVALID_PAYMENT_ID")]
#[case(json!("xpay_1"), "INVALID_PAYMENT_ID")]
#[case(json!("foo pay_1"), "INVALID_PAYMENT_ID")]
#[case(json!("pay_1 "), "INVALID_PAYMENT_ID")]
// The public implementation takes these four, since its pattern is anchored to lines.
#[case(json!("pay_1\n"), "INVALID_PAYMENT_ID")]
#[case(json!("pay_1\nfoo"), "INVALID_PAYMENT_ID")]
#[case(json!("foo\npay_1"), "INVALID_PAYMENT_ID")]
#[case(json!("\r\npay_1"), "INVALID_PAYMENT_ID")]
#[case(json!("pay_1\r"), "INVALID_PAYMENT_ID")]
#[case(json!("pay_é"), "INVALID_PAYMENT_ID")]
#[case(json!("pay_test_insufficient"), "INSUFFICIENT_FUNDS")]
#[case(json!("pay_test_processing"), "30")]
#[case(json!("pay_test_ineligible_1"), "PAYMENT_INELIGIBLE")]
#[case(json!("pay_TEST_PROCESSING"), "completed")]
#[case(json!("pay_test_ineligible_pay_test_processing"), "30")]
#[case(json!("pay_test_processing_pay_test_insufficient"), "INSUFFICIENT_FUNDS")]
#[case(json!("pay-test_processing"), "INVALID_PAYMENT_ID")]
#[case(json!(0), "INVALID_INPUT")]
#[case(json!(true), "INVALID_INPUT")]
#[case(json!(["pay_1"]), "INVALID_INPUT")]
fn a_payment_id_is_matched_as_a_whole_then_looked_up(
    #[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>,
    #[case] payment_id: Value,
    #[case] expected: &str,
) {
    let outcome = answer(start().as_mut(), VALIDATE, &request(&payment_id, &json!(1)), &json!({}));
    assert_eq!(end(&outcome), expected);
}

#[rstest]
#[case(json!(""), json!(null), "payment_id, refund_amount")]
#[case(json!(false), json!([]), "payment_id, refund_amount")]
#[case(json!("\u{3000}\u{85}\t"), json!(1), "payment_id")]
#[case(json!({}), json!(0), "payment_id")]
#[case(json!("pay_1"), json!({}), "refund_amount")]
#[case(json!(1), json!(" "), "refund_amount")]
fn blank_fields_are_missing_and_named_in_order(
    #[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>,
    #[case] payment_id: Value,
    #[case] refund_amount: Value,
    #[case] names: &str,
) {
    let outcome = answer(start().as_mut(), VALIDATE, &request(&payment_id, &refund_amount), &json!({}));
    let Outcome::Failed(failure) = outcome else { panic!("completed") };
    assert_eq!(failure.code.as_deref(), Some("MISSING_REQUIRED_FIELDS"));
    assert_eq!(failure.message, format!("missing required fields: {names}"));
}

#[rstest]
fn blank_is_what_unicode_calls_whitespace(#[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>) {
    let mut engine = start();
    for character in ('\0'..='\u{3100}').chain(['\u{feff}']) {
        let request = request(&json!(character), &json!(1));
        let expected = if character.is_whitespace() { "MISSING_REQUIRED_FIELDS" } else { "INVALID_PAYMENT_ID" };
        assert_eq!(end(&answer(engine.as_mut(), VALIDATE, &request, &json!({}))), expected, "{character:?}");
    }
}

#[rstest]
#[case(json!(0), "0")]
#[case(json!(-0.0), "0")]
#[case(json!(-5.0), "-5")]
#[case(json!(-0.5), "-0.5")]
#[case(json!(-0.000_01), "-1.0e-05")]
fn an_amount_must_be_positive_and_is_asked_for_before_the_id(
    #[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>,
    #[case] refund_amount: Value,
    #[case] text: &str,
) {
    let outcome = answer(start().as_mut(), VALIDATE, &request(&json!(1), &refund_amount), &json!({}));
    let Outcome::Failed(failure) = outcome else { panic!("completed") };
    assert_eq!(failure.code.as_deref(), Some("INVALID_REFUND_AMOUNT"));
    assert_eq!(failure.message, format!("refund amount must be positive, not {text}"));
}

#[rstest]
#[case(json!(1), 1001.0)]
#[case(json!(0.1), 1_000.1)]
#[case(json!(1e-7), 1_000.000_000_1)]
#[case(json!(9_007_199_254_740_990_i64), 9_007_199_254_741_990.0)]
#[case(json!(9_007_199_254_740_991_i64), 9_007_199_254_741_992.0)]
fn the_original_amount_is_a_thousand_cents_more(
    #[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>,
    #[case] refund_amount: Value,
    #[case] original_amount: f64,
) {
    let (result, _) = result(start().as_mut(), VALIDATE, &request(&json!("pay_1"), &refund_amount), &json!({}));
    assert_eq!(result["original_amount"].as_f64(), Some(original_amount));
    assert_eq!(result["refund_amount"].as_f64(), refund_amount.as_f64());
}

#[rstest]
#[case(json!("pay_test_gateway_timeout"), "30")]
#[case(json!("xpay_test_gateway_error\n"), "GATEWAY_REFUND_FAILED")]
#[case(json!("pay_test_rate_limit"), "60")]
#[case(json!("pay_test_rate_limit pay_test_gateway_error pay_test_gateway_timeout"), "30")]
#[case(json!("pay_test_rate_limit pay_test_gateway_error"), "GATEWAY_REFUND_FAILED")]
#[case(json!("PAY_TEST_RATE_LIMIT"), "completed")]
#[case(json!(["pay_test_rate_limit"]), "completed")]
#[case(json!(null), "completed")]
fn test_ids_decide_what_the_gateway_does(
    #[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>,
    #[case] payment_id: Value,
    #[case] expected: &str,
) {
    assert_eq!(end(&answer(start().as_mut(), REFUND, &json!({}), &validated(&payment_id))), expected);
}

#[rstest]
#[case(json!("pay_test_record_lock"), "10")]
#[case(json!("pay_test_record_error"), "30")]
#[case(json!("pay_test_record_error_pay_test_record_lock"), "10")]
#[case(json!("pay_Test_record_lock"), "completed")]
#[case(json!(7), "completed")]
fn test_ids_decide_what_the_records_do(
    #[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>,
    #[case] payment_id: Value,
    #[case] expected: &str,
) {
    assert_eq!(end(&answer(start().as_mut(), RECORDS, &json!({}), &refunded(&payment_id, &json!(1)))), expected);
}

#[rstest]
#[case(REFUND, "validate_payment_eligibility", "payment_validated", "MISSING_VALIDATION")]
#[case(RECORDS, "process_gateway_refund", "refund_processed", "MISSING_REFUND")]
#[case(NOTIFY, "process_gateway_refund", "refund_processed", "MISSING_REFUND")]
fn the_step_before_must_be_done(
    #[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>,
    #[case] handler: &str,
    #[case] step: &str,
    #[case] flag: &str,
    #[case] missing: &str,
) {
    let mut engine = start();
    let mut ended = |dependencies: Value| {
        let context = json!({"customer_email": "a@b"});
        end(&answer(engine.as_mut(), handler, &context, &dependencies))
    };
    for dependencies in [json!({}), json!({step: null}), json!({step: {}}), json!({step: {flag: false}})] {
        assert_eq!(ended(dependencies), missing);
    }
    for done in [json!(true), json!(0), json!(""), json!([])] {
        assert_eq!(ended(json!({step: {flag: done, "refund_amount": 1}})), "completed");
    }
    for unreadable in [json!(false), json!("x"), json!([]), json!(1)] {
        assert_eq!(ended(json!({step: unreadable})), "INVALID_INPUT");
    }
}

#[rstest]
#[case(json!(null), "MISSING_CUSTOMER_EMAIL")]
#[case(json!(false), "MISSING_CUSTOMER_EMAIL")]
#[case(json!(""), "INVALID_EMAIL_FORMAT")]
#[case(json!(0), "INVALID_INPUT")]
#[case(json!("a@b\n"), "INVALID_EMAIL_FORMAT")]
#[case(json!("x@test_bounce@test"), "INVALID_EMAIL_FORMAT")]
#[case(json!("x@test_bounced.com"), "EMAIL_BOUNCED")]
#[case(json!("x@TEST_BOUNCE"), "completed")]
#[case(json!("x@test_invalid"), "INVALID_EMAIL")]
#[case(json!("x@test_rate_limit"), "60")]
#[case(json!("test_bounce@x"), "completed")]
fn an_address_is_asked_for_then_matched_then_tried(
    #[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>,
    #[case] customer_email: Value,
    #[case] expected: &str,
) {
    let context = json!({"customer_email": customer_email});
    assert_eq!(end(&answer(start().as_mut(), NOTIFY, &context, &refunded(&json!("p"), &json!(1)))), expected);
}

#[rstest]
#[case(VALIDATE, request(&json!(true), &json!("1")), json!({}), "/context/refund_amount")]
#[case(VALIDATE, request(&json!(true), &json!(9_007_199_254_740_992_i64)), json!({}), "/context/refund_amount")]
#[case(VALIDATE, request(&json!(true), &json!(1)), json!({}), "/context/payment_id")]
#[case(
    REFUND,
    json!({}),
    validated(&json!([1e300])),
    "/dependencies/validate_payment_eligibility/payment_id"
)]
#[case(
    RECORDS,
    json!({}),
    json!({
        "validate_payment_eligibility": [],
        "process_gateway_refund": {"refund_processed": true, "payment_id": "pay_test_record_lock"},
    }),
    "/dependencies/validate_payment_eligibility"
)]
#[case(
    RECORDS,
    json!({}),
    json!({"process_gateway_refund": {"refund_processed": true, "refund_id": 1e300}}),
    "/dependencies/process_gateway_refund/refund_id"
)]
#[case(
    NOTIFY,
    json!({"customer_email": "a@b"}),
    refunded(&json!("p"), &json!(null)),
    "/dependencies/process_gateway_refund/refund_amount"
)]
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
fn a_mail_needs_an_amount_only_after_its_address_was_tried(
    #[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>,
) {
    let context = json!({"customer_email": "a@test_bounce"});
    assert_eq!(end(&answer(start().as_mut(), NOTIFY, &context, &refunded(&json!("p"), &json!("x")))), "EMAIL_BOUNCED");
}

//! The rules of the data pipeline's transforms at their edges, for the oracle and for every engine.

use parity_engine::Engine;
use parity_model::Outcome;
use rstest::rstest;
use serde_json::{Value, json};
use similar_asserts::assert_eq;

use crate::support::{answer, oracle, python, result, typescript};

const SALES: (&str, &str) = ("data_pipeline/transform_sales", "extract_sales_data");
const INVENTORY: (&str, &str) = ("data_pipeline/transform_inventory", "extract_inventory_data");
const CUSTOMERS: (&str, &str) = ("data_pipeline/transform_customers", "extract_customer_data");

fn transformed(engine: &mut dyn Engine, (handler, source): (&str, &str), records: &Value) -> Value {
    result(engine, handler, &json!({}), &json!({source: {"records": records}})).0
}

fn failed(engine: &mut dyn Engine, (handler, source): (&str, &str), extracted: &Value) -> (String, Value, String) {
    match answer(engine, handler, &json!({}), &json!({source: extracted})) {
        Outcome::Failed(failure) => (failure.code.unwrap(), failure.context.into(), failure.message),
        completed @ Outcome::Completed { .. } => panic!("{completed:?}"),
    }
}

#[rstest]
fn without_an_extract_there_is_nothing_to_transform(
    #[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>,
    #[values((SALES, "sales"), (INVENTORY, "inventory"), (CUSTOMERS, "customer"))] (transform, subject): (
        (&str, &str),
        &str,
    ),
) {
    for extracted in [json!(null), json!(false)] {
        assert_eq!(
            failed(start().as_mut(), transform, &extracted),
            ("MISSING_EXTRACT_RESULTS".to_owned(), json!({}), format!("{subject} extraction results are missing"))
        );
    }
    let nothing = answer(start().as_mut(), transform.0, &json!({}), &json!({}));
    assert!(matches!(nothing, Outcome::Failed(failure) if failure.code.as_deref() == Some("MISSING_EXTRACT_RESULTS")));
}

#[rstest]
#[case(json!([]), "", "an object")]
#[case(json!(0), "", "an object")]
#[case(json!({}), "/records", "a list")]
#[case(json!({"records": false}), "/records", "a list")]
#[case(json!({"records": {}}), "/records", "a list")]
#[case(json!({"records": [{"date": []}, 1]}), "/records/1", "an object")]
#[case(json!({"records": [{}, {"quantity": true}]}), "/records/1/quantity", "a number")]
#[case(json!({"records": [{"amount": "1"}, {"date": {}}]}), "/records/0/amount", "a number")]
#[case(json!({"records": [{"amount": {}, "product_id": [1], "quantity": ""}]}), "/records/0/product_id", "a text")]
#[case(
    json!({"records": [{"date": 9_007_199_254_740_992_i64}]}),
    "/records/0/date",
    "a number within ±9007199254740991"
)]
fn the_first_value_that_can_not_be_read_is_named(
    #[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>,
    #[case] extracted: Value,
    #[case] place: &str,
    #[case] expected: &str,
) {
    let path = format!("/dependencies/extract_sales_data{place}");
    assert_eq!(
        failed(start().as_mut(), SALES, &extracted),
        ("INVALID_INPUT".to_owned(), json!({"path": path}), format!("invalid input at {path}: expected {expected}"))
    );
}

#[rstest]
fn no_records_make_no_groups_and_averages_of_zero(
    #[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>,
) {
    let sales = transformed(start().as_mut(), SALES, &json!([]));
    assert_eq!((&sales["record_count"], &sales["total_revenue"]), (&json!(0), &json!(0)));
    assert_eq!((&sales["daily_sales"], &sales["product_sales"]), (&json!({}), &json!({})));
    let customers = transformed(start().as_mut(), CUSTOMERS, &json!([]));
    assert_eq!(customers["value_segments"], json!({"high_value": 0, "medium_value": 0, "low_value": 0}));
    assert_eq!(customers["avg_customer_value"].as_f64(), Some(0.0));
}

#[rstest]
fn whole_amounts_have_whole_totals_and_nothing_is_rounded(
    #[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>,
) {
    let records = json!([{"date": "d", "amount": 10}, {"date": "d", "amount": 5}]);
    let whole = transformed(start().as_mut(), SALES, &records);
    assert_eq!(whole["daily_sales"]["d"], json!({"total_amount": 15, "order_count": 2, "avg_order_value": 7.5}));
    let records = json!([{"amount": 0.1}, {"amount": 0.2}, {"amount": 0.3}]);
    let parts = transformed(start().as_mut(), SALES, &records);
    assert_eq!(parts["total_revenue"], json!(0.6));
    assert_eq!(parts["daily_sales"][""]["avg_order_value"], json!(0.6 / 3.0));
}

#[rstest]
fn what_is_missing_counts_as_zero(#[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>) {
    let records = json!([{}, {"amount": null, "quantity": false}, {"amount": false, "quantity": 2}]);
    let sales = transformed(start().as_mut(), SALES, &records);
    assert_eq!(sales["product_sales"], json!({"": {"total_quantity": 2, "total_revenue": 0, "order_count": 3}}));
}

#[rstest]
fn groups_have_texts_for_names(#[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>) {
    let tiers = json!([null, "", 1, "1", 1.0, 1.5, 1e-5, -0.0, true, "true", false, "__proto__", "constructor"]);
    let records: Value = tiers.as_array().unwrap().iter().map(|tier| json!({"tier": tier})).collect();
    let analysis = &transformed(start().as_mut(), CUSTOMERS, &records)["tier_analysis"];
    let counts: Vec<(&str, i64)> = analysis
        .as_object()
        .unwrap()
        .iter()
        .map(|(tier, summary)| (tier.as_str(), summary["customer_count"].as_i64().unwrap()))
        .collect();
    // Some languages list names that look like integers first, and the order of members means nothing.
    let mut sorted = counts.clone();
    sorted.sort_unstable();
    assert_eq!(
        sorted,
        [
            ("", 2),
            ("0", 1),
            ("1", 3),
            ("1.0e-05", 1),
            ("1.5", 1),
            ("__proto__", 1),
            ("constructor", 1),
            ("false", 1),
            ("true", 2)
        ]
    );
}

#[rstest]
#[case(json!({"quantity_on_hand": 9, "reorder_point": 10}), 1, true)]
#[case(json!({"quantity_on_hand": 10, "reorder_point": 10}), 1, false)]
#[case(json!({"quantity_on_hand": 11, "reorder_point": 10}), 0, false)]
#[case(json!({}), 1, false)]
fn a_quantity_at_the_reorder_point_is_an_alert_but_no_reorder(
    #[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>,
    #[case] record: Value,
    #[case] alerts: u32,
    #[case] needs_reorder: bool,
) {
    let inventory = transformed(start().as_mut(), INVENTORY, &json!([record]));
    assert_eq!(inventory["warehouse_summary"][""]["reorder_alerts"], json!(alerts));
    assert_eq!(inventory["product_inventory"][""]["needs_reorder"], json!(needs_reorder));
    assert_eq!(inventory["reorder_alerts"], json!(u32::from(needs_reorder)));
}

#[rstest]
fn a_product_is_reordered_by_what_lies_in_all_warehouses(
    #[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>,
) {
    let stock = |warehouse: &str, quantity: u32| json!({"product_id": "p", "warehouse": warehouse, "quantity_on_hand": quantity, "reorder_point": 10});
    let inventory = transformed(start().as_mut(), INVENTORY, &json!([stock("a", 5), stock("b", 15), stock("b", 0)]));
    assert_eq!(
        inventory["warehouse_summary"],
        json!({
            "a": {"total_quantity": 5, "product_count": 1, "reorder_alerts": 1},
            "b": {"total_quantity": 15, "product_count": 1, "reorder_alerts": 1},
        })
    );
    assert_eq!(
        inventory["product_inventory"],
        json!({"p": {"total_quantity": 20, "warehouse_count": 2, "needs_reorder": true}})
    );
}

#[rstest]
#[case(json!(999.99), [0, 0, 1])]
#[case(json!(-1), [0, 0, 1])]
#[case(json!(null), [0, 0, 1])]
#[case(json!(1000), [0, 1, 0])]
#[case(json!(9999), [0, 1, 0])]
#[case(json!(9999.5), [0, 0, 0])]
#[case(json!(9999.99), [0, 0, 0])]
#[case(json!(10_000), [1, 0, 0])]
fn segments_leave_a_gap_below_ten_thousand(
    #[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>,
    #[case] lifetime_value: Value,
    #[case] segments: [u32; 3],
) {
    let customers = transformed(start().as_mut(), CUSTOMERS, &json!([{"lifetime_value": lifetime_value}]));
    let found = ["high_value", "medium_value", "low_value"].map(|segment| customers["value_segments"][segment].clone());
    assert_eq!(found, segments.map(Value::from));
}

//! The analytics pipeline: three extracts, a transform behind each, and what is made of all three.

use parity_suite::workflow::{StepState, WorkflowState};
use serde_json::json;
use similar_asserts::assert_eq;

use crate::e2e::Language;
use crate::e2e::run::{result, summary};

const PIPELINE: &str = "data_pipeline/analytics_pipeline";

const EXTRACTS: [&str; 3] =
    ["data_pipeline/extract_sales_data", "data_pipeline/extract_inventory_data", "data_pipeline/extract_customer_data"];

const TRANSFORMS: [&str; 3] =
    ["data_pipeline/transform_sales", "data_pipeline/transform_inventory", "data_pipeline/transform_customers"];

pub(crate) fn the_pipeline_ends_in_insights(language: Language) {
    let trace = language.run(PIPELINE, &json!({})).trace;
    assert_eq!(trace.state, WorkflowState::Completed);
    assert_eq!(trace.in_state(&StepState::Completed).len(), 8);

    assert_eq!(result(&trace, "extract_sales_data")["total_amount"], json!(3199.73));
    assert_eq!(result(&trace, "transform_inventory")["total_quantity_on_hand"], json!(575));
    assert_eq!(
        result(&trace, "transform_customers")["value_segments"],
        json!({"high_value": 1, "medium_value": 3, "low_value": 1})
    );
    let metrics = result(&trace, "aggregate_metrics");
    assert_eq!(metrics["revenue_per_customer"], json!(639.95));
    assert_eq!(metrics["inventory_turnover_indicator"], json!(5.5647));
    let insights = result(&trace, "generate_insights");
    assert_eq!(insights["health_score"], json!({"score": 100, "max_score": 100, "rating": "Excellent"}));
    assert_eq!(insights["total_metrics_analyzed"], json!(10));
    let findings = insights["insights"].as_array().unwrap();
    assert_eq!(findings.len(), 3);
    assert_eq!(findings[2]["finding"], json!("Average customer lifetime value: $6100.0"));
}

pub(crate) fn the_date_range_filters_nothing(language: Language) {
    let range = json!({"date_range": {"start_date": "2025-11-10", "end_date": "2025-11-11"}});
    assert_eq!(language.run(PIPELINE, &range).trace, language.run(PIPELINE, &json!({})).trace);
}

pub(crate) fn the_three_extracts_run_at_the_same_time(language: Language) {
    let trace = language.run_with_meeting(PIPELINE, &json!({}), &EXTRACTS);
    assert_eq!(trace.state, WorkflowState::Completed);
}

pub(crate) fn the_three_transforms_run_at_the_same_time(language: Language) {
    let trace = language.run_with_meeting(PIPELINE, &json!({}), &TRANSFORMS);
    assert_eq!(trace.state, WorkflowState::Completed);
}

pub(crate) fn the_aggregate_is_handed_all_three_branches(language: Language) {
    let execution = language.run(PIPELINE, &json!({}));
    let (aggregate, _) = execution.calls.iter().find(|(input, _)| input.handler.step() == "aggregate_metrics").unwrap();
    let mut handed: Vec<&str> = aggregate.dependencies.keys().map(String::as_str).collect();
    handed.sort_unstable();
    assert_eq!(
        handed,
        [
            "extract_customer_data",
            "extract_inventory_data",
            "extract_sales_data",
            "transform_customers",
            "transform_inventory",
            "transform_sales",
        ]
    );
    for step in ["transform_sales", "transform_inventory", "transform_customers"] {
        assert_eq!(&aggregate.dependencies[step], result(&execution.trace, step));
    }
}

pub(crate) fn the_aggregate_waits_for_the_slowest_branch(language: Language) {
    let trace = language.run_with_outage(PIPELINE, &json!({}), "data_pipeline/extract_inventory_data", 2).trace;
    assert_eq!(trace.state, WorkflowState::Completed);
    let of = |step: &str| summary(&trace).into_iter().find(|(name, _)| *name == step).unwrap().1;
    assert_eq!(of("extract_inventory_data"), "completed at 0, 2000, 6000");
    assert_eq!(of("transform_inventory"), "completed at 6000");
    assert_eq!(
        (of("transform_sales").as_str(), of("transform_customers").as_str()),
        ("completed at 0", "completed at 0")
    );
    assert_eq!(of("aggregate_metrics"), "completed at 6000");
    assert_eq!(of("generate_insights"), "completed at 6000");
}

pub(crate) fn a_branch_that_fails_ends_the_pipeline_and_the_others_still_run(language: Language) {
    let trace = language.run_with_outage(PIPELINE, &json!({}), "data_pipeline/transform_customers", 2).trace;
    assert_eq!(trace.state, WorkflowState::Failed);
    assert_eq!(trace.in_state(&StepState::Failed), ["transform_customers"]);
    assert_eq!(trace.step("aggregate_metrics").unwrap().state, StepState::Skipped(vec!["transform_customers".into()]));
    assert_eq!(trace.step("generate_insights").unwrap().state, StepState::Skipped(vec!["aggregate_metrics".into()]));
    assert_eq!(trace.in_state(&StepState::Completed).len(), 5);
}

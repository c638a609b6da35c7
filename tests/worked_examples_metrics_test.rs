//! What is made of the transforms' figures, computed by the public implementation, holds for the oracle and for every engine.

use parity_engine::Engine;
use rstest::rstest;
use serde_json::{Value, json};
use similar_asserts::assert_eq;

use crate::support::{answer, oracle, python, result, typescript};

const AGGREGATE: &str = "data_pipeline/aggregate_metrics";
const INSIGHTS: &str = "data_pipeline/generate_insights";

fn transforms() -> Value {
    json!({
        "transform_sales": {"total_revenue": 3199.73, "record_count": 5},
        "transform_inventory": {"total_quantity_on_hand": 575, "reorder_alerts": 0},
        "transform_customers": {"record_count": 5, "total_lifetime_value": 30_500},
    })
}

#[rstest]
fn the_sample_data_are_aggregated(#[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>) {
    let (metrics, metadata) = result(start().as_mut(), AGGREGATE, &json!({}), &transforms());
    assert_eq!(
        metrics,
        json!({
            "total_revenue": 3199.73,
            "total_inventory_quantity": 575,
            "total_customers": 5,
            "total_customer_lifetime_value": 30_500,
            "sales_transactions": 5,
            "inventory_reorder_alerts": 0,
            "revenue_per_customer": 639.95,
            "inventory_turnover_indicator": 5.5647,
            "aggregation_complete": true,
            "sources_included": 3,
        })
    );
    assert_eq!(
        metadata,
        json!({
            "operation": "aggregate_metrics",
            "sources": ["transform_sales", "transform_inventory", "transform_customers"],
            "sources_aggregated": 3,
            "aggregated_at": "2026-01-15T09:30:00Z",
            "handler_class": "DataPipeline::StepHandlers::AggregateMetricsHandler",
        })
    );
}

#[rstest]
fn what_is_missing_is_listed_in_the_order_of_the_sources(
    #[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>,
) {
    let dependencies = json!({"transform_customers": false, "transform_inventory": {}});
    let failure = json!(answer(start().as_mut(), AGGREGATE, &json!({}), &dependencies));
    assert_eq!(failure["code"], json!("MISSING_TRANSFORM_RESULTS"));
    assert_eq!(failure["message"], json!("transform results are missing: transform_sales, transform_customers"));
    let empty = json!({"transform_sales": {}, "transform_inventory": {}, "transform_customers": {}});
    let (metrics, _) = result(start().as_mut(), AGGREGATE, &json!({}), &empty);
    assert_eq!(metrics["revenue_per_customer"], json!(0));
}

/// A figure in a transform's result, and the path of what is refused for it.
#[rstest]
#[case("transform_customers", "record_count", json!("5"), "/dependencies/transform_customers/record_count")]
#[case("transform_sales", "total_revenue", json!("1"), "/dependencies/transform_sales/total_revenue")]
#[case("transform_inventory", "total_quantity_on_hand", json!([]), "/dependencies/transform_inventory/total_quantity_on_hand")]
#[case("transform_customers", "record_count", json!(1e-300), "/dependencies/transform_customers/record_count")]
fn a_figure_that_can_not_be_used_is_named(
    #[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>,
    #[case] transform: &str,
    #[case] name: &str,
    #[case] value: Value,
    #[case] path: &str,
) {
    let mut dependencies = transforms();
    dependencies[transform][name] = value;
    let failure = json!(answer(start().as_mut(), AGGREGATE, &json!({}), &dependencies));
    assert_eq!((&failure["code"], &failure["context"]["path"]), (&json!("INVALID_INPUT"), &json!(path)));
}

#[rstest]
fn the_sample_data_are_excellent(#[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>) {
    let mut engine = start();
    let (metrics, _) = result(engine.as_mut(), AGGREGATE, &json!({}), &transforms());
    let (insights, metadata) = result(engine.as_mut(), INSIGHTS, &json!({}), &json!({"aggregate_metrics": metrics}));
    assert_eq!(
        insights,
        json!({
            "insights": [
                {
                    "category": "Revenue",
                    "finding": "Total revenue of $3199.73 with 5 customers",
                    "metric": 639.95,
                    "recommendation": "Customer spend is healthy",
                },
                {
                    "category": "Inventory",
                    "finding": "All products above reorder points",
                    "metric": 0,
                    "recommendation": "Inventory levels are healthy",
                },
                {
                    "category": "Customer Value",
                    "finding": "Average customer lifetime value: $6100.0",
                    "metric": insights["insights"][2]["metric"],
                    "recommendation": "Focus on retention programs",
                },
            ],
            "health_score": {"score": 100, "max_score": 100, "rating": "Excellent"},
            "total_metrics_analyzed": 10,
            "pipeline_complete": true,
            "generated_at": "2026-01-15T09:30:00Z",
        })
    );
    assert_eq!(insights["insights"][2]["metric"].as_f64(), Some(6100.0));
    assert_eq!(metadata["insights_generated"], json!(3));
}

#[rstest]
fn no_metrics_need_improvement(#[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>) {
    let (insights, _) = result(start().as_mut(), INSIGHTS, &json!({}), &json!({"aggregate_metrics": {}}));
    let findings: Vec<&Value> =
        insights["insights"].as_array().unwrap().iter().map(|insight| &insight["finding"]).collect();
    assert_eq!(findings, [&json!("All products above reorder points"), &json!("Average customer lifetime value: $0")]);
    assert_eq!(insights["health_score"], json!({"score": 30, "max_score": 100, "rating": "Needs Improvement"}));
    assert_eq!(insights["total_metrics_analyzed"], json!(0));
}

/// Revenue for each customer, alerts, customers and their value in all; score and rating.
#[rstest]
#[case(json!([500, 0, 1, 3000]), json!([30, "Needs Improvement"]))]
#[case(json!([500.01, 1, 1, 3000]), json!([40, "Fair"]))]
#[case(json!([500, 0, 1, 3000.01]), json!([60, "Good"]))]
#[case(json!([501, 0, 1, 0]), json!([70, "Good"]))]
#[case(json!([501, 0, 1, 3001]), json!([100, "Excellent"]))]
#[case(json!([0, -1, 0, 0]), json!([0, "Needs Improvement"]))]
fn the_score_has_open_bounds(
    #[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>,
    #[case] figures: Value,
    #[case] expected: Value,
) {
    let metrics = json!({
        "revenue_per_customer": figures[0],
        "inventory_reorder_alerts": figures[1],
        "total_customers": figures[2],
        "total_customer_lifetime_value": figures[3],
    });
    let (insights, _) = result(start().as_mut(), INSIGHTS, &json!({}), &json!({"aggregate_metrics": metrics}));
    let health = &insights["health_score"];
    assert_eq!(json!([health["score"], health["rating"]]), expected);
}

//! `data_pipeline/aggregate_metrics`: joins what the three transforms found into ten figures.

use serde_json::{Value, json};

use super::records::{number_or_zero, quotient};
use crate::field::Field;
use crate::number::{Number, round2, round4};
use crate::spec::{HandlerSpec, OutcomeClass, Step};
use crate::success::Success;
use parity_model::{Failure, INVALID_INPUT};

const SOURCES: [&str; 3] = ["transform_sales", "transform_inventory", "transform_customers"];

/// See the module.
pub const SPEC: HandlerSpec = HandlerSpec {
    id: "data_pipeline/aggregate_metrics",
    dependencies: &SOURCES,
    outcomes: &[
        OutcomeClass::Completed("completed"),
        OutcomeClass::Permanent("MISSING_TRANSFORM_RESULTS"),
        OutcomeClass::Permanent(INVALID_INPUT),
    ],
    named_by_data: &[],
    call,
};

fn call(step: &mut Step<'_>) -> Result<Success, Failure> {
    let open = |source| step.get_dependency_result(source).object_if_truthy();
    let [sales, inventory, customers] = [open(SOURCES[0])?, open(SOURCES[1])?, open(SOURCES[2])?];
    let results = [&sales, &inventory, &customers];
    let missing: Vec<&str> =
        SOURCES.into_iter().zip(results).filter(|(_, result)| !result.is_truthy()).map(|(source, _)| source).collect();
    if !missing.is_empty() {
        let message = format!("transform results are missing: {}", missing.join(", "));
        return Err(Failure::permanent("MISSING_TRANSFORM_RESULTS", message));
    }

    let revenue = sales.get("total_revenue");
    let revenue_per_customer = ratio(&revenue, &customers.get("record_count"), round2)?;
    let inventory_turnover = ratio(&revenue, &inventory.get("total_quantity_on_hand"), round4)?;

    Ok(Success::completed(
        json!({
            "total_revenue": value_or_zero(&revenue)?,
            "total_inventory_quantity": value_or_zero(&inventory.get("total_quantity_on_hand"))?,
            "total_customers": value_or_zero(&customers.get("record_count"))?,
            "total_customer_lifetime_value": value_or_zero(&customers.get("total_lifetime_value"))?,
            "sales_transactions": value_or_zero(&sales.get("record_count"))?,
            "inventory_reorder_alerts": value_or_zero(&inventory.get("reorder_alerts"))?,
            "revenue_per_customer": revenue_per_customer,
            "inventory_turnover_indicator": inventory_turnover,
            "aggregation_complete": true,
            "sources_included": SOURCES.len(),
        }),
        json!({
            "operation": "aggregate_metrics",
            "sources": SOURCES,
            "sources_aggregated": SOURCES.len(),
            "aggregated_at": step.ambient.utc_stamp(),
            "handler_class": "DataPipeline::StepHandlers::AggregateMetricsHandler",
        }),
    ))
}

/// The revenue for each of `whole`, rounded; 0 where there are none.
fn ratio(revenue: &Field<'_>, whole: &Field<'_>, round: fn(f64) -> f64) -> Result<Value, Failure> {
    if number_or_zero(whole)? <= Number::Integer(0) {
        return Ok(0.into());
    }
    Ok(round(quotient(number_or_zero(revenue)?, whole)?).into())
}

/// A value that is only handed on; missing, null and false count as 0.
fn value_or_zero(field: &Field<'_>) -> Result<Value, Failure> {
    if field.is_truthy() { field.hand_on().cloned() } else { Ok(0.into()) }
}

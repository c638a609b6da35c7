//! `data_pipeline/transform_customers`: what the customers of each tier are worth.
//!
//! The segments leave a gap: a value above 9999 and below 10000 is in none of them.

use serde_json::{Map, Value, json};

use super::records::{average, extracted_records, group_by, number_or_zero, total};
use crate::field::Field;
use crate::number::Number;
use crate::spec::{HandlerSpec, OutcomeClass, Step};
use crate::success::Success;
use parity_model::{Failure, INVALID_INPUT};

const SOURCE: &str = "extract_customer_data";

const HIGH_VALUE_FROM: f64 = 10_000.0;
const MEDIUM_VALUE_TO: f64 = 9999.0;
const MEDIUM_VALUE_FROM: f64 = 1000.0;

/// See the module.
pub const SPEC: HandlerSpec = HandlerSpec {
    id: "data_pipeline/transform_customers",
    dependencies: &[SOURCE],
    outcomes: &[
        OutcomeClass::Completed("completed"),
        OutcomeClass::Permanent("MISSING_EXTRACT_RESULTS"),
        OutcomeClass::Permanent(INVALID_INPUT),
    ],
    named_by_data: &["/result/tier_analysis"],
    call,
};

struct Customer {
    tier: String,
    lifetime_value: Number,
}

fn call(step: &mut Step<'_>) -> Result<Success, Failure> {
    let records = extracted_records(step, SOURCE, "customer")?;
    let customers = records.iter().map(read_customer).collect::<Result<Vec<_>, _>>()?;
    let count = |segment: fn(f64) -> bool| {
        customers.iter().filter(|customer| segment(customer.lifetime_value.as_f64())).count()
    };
    let total_lifetime_value = total(&customers, |customer| customer.lifetime_value);

    Ok(Success::completed(
        json!({
            "record_count": customers.len(),
            "tier_analysis": tier_analysis(&customers),
            "value_segments": {
                "high_value": count(|value| value >= HIGH_VALUE_FROM),
                "medium_value": count(|value| (MEDIUM_VALUE_FROM..=MEDIUM_VALUE_TO).contains(&value)),
                "low_value": count(|value| value < MEDIUM_VALUE_FROM),
            },
            "total_lifetime_value": Value::from(total_lifetime_value),
            "avg_customer_value": average(total_lifetime_value, customers.len()),
            "transformation_type": "customer_analytics",
            "source": SOURCE,
        }),
        json!({
            "operation": "transform_customers",
            "source_step": SOURCE,
            "transformation_applied": true,
            "record_count": customers.len(),
            "transformed_at": step.ambient.utc_stamp(),
            "handler_class": "DataPipeline::StepHandlers::TransformCustomersHandler",
        }),
    ))
}

fn read_customer(record: &Field<'_>) -> Result<Customer, Failure> {
    Ok(Customer { tier: record.get("tier").to_text()?, lifetime_value: number_or_zero(&record.get("lifetime_value"))? })
}

fn tier_analysis(customers: &[Customer]) -> Map<String, Value> {
    let summary = |(tier, customers): (&str, Vec<&Customer>)| {
        let total_lifetime_value = total(customers.iter().copied(), |customer| customer.lifetime_value);
        let summary = json!({
            "customer_count": customers.len(),
            "total_lifetime_value": Value::from(total_lifetime_value),
            "avg_lifetime_value": average(total_lifetime_value, customers.len()),
        });
        (tier.to_owned(), summary)
    };
    group_by(customers, |customer| &customer.tier).into_iter().map(summary).collect()
}

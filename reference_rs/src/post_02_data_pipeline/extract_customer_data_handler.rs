//! `data_pipeline/extract_customer_data`: the customers and what they are worth, out of a simulated CRM.

use serde_json::{Map, Value, json};

use super::records::group_by;
use crate::number::sum_floats;
use crate::spec::{HandlerSpec, OutcomeClass, Step};
use crate::success::Success;
use parity_model::Failure;

struct Customer {
    id: &'static str,
    name: &'static str,
    tier: &'static str,
    lifetime_value: f64,
    join_date: &'static str,
}

impl Customer {
    const fn new(
        id: &'static str,
        name: &'static str,
        tier: &'static str,
        lifetime_value: f64,
        join_date: &'static str,
    ) -> Self {
        Self { id, name, tier, lifetime_value, join_date }
    }
}

/// Id, name, tier, lifetime value, date of joining.
const CUSTOMERS: [Customer; 5] = [
    Customer::new("CUST-001", "Alice Johnson", "gold", 5000.0, "2024-01-15"),
    Customer::new("CUST-002", "Bob Smith", "silver", 2500.0, "2024-03-20"),
    Customer::new("CUST-003", "Carol White", "premium", 15000.0, "2023-11-10"),
    Customer::new("CUST-004", "David Brown", "standard", 500.0, "2025-01-05"),
    Customer::new("CUST-005", "Eve Davis", "gold", 7500.0, "2024-06-12"),
];

const SOURCE: &str = "CRMSystem";

/// See the module.
pub const SPEC: HandlerSpec = HandlerSpec {
    id: "data_pipeline/extract_customer_data",
    dependencies: &[],
    outcomes: &[OutcomeClass::Completed("completed")],
    named_by_data: &[],
    call,
};

#[expect(clippy::unnecessary_wraps, reason = "the signature of every handler; this one has nothing to refuse")]
#[expect(clippy::cast_precision_loss, reason = "five customers")]
fn call(step: &mut Step<'_>) -> Result<Success, Failure> {
    let now = step.ambient.utc_stamp();
    let records: Vec<Value> = CUSTOMERS
        .iter()
        .map(|customer| {
            json!({
                "customer_id": customer.id,
                "name": customer.name,
                "tier": customer.tier,
                "lifetime_value": customer.lifetime_value,
                "join_date": customer.join_date,
            })
        })
        .collect();
    let total_lifetime_value = sum_floats(&CUSTOMERS.each_ref().map(|customer| customer.lifetime_value));
    let tiers = group_by(&CUSTOMERS, |customer| customer.tier);
    let tier_breakdown: Map<String, Value> =
        tiers.iter().map(|(tier, customers)| ((*tier).to_owned(), customers.len().into())).collect();

    Ok(Success::completed(
        json!({
            "records": records,
            "extracted_at": now,
            "source": SOURCE,
            "total_customers": CUSTOMERS.len(),
            "total_lifetime_value": total_lifetime_value,
            "tier_breakdown": tier_breakdown,
            "avg_lifetime_value": total_lifetime_value / CUSTOMERS.len() as f64,
        }),
        json!({
            "operation": "extract_customers",
            "source": SOURCE,
            "records_extracted": CUSTOMERS.len(),
            "customer_tiers": tiers.iter().map(|(tier, _)| *tier).collect::<Vec<_>>(),
            "extraction_time": now,
            "handler_class": "DataPipeline::StepHandlers::ExtractCustomerDataHandler",
        }),
    ))
}

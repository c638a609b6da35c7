//! `data_pipeline/extract_sales_data`: the orders of the period, out of a simulated database.

use serde_json::{Value, json};

use crate::number::sum_floats;
use crate::spec::{HandlerSpec, OutcomeClass, Step};
use crate::success::Success;
use parity_model::Failure;

struct Sale {
    order_id: &'static str,
    date: &'static str,
    product_id: &'static str,
    quantity: u32,
    amount: f64,
}

const SALES: [Sale; 5] = [
    Sale { order_id: "ORD-001", date: "2025-11-01", product_id: "PROD-A", quantity: 5, amount: 499.95 },
    Sale { order_id: "ORD-002", date: "2025-11-05", product_id: "PROD-B", quantity: 3, amount: 299.97 },
    Sale { order_id: "ORD-003", date: "2025-11-10", product_id: "PROD-A", quantity: 2, amount: 199.98 },
    Sale { order_id: "ORD-004", date: "2025-11-15", product_id: "PROD-C", quantity: 10, amount: 1499.90 },
    Sale { order_id: "ORD-005", date: "2025-11-18", product_id: "PROD-B", quantity: 7, amount: 699.93 },
];

const SOURCE: &str = "SalesDatabase";

/// See the module.
pub const SPEC: HandlerSpec = HandlerSpec {
    id: "data_pipeline/extract_sales_data",
    dependencies: &[],
    outcomes: &[OutcomeClass::Completed("completed")],
    named_by_data: &[],
    call,
};

#[expect(clippy::unnecessary_wraps, reason = "the signature of every handler; this one has nothing to refuse")]
fn call(step: &mut Step<'_>) -> Result<Success, Failure> {
    let now = step.ambient.utc_stamp();
    let records: Vec<Value> = SALES
        .iter()
        .map(|sale| {
            json!({
                "order_id": sale.order_id,
                "date": sale.date,
                "product_id": sale.product_id,
                "quantity": sale.quantity,
                "amount": sale.amount,
            })
        })
        .collect();
    let dates = SALES.iter().map(|sale| sale.date);

    Ok(Success::completed(
        json!({
            "records": records,
            "extracted_at": now,
            "source": SOURCE,
            "total_amount": sum_floats(&SALES.each_ref().map(|sale| sale.amount)),
            "date_range": { "start_date": dates.clone().min(), "end_date": dates.max() },
        }),
        json!({
            "operation": "extract_sales",
            "source": SOURCE,
            "records_extracted": SALES.len(),
            "extraction_time": now,
            "handler_class": "DataPipeline::StepHandlers::ExtractSalesDataHandler",
        }),
    ))
}

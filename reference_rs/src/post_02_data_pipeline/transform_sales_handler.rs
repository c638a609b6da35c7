//! `data_pipeline/transform_sales`: what was sold on each day and of each product.

use serde_json::{Map, Value, json};

use super::records::{average, extracted_records, group_by, number_or_zero, total};
use crate::field::Field;
use crate::number::Number;
use crate::spec::{HandlerSpec, OutcomeClass, Step};
use crate::success::Success;
use parity_model::{Failure, INVALID_INPUT};

const SOURCE: &str = "extract_sales_data";

/// See the module.
pub const SPEC: HandlerSpec = HandlerSpec {
    id: "data_pipeline/transform_sales",
    dependencies: &[SOURCE],
    outcomes: &[
        OutcomeClass::Completed("completed"),
        OutcomeClass::Permanent("MISSING_EXTRACT_RESULTS"),
        OutcomeClass::Permanent(INVALID_INPUT),
    ],
    named_by_data: &["/result/daily_sales", "/result/product_sales"],
    call,
};

struct Sale {
    date: String,
    product_id: String,
    quantity: Number,
    amount: Number,
}

fn call(step: &mut Step<'_>) -> Result<Success, Failure> {
    let records = extracted_records(step, SOURCE, "sales")?;
    let sales = records.iter().map(read_sale).collect::<Result<Vec<_>, _>>()?;
    let amount = |sale: &Sale| sale.amount;

    Ok(Success::completed(
        json!({
            "record_count": sales.len(),
            "daily_sales": daily_sales(&sales),
            "product_sales": product_sales(&sales),
            "total_revenue": Value::from(total(&sales, amount)),
            "transformation_type": "sales_analytics",
            "source": SOURCE,
        }),
        json!({
            "operation": "transform_sales",
            "source_step": SOURCE,
            "transformation_applied": true,
            "record_count": sales.len(),
            "transformed_at": step.ambient.utc_stamp(),
            "handler_class": "DataPipeline::StepHandlers::TransformSalesHandler",
        }),
    ))
}

fn read_sale(record: &Field<'_>) -> Result<Sale, Failure> {
    Ok(Sale {
        date: record.get("date").to_text()?,
        product_id: record.get("product_id").to_text()?,
        quantity: number_or_zero(&record.get("quantity"))?,
        amount: number_or_zero(&record.get("amount"))?,
    })
}

fn daily_sales(sales: &[Sale]) -> Map<String, Value> {
    let summary = |(date, sales): (&str, Vec<&Sale>)| {
        let total_amount = total(sales.iter().copied(), |sale| sale.amount);
        let summary = json!({
            "total_amount": Value::from(total_amount),
            "order_count": sales.len(),
            "avg_order_value": average(total_amount, sales.len()),
        });
        (date.to_owned(), summary)
    };
    group_by(sales, |sale| &sale.date).into_iter().map(summary).collect()
}

fn product_sales(sales: &[Sale]) -> Map<String, Value> {
    let summary = |(product_id, sales): (&str, Vec<&Sale>)| {
        let summary = json!({
            "total_quantity": Value::from(total(sales.iter().copied(), |sale| sale.quantity)),
            "total_revenue": Value::from(total(sales.iter().copied(), |sale| sale.amount)),
            "order_count": sales.len(),
        });
        (product_id.to_owned(), summary)
    };
    group_by(sales, |sale| &sale.product_id).into_iter().map(summary).collect()
}

//! `data_pipeline/transform_inventory`: what lies in each warehouse and of each product, and what must be ordered.
//!
//! A quantity at the reorder point is an alert in its warehouse, but no reason yet to order the product.

use serde_json::{Map, Value, json};

use super::records::{distinct, extracted_records, group_by, number_or_zero, total};
use crate::field::Field;
use crate::number::Number;
use crate::spec::{HandlerSpec, OutcomeClass, Step};
use crate::success::Success;
use parity_model::{Failure, INVALID_INPUT};

const SOURCE: &str = "extract_inventory_data";

/// See the module.
pub const SPEC: HandlerSpec = HandlerSpec {
    id: "data_pipeline/transform_inventory",
    dependencies: &[SOURCE],
    outcomes: &[
        OutcomeClass::Completed("completed"),
        OutcomeClass::Permanent("MISSING_EXTRACT_RESULTS"),
        OutcomeClass::Permanent(INVALID_INPUT),
    ],
    named_by_data: &["/result/warehouse_summary", "/result/product_inventory"],
    call,
};

struct Stock {
    product_id: String,
    warehouse: String,
    quantity_on_hand: Number,
    reorder_point: Number,
}

struct Product<'s> {
    id: &'s str,
    total_quantity: Number,
    warehouse_count: usize,
    needs_reorder: bool,
}

fn call(step: &mut Step<'_>) -> Result<Success, Failure> {
    let records = extracted_records(step, SOURCE, "inventory")?;
    let stocks = records.iter().map(read_stock).collect::<Result<Vec<_>, _>>()?;
    let products = products(&stocks);

    Ok(Success::completed(
        json!({
            "record_count": stocks.len(),
            "warehouse_summary": warehouse_summary(&stocks),
            "product_inventory": product_inventory(&products),
            "total_quantity_on_hand": Value::from(total(&stocks, |stock| stock.quantity_on_hand)),
            "reorder_alerts": products.iter().filter(|product| product.needs_reorder).count(),
            "transformation_type": "inventory_analytics",
            "source": SOURCE,
        }),
        json!({
            "operation": "transform_inventory",
            "source_step": SOURCE,
            "transformation_applied": true,
            "record_count": stocks.len(),
            "transformed_at": step.ambient.utc_stamp(),
            "handler_class": "DataPipeline::StepHandlers::TransformInventoryHandler",
        }),
    ))
}

fn read_stock(record: &Field<'_>) -> Result<Stock, Failure> {
    Ok(Stock {
        product_id: record.get("product_id").to_text()?,
        warehouse: record.get("warehouse").to_text()?,
        quantity_on_hand: number_or_zero(&record.get("quantity_on_hand"))?,
        reorder_point: number_or_zero(&record.get("reorder_point"))?,
    })
}

fn warehouse_summary(stocks: &[Stock]) -> Map<String, Value> {
    let summary = |(warehouse, stocks): (&str, Vec<&Stock>)| {
        let summary = json!({
            "total_quantity": Value::from(total(stocks.iter().copied(), |stock| stock.quantity_on_hand)),
            "product_count": distinct(stocks.iter().map(|stock| stock.product_id.as_str())).len(),
            "reorder_alerts": stocks.iter().filter(|stock| stock.quantity_on_hand <= stock.reorder_point).count(),
        });
        (warehouse.to_owned(), summary)
    };
    group_by(stocks, |stock| &stock.warehouse).into_iter().map(summary).collect()
}

fn products(stocks: &[Stock]) -> Vec<Product<'_>> {
    let product = |(id, stocks): (_, Vec<&Stock>)| {
        let total_quantity = total(stocks.iter().copied(), |stock| stock.quantity_on_hand);
        Product {
            id,
            total_quantity,
            warehouse_count: distinct(stocks.iter().map(|stock| stock.warehouse.as_str())).len(),
            needs_reorder: total_quantity < total(stocks, |stock| stock.reorder_point),
        }
    };
    group_by(stocks, |stock| &stock.product_id).into_iter().map(product).collect()
}

fn product_inventory(products: &[Product<'_>]) -> Map<String, Value> {
    let summary = |product: &Product<'_>| {
        let summary = json!({
            "total_quantity": Value::from(product.total_quantity),
            "warehouse_count": product.warehouse_count,
            "needs_reorder": product.needs_reorder,
        });
        (product.id.to_owned(), summary)
    };
    products.iter().map(summary).collect()
}

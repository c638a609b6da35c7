//! `data_pipeline/extract_inventory_data`: what lies in which warehouse, out of a simulated inventory system.

use serde_json::{Value, json};

use super::records::distinct;
use crate::spec::{HandlerSpec, OutcomeClass, Step};
use crate::success::Success;
use parity_model::Failure;

struct Stock {
    product_id: &'static str,
    sku: &'static str,
    warehouse: &'static str,
    quantity_on_hand: u32,
    reorder_point: u32,
}

impl Stock {
    const fn new(
        product_id: &'static str,
        sku: &'static str,
        warehouse: &'static str,
        quantity_on_hand: u32,
        reorder_point: u32,
    ) -> Self {
        Self { product_id, sku, warehouse, quantity_on_hand, reorder_point }
    }
}

/// Product, SKU, warehouse, quantity on hand, reorder point.
const STOCKS: [Stock; 5] = [
    Stock::new("PROD-A", "SKU-A-001", "WH-01", 150, 50),
    Stock::new("PROD-B", "SKU-B-002", "WH-01", 75, 25),
    Stock::new("PROD-C", "SKU-C-003", "WH-02", 200, 100),
    Stock::new("PROD-A", "SKU-A-001", "WH-02", 100, 50),
    Stock::new("PROD-B", "SKU-B-002", "WH-03", 50, 25),
];

const SOURCE: &str = "InventorySystem";

/// See the module.
pub const SPEC: HandlerSpec = HandlerSpec {
    id: "data_pipeline/extract_inventory_data",
    dependencies: &[],
    outcomes: &[OutcomeClass::Completed("completed")],
    named_by_data: &[],
    call,
};

#[expect(clippy::unnecessary_wraps, reason = "the signature of every handler; this one has nothing to refuse")]
fn call(step: &mut Step<'_>) -> Result<Success, Failure> {
    let now = step.ambient.utc_stamp();
    let records: Vec<Value> = STOCKS
        .iter()
        .map(|stock| {
            json!({
                "product_id": stock.product_id,
                "sku": stock.sku,
                "warehouse": stock.warehouse,
                "quantity_on_hand": stock.quantity_on_hand,
                "reorder_point": stock.reorder_point,
            })
        })
        .collect();
    let warehouses = distinct(STOCKS.iter().map(|stock| stock.warehouse));

    Ok(Success::completed(
        json!({
            "records": records,
            "extracted_at": now,
            "source": SOURCE,
            "total_quantity": STOCKS.iter().map(|stock| stock.quantity_on_hand).sum::<u32>(),
            "warehouses": warehouses,
            "products_tracked": distinct(STOCKS.iter().map(|stock| stock.product_id)).len(),
        }),
        json!({
            "operation": "extract_inventory",
            "source": SOURCE,
            "records_extracted": STOCKS.len(),
            "warehouses": warehouses,
            "extraction_time": now,
            "handler_class": "DataPipeline::StepHandlers::ExtractInventoryDataHandler",
        }),
    ))
}

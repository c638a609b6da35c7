//! What the data pipeline makes of its own extracts, computed by the public implementation, holds for the oracle and for
//! every engine.

use parity_engine::Engine;
use rstest::rstest;
use serde_json::{Value, json};
use similar_asserts::assert_eq;

use crate::support::{oracle, python, result, typescript};

/// The result of a transform of what its `source` gives, by way of the same engine.
fn transformed(engine: &mut dyn Engine, source: &str, transform: &str) -> (Value, Value) {
    let (extracted, _) = result(engine, &format!("data_pipeline/{source}"), &json!({}), &json!({}));
    result(engine, &format!("data_pipeline/{transform}"), &json!({}), &json!({source: extracted}))
}

/// Whole numbers as integers: the languages write `6100.0` as they like, and it is the same number.
fn by_value(value: Value) -> Value {
    match value {
        Value::Number(number) => match number.as_f64() {
            #[expect(clippy::cast_possible_truncation, reason = "the examples are small")]
            Some(float) if float.fract() == 0.0 => json!(float as i64),
            _ => Value::Number(number),
        },
        Value::Array(elements) => elements.into_iter().map(by_value).collect(),
        Value::Object(members) => members.into_iter().map(|(name, member)| (name, by_value(member))).collect(),
        other => other,
    }
}

#[rstest]
fn sales_are_extracted(#[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>) {
    let (result, metadata) = result(start().as_mut(), "data_pipeline/extract_sales_data", &json!({}), &json!({}));
    let sale = |order_id: &str, date: &str, product_id: &str, quantity: u32, amount: f64| {
        json!({
            "order_id": order_id, "date": date, "product_id": product_id, "quantity": quantity, "amount": amount,
        })
    };
    let records = [
        sale("ORD-001", "2025-11-01", "PROD-A", 5, 499.95),
        sale("ORD-002", "2025-11-05", "PROD-B", 3, 299.97),
        sale("ORD-003", "2025-11-10", "PROD-A", 2, 199.98),
        sale("ORD-004", "2025-11-15", "PROD-C", 10, 1499.9),
        sale("ORD-005", "2025-11-18", "PROD-B", 7, 699.93),
    ];
    assert_eq!(
        result,
        json!({
            "records": records,
            "extracted_at": "2026-01-15T09:30:00Z",
            "source": "SalesDatabase",
            "total_amount": 3199.73,
            "date_range": {"start_date": "2025-11-01", "end_date": "2025-11-18"},
        })
    );
    assert_eq!(
        metadata,
        json!({
            "operation": "extract_sales",
            "source": "SalesDatabase",
            "records_extracted": 5,
            "extraction_time": "2026-01-15T09:30:00Z",
            "handler_class": "DataPipeline::StepHandlers::ExtractSalesDataHandler",
        })
    );
}

#[rstest]
fn the_inventory_is_extracted(#[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>) {
    let (result, metadata) = result(start().as_mut(), "data_pipeline/extract_inventory_data", &json!({}), &json!({}));
    let stock = |product: &str, number: &str, warehouse: &str, quantity_on_hand: u32, reorder_point: u32| {
        json!({
            "product_id": format!("PROD-{product}"),
            "sku": format!("SKU-{product}-{number}"),
            "warehouse": warehouse,
            "quantity_on_hand": quantity_on_hand,
            "reorder_point": reorder_point,
        })
    };
    let records = [
        stock("A", "001", "WH-01", 150, 50),
        stock("B", "002", "WH-01", 75, 25),
        stock("C", "003", "WH-02", 200, 100),
        stock("A", "001", "WH-02", 100, 50),
        stock("B", "002", "WH-03", 50, 25),
    ];
    assert_eq!(
        result,
        json!({
            "records": records,
            "extracted_at": "2026-01-15T09:30:00Z",
            "source": "InventorySystem",
            "total_quantity": 575,
            "warehouses": ["WH-01", "WH-02", "WH-03"],
            "products_tracked": 3,
        })
    );
    assert_eq!(
        metadata,
        json!({
            "operation": "extract_inventory",
            "source": "InventorySystem",
            "records_extracted": 5,
            "warehouses": ["WH-01", "WH-02", "WH-03"],
            "extraction_time": "2026-01-15T09:30:00Z",
            "handler_class": "DataPipeline::StepHandlers::ExtractInventoryDataHandler",
        })
    );
}

#[rstest]
fn customers_are_extracted(#[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>) {
    let (result, metadata) = result(start().as_mut(), "data_pipeline/extract_customer_data", &json!({}), &json!({}));
    let customer = |number: u32, name: &str, tier: &str, lifetime_value: u32, join_date: &str| {
        json!({
            "customer_id": format!("CUST-00{number}"),
            "name": name,
            "tier": tier,
            "lifetime_value": lifetime_value,
            "join_date": join_date,
        })
    };
    let records = [
        customer(1, "Alice Johnson", "gold", 5000, "2024-01-15"),
        customer(2, "Bob Smith", "silver", 2500, "2024-03-20"),
        customer(3, "Carol White", "premium", 15000, "2023-11-10"),
        customer(4, "David Brown", "standard", 500, "2025-01-05"),
        customer(5, "Eve Davis", "gold", 7500, "2024-06-12"),
    ];
    assert_eq!(
        by_value(result),
        json!({
            "records": records,
            "extracted_at": "2026-01-15T09:30:00Z",
            "source": "CRMSystem",
            "total_customers": 5,
            "total_lifetime_value": 30500,
            "tier_breakdown": {"gold": 2, "silver": 1, "premium": 1, "standard": 1},
            "avg_lifetime_value": 6100,
        })
    );
    assert_eq!(
        metadata,
        json!({
            "operation": "extract_customers",
            "source": "CRMSystem",
            "records_extracted": 5,
            "customer_tiers": ["gold", "silver", "premium", "standard"],
            "extraction_time": "2026-01-15T09:30:00Z",
            "handler_class": "DataPipeline::StepHandlers::ExtractCustomerDataHandler",
        })
    );
}

#[rstest]
fn the_extracted_sales_are_transformed(#[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>) {
    let (result, metadata) = transformed(start().as_mut(), "extract_sales_data", "transform_sales");
    let day = |amount: f64| json!({"total_amount": amount, "order_count": 1, "avg_order_value": amount});
    let product = |quantity: u32, revenue: f64, orders: u32| json!({"total_quantity": quantity, "total_revenue": revenue, "order_count": orders});
    assert_eq!(
        result,
        json!({
            "record_count": 5,
            "daily_sales": {
                "2025-11-01": day(499.95),
                "2025-11-05": day(299.97),
                "2025-11-10": day(199.98),
                "2025-11-15": day(1499.9),
                "2025-11-18": day(699.93),
            },
            "product_sales": {
                "PROD-A": product(7, 699.93, 2),
                "PROD-B": product(10, 999.9, 2),
                "PROD-C": product(10, 1499.9, 1),
            },
            "total_revenue": 3199.73,
            "transformation_type": "sales_analytics",
            "source": "extract_sales_data",
        })
    );
    assert_eq!(
        metadata,
        json!({
            "operation": "transform_sales",
            "source_step": "extract_sales_data",
            "transformation_applied": true,
            "record_count": 5,
            "transformed_at": "2026-01-15T09:30:00Z",
            "handler_class": "DataPipeline::StepHandlers::TransformSalesHandler",
        })
    );
}

#[rstest]
fn the_extracted_inventory_is_transformed(#[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>) {
    let (result, metadata) = transformed(start().as_mut(), "extract_inventory_data", "transform_inventory");
    let warehouse = |quantity: u32, products: u32| json!({"total_quantity": quantity, "product_count": products, "reorder_alerts": 0});
    let product = |quantity: u32, warehouses: u32| json!({"total_quantity": quantity, "warehouse_count": warehouses, "needs_reorder": false});
    assert_eq!(
        result,
        json!({
            "record_count": 5,
            "warehouse_summary": {"WH-01": warehouse(225, 2), "WH-02": warehouse(300, 2), "WH-03": warehouse(50, 1)},
            "product_inventory": {"PROD-A": product(250, 2), "PROD-B": product(125, 2), "PROD-C": product(200, 1)},
            "total_quantity_on_hand": 575,
            "reorder_alerts": 0,
            "transformation_type": "inventory_analytics",
            "source": "extract_inventory_data",
        })
    );
    assert_eq!(
        metadata,
        json!({
            "operation": "transform_inventory",
            "source_step": "extract_inventory_data",
            "transformation_applied": true,
            "record_count": 5,
            "transformed_at": "2026-01-15T09:30:00Z",
            "handler_class": "DataPipeline::StepHandlers::TransformInventoryHandler",
        })
    );
}

#[rstest]
fn the_extracted_customers_are_transformed(#[values(oracle, python, typescript)] start: fn() -> Box<dyn Engine>) {
    let (result, metadata) = transformed(start().as_mut(), "extract_customer_data", "transform_customers");
    let tier = |count: u32, total: u32, average: u32| json!({"customer_count": count, "total_lifetime_value": total, "avg_lifetime_value": average});
    assert_eq!(
        by_value(result),
        json!({
            "record_count": 5,
            "tier_analysis": {
                "gold": tier(2, 12500, 6250),
                "silver": tier(1, 2500, 2500),
                "premium": tier(1, 15000, 15000),
                "standard": tier(1, 500, 500),
            },
            "value_segments": {"high_value": 1, "medium_value": 3, "low_value": 1},
            "total_lifetime_value": 30500,
            "avg_customer_value": 6100,
            "transformation_type": "customer_analytics",
            "source": "extract_customer_data",
        })
    );
    assert_eq!(
        metadata,
        json!({
            "operation": "transform_customers",
            "source_step": "extract_customer_data",
            "transformation_applied": true,
            "record_count": 5,
            "transformed_at": "2026-01-15T09:30:00Z",
            "handler_class": "DataPipeline::StepHandlers::TransformCustomersHandler",
        })
    );
}

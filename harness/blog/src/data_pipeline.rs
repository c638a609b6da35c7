//! Records of sales, stock and customers, as the extracts of the data pipeline hand them on.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::parts::{list_of, parts, record, step_schema};
use parity_schema::Scope;
use parity_schema::values::{Member, decimal, list, member, members_of, money, object, one_of, optional, text};
use parity_suite::{Generator, Parts};

/// See [`Generator`].
pub(super) const EXTRACT_SALES_DATA: Generator = reads_nothing("data_pipeline/extract_sales_data");

/// See [`Generator`].
pub(super) const EXTRACT_INVENTORY_DATA: Generator = reads_nothing("data_pipeline/extract_inventory_data");

/// See [`Generator`].
pub(super) const EXTRACT_CUSTOMER_DATA: Generator = reads_nothing("data_pipeline/extract_customer_data");

/// See [`Generator`].
pub(super) const TRANSFORM_SALES: Generator = Generator {
    handler: "data_pipeline/transform_sales",
    schema: || {
        let sale = json!({
            "date": {"type": "string"},
            "product_id": {"type": "string"},
            "quantity": {"type": "number"},
            "amount": {"type": "number"},
        });
        step_schema(json!({}), json!({"extract_sales_data": record(json!({"records": list_of(sale)}))}))
    },
    strategy: |scope| records_of("extract_sales_data", "total_amount", scope, sale(scope)),
};

/// See [`Generator`].
pub(super) const TRANSFORM_INVENTORY: Generator = Generator {
    handler: "data_pipeline/transform_inventory",
    schema: || {
        let stock = json!({
            "product_id": {"type": "string"},
            "warehouse": {"type": "string"},
            "quantity_on_hand": {"type": "number"},
            "reorder_point": {"type": "number"},
        });
        step_schema(json!({}), json!({"extract_inventory_data": record(json!({"records": list_of(stock)}))}))
    },
    strategy: |scope| records_of("extract_inventory_data", "total_quantity", scope, stock(scope)),
};

/// See [`Generator`].
pub(super) const TRANSFORM_CUSTOMERS: Generator = Generator {
    handler: "data_pipeline/transform_customers",
    schema: || {
        let customer = json!({"tier": {"type": "string"}, "lifetime_value": {"type": "number"}});
        step_schema(json!({}), json!({"extract_customer_data": record(json!({"records": list_of(customer)}))}))
    },
    strategy: |scope| records_of("extract_customer_data", "total_lifetime_value", scope, customer(scope)),
};

/// The generator of a handler that reads neither context nor dependencies: only the ambient differs.
const fn reads_nothing(handler: &'static str) -> Generator {
    Generator {
        handler,
        schema: || step_schema(json!({}), json!({})),
        strategy: |_| parts(members_of([]), members_of([])),
    }
}

/// The result of `extract`: its records, and now and then a `total` of them that nobody reads.
fn records_of(
    extract: &'static str,
    total: &'static str,
    scope: Scope,
    element: BoxedStrategy<Value>,
) -> BoxedStrategy<Parts> {
    let extracted = object([("records", member(list(scope, element))), (total, optional(money(scope)))]);
    parts(members_of([]), members_of([(extract, member(extracted))]))
}

/// A member of a record. There are many in one list, and any that can not be read refuses all of it.
fn value(good: BoxedStrategy<Value>) -> Member {
    prop_oneof![2 => good.clone().prop_map(Some), 1 => member(good)].boxed()
}

fn sale(scope: Scope) -> BoxedStrategy<Value> {
    object([
        ("date", value(text(&["2025-11-01", "2025-11-05", "2025-11-10"]))),
        ("product_id", value(product_id())),
        ("quantity", value(units(scope))),
        ("amount", value(money(scope))),
        ("order_id", optional(text(&["ORD-001"]))),
    ])
}

/// A quantity and a reorder point that are often equal, or nearly.
fn stock(scope: Scope) -> BoxedStrategy<Value> {
    (units(scope), units(scope), 0_usize..6)
        .prop_flat_map(|(quantity, reorder_point, relation)| {
            let shifted = |by: i64| quantity.as_i64().map_or_else(|| quantity.clone(), |units| json!(units + by));
            let reorder_point = match relation {
                0 => quantity.clone(),
                1 => shifted(1),
                2 => shifted(-1),
                _ => reorder_point,
            };
            object([
                ("product_id", value(product_id())),
                ("warehouse", value(text(&["WH-01", "WH-02", "WH-03"]))),
                ("quantity_on_hand", value(Just(quantity).boxed())),
                ("reorder_point", value(Just(reorder_point).boxed())),
                ("sku", optional(text(&["SKU-A-001"]))),
            ])
        })
        .boxed()
}

fn customer(scope: Scope) -> BoxedStrategy<Value> {
    object([
        ("tier", value(text(&["standard", "silver", "gold", "premium"]))),
        ("lifetime_value", value(lifetime_value(scope))),
        ("customer_id", optional(text(&["CUST-001"]))),
    ])
}

fn product_id() -> BoxedStrategy<Value> {
    text(&["PROD-A", "PROD-B", "PROD-C"])
}

/// Units of a product: small and large numbers, whole and in parts, and returns.
fn units(scope: Scope) -> BoxedStrategy<Value> {
    let most: i64 = if scope == Scope::Tiny { 3 } else { 200 };
    prop_oneof![
        8 => (0..=most).prop_map(Value::from),
        1 => (0..=most * 10).prop_map(|tenths| decimal(tenths, 1)),
        1 => one_of(vec![json!(0), json!(-1), json!(0.1), json!(2.0), json!(1e15), json!(9_007_199_254_740_991_i64)]),
    ]
    .boxed()
}

/// Values around the ends of the segments (1000, 9999, 10000), and in the gap between two of them.
fn lifetime_value(scope: Scope) -> BoxedStrategy<Value> {
    prop_oneof![
        4 => money(scope),
        3 => one_of([999, 1000, 1001, 9998, 9999, 10_000, 10_001, 15_000].map(Value::from).to_vec()),
        2 => (9980_i64..=10_020).prop_map(|value| decimal(value * 100 + 95, 2)),
        2 => (99_985_i64..=100_005).prop_map(|tenths| decimal(tenths, 1)),
        1 => one_of(vec![json!(999.99), json!(-500), json!(0.1), json!(0.2), json!(1e15)]),
    ]
    .boxed()
}

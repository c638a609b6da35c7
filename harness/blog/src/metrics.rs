//! What the transforms of the data pipeline hand to the aggregate, and the aggregate to the insights.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::parts::{parts, record, step_schema};
use parity_schema::Scope;
use parity_schema::values::{Member, decimal, member, members_of, money, object, one_of, optional};
use parity_suite::Generator;

/// See [`Generator`].
pub(super) const AGGREGATE_METRICS: Generator = Generator {
    handler: "data_pipeline/aggregate_metrics",
    schema: || {
        let number = || json!({"type": "number"});
        step_schema(
            json!({}),
            json!({
                "transform_sales": record(json!({"total_revenue": number(), "record_count": number()})),
                "transform_inventory": record(json!({"total_quantity_on_hand": number(), "reorder_alerts": number()})),
                "transform_customers": record(json!({"record_count": number(), "total_lifetime_value": number()})),
            }),
        )
    },
    strategy: |scope| {
        let sales = object([("total_revenue", figure(money(scope))), ("record_count", figure(count(scope)))]);
        let inventory =
            object([("total_quantity_on_hand", figure(count(scope))), ("reorder_alerts", figure(count(scope)))]);
        let customers =
            object([("record_count", figure(count(scope))), ("total_lifetime_value", figure(money(scope)))]);
        let dependencies = members_of([
            ("transform_sales", member(sales)),
            ("transform_inventory", member(inventory)),
            ("transform_customers", member(customers)),
        ]);
        parts(members_of([]), dependencies)
    },
};

/// See [`Generator`].
pub(super) const GENERATE_INSIGHTS: Generator = Generator {
    handler: "data_pipeline/generate_insights",
    schema: || {
        let number = || json!({"type": "number"});
        let metrics = json!({
            "total_revenue": number(),
            "total_customers": number(),
            "revenue_per_customer": number(),
            "inventory_reorder_alerts": number(),
            "total_customer_lifetime_value": number(),
        });
        step_schema(json!({}), json!({"aggregate_metrics": record(metrics)}))
    },
    strategy: |scope| {
        let metrics = (count(scope), lifetime_value(scope)).prop_flat_map(move |(customers, each)| {
            let total =
                customers.as_i64().zip(each.as_f64()).map_or(each.clone(), |(customers, each)| times(each, customers));
            object([
                ("total_revenue", figure(money(scope))),
                ("total_customers", figure(Just(customers).boxed())),
                ("revenue_per_customer", figure(revenue_per_customer(scope))),
                ("inventory_reorder_alerts", figure(count(scope))),
                ("total_customer_lifetime_value", figure(Just(total).boxed())),
                ("sales_transactions", optional(count(scope))),
                ("aggregation_complete", optional(one_of(vec![json!(true)]))),
            ])
        });
        parts(members_of([]), members_of([("aggregate_metrics", member(metrics.boxed()))]))
    },
};

/// A figure that counts as 0 when it is missing.
fn figure(good: BoxedStrategy<Value>) -> Member {
    prop_oneof![6 => good.clone().prop_map(Some), 1 => Just(None), 3 => member(good)].boxed()
}

/// How many there are: none now and then, less than none, and parts of one, so small that no quotient is a number.
fn count(scope: Scope) -> BoxedStrategy<Value> {
    let most: i64 = if scope == Scope::Tiny { 5 } else { 1000 };
    prop_oneof![
        8 => (0..=most).prop_map(Value::from),
        2 => one_of(vec![json!(0), json!(1), json!(3), json!(7)]),
        1 => one_of(vec![json!(-1), json!(0.5), json!(1e-9), json!(5e-324), json!(2.0), json!(9_007_199_254_740_991_i64)]),
    ]
    .boxed()
}

/// Around the 500 that make the difference.
fn revenue_per_customer(scope: Scope) -> BoxedStrategy<Value> {
    let edges = vec![json!(499.99), json!(500), json!(500.0), json!(500.01), json!(501), json!(0), json!(-1)];
    prop_oneof![3 => money(scope), 2 => one_of(edges)].boxed()
}

/// For each customer, around the 3000 that make the difference.
fn lifetime_value(scope: Scope) -> BoxedStrategy<Value> {
    let edges = vec![json!(2999.99), json!(3000), json!(3000.01), json!(3001), json!(0), json!(0.005), json!(-0.004)];
    prop_oneof![3 => money(scope), 2 => one_of(edges), 1 => (0_i64..10_000_000).prop_map(|cents| decimal(cents, 3))]
        .boxed()
}

#[expect(clippy::cast_precision_loss, reason = "a count is small")]
fn times(each: f64, count: i64) -> Value {
    json!(each * count as f64)
}

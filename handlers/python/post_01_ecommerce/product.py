"""Models of the products that are sold: each department looks them up in a table of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from tasker_core import PermanentError, RetryableError

from support import Field, Number, by_value, number_text


@dataclass(frozen=True, slots=True)
class StockedProduct:
    """What every table of products knows."""

    id: int
    name: str
    stock: int


@dataclass(frozen=True, slots=True)
class Product(StockedProduct):
    """What the shop knows besides."""

    price: float
    active: bool


P = TypeVar("P", bound=StockedProduct)


def find_product(products: Iterable[P], product_id: Field) -> P:
    """The product that ``product_id`` names: only an integer can, no text that looks like one."""
    is_number = isinstance(product_id.value, (int, float)) and not isinstance(product_id.value, bool)
    number = product_id.number() if is_number else None
    for product in products:
        if product.id == number:
            return product
    raise PermanentError(f"product {_id_text(product_id.value)} not found", error_code="PRODUCT_NOT_FOUND")


def check_stock(product: StockedProduct, quantity: Number, purpose: str) -> None:
    """Refuses a quantity beyond the stock; more may have arrived by the next attempt."""
    if product.stock < quantity:
        raise RetryableError(
            f"not enough stock of {product.name}: {product.stock} available, {number_text(quantity)} {purpose}",
            retry_after=30,
            context={
                "product_id": product.id,
                "product_name": product.name,
                "available_stock": product.stock,
                "requested_quantity": quantity,
            },
        )


def _id_text(value: Any) -> str:
    """How a message names a product id of whatever type was given."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return f'"{value}"'
        case list():
            return "a list"
        case dict():
            return "an object"
        case _:
            return number_text(by_value(value))

"""``ecommerce/validate_cart``: prices the cart and refuses what can not be sold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from tasker_core import PermanentError, RetryableError, StepContext, StepHandler, StepHandlerResult, log_info

from post_01_ecommerce.order import CartItem
from post_01_ecommerce.product import Product, check_stock, find_product
from support import Number, failure_of, round2, sum_numbers, utc_now, utc_stamp

PRODUCTS = (
    Product(id=1, name="Widget A", price=29.99, stock=100, active=True),
    Product(id=2, name="Widget B", price=49.99, stock=50, active=True),
    Product(id=3, name="Widget C", price=19.99, stock=25, active=True),
    Product(id=4, name="Widget D", price=39.99, stock=0, active=True),
    Product(id=5, name="Widget E", price=59.99, stock=10, active=False),
)

TAX_RATE = 0.08
WEIGHT_PER_UNIT = 0.5


@dataclass(frozen=True, slots=True)
class PricedItem:
    product_id: int
    name: str
    price: float
    quantity: Number
    line_total: float


class ValidateCartHandler(StepHandler):
    """Prices the cart.

    Input: ``cart_items``, a list of ``{"product_id": 1, "quantity": 2}``.
    Output: the priced ``validated_items``, and what they come to: ``subtotal``, ``tax``, ``shipping`` and ``total``.
    """

    handler_name = "ecommerce/validate_cart"

    def call(self, context: StepContext) -> StepHandlerResult:
        try:
            items = CartItem.list_from_json(context.get_input("cart_items"))
            check_items(items)
            validated_items = [price_item(item) for item in items]
        except (PermanentError, RetryableError) as error:
            return self.failure(*failure_of(error))

        subtotal = sum_numbers(item.line_total for item in validated_items)
        tax = round2(subtotal * TAX_RATE)
        shipping = shipping_cost(sum_numbers(item.quantity * WEIGHT_PER_UNIT for item in validated_items))
        total = subtotal + tax + shipping
        log_info("cart validated", {"items": len(validated_items), "total": total})

        return self.success(
            {
                "validated_items": [asdict(item) for item in validated_items],
                "subtotal": subtotal,
                "tax": tax,
                "shipping": shipping,
                "total": total,
                "item_count": len(validated_items),
                "validated_at": utc_stamp(utc_now()),
            },
            {
                "operation": "validate_cart",
                "execution_hints": {
                    "items_validated": len(validated_items),
                    "total_amount": total,
                    "tax_rate": TAX_RATE,
                    "shipping_cost": shipping,
                },
                "input_refs": {"cart_items": 'context.get_input("cart_items")'},
            },
        )


def check_items(items: Sequence[CartItem]) -> None:
    """Every line is checked before a product is looked up."""
    if not items:
        raise PermanentError("cart items are required", error_code="MISSING_CART_ITEMS")
    for number, item in enumerate(items, start=1):
        if not item.has("product_id"):
            raise PermanentError(f"product id is missing in cart item {number}", error_code="MISSING_PRODUCT_ID")
        if item.quantity <= 0:
            raise PermanentError(f"a valid quantity is required in cart item {number}", error_code="INVALID_QUANTITY")


def price_item(item: CartItem) -> PricedItem:
    product = find_product(PRODUCTS, item.product_id)
    if not product.active:
        raise PermanentError(f"{product.name} is not active", error_code="PRODUCT_INACTIVE")
    quantity = item.quantity
    check_stock(product, quantity, "requested")
    return PricedItem(product.id, product.name, product.price, quantity, round2(product.price * quantity))


def shipping_cost(weight: Number) -> float:
    if weight <= 2:
        return 5.99
    return 9.99 if weight <= 10 else 14.99

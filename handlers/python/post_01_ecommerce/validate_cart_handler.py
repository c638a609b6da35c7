"""``ecommerce/validate_cart``: prices the cart and refuses what can not be sold."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from tasker_core import StepContext, StepHandlerResult

from post_01_ecommerce.products import StockedProduct, check_stock, find_product
from support import CheckedHandler, Field, Number, permanent, round2, sum_numbers, utc_now, utc_stamp


@dataclass(frozen=True, slots=True)
class Product(StockedProduct):
    price: float
    active: bool


@dataclass(frozen=True, slots=True)
class CartItem:
    product_id: Field
    quantity: Number


@dataclass(frozen=True, slots=True)
class ValidatedItem:
    product_id: int
    name: str
    price: float
    quantity: Number
    line_total: float


PRODUCTS = (
    Product(id=1, name="Widget A", price=29.99, stock=100, active=True),
    Product(id=2, name="Widget B", price=49.99, stock=50, active=True),
    Product(id=3, name="Widget C", price=19.99, stock=25, active=True),
    Product(id=4, name="Widget D", price=39.99, stock=0, active=True),
    Product(id=5, name="Widget E", price=59.99, stock=10, active=False),
)

TAX_RATE = 0.08
WEIGHT_PER_UNIT = 0.5


class ValidateCartHandler(CheckedHandler):
    handler_name = "ecommerce/validate_cart"

    def handle(self, context: StepContext) -> StepHandlerResult:
        items = read_items(Field.input(context, "cart_items"))
        validated_items = [validate_item(item) for item in items]

        subtotal = sum_numbers(item.line_total for item in validated_items)
        tax = round2(subtotal * TAX_RATE)
        shipping = shipping_cost(sum_numbers(item.quantity * WEIGHT_PER_UNIT for item in items))
        total = subtotal + tax + shipping

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


def read_items(cart_items: Field) -> list[CartItem]:
    """All lines are read before the first product is looked up.

    So a bad quantity in a later line comes before an unknown product in an earlier one.
    """
    if not cart_items.has_any():
        raise permanent("MISSING_CART_ITEMS", "cart items are required")
    lines = [line.object() for line in cart_items.elements()]
    return [read_item(line, number) for number, line in enumerate(lines, start=1)]


def read_item(line: Field, line_number: int) -> CartItem:
    product_id = line.get("product_id")
    if not product_id.is_truthy():
        raise permanent("MISSING_PRODUCT_ID", f"product id is missing in cart item {line_number}")
    given = line.get("quantity")
    quantity = 0 if given.is_nil() else given.number()
    if quantity <= 0:
        raise permanent("INVALID_QUANTITY", f"a valid quantity is required in cart item {line_number}")
    return CartItem(product_id, quantity)


def validate_item(item: CartItem) -> ValidatedItem:
    product = find_product(PRODUCTS, item.product_id)
    if not product.active:
        raise permanent("PRODUCT_INACTIVE", f"{product.name} is not active")
    check_stock(product, item.quantity, "requested")
    line_total = round2(product.price * item.quantity)
    return ValidatedItem(product.id, product.name, product.price, item.quantity, line_total)


def shipping_cost(weight: Number) -> float:
    if weight <= 2:
        return 5.99
    return 9.99 if weight <= 10 else 14.99

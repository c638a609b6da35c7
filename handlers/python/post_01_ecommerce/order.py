"""Models of an order on its way through the checkout: what the customer gives, and what the steps hand on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from support import Field, Model, Number


class CartItem(Model):
    """A line of the cart that the customer fills."""

    @classmethod
    def list_from_json(cls, value: Any) -> list[CartItem]:
        """The lines of a cart, every one an object; none of null, and none where nothing is in the list."""
        cart_items = Field(value, "/context/cart_items")
        return [cls(line.object()) for line in cart_items.elements()] if cart_items.has_any() else []

    @property
    def product_id(self) -> Field:
        """What the customer wants, named by whatever was given; see ``find_product``."""
        return self.get("product_id")

    @property
    def quantity(self) -> Number:
        """How many units; null is none."""
        quantity = self.get("quantity")
        return 0 if quantity.is_nil() else quantity.number()


class ValidatedItem(Model):
    """A line of the cart that ``validate_cart`` accepted."""

    @property
    def product_id(self) -> Field:
        """See ``find_product``."""
        return self.get("product_id")

    @property
    def quantity(self) -> Number:
        """How many units."""
        return self.get("quantity").number()


class ValidatedCart(Model):
    """The result of ``validate_cart``."""

    path = "/dependencies/validate_cart"

    @property
    def has_items(self) -> bool:
        """Whether there is a line in the cart."""
        return self.is_object and self.get("validated_items").has_any()

    @property
    def items(self) -> Iterator[ValidatedItem]:
        """The lines of the cart, one after the other."""
        return (ValidatedItem(line.object()) for line in self.get("validated_items").elements())

    @property
    def item_count(self) -> Any:
        """How many lines there are, passed on as it is."""
        return self.get("item_count").hand_on()

    @property
    def total(self) -> Any:
        """The price of all, passed on as it is."""
        return self.get("total").hand_on()

    @property
    def total_to_pay(self) -> float:
        """The total to which the customer must have agreed: a text counts as the number that it begins with."""
        return self.get("total").to_float()

    @property
    def total_to_charge(self) -> Number:
        """The total of which fees are taken: no text stands for it."""
        return self.get("total").number()


class Customer(Model):
    """The task's ``customer_info``."""

    path = "/context/customer_info"

    @property
    def email(self) -> Any:
        """The address, passed on as it is."""
        return self.get("email").hand_on()

    @property
    def recipient(self) -> str:
        """The address to which mail is sent: a text."""
        return self.get("email").text()


class PaymentInfo(Model):
    """The task's ``payment_info``: how the customer pays, and how much."""

    path = "/context/payment_info"

    @property
    def method(self) -> Any:
        """The means of payment, passed on as it is."""
        return self.get("method").hand_on()

    @property
    def token(self) -> Any:
        """What the gateway charges."""
        return self.get("token").value

    @property
    def amount(self) -> float:
        """The amount to which the customer agreed: null is 0, a text counts as the number that it begins with."""
        return self.get("amount").to_float()


class Payment(Model):
    """The result of ``process_payment``."""

    path = "/dependencies/process_payment"


class Inventory(Model):
    """The result of ``update_inventory``."""

    path = "/dependencies/update_inventory"

    @property
    def has_products(self) -> bool:
        """Whether something was reserved."""
        return self.is_object and self.get("updated_products").has_any()


class Order(Model):
    """The result of ``create_order``."""

    path = "/dependencies/create_order"

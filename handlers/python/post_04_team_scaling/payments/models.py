"""Models of a refund as the payments team sees it: the task's input, and what each step hands on."""

from __future__ import annotations

from typing import Any

from tasker_core import StepContext

from support import Model, Number

INPUTS = ("payment_id", "refund_amount", "customer_email")


class RefundRequest(Model):
    """The task's input."""

    path = "/context"

    @classmethod
    def from_context(cls, context: StepContext) -> RefundRequest:
        """Takes the input of a step's task."""
        return cls.from_json({name: context.get_input(name) for name in INPUTS})

    @property
    def payment_id(self) -> str:
        """The payment, a text."""
        return self.get("payment_id").text()

    @property
    def refund_amount(self) -> Number:
        """What is to be paid back, in cents."""
        return self.get("refund_amount").number()

    @property
    def customer_email(self) -> str:
        """Where the customer is told, a text."""
        return self.get("customer_email").text()


class ValidatedPayment(Model):
    """The result of ``validate_payment_eligibility``."""

    path = "/dependencies/validate_payment_eligibility"

    @property
    def payment_id(self) -> Any:
        """The payment, passed on as it is."""
        return self.get("payment_id").hand_on()

    @property
    def refund_amount(self) -> Any:
        """What is to be paid back, passed on as it is."""
        return self.get("refund_amount").hand_on()


class ProcessedRefund(Model):
    """The result of ``process_gateway_refund``."""

    path = "/dependencies/process_gateway_refund"

    @property
    def payment_id(self) -> Any:
        """The payment, passed on as it is."""
        return self.get("payment_id").hand_on()

    @property
    def refund_id(self) -> Any:
        """The refund, passed on as it is."""
        return self.get("refund_id").hand_on()

    @property
    def refund_amount(self) -> Number:
        """What was paid back, in cents; the subject line of the mail names it."""
        return self.get("refund_amount").number()

"""Models of a refund as the support team sees it: the task's input, and what each step hands on."""

from __future__ import annotations

from typing import Any

from tasker_core import StepContext

from support import Model, Number, parse_time

#: The tier of a customer of whom none is known.
DEFAULT_TIER = "standard"

INPUTS = ("ticket_id", "customer_id", "refund_amount", "refund_reason", "correlation_id")


class RefundRequest(Model):
    """The task's input."""

    path = "/context"

    @classmethod
    def from_context(cls, context: StepContext) -> RefundRequest:
        """Takes the input of a step's task."""
        return cls.from_json({name: context.get_input(name) for name in INPUTS})

    @property
    def ticket_id(self) -> Any:
        """The ticket, passed on as it is."""
        return self.get("ticket_id").hand_on()

    @property
    def customer_id(self) -> Any:
        """The customer, passed on as it is."""
        return self.get("customer_id").hand_on()

    @property
    def refund_amount(self) -> Number:
        """What the customer is to get back, in cents."""
        return self.get("refund_amount").number()

    @property
    def refund_reason(self) -> Any:
        """Why, in whatever words."""
        return self.get("refund_reason").value

    @property
    def correlation_id(self) -> Any:
        """What the caller knows the refund by, passed on as it is."""
        return self.get("correlation_id").hand_on()


class ValidatedRequest(Model):
    """The result of ``validate_refund_request``."""

    path = "/dependencies/validate_refund_request"

    @property
    def ticket_id(self) -> Any:
        """The ticket, passed on as it is."""
        return self.get("ticket_id").hand_on()

    @property
    def customer(self) -> str:
        """The customer's id as it looks within a text."""
        return self.get("customer_id").to_text()

    @property
    def customer_tier(self) -> str:
        """The customer's tier, a text."""
        return self.get("customer_tier").text() if self.has("customer_tier") else DEFAULT_TIER

    @property
    def purchased_at(self) -> int:
        """When the purchase was, in milliseconds since 1970."""
        date = self.get("original_purchase_date")
        time = parse_time(date.value) if isinstance(date.value, str) else None
        if time is None:
            raise date.invalid("a date or an RFC 3339 timestamp")
        return time


class PolicyCheck(Model):
    """The result of ``check_refund_policy``."""

    path = "/dependencies/check_refund_policy"

    @property
    def requires_approval(self) -> Any:
        """Whether a manager is to be asked, passed on as it is."""
        return self.get("requires_approval").hand_on()


class ManagerApproval(Model):
    """The result of ``get_manager_approval``."""

    path = "/dependencies/get_manager_approval"


class Delegation(Model):
    """The result of ``execute_refund_workflow``."""

    path = "/dependencies/execute_refund_workflow"

    @property
    def correlation(self) -> str:
        """The correlation id as it looks within a text."""
        return self.get("correlation_id").to_text()

    @property
    def task(self) -> str:
        """The id of the payment team's task as it looks within a text."""
        return self.get("delegated_task_id").to_text()

    @property
    def task_id(self) -> Any:
        """The id of the payment team's task."""
        return self.get("delegated_task_id").value

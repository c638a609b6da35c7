"""``ecommerce/send_confirmation``: tells the customer that the order is placed."""

from __future__ import annotations

import re
import secrets

from tasker_core import StepContext, StepHandlerResult

from support import CheckedHandler, Field, permanent, utc_now, utc_stamp

# One @ with something before and behind it, and no ASCII whitespace anywhere. No dot is required.
EMAIL = re.compile(r"[^@\t\n\v\f\r ]+@[^@\t\n\v\f\r ]+")


class SendConfirmationHandler(CheckedHandler):
    handler_name = "ecommerce/send_confirmation"

    def handle(self, context: StepContext) -> StepHandlerResult:
        customer_info = Field.input(context, "customer_info").object_if_truthy()
        order = Field.dependency(context, "create_order").object_if_truthy()
        cart = Field.dependency(context, "validate_cart").object_if_truthy()

        email = customer_info.get("email")
        if not customer_info.is_object() or not email.is_truthy():
            raise permanent("MISSING_CUSTOMER_EMAIL", "customer email is required")
        if not order.is_object() or not order.get("order_id").is_truthy():
            raise permanent("MISSING_ORDER_RESULT", "order results are missing")
        if not cart.is_object() or not cart.get("validated_items").has_any():
            raise permanent("MISSING_CART_VALIDATION", "cart validation results are missing")
        recipient = email.text()
        if not EMAIL.fullmatch(recipient):
            raise permanent("INVALID_EMAIL", f"{recipient} is not a valid email address", email=recipient)

        now = utc_stamp(utc_now())
        message_id = f"msg_{secrets.token_hex(12)}"

        return self.success(
            {
                "email_sent": True,
                "recipient": recipient,
                "email_type": "order_confirmation",
                "sent_at": now,
                "message_id": message_id,
            },
            {
                "operation": "send_confirmation_email",
                "execution_hints": {
                    "recipient": recipient,
                    "email_type": "order_confirmation",
                    "delivery_status": "sent",
                    "sent_timestamp": now,
                },
                "http_headers": {
                    "X-Email-Service": "MockEmailService",
                    "X-Message-ID": message_id,
                    "X-Recipient": recipient,
                },
                "input_refs": {
                    "customer_info": 'context.get_input("customer_info")',
                    "order_result": 'context.get_dependency_result("create_order")',
                    "cart_validation": 'context.get_dependency_result("validate_cart")',
                },
            },
        )

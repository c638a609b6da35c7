/** `ecommerce/send_confirmation`: tells the customer that the order is placed. */

import type { StepContext, StepHandlerResult } from '@tasker-systems/tasker';

import { CheckedHandler, Field, isEmail, permanent, randomHex, utcStamp } from '../support/index.js';

export class SendConfirmationHandler extends CheckedHandler {
  static override handlerName = 'ecommerce/send_confirmation';

  protected override handle(context: StepContext): StepHandlerResult {
    const customerInfo = Field.input(context, 'customer_info').objectIfTruthy();
    const order = Field.dependency(context, 'create_order').objectIfTruthy();
    const cart = Field.dependency(context, 'validate_cart').objectIfTruthy();

    const email = customerInfo.get('email');
    if (!customerInfo.isObject() || !email.isTruthy()) {
      throw permanent('MISSING_CUSTOMER_EMAIL', 'customer email is required');
    }
    if (!order.isObject() || !order.get('order_id').isTruthy()) {
      throw permanent('MISSING_ORDER_RESULT', 'order results are missing');
    }
    if (!cart.isObject() || !cart.get('validated_items').hasAny()) {
      throw permanent('MISSING_CART_VALIDATION', 'cart validation results are missing');
    }
    const recipient = email.text();
    if (!isEmail(recipient)) {
      throw permanent('INVALID_EMAIL', `${recipient} is not a valid email address`, { email: recipient });
    }

    const now = utcStamp(new Date());
    const messageId = `msg_${randomHex(12)}`;

    return this.success(
      {
        email_sent: true,
        recipient,
        email_type: 'order_confirmation',
        sent_at: now,
        message_id: messageId,
      },
      {
        operation: 'send_confirmation_email',
        execution_hints: {
          recipient,
          email_type: 'order_confirmation',
          delivery_status: 'sent',
          sent_timestamp: now,
        },
        http_headers: {
          'X-Email-Service': 'MockEmailService',
          'X-Message-ID': messageId,
          'X-Recipient': recipient,
        },
        input_refs: {
          customer_info: 'context.get_input("customer_info")',
          order_result: 'context.get_dependency_result("create_order")',
          cart_validation: 'context.get_dependency_result("validate_cart")',
        },
      },
    );
  }
}

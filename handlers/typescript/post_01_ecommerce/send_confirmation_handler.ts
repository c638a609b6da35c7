/** `ecommerce/send_confirmation`: tells the customer that the order is placed. */

import { logInfo, PermanentError, type StepContext, StepHandler, type StepHandlerResult } from '@tasker-systems/tasker';

import { failureOf, isEmail, randomHex, utcStamp } from '../support/index.js';
import { Customer, Order, ValidatedCart } from './order.js';

/**
 * Sends the confirmation.
 *
 * Input: the `email` of `customer_info`, and the results of `create_order` and `validate_cart`.
 * Output: the `recipient`, and the `message_id` of the mail.
 */
export class SendConfirmationHandler extends StepHandler {
  static override handlerName = 'ecommerce/send_confirmation';

  override async call(context: StepContext): Promise<StepHandlerResult> {
    try {
      const customer = Customer.fromOptional(context.getInput('customer_info'));
      const order = Order.fromOptional(context.getDependencyResult('create_order'));
      const cart = ValidatedCart.fromOptional(context.getDependencyResult('validate_cart'));
      if (!customer.has('email')) {
        throw new PermanentError('customer email is required', { error_code: 'MISSING_CUSTOMER_EMAIL' });
      }
      if (!order.has('order_id')) {
        throw new PermanentError('order results are missing', { error_code: 'MISSING_ORDER_RESULT' });
      }
      if (!cart.hasItems) {
        throw new PermanentError('cart validation results are missing', { error_code: 'MISSING_CART_VALIDATION' });
      }
      const { recipient } = customer;
      if (!isEmail(recipient)) {
        const message = `${recipient} is not a valid email address`;
        throw new PermanentError(message, { error_code: 'INVALID_EMAIL', email: recipient });
      }

      const now = utcStamp(new Date());
      const messageId = `msg_${randomHex(12)}`;
      logInfo('confirmation sent', { message_id: messageId });

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
    } catch (error) {
      return this.failure(...failureOf(error));
    }
  }
}

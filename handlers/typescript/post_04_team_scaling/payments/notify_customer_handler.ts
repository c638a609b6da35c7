/** `payments/notify_customer`: tells the customer that the money is on its way. */

import type { StepContext, StepHandlerResult } from '@tasker-systems/tasker';

import { CheckedHandler, Field, isEmail, permanent, randomHex, retryable, utcStamp } from '../../support/index.js';
import { processedRefund } from './refund.js';

const NOTIFICATION_TYPE = 'refund_confirmation';

export class NotifyCustomerHandler extends CheckedHandler {
  static override handlerName = 'payments/notify_customer';

  protected override handle(context: StepContext): StepHandlerResult {
    const refund = processedRefund(context);
    const customerEmail = Field.input(context, 'customer_email');
    if (!customerEmail.isTruthy()) {
      throw permanent('MISSING_CUSTOMER_EMAIL', 'customer email is required');
    }
    const email = customerEmail.text();
    if (!isEmail(email)) {
      throw permanent('INVALID_EMAIL_FORMAT', `invalid email address: ${email}`);
    }
    checkMailbox(email);

    // The subject line of the mail names the amount, so it must be one.
    const refundAmount = refund.get('refund_amount').number();
    const refundId = refund.get('refund_id').handOn();
    const messageId = `msg_${randomHex(12)}`;

    return this.success(
      {
        notification_sent: true,
        customer_email: email,
        message_id: messageId,
        notification_type: NOTIFICATION_TYPE,
        sent_at: utcStamp(new Date()),
        delivery_status: 'delivered',
        refund_id: refundId,
        refund_amount: refundAmount,
        namespace: 'payments',
      },
      {
        operation: 'notify_customer',
        execution_hints: {
          customer_email: email,
          message_id: messageId,
          notification_type: NOTIFICATION_TYPE,
        },
        http_headers: {
          'X-Notification-Service': 'MockEmailService',
          'X-Message-ID': messageId,
          'X-Recipient': email,
        },
        input_refs: {
          customer_email: 'context.get_input("customer_email")',
          refund_reason: 'context.get_input_or("refund_reason", "customer_request")',
          refund_id: 'context.get_dependency_field("process_gateway_refund", "refund_id")',
          refund_amount: 'context.get_dependency_field("process_gateway_refund", "refund_amount")',
          payment_id: 'context.get_dependency_field("process_gateway_refund", "payment_id")',
          estimated_arrival: 'context.get_dependency_field("process_gateway_refund", "estimated_arrival")',
        },
      },
    );
  }
}

/** The simulated mail service: test addresses fail, every other mail is delivered. */
function checkMailbox(email: string): void {
  if (email.includes('@test_bounce')) {
    throw permanent('EMAIL_BOUNCED', 'the email bounced');
  }
  if (email.includes('@test_invalid')) {
    throw permanent('INVALID_EMAIL', 'the email address does not exist');
  }
  if (email.includes('@test_rate_limit')) {
    throw retryable(60, "the email service's rate limit is reached");
  }
}

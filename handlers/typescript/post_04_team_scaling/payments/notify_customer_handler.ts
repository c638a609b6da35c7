/** `payments/notify_customer`: tells the customer that the money is on its way. */

import {
  logInfo,
  PermanentError,
  RetryableError,
  type StepContext,
  StepHandler,
  type StepHandlerResult,
} from '@tasker-systems/tasker';

import { failureOf, isEmail, randomHex, utcStamp } from '../../support/index.js';
import { ProcessedRefund, RefundRequest } from './models.js';

const NOTIFICATION_TYPE = 'refund_confirmation';

/**
 * Notifies the customer.
 *
 * Input: `customer_email`, and the result of `process_gateway_refund`.
 * Output: the `message_id` of the mail, and the refund that it is about.
 */
export class NotifyCustomerHandler extends StepHandler {
  static override handlerName = 'payments/notify_customer';

  override async call(context: StepContext): Promise<StepHandlerResult> {
    try {
      const refund = ProcessedRefund.fromJson(context.getDependencyResult('process_gateway_refund'));
      if (!refund.has('refund_processed')) {
        throw new PermanentError('the gateway refund must come first', { error_code: 'MISSING_REFUND' });
      }
      const request = RefundRequest.fromContext(context);
      if (!request.has('customer_email')) {
        throw new PermanentError('customer email is required', { error_code: 'MISSING_CUSTOMER_EMAIL' });
      }
      const email = request.customerEmail;
      if (!isEmail(email)) {
        throw new PermanentError(`invalid email address: ${email}`, { error_code: 'INVALID_EMAIL_FORMAT' });
      }
      checkMailbox(email);

      const { refundAmount, refundId } = refund;
      const messageId = `msg_${randomHex(12)}`;
      logInfo('customer notified', {
        message_id: messageId,
        refund_reason: context.getInputOr('refund_reason', 'customer_request'),
        payment_id: context.getDependencyField('process_gateway_refund', 'payment_id'),
        estimated_arrival: context.getDependencyField('process_gateway_refund', 'estimated_arrival'),
      });

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
    } catch (error) {
      return this.failure(...failureOf(error));
    }
  }
}

/** The simulated mail service: test addresses fail, every other mail is delivered. */
function checkMailbox(email: string): void {
  if (email.includes('@test_bounce')) {
    throw new PermanentError('the email bounced', { error_code: 'EMAIL_BOUNCED' });
  }
  if (email.includes('@test_invalid')) {
    throw new PermanentError('the email address does not exist', { error_code: 'INVALID_EMAIL' });
  }
  if (email.includes('@test_rate_limit')) {
    throw new RetryableError("the email service's rate limit is reached", { retry_after: 60 });
  }
}

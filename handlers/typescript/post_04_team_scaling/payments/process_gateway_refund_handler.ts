/** `payments/process_gateway_refund`: pays the money back through the gateway. */

import {
  logInfo,
  PermanentError,
  RetryableError,
  type StepContext,
  StepHandler,
  type StepHandlerResult,
} from '@tasker-systems/tasker';

import { daysLater, failureOf, randomHex, utcStamp } from '../../support/index.js';
import { ValidatedPayment } from './models.js';

const GATEWAY_PROVIDER = 'MockPaymentGateway';
const REFUND_STATUS = 'processed';
const ARRIVAL_DAYS = 5;

/**
 * Processes the refund.
 *
 * Input: the result of `validate_payment_eligibility`.
 * Output: the `refund_id`, the `gateway_transaction_id`, and the `estimated_arrival` of the money.
 */
export class ProcessGatewayRefundHandler extends StepHandler {
  static override handlerName = 'payments/process_gateway_refund';

  override async call(context: StepContext): Promise<StepHandlerResult> {
    try {
      const payment = ValidatedPayment.fromJson(context.getDependencyResult('validate_payment_eligibility'));
      if (!payment.has('payment_validated')) {
        throw new PermanentError('the payment validation must come first', { error_code: 'MISSING_VALIDATION' });
      }
      checkGateway(payment);

      const { paymentId, refundAmount } = payment;
      const now = new Date();
      const refundId = `rfnd_${randomHex(12)}`;
      const transactionId = `gtx_${randomHex(10)}`;
      logInfo('refund processed', {
        refund_id: refundId,
        refund_reason: context.getInputOr('refund_reason', 'customer_request'),
        partial_refund: context.getInputOr('partial_refund', false),
        original_amount: context.getDependencyField('validate_payment_eligibility', 'original_amount'),
      });

      return this.success(
        {
          refund_processed: true,
          refund_id: refundId,
          payment_id: paymentId,
          refund_amount: refundAmount,
          refund_status: REFUND_STATUS,
          gateway_transaction_id: transactionId,
          gateway_provider: GATEWAY_PROVIDER,
          processed_at: utcStamp(now),
          estimated_arrival: utcStamp(daysLater(now, ARRIVAL_DAYS)),
          namespace: 'payments',
        },
        {
          operation: 'process_gateway_refund',
          execution_hints: {
            refund_id: refundId,
            gateway_provider: GATEWAY_PROVIDER,
            refund_status: REFUND_STATUS,
          },
          http_headers: {
            'X-Gateway-Provider': GATEWAY_PROVIDER,
            'X-Refund-ID': refundId,
            'X-Gateway-Transaction-ID': transactionId,
          },
          input_refs: {
            refund_reason: 'context.get_input_or("refund_reason", "customer_request")',
            partial_refund: 'context.get_input_or("partial_refund", false)',
            payment_id: 'context.get_dependency_field("validate_payment_eligibility", "payment_id")',
            refund_amount: 'context.get_dependency_field("validate_payment_eligibility", "refund_amount")',
            original_amount: 'context.get_dependency_field("validate_payment_eligibility", "original_amount")',
          },
        },
      );
    } catch (error) {
      return this.failure(...failureOf(error));
    }
  }
}

/** The simulated gateway: test ids fail, every other payment is refunded. */
function checkGateway(payment: ValidatedPayment): void {
  if (payment.contains('payment_id', 'pay_test_gateway_timeout')) {
    throw new RetryableError('the gateway timed out', { retry_after: 30 });
  }
  if (payment.contains('payment_id', 'pay_test_gateway_error')) {
    throw new PermanentError('the gateway refund failed: gateway error', { error_code: 'GATEWAY_REFUND_FAILED' });
  }
  if (payment.contains('payment_id', 'pay_test_rate_limit')) {
    throw new RetryableError("the gateway's rate limit is reached", { retry_after: 60 });
  }
}

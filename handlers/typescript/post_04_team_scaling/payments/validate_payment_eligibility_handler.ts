/** `payments/validate_payment_eligibility`: decides whether a payment may be refunded. */

import {
  logInfo,
  PermanentError,
  RetryableError,
  type StepContext,
  StepHandler,
  type StepHandlerResult,
} from '@tasker-systems/tasker';

import { failureOf, numberText, utcStamp } from '../../support/index.js';
import { RefundRequest } from './models.js';

const REQUIRED = ['payment_id', 'refund_amount'] as const;

const GATEWAY_PROVIDER = 'MockPaymentGateway';
const ELIGIBILITY_STATUS = 'eligible';

/** By how much the simulated payment was larger than the refund, in cents. */
const NOT_REFUNDED = 1000;

const PAYMENT_ID = /^pay_[A-Za-z0-9_]+$/;

/**
 * Validates the payment.
 *
 * Input: `payment_id` and `refund_amount`.
 * Output: the same, the `original_amount` of the payment, and that it is `eligible`.
 */
export class ValidatePaymentEligibilityHandler extends StepHandler {
  static override handlerName = 'payments/validate_payment_eligibility';

  override async call(context: StepContext): Promise<StepHandlerResult> {
    try {
      const request = RefundRequest.fromContext(context);
      const missing = REQUIRED.filter((name) => request.isBlank(name));
      if (missing.length > 0) {
        const message = `missing required fields: ${missing.join(', ')}`;
        throw new PermanentError(message, { error_code: 'MISSING_REQUIRED_FIELDS' });
      }
      const { refundAmount } = request;
      if (refundAmount <= 0) {
        const message = `refund amount must be positive, not ${numberText(refundAmount)}`;
        throw new PermanentError(message, { error_code: 'INVALID_REFUND_AMOUNT' });
      }
      const { paymentId } = request;
      if (!PAYMENT_ID.test(paymentId)) {
        throw new PermanentError(`invalid payment id: ${paymentId}`, { error_code: 'INVALID_PAYMENT_ID' });
      }
      checkPayment(paymentId);
      logInfo('payment validated', {
        payment_id: paymentId,
        refund_reason: context.getInput('refund_reason'),
        partial_refund: context.getInputOr('partial_refund', false),
      });

      return this.success(
        {
          payment_validated: true,
          payment_id: paymentId,
          original_amount: refundAmount + NOT_REFUNDED,
          refund_amount: refundAmount,
          payment_method: 'credit_card',
          gateway_provider: GATEWAY_PROVIDER,
          eligibility_status: ELIGIBILITY_STATUS,
          validation_timestamp: utcStamp(new Date()),
          namespace: 'payments',
        },
        {
          operation: 'validate_payment_eligibility',
          execution_hints: {
            payment_id: paymentId,
            gateway_provider: GATEWAY_PROVIDER,
            eligibility_status: ELIGIBILITY_STATUS,
          },
          http_headers: {
            'X-Payment-Gateway': GATEWAY_PROVIDER,
            'X-Payment-ID': paymentId,
            'X-Eligibility-Status': ELIGIBILITY_STATUS,
          },
          input_refs: {
            payment_id: 'context.get_input("payment_id")',
            refund_amount: 'context.get_input("refund_amount")',
            refund_reason: 'context.get_input("refund_reason")',
            partial_refund: 'context.get_input_or("partial_refund", false)',
          },
        },
      );
    } catch (error) {
      return this.failure(...failureOf(error));
    }
  }
}

/** The simulated gateway: test ids are refused, every other payment may be refunded. */
function checkPayment(paymentId: string): void {
  if (paymentId.includes('pay_test_insufficient')) {
    throw new PermanentError('not enough funds for the refund', { error_code: 'INSUFFICIENT_FUNDS' });
  }
  if (paymentId.includes('pay_test_processing')) {
    throw new RetryableError('the payment is still processing', { retry_after: 30 });
  }
  if (paymentId.includes('pay_test_ineligible')) {
    const message = 'the payment is not eligible for a refund: the refund window is over';
    throw new PermanentError(message, { error_code: 'PAYMENT_INELIGIBLE' });
  }
}

/** `payments/validate_payment_eligibility`: decides whether a payment may be refunded. */

import type { StepContext, StepHandlerResult } from '@tasker-systems/tasker';

import { CheckedHandler, Field, numberText, permanent, retryable, utcStamp } from '../../support/index.js';

const GATEWAY_PROVIDER = 'MockPaymentGateway';
const ELIGIBILITY_STATUS = 'eligible';

/** By how much the simulated payment was larger than the refund, in cents. */
const NOT_REFUNDED = 1000;

const PAYMENT_ID = /^pay_[A-Za-z0-9_]+$/;

export class ValidatePaymentEligibilityHandler extends CheckedHandler {
  static override handlerName = 'payments/validate_payment_eligibility';

  protected override handle(context: StepContext): StepHandlerResult {
    const givenPaymentId = Field.input(context, 'payment_id');
    const givenRefundAmount = Field.input(context, 'refund_amount');
    requireAll({ payment_id: givenPaymentId, refund_amount: givenRefundAmount });
    const refundAmount = givenRefundAmount.number();
    if (refundAmount <= 0) {
      const message = `refund amount must be positive, not ${numberText(refundAmount)}`;
      throw permanent('INVALID_REFUND_AMOUNT', message);
    }
    const paymentId = givenPaymentId.text();
    if (!PAYMENT_ID.test(paymentId)) {
      throw permanent('INVALID_PAYMENT_ID', `invalid payment id: ${paymentId}`);
    }
    checkPayment(paymentId);

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
  }
}

/** Refuses blank fields, all of them at once. */
function requireAll(fields: Readonly<Record<string, Field>>): void {
  const missing = Object.entries(fields).filter(([, field]) => field.isBlank());
  if (missing.length > 0) {
    const names = missing.map(([name]) => name).join(', ');
    throw permanent('MISSING_REQUIRED_FIELDS', `missing required fields: ${names}`);
  }
}

/** The simulated gateway: test ids are refused, every other payment may be refunded. */
function checkPayment(paymentId: string): void {
  if (paymentId.includes('pay_test_insufficient')) {
    throw permanent('INSUFFICIENT_FUNDS', 'not enough funds for the refund');
  }
  if (paymentId.includes('pay_test_processing')) {
    throw retryable(30, 'the payment is still processing');
  }
  if (paymentId.includes('pay_test_ineligible')) {
    const message = 'the payment is not eligible for a refund: the refund window is over';
    throw permanent('PAYMENT_INELIGIBLE', message);
  }
}

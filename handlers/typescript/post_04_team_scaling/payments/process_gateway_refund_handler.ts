/** `payments/process_gateway_refund`: pays the money back through the gateway. */

import type { StepContext, StepHandlerResult } from '@tasker-systems/tasker';

import { CheckedHandler, daysLater, Field, permanent, randomHex, retryable, utcStamp } from '../../support/index.js';

const GATEWAY_PROVIDER = 'MockPaymentGateway';
const REFUND_STATUS = 'processed';
const ARRIVAL_DAYS = 5;

export class ProcessGatewayRefundHandler extends CheckedHandler {
  static override handlerName = 'payments/process_gateway_refund';

  protected override handle(context: StepContext): StepHandlerResult {
    const payment = Field.dependency(context, 'validate_payment_eligibility').objectOrNil();
    if (!payment.get('payment_validated').isTruthy()) {
      throw permanent('MISSING_VALIDATION', 'the payment validation must come first');
    }
    checkGateway(payment.get('payment_id'));

    const paymentId = payment.get('payment_id').handOn();
    const refundAmount = payment.get('refund_amount').handOn();
    const now = new Date();
    const refundId = `rfnd_${randomHex(12)}`;
    const transactionId = `gtx_${randomHex(10)}`;

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
  }
}

/** The simulated gateway: test ids fail, every other payment is refunded. */
function checkGateway(paymentId: Field): void {
  if (paymentId.contains('pay_test_gateway_timeout')) {
    throw retryable(30, 'the gateway timed out');
  }
  if (paymentId.contains('pay_test_gateway_error')) {
    throw permanent('GATEWAY_REFUND_FAILED', 'the gateway refund failed: gateway error');
  }
  if (paymentId.contains('pay_test_rate_limit')) {
    throw retryable(60, "the gateway's rate limit is reached");
  }
}

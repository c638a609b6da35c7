/** `payments/update_payment_records`: books the refund. */

import type { StepContext, StepHandlerResult } from '@tasker-systems/tasker';

import { CheckedHandler, Field, randomHex, retryable, utcStamp } from '../../support/index.js';
import { processedRefund } from './refund.js';

const PAYMENT_STATUS = 'refunded';

export class UpdatePaymentRecordsHandler extends CheckedHandler {
  static override handlerName = 'payments/update_payment_records';

  protected override handle(context: StepContext): StepHandlerResult {
    const refund = processedRefund(context);
    // The original amount is asked for and not used: its step must be readable, the amount may be anything.
    Field.dependency(context, 'validate_payment_eligibility').objectOrNil();
    checkRecord(refund.get('payment_id'));

    const paymentId = refund.get('payment_id').handOn();
    const refundId = refund.get('refund_id').handOn();
    const recordId = `rec_${randomHex(8)}`;

    return this.success(
      {
        records_updated: true,
        payment_id: paymentId,
        refund_id: refundId,
        record_id: recordId,
        payment_status: PAYMENT_STATUS,
        refund_status: 'completed',
        history_entries_created: 2,
        updated_at: utcStamp(new Date()),
        namespace: 'payments',
      },
      {
        operation: 'update_payment_records',
        execution_hints: {
          payment_id: paymentId,
          refund_id: refundId,
          record_id: recordId,
        },
        http_headers: {
          'X-Payment-Record-Service': 'MockPaymentRecordSystem',
          'X-Record-ID': recordId,
          'X-Payment-Status': PAYMENT_STATUS,
        },
        input_refs: {
          refund_reason: 'context.get_input_or("refund_reason", "customer_request")',
          payment_id: 'context.get_dependency_field("process_gateway_refund", "payment_id")',
          refund_id: 'context.get_dependency_field("process_gateway_refund", "refund_id")',
          refund_amount: 'context.get_dependency_field("process_gateway_refund", "refund_amount")',
          gateway_transaction_id: 'context.get_dependency_field("process_gateway_refund", "gateway_transaction_id")',
          original_amount: 'context.get_dependency_field("validate_payment_eligibility", "original_amount")',
        },
      },
    );
  }
}

/** The simulated records: test ids fail for now, every other record is updated. */
function checkRecord(paymentId: Field): void {
  if (paymentId.contains('pay_test_record_lock')) {
    throw retryable(10, 'the payment record is locked');
  }
  if (paymentId.contains('pay_test_record_error')) {
    throw retryable(30, 'the payment record was not updated: database error');
  }
}

/** `payments/update_payment_records`: books the refund. */

import {
  logInfo,
  PermanentError,
  RetryableError,
  type StepContext,
  StepHandler,
  type StepHandlerResult,
} from '@tasker-systems/tasker';

import { failureOf, randomHex, utcStamp } from '../../support/index.js';
import { ProcessedRefund, ValidatedPayment } from './models.js';

const PAYMENT_STATUS = 'refunded';

/**
 * Updates the records.
 *
 * Input: the results of `process_gateway_refund` and `validate_payment_eligibility`.
 * Output: the `record_id`, and the payment's new status.
 */
export class UpdatePaymentRecordsHandler extends StepHandler {
  static override handlerName = 'payments/update_payment_records';

  override async call(context: StepContext): Promise<StepHandlerResult> {
    try {
      const refund = ProcessedRefund.fromJson(context.getDependencyResult('process_gateway_refund'));
      if (!refund.has('refund_processed')) {
        throw new PermanentError('the gateway refund must come first', { error_code: 'MISSING_REFUND' });
      }
      // The original amount is only logged, but its step must be readable.
      ValidatedPayment.fromJson(context.getDependencyResult('validate_payment_eligibility'));
      checkRecord(refund);

      const { paymentId, refundId } = refund;
      const recordId = `rec_${randomHex(8)}`;
      logInfo('payment records updated', {
        record_id: recordId,
        refund_reason: context.getInputOr('refund_reason', 'customer_request'),
        refund_amount: context.getDependencyField('process_gateway_refund', 'refund_amount'),
        transaction_id: context.getDependencyField('process_gateway_refund', 'gateway_transaction_id'),
        original_amount: context.getDependencyField('validate_payment_eligibility', 'original_amount'),
      });

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
    } catch (error) {
      return this.failure(...failureOf(error));
    }
  }
}

/** The simulated records: test ids fail for now, every other record is updated. */
function checkRecord(refund: ProcessedRefund): void {
  if (refund.contains('payment_id', 'pay_test_record_lock')) {
    throw new RetryableError('the payment record is locked', { retry_after: 10 });
  }
  if (refund.contains('payment_id', 'pay_test_record_error')) {
    throw new RetryableError('the payment record was not updated: database error', { retry_after: 30 });
  }
}

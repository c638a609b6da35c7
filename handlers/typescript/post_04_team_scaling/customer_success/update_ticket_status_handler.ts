/** `customer_success/update_ticket_status`: closes the ticket and says why. */

import {
  logInfo,
  PermanentError,
  RetryableError,
  type StepContext,
  StepHandler,
  type StepHandlerResult,
} from '@tasker-systems/tasker';

import { failureOf, fmt2, utcStamp } from '../../support/index.js';
import { Delegation, RefundRequest, ValidatedRequest } from './models.js';

const NEW_STATUS = 'resolved';

/**
 * Closes the ticket.
 *
 * Input: `refund_amount`, and the results of `execute_refund_workflow` and `validate_refund_request`.
 * Output: the ticket's `new_status`, and a `resolution_note`.
 */
export class UpdateTicketStatusHandler extends StepHandler {
  static override handlerName = 'customer_success/update_ticket_status';

  override async call(context: StepContext): Promise<StepHandlerResult> {
    try {
      const delegation = Delegation.fromJson(context.getDependencyResult('execute_refund_workflow'));
      if (!delegation.has('task_delegated')) {
        throw new PermanentError('the refund workflow must be executed first', { error_code: 'MISSING_DELEGATION' });
      }
      const validated = ValidatedRequest.fromJson(context.getDependencyResult('validate_refund_request'));
      checkTicket(validated);

      const request = RefundRequest.fromContext(context);
      const dollars = fmt2(request.refundAmount / 100);
      const { ticketId } = validated;
      const { correlation, task } = delegation;
      const done = `Refund of $${dollars} processed successfully.`;
      const note = `${done} Delegated task ID: ${task}. Correlation ID: ${correlation}`;
      logInfo('ticket resolved', {
        refund_reason: request.refundReason,
        customer_id: context.getDependencyField('validate_refund_request', 'customer_id'),
      });

      return this.success(
        {
          ticket_updated: true,
          ticket_id: ticketId,
          previous_status: 'in_progress',
          new_status: NEW_STATUS,
          resolution_note: note,
          updated_at: utcStamp(new Date()),
          refund_completed: true,
          delegated_task_id: delegation.taskId,
          namespace: 'customer_success',
        },
        {
          operation: 'update_ticket_status',
          execution_hints: { ticket_id: ticketId, new_status: NEW_STATUS, refund_completed: true },
          http_headers: {
            'X-Customer-Service-Platform': 'MockCustomerServiceSystem',
            'X-Ticket-ID': ticketId,
            'X-Ticket-Status': NEW_STATUS,
          },
          input_refs: {
            refund_amount: 'context.get_input("refund_amount")',
            refund_reason: 'context.get_input("refund_reason")',
            ticket_id: 'context.get_dependency_field("validate_refund_request", "ticket_id")',
            customer_id: 'context.get_dependency_field("validate_refund_request", "customer_id")',
            delegated_task_id: 'context.get_dependency_field("execute_refund_workflow", "delegated_task_id")',
            correlation_id: 'context.get_dependency_field("execute_refund_workflow", "correlation_id")',
          },
        },
      );
    } catch (error) {
      return this.failure(...failureOf(error));
    }
  }
}

/** The simulated ticket system: test tickets can not be updated now. */
function checkTicket(request: ValidatedRequest): void {
  if (request.contains('ticket_id', 'ticket_locked')) {
    throw new RetryableError('another agent holds the ticket', { retry_after: 15 });
  }
  if (request.contains('ticket_id', 'ticket_update_error')) {
    throw new RetryableError('the ticket can not be updated: system error while updating', { retry_after: 30 });
  }
}

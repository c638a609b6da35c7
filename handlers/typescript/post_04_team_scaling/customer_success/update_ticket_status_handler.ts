/** `customer_success/update_ticket_status`: closes the ticket and says why. */

import type { StepContext, StepHandlerResult } from '@tasker-systems/tasker';

import { CheckedHandler, Field, fmt2, permanent, retryable, utcStamp } from '../../support/index.js';

const NEW_STATUS = 'resolved';

export class UpdateTicketStatusHandler extends CheckedHandler {
  static override handlerName = 'customer_success/update_ticket_status';

  protected override handle(context: StepContext): StepHandlerResult {
    const delegation = Field.dependency(context, 'execute_refund_workflow').objectOrNil();
    if (!delegation.get('task_delegated').isTruthy()) {
      throw permanent('MISSING_DELEGATION', 'the refund workflow must be executed first');
    }
    const request = Field.dependency(context, 'validate_refund_request').objectOrNil();
    checkTicket(request.get('ticket_id'));

    const dollars = fmt2(Field.input(context, 'refund_amount').number() / 100);
    const ticketId = request.get('ticket_id').handOn();
    const correlationId = delegation.get('correlation_id').toText();
    const delegatedTaskId = delegation.get('delegated_task_id');
    const done = `Refund of $${dollars} processed successfully.`;
    const note = `${done} Delegated task ID: ${delegatedTaskId.toText()}. Correlation ID: ${correlationId}`;

    return this.success(
      {
        ticket_updated: true,
        ticket_id: ticketId,
        previous_status: 'in_progress',
        new_status: NEW_STATUS,
        resolution_note: note,
        updated_at: utcStamp(new Date()),
        refund_completed: true,
        delegated_task_id: delegatedTaskId.value,
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
  }
}

/** The simulated ticket system: test tickets can not be updated now. */
function checkTicket(ticketId: Field): void {
  if (ticketId.contains('ticket_locked')) {
    throw retryable(15, 'another agent holds the ticket');
  }
  if (ticketId.contains('ticket_update_error')) {
    throw retryable(30, 'the ticket can not be updated: system error while updating');
  }
}

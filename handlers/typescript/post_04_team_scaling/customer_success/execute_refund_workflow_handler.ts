/**
 * `customer_success/execute_refund_workflow`: hands the refund on to the payments team, which has a workflow of the same
 * name.
 */

import { logInfo, PermanentError, type StepContext, StepHandler, type StepHandlerResult } from '@tasker-systems/tasker';

import { failureOf, randomHex, utcStamp } from '../../support/index.js';
import { ManagerApproval, RefundRequest, ValidatedRequest } from './models.js';

const TARGET_NAMESPACE = 'payments';
const TARGET_WORKFLOW = 'process_refund';

/**
 * Delegates the refund.
 *
 * Input: the results of `get_manager_approval` and `validate_refund_request`, and maybe a `correlation_id`.
 * Output: the `delegated_task_id`, and the `correlation_id` by which both teams know the refund.
 */
export class ExecuteRefundWorkflowHandler extends StepHandler {
  static override handlerName = 'customer_success/execute_refund_workflow';

  override async call(context: StepContext): Promise<StepHandlerResult> {
    try {
      const approval = ManagerApproval.fromJson(context.getDependencyResult('get_manager_approval'));
      if (!approval.has('approval_obtained')) {
        throw new PermanentError('the manager approval must come first', { error_code: 'MISSING_APPROVAL' });
      }
      const validated = ValidatedRequest.fromJson(context.getDependencyResult('validate_refund_request'));
      if (!validated.has('payment_id')) {
        throw new PermanentError('the validation results have no payment id', { error_code: 'MISSING_PAYMENT_ID' });
      }

      const request = RefundRequest.fromContext(context);
      const correlationId = request.has('correlation_id') ? request.correlationId : `cs-${randomHex(8)}`;
      const taskId = createTask(refundOf(context));

      return this.success(
        {
          task_delegated: true,
          target_namespace: TARGET_NAMESPACE,
          target_workflow: TARGET_WORKFLOW,
          delegated_task_id: taskId,
          delegated_task_status: 'created',
          delegation_timestamp: utcStamp(new Date()),
          correlation_id: correlationId,
          namespace: 'customer_success',
        },
        {
          operation: 'execute_refund_workflow',
          execution_hints: {
            target_namespace: TARGET_NAMESPACE,
            target_workflow: TARGET_WORKFLOW,
            delegated_task_id: taskId,
            correlation_id: correlationId,
          },
          http_headers: {
            'X-Target-Namespace': TARGET_NAMESPACE,
            'X-Target-Workflow': TARGET_WORKFLOW,
            'X-Delegated-Task-ID': taskId,
            'X-Correlation-ID': correlationId,
          },
          input_refs: {
            refund_amount: 'context.get_input("refund_amount")',
            refund_reason: 'context.get_input_or("refund_reason", "customer_request")',
            customer_email: 'context.get_input_or("customer_email", "customer@example.com")',
            ticket_id: 'context.get_input("ticket_id")',
            payment_id: 'context.get_dependency_field("validate_refund_request", "payment_id")',
            approval_id: 'context.get_dependency_field("get_manager_approval", "approval_id")',
          },
        },
      );
    } catch (error) {
      return this.failure(...failureOf(error));
    }
  }
}

/** The input of the payment team's task. */
function refundOf(context: StepContext): Record<string, unknown> {
  return {
    refund_amount: context.getInput('refund_amount'),
    refund_reason: context.getInputOr('refund_reason', 'customer_request'),
    customer_email: context.getInputOr('customer_email', 'customer@example.com'),
    ticket_id: context.getInput('ticket_id'),
    payment_id: context.getDependencyField('validate_refund_request', 'payment_id'),
    approval_id: context.getDependencyField('get_manager_approval', 'approval_id'),
  };
}

/** The simulated client of Tasker: the id of the task that it created. */
function createTask(refund: Record<string, unknown>): string {
  const taskId = `task_${crypto.randomUUID()}`;
  logInfo('refund delegated', { task_id: taskId, ...refund });
  return taskId;
}

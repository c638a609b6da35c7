/**
 * `customer_success/execute_refund_workflow`: hands the refund on to the payments team, which has a workflow of the same name.
 */

import type { StepContext, StepHandlerResult } from '@tasker-systems/tasker';

import { CheckedHandler, Field, permanent, randomHex, utcStamp } from '../../support/index.js';

const TARGET_NAMESPACE = 'payments';
const TARGET_WORKFLOW = 'process_refund';

export class ExecuteRefundWorkflowHandler extends CheckedHandler {
  static override handlerName = 'customer_success/execute_refund_workflow';

  protected override handle(context: StepContext): StepHandlerResult {
    const approval = Field.dependency(context, 'get_manager_approval').objectOrNil();
    if (!approval.get('approval_obtained').isTruthy()) {
      throw permanent('MISSING_APPROVAL', 'the manager approval must come first');
    }
    const request = Field.dependency(context, 'validate_refund_request').objectOrNil();
    if (!request.get('payment_id').isTruthy()) {
      throw permanent('MISSING_PAYMENT_ID', 'the validation results have no payment id');
    }

    const given = Field.input(context, 'correlation_id');
    const correlationId = given.isTruthy() ? given.handOn() : `cs-${randomHex(8)}`;
    const taskId = `task_${crypto.randomUUID()}`;

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
  }
}

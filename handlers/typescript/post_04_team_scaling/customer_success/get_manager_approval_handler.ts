/** `customer_success/get_manager_approval`: asks a manager, where the policy asks for one. */

import type { StepContext, StepHandlerResult } from '@tasker-systems/tasker';

import { CheckedHandler, Field, permanent, randomHex, retryable, utcStamp } from '../../support/index.js';

/** The managers of the simulated portal are numbered from 1. */
const MANAGERS = 5;

interface Approval {
  readonly id: string | null;
  readonly managerId: string | null;
  readonly notes: string | null;
}

const NO_MANAGER: Approval = { id: null, managerId: null, notes: null };

export class GetManagerApprovalHandler extends CheckedHandler {
  static override handlerName = 'customer_success/get_manager_approval';

  protected override handle(context: StepContext): StepHandlerResult {
    const policy = Field.dependency(context, 'check_refund_policy').objectOrNil();
    if (!policy.get('policy_checked').isTruthy()) {
      throw permanent('MISSING_POLICY_CHECK', 'the policy check must come first');
    }
    const request = Field.dependency(context, 'validate_refund_request').objectOrNil();
    const isRequired = policy.get('requires_approval').isTruthy();
    if (isRequired) {
      checkPortal(request.get('ticket_id'));
    }

    const requiresApproval = policy.get('requires_approval').handOn();
    const approval = isRequired ? approve(request.get('customer_id')) : NO_MANAGER;

    return this.success(
      {
        approval_obtained: true,
        approval_required: requiresApproval,
        auto_approved: !isRequired,
        approval_id: approval.id,
        manager_id: approval.managerId,
        manager_notes: approval.notes,
        approved_at: utcStamp(new Date()),
        namespace: 'customer_success',
      },
      {
        operation: 'get_manager_approval',
        execution_hints: {
          approval_required: requiresApproval,
          approval_id: approval.id,
          manager_id: approval.managerId,
        },
        http_headers: {
          'X-Approval-System': 'ManagerApprovalPortal',
          'X-Approval-ID': approval.id ?? 'N/A',
          'X-Auto-Approved': String(!isRequired),
        },
        input_refs: {
          refund_amount: 'context.get_input("refund_amount")',
          refund_reason: 'context.get_input("refund_reason")',
          requires_approval: 'context.get_dependency_field("check_refund_policy", "requires_approval")',
          customer_tier: 'context.get_dependency_field("check_refund_policy", "customer_tier")',
          ticket_id: 'context.get_dependency_field("validate_refund_request", "ticket_id")',
          customer_id: 'context.get_dependency_field("validate_refund_request", "customer_id")',
        },
      },
    );
  }
}

/** The simulated portal: test tickets are denied or wait, every other one is approved. */
function checkPortal(ticketId: Field): void {
  if (ticketId.contains('ticket_denied')) {
    throw permanent('APPROVAL_DENIED', 'the manager denied the refund');
  }
  if (ticketId.contains('ticket_pending')) {
    throw retryable(60, 'the manager has not decided yet');
  }
}

function approve(customerId: Field): Approval {
  const customer = customerId.toText();
  return {
    id: `appr_${randomHex(8)}`,
    managerId: `mgr_${String(1 + Math.floor(Math.random() * MANAGERS))}`,
    notes: `Approved refund request for customer ${customer}`,
  };
}

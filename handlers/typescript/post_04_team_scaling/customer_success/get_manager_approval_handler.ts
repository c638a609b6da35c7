/** `customer_success/get_manager_approval`: asks a manager, where the policy asks for one. */

import {
  logInfo,
  PermanentError,
  RetryableError,
  type StepContext,
  StepHandler,
  type StepHandlerResult,
} from '@tasker-systems/tasker';

import { failureOf, randomHex, utcStamp } from '../../support/index.js';
import { PolicyCheck, ValidatedRequest } from './models.js';

/** The managers of the simulated portal are numbered from 1. */
const MANAGERS = 5;

interface Approval {
  readonly id: string | null;
  readonly managerId: string | null;
  readonly notes: string | null;
}

const NO_MANAGER: Approval = { id: null, managerId: null, notes: null };

/**
 * Gets the approval.
 *
 * Input: the results of `check_refund_policy` and `validate_refund_request`.
 * Output: `approval_obtained`, and the `manager_id` of who was asked, if it was necessary.
 */
export class GetManagerApprovalHandler extends StepHandler {
  static override handlerName = 'customer_success/get_manager_approval';

  override async call(context: StepContext): Promise<StepHandlerResult> {
    try {
      const policy = PolicyCheck.fromJson(context.getDependencyResult('check_refund_policy'));
      if (!policy.has('policy_checked')) {
        throw new PermanentError('the policy check must come first', { error_code: 'MISSING_POLICY_CHECK' });
      }
      const validated = ValidatedRequest.fromJson(context.getDependencyResult('validate_refund_request'));
      const isRequired = policy.has('requires_approval');
      if (isRequired) {
        checkPortal(validated);
      }

      const { requiresApproval } = policy;
      const approval = isRequired ? approve(validated.customer) : NO_MANAGER;
      logInfo('manager approval obtained', {
        auto_approved: !isRequired,
        refund_amount: context.getInput('refund_amount'),
        refund_reason: context.getInput('refund_reason'),
        customer_tier: context.getDependencyField('check_refund_policy', 'customer_tier'),
      });

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
    } catch (error) {
      return this.failure(...failureOf(error));
    }
  }
}

/** The simulated portal: test tickets are denied or wait, every other one is approved. */
function checkPortal(request: ValidatedRequest): void {
  if (request.contains('ticket_id', 'ticket_denied')) {
    throw new PermanentError('the manager denied the refund', { error_code: 'APPROVAL_DENIED' });
  }
  if (request.contains('ticket_id', 'ticket_pending')) {
    throw new RetryableError('the manager has not decided yet', { retry_after: 60 });
  }
}

function approve(customer: string): Approval {
  return {
    id: `appr_${randomHex(8)}`,
    managerId: `mgr_${String(1 + Math.floor(Math.random() * MANAGERS))}`,
    notes: `Approved refund request for customer ${customer}`,
  };
}

/** `customer_success/check_refund_policy`: holds the request against the refund policy of the customer's tier. */

import { logInfo, PermanentError, type StepContext, StepHandler, type StepHandlerResult } from '@tasker-systems/tasker';

import { failureOf, floatText, utcStamp } from '../../support/index.js';
import { DEFAULT_TIER, RefundRequest, ValidatedRequest } from './models.js';

interface Policy {
  readonly tier: string;
  readonly windowDays: number;
  readonly requiresApproval: boolean;
  /** In cents. */
  readonly maxAmount: number;
}

/** Any other tier has the policy of this one. */
const STANDARD: Policy = { tier: DEFAULT_TIER, windowDays: 30, requiresApproval: true, maxAmount: 10_000 };

const POLICIES: readonly Policy[] = [
  STANDARD,
  { tier: 'gold', windowDays: 60, requiresApproval: false, maxAmount: 50_000 },
  { tier: 'premium', windowDays: 90, requiresApproval: false, maxAmount: 100_000 },
];

const MILLISECONDS_PER_DAY = 86_400_000;

/**
 * Checks the policy.
 *
 * Input: `refund_amount`, and the result of `validate_refund_request`.
 * Output: whether the customer's tier `requires_approval`, and the limits that the refund keeps.
 */
export class CheckRefundPolicyHandler extends StepHandler {
  static override handlerName = 'customer_success/check_refund_policy';

  override async call(context: StepContext): Promise<StepHandlerResult> {
    try {
      const validated = ValidatedRequest.fromJson(context.getDependencyResult('validate_refund_request'));
      if (!validated.has('request_validated')) {
        throw new PermanentError('the request validation must come first', { error_code: 'MISSING_VALIDATION' });
      }
      const request = RefundRequest.fromContext(context);
      const { customerTier: tier, purchasedAt } = validated;
      const amount = request.refundAmount;

      const policy = POLICIES.find((candidate) => candidate.tier === tier) ?? STANDARD;
      const now = new Date();
      const days = Math.trunc((now.getTime() - purchasedAt) / MILLISECONDS_PER_DAY);
      if (days > policy.windowDays) {
        const window = String(policy.windowDays);
        const message = `${String(days)} days since the purchase, a refund is possible for ${window}`;
        throw new PermanentError(message, { error_code: 'OUTSIDE_REFUND_WINDOW' });
      }
      if (amount > policy.maxAmount) {
        const message = `a refund of ${dollars(amount)} is above the limit of ${dollars(policy.maxAmount)}`;
        throw new PermanentError(message, { error_code: 'EXCEEDS_AMOUNT_LIMIT' });
      }
      logInfo('refund policy checked', { customer_tier: tier, refund_reason: request.refundReason });

      return this.success(
        {
          policy_checked: true,
          policy_compliant: true,
          customer_tier: tier,
          refund_window_days: policy.windowDays,
          days_since_purchase: days,
          within_refund_window: true,
          requires_approval: policy.requiresApproval,
          max_allowed_amount: policy.maxAmount,
          policy_checked_at: utcStamp(now),
          namespace: 'customer_success',
        },
        {
          operation: 'check_refund_policy',
          execution_hints: {
            customer_tier: tier,
            requires_approval: policy.requiresApproval,
            within_window: true,
          },
          http_headers: {
            'X-Policy-Engine': 'RefundPolicyService',
            'X-Customer-Tier': tier,
            'X-Requires-Approval': String(policy.requiresApproval),
          },
          input_refs: {
            refund_amount: 'context.get_input("refund_amount")',
            refund_reason: 'context.get_input("refund_reason")',
            customer_tier: 'context.get_dependency_field("validate_refund_request", "customer_tier")',
            original_purchase_date: 'context.get_dependency_field("validate_refund_request", "original_purchase_date")',
          },
        },
      );
    } catch (error) {
      return this.failure(...failureOf(error));
    }
  }
}

/** Cents as a text of dollars, `$100.0`. */
function dollars(cents: number): string {
  return `$${floatText(cents / 100)}`;
}

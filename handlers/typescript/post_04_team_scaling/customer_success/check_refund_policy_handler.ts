/** `customer_success/check_refund_policy`: holds the request against the refund policy of the customer's tier. */

import type { StepContext, StepHandlerResult } from '@tasker-systems/tasker';

import { CheckedHandler, Field, floatText, parseTime, permanent, utcStamp } from '../../support/index.js';

interface Policy {
  readonly tier: string;
  readonly windowDays: number;
  readonly requiresApproval: boolean;
  /** In cents. */
  readonly maxAmount: number;
}

/** Any other tier has the policy of this one. */
const STANDARD: Policy = { tier: 'standard', windowDays: 30, requiresApproval: true, maxAmount: 10_000 };

const POLICIES: readonly Policy[] = [
  STANDARD,
  { tier: 'gold', windowDays: 60, requiresApproval: false, maxAmount: 50_000 },
  { tier: 'premium', windowDays: 90, requiresApproval: false, maxAmount: 100_000 },
];

const MILLISECONDS_PER_DAY = 86_400_000;

export class CheckRefundPolicyHandler extends CheckedHandler {
  static override handlerName = 'customer_success/check_refund_policy';

  protected override handle(context: StepContext): StepHandlerResult {
    const request = Field.dependency(context, 'validate_refund_request').objectOrNil();
    if (!request.get('request_validated').isTruthy()) {
      throw permanent('MISSING_VALIDATION', 'the request validation must come first');
    }
    const givenTier = request.get('customer_tier');
    const tier = givenTier.isTruthy() ? givenTier.text() : STANDARD.tier;
    const purchased = readTime(request.get('original_purchase_date'));
    const amount = Field.input(context, 'refund_amount').number();

    const policy = POLICIES.find((candidate) => candidate.tier === tier) ?? STANDARD;
    const now = new Date();
    const days = Math.trunc((now.getTime() - purchased) / MILLISECONDS_PER_DAY);
    if (days > policy.windowDays) {
      const message = `${String(days)} days since the purchase, a refund is possible for ${String(policy.windowDays)}`;
      throw permanent('OUTSIDE_REFUND_WINDOW', message);
    }
    if (amount > policy.maxAmount) {
      const message = `a refund of ${dollars(amount)} is above the limit of ${dollars(policy.maxAmount)}`;
      throw permanent('EXCEEDS_AMOUNT_LIMIT', message);
    }

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
  }
}

function readTime(field: Field): number {
  const time = typeof field.value === 'string' ? parseTime(field.value) : undefined;
  if (time === undefined) {
    throw field.invalid('a date or an RFC 3339 timestamp');
  }
  return time;
}

/** Cents as a text of dollars, `$100.0`. */
function dollars(cents: number): string {
  return `$${floatText(cents / 100)}`;
}

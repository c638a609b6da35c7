/** `microservices/setup_billing_profile`: who is on a paid plan gets a billing profile. */

import { logInfo, PermanentError, type StepContext, StepHandler, type StepHandlerResult } from '@tasker-systems/tasker';

import { daysLater, failureOf, randomHex, utcStamp } from '../support/index.js';
import { UserAccount } from './models.js';

interface PaidPlan {
  readonly name: string;
  readonly price: number;
  readonly features: readonly string[];
}

/** Whatever other plan a user has is free. */
const PAID_PLANS: readonly PaidPlan[] = [
  { name: 'pro', price: 29.99, features: ['basic_features', 'advanced_analytics'] },
  {
    name: 'enterprise',
    price: 299.99,
    features: ['basic_features', 'advanced_analytics', 'priority_support', 'custom_integrations'],
  },
];

const BILLING_DAYS = 30;

/**
 * Sets up billing.
 *
 * Input: the result of `create_user_account`.
 * Output: a billing profile with `price` and `next_billing_date`, or that none is needed.
 */
export class SetupBillingProfileHandler extends StepHandler {
  static override handlerName = 'microservices/setup_billing_profile';

  override async call(context: StepContext): Promise<StepHandlerResult> {
    try {
      const account = UserAccount.fromOptional(context.getDependencyResult('create_user_account'));
      if (!account.isGiven) {
        const message = 'user data from create_user_account are missing';
        throw new PermanentError(message, { error_code: 'MISSING_USER_DATA' });
      }

      const { userId, plan } = account;
      const paid = PAID_PLANS.find(({ name }) => name === plan);
      const now = new Date();
      logInfo('billing set up', { billing_required: paid !== undefined });

      return this.success(paid === undefined ? skipped(userId, plan) : profile(userId, paid, now), {
        operation: 'setup_billing',
        service: 'billing_service',
        plan,
        billing_required: paid !== undefined,
        created_at: utcStamp(now),
        handler_class: 'Microservices::StepHandlers::SetupBillingProfileHandler',
      });
    } catch (error) {
      return this.failure(...failureOf(error));
    }
  }
}

function skipped(userId: unknown, plan: unknown): Record<string, unknown> {
  return {
    user_id: userId,
    plan,
    billing_required: false,
    status: 'skipped_free_plan',
    message: 'Free plan users do not require billing setup',
  };
}

function profile(userId: unknown, plan: PaidPlan, now: Date): Record<string, unknown> {
  return {
    billing_id: `billing_${randomHex(6)}`,
    user_id: userId,
    plan: plan.name,
    price: plan.price,
    currency: 'USD',
    billing_cycle: 'monthly',
    features: [...plan.features],
    status: 'active',
    next_billing_date: utcStamp(daysLater(now, BILLING_DAYS)),
    created_at: utcStamp(now),
  };
}

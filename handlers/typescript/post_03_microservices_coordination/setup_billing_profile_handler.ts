/** `microservices/setup_billing_profile`: who is on a paid plan gets a billing profile. */

import type { StepContext, StepHandlerResult } from '@tasker-systems/tasker';

import { CheckedHandler, daysLater, randomHex, utcStamp } from '../support/index.js';
import { planOf, userAccount } from './plan.js';

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

export class SetupBillingProfileHandler extends CheckedHandler {
  static override handlerName = 'microservices/setup_billing_profile';

  protected override handle(context: StepContext): StepHandlerResult {
    const account = userAccount(context);
    const userId = account.get('user_id').handOn();
    const plan = planOf(account);
    const paid = PAID_PLANS.find(({ name }) => name === plan);
    const now = new Date();

    return this.success(paid === undefined ? skipped(userId, plan) : profile(userId, paid, now), {
      operation: 'setup_billing',
      service: 'billing_service',
      plan,
      billing_required: paid !== undefined,
      created_at: utcStamp(now),
      handler_class: 'Microservices::StepHandlers::SetupBillingProfileHandler',
    });
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

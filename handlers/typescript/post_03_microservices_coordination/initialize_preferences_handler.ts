/** `microservices/initialize_preferences`: the defaults of the plan, overlaid by what the user wants. */

import type { StepContext, StepHandlerResult } from '@tasker-systems/tasker';

import { CheckedHandler, Field, randomHex, utcStamp } from '../support/index.js';
import { planOf, userAccount } from './plan.js';

const FREE_DEFAULTS = {
  email_notifications: true,
  marketing_emails: false,
  product_updates: true,
  weekly_digest: false,
  theme: 'light',
  language: 'en',
  timezone: 'UTC',
} as const;

const PRO_DEFAULTS = {
  email_notifications: true,
  marketing_emails: true,
  product_updates: true,
  weekly_digest: true,
  theme: 'dark',
  language: 'en',
  timezone: 'UTC',
  api_notifications: true,
} as const;

const ENTERPRISE_DEFAULTS = { ...PRO_DEFAULTS, audit_logs: true, advanced_reports: true } as const;

export class InitializePreferencesHandler extends CheckedHandler {
  static override handlerName = 'microservices/initialize_preferences';

  protected override handle(context: StepContext): StepHandlerResult {
    const account = userAccount(context);
    const userInfo = Field.input(context, 'user_info').objectOrNil();
    const wanted = userInfo.get('preferences').objectIfTruthy();

    const userId = account.get('user_id').handOn();
    const plan = planOf(account);
    const custom = Object.entries((wanted.isTruthy() ? wanted.handOn() : null) ?? {});
    const defaults = Object.entries(defaultsOf(plan));
    const now = utcStamp(new Date());

    return this.success(
      {
        preferences_id: `prefs_${randomHex(6)}`,
        user_id: userId,
        plan,
        // Any key is an own property this way, `__proto__` too.
        preferences: Object.fromEntries([...defaults, ...custom]),
        defaults_applied: defaults.length,
        customizations: custom.length,
        status: 'active',
        created_at: now,
        updated_at: now,
      },
      {
        operation: 'initialize_preferences',
        service: 'preferences_service',
        plan,
        custom_preferences_count: custom.length,
        created_at: now,
        handler_class: 'Microservices::StepHandlers::InitializePreferencesHandler',
      },
    );
  }
}

/** The defaults of a plan; an unknown one has those of the free plan. */
function defaultsOf(plan: unknown): Readonly<Record<string, boolean | string>> {
  switch (plan) {
    case 'pro':
      return PRO_DEFAULTS;
    case 'enterprise':
      return ENTERPRISE_DEFAULTS;
    default:
      return FREE_DEFAULTS;
  }
}

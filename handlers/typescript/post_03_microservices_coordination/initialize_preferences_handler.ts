/** `microservices/initialize_preferences`: the defaults of the plan, overlaid by what the user wants. */

import { logInfo, PermanentError, type StepContext, StepHandler, type StepHandlerResult } from '@tasker-systems/tasker';

import { failureOf, randomHex, utcStamp } from '../support/index.js';
import { UserAccount, UserInfo } from './models.js';

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

/**
 * Sets up the preferences.
 *
 * Input: the result of `create_user_account`, and the `preferences` of `user_info`.
 * Output: all `preferences`, and how many of them are `customizations`.
 */
export class InitializePreferencesHandler extends StepHandler {
  static override handlerName = 'microservices/initialize_preferences';

  override async call(context: StepContext): Promise<StepHandlerResult> {
    try {
      const account = UserAccount.fromOptional(context.getDependencyResult('create_user_account'));
      if (!account.isGiven) {
        const message = 'user data from create_user_account are missing';
        throw new PermanentError(message, { error_code: 'MISSING_USER_DATA' });
      }
      const wanted = UserInfo.fromJson(context.getInput('user_info')).preferences;

      const { userId, plan } = account;
      const custom = wanted.entries;
      const defaults = Object.entries(defaultsOf(plan));
      const now = utcStamp(new Date());
      logInfo('preferences initialized', { defaults: defaults.length, customizations: custom.length });

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
    } catch (error) {
      return this.failure(...failureOf(error));
    }
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

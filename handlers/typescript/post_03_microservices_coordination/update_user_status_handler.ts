/** `microservices/update_user_status`: activates a user for whom every service has done its part. */

import { logInfo, PermanentError, type StepContext, StepHandler, type StepHandlerResult } from '@tasker-systems/tasker';

import { failureOf, requireObjects, utcStamp } from '../support/index.js';
import { BillingProfile, FREE, InitializedPreferences, UserAccount, WelcomeSequence } from './models.js';

const NEEDED = [
  'create_user_account',
  'setup_billing_profile',
  'initialize_preferences',
  'send_welcome_sequence',
] as const;

/**
 * Activates the user.
 *
 * Input: the results of the four steps before.
 * Output: the `registration_summary`, and that the user is `active`.
 */
export class UpdateUserStatusHandler extends StepHandler {
  static override handlerName = 'microservices/update_user_status';

  override async call(context: StepContext): Promise<StepHandlerResult> {
    try {
      const account = UserAccount.fromAny(context.getDependencyResult('create_user_account'));
      const billing = BillingProfile.fromAny(context.getDependencyResult('setup_billing_profile'));
      const initialized = InitializedPreferences.fromAny(context.getDependencyResult('initialize_preferences'));
      const welcome = WelcomeSequence.fromAny(context.getDependencyResult('send_welcome_sequence'));
      const results = [account, billing, initialized, welcome];
      const missing = NEEDED.filter((_, index) => !results[index]?.isGiven);
      if (missing.length > 0) {
        const message = `the registration can not be completed, these results are missing: ${missing.join(', ')}`;
        throw new PermanentError(message, { error_code: 'INCOMPLETE_WORKFLOW' });
      }
      requireObjects(...results);

      const { userId, plan } = account;
      const now = utcStamp(new Date());
      const summary = {
        user_id: userId,
        email: account.email,
        plan,
        registration_status: 'complete',
        ...(plan === FREE ? {} : billingSummary(billing)),
        preferences_count: initialized.count,
        welcome_sent: true,
        notification_channels: welcome.channelsUsed,
        user_created_at: account.createdAt,
        registration_completed_at: now,
      };
      logInfo('user activated', { preferences: initialized.count });

      return this.success(
        {
          user_id: userId,
          status: 'active',
          plan,
          registration_summary: summary,
          activation_timestamp: now,
          all_services_coordinated: true,
          services_completed: ['user_service', 'billing_service', 'preferences_service', 'notification_service'],
        },
        {
          operation: 'update_user_status',
          service: 'user_service',
          plan,
          workflow_complete: true,
          completed_at: now,
          handler_class: 'Microservices::StepHandlers::UpdateUserStatusHandler',
        },
      );
    } catch (error) {
      return this.failure(...failureOf(error));
    }
  }
}

function billingSummary(billing: BillingProfile): Record<string, unknown> {
  return { billing_id: billing.billingId, next_billing_date: billing.nextBillingDate };
}

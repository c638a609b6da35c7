/** `microservices/send_welcome_sequence`: welcomes a user on every channel that the plan and the preferences allow. */

import { logInfo, PermanentError, type StepContext, StepHandler, type StepHandlerResult } from '@tasker-systems/tasker';

import { failureOf, randomHex, requireObjects, utcStamp } from '../support/index.js';
import { BillingProfile, InitializedPreferences, UserAccount } from './models.js';

/**
 * Welcomes the user.
 *
 * Input: the results of `create_user_account`, `setup_billing_profile` and `initialize_preferences`.
 * Output: the `channels_used`, and the id of the `welcome_sequence`.
 */
export class SendWelcomeSequenceHandler extends StepHandler {
  static override handlerName = 'microservices/send_welcome_sequence';

  override async call(context: StepContext): Promise<StepHandlerResult> {
    try {
      const account = UserAccount.fromAny(context.getDependencyResult('create_user_account'));
      const billing = BillingProfile.fromAny(context.getDependencyResult('setup_billing_profile'));
      const initialized = InitializedPreferences.fromAny(context.getDependencyResult('initialize_preferences'));
      if (!account.isGiven) {
        const message = 'user data from create_user_account are missing';
        throw new PermanentError(message, { error_code: 'MISSING_USER_DATA' });
      }
      if (!billing.isGiven) {
        const message = 'billing data from setup_billing_profile are missing';
        throw new PermanentError(message, { error_code: 'MISSING_BILLING_DATA' });
      }
      if (!initialized.isGiven) {
        const message = 'preferences data from initialize_preferences are missing';
        throw new PermanentError(message, { error_code: 'MISSING_PREFERENCES_DATA' });
      }
      requireObjects(account, billing, initialized);

      const { emailNotifications } = initialized;
      const { userId, plan } = account;
      const channels = chooseChannels(plan, emailNotifications);
      const now = utcStamp(new Date());
      logInfo('welcome sequence sent', { channels: channels.length });

      return this.success(
        {
          user_id: userId,
          plan,
          channels_used: channels,
          messages_sent: channels.length,
          welcome_sequence_id: `welcome_${randomHex(6)}`,
          status: 'sent',
          sent_at: now,
        },
        {
          operation: 'send_welcome_sequence',
          service: 'notification_service',
          plan,
          channels_used: channels.length,
          created_at: now,
          handler_class: 'Microservices::StepHandlers::SendWelcomeSequenceHandler',
        },
      );
    } catch (error) {
      return this.failure(...failureOf(error));
    }
  }
}

/** Mail unless declined in so many words, always a message in the application, a text message for enterprises. */
function chooseChannels(plan: unknown, emailNotifications: unknown): readonly string[] {
  return [
    ...(emailNotifications === false ? [] : ['email']),
    'in_app',
    ...(plan === 'enterprise' ? ['sms'] : []),
  ];
}

/** `microservices/send_welcome_sequence`: welcomes a user on every channel that the plan and the preferences allow. */

import type { StepContext, StepHandlerResult } from '@tasker-systems/tasker';

import { CheckedHandler, Field, permanent, randomHex, utcStamp } from '../support/index.js';
import { planOf } from './plan.js';

export class SendWelcomeSequenceHandler extends CheckedHandler {
  static override handlerName = 'microservices/send_welcome_sequence';

  protected override handle(context: StepContext): StepHandlerResult {
    const account = needed(context, 'create_user_account', 'MISSING_USER_DATA', 'user data');
    const billing = needed(context, 'setup_billing_profile', 'MISSING_BILLING_DATA', 'billing data');
    const initialized = needed(context, 'initialize_preferences', 'MISSING_PREFERENCES_DATA', 'preferences data');
    account.object();
    billing.object();
    const preferences = initialized.object().get('preferences').objectIfTruthy();

    const userId = account.get('user_id').handOn();
    const plan = planOf(account);
    const channels = chooseChannels(plan, preferences.get('email_notifications').value);
    const now = utcStamp(new Date());

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
  }
}

/** The result of a step, which must be there; what it is comes later. */
function needed(context: StepContext, step: string, code: string, what: string): Field {
  const result = Field.dependency(context, step);
  if (!result.isTruthy()) {
    throw permanent(code, `${what} from ${step} are missing`);
  }
  return result;
}

/** Mail unless declined in so many words, always a message in the application, a text message for enterprises. */
function chooseChannels(plan: unknown, emailNotifications: unknown): readonly string[] {
  return [
    ...(emailNotifications === false ? [] : ['email']),
    'in_app',
    ...(plan === 'enterprise' ? ['sms'] : []),
  ];
}

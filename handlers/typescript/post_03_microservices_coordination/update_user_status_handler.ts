/** `microservices/update_user_status`: activates a user for whom every service has done its part. */

import type { StepContext, StepHandlerResult } from '@tasker-systems/tasker';

import { CheckedHandler, Field, permanent, utcStamp } from '../support/index.js';
import { FREE, planOf } from './plan.js';

const NEEDED = [
  'create_user_account',
  'setup_billing_profile',
  'initialize_preferences',
  'send_welcome_sequence',
] as const;

export class UpdateUserStatusHandler extends CheckedHandler {
  static override handlerName = 'microservices/update_user_status';

  protected override handle(context: StepContext): StepHandlerResult {
    const missing = NEEDED.filter((step) => !Field.dependency(context, step).isTruthy());
    if (missing.length > 0) {
      const message = `the registration can not be completed, these results are missing: ${missing.join(', ')}`;
      throw permanent('INCOMPLETE_WORKFLOW', message);
    }
    const account = Field.dependency(context, 'create_user_account').object();
    const billing = Field.dependency(context, 'setup_billing_profile').object();
    const initialized = Field.dependency(context, 'initialize_preferences').object();
    const welcome = Field.dependency(context, 'send_welcome_sequence').object();

    const userId = account.get('user_id').handOn();
    const plan = planOf(account);
    const now = utcStamp(new Date());
    const summary = {
      user_id: userId,
      email: account.get('email').handOn(),
      plan,
      registration_status: 'complete',
      ...(plan === FREE ? {} : billingSummary(billing)),
      preferences_count: countMembers(initialized.get('preferences')),
      welcome_sent: true,
      notification_channels: channelsUsed(welcome),
      user_created_at: account.get('created_at').handOn(),
      registration_completed_at: now,
    };

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
  }
}

function billingSummary(billing: Field): Record<string, unknown> {
  return {
    billing_id: billing.get('billing_id').handOn(),
    next_billing_date: billing.get('next_billing_date').handOn(),
  };
}

function countMembers({ value }: Field): number {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value).length : 0;
}

function channelsUsed(welcome: Field): unknown {
  const channels = welcome.get('channels_used');
  return channels.isTruthy() ? channels.handOn() : [];
}

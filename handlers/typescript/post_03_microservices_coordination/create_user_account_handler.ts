/** `microservices/create_user_account`: registers a user, or recognises one who is there already. */

import type { StepContext, StepHandlerResult } from '@tasker-systems/tasker';

import { CheckedHandler, Field, permanent, randomHex, utcStamp } from '../support/index.js';
import { FREE, planOf } from './plan.js';

/** A local part, an `@`, and labels with dots between them, of which the last has letters only. All of it is ASCII. */
const EMAIL = /^[A-Za-z0-9_+.-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]+$/u;

/** The one user whom the simulated user service knows. */
const KNOWN_USER = {
  id: 'user_existing_001',
  email: 'existing@example.com',
  name: 'Existing User',
  plan: FREE,
  createdAt: '2025-01-01T00:00:00Z',
} as const;

export class CreateUserAccountHandler extends CheckedHandler {
  static override handlerName = 'microservices/create_user_account';

  protected override handle(context: StepContext): StepHandlerResult {
    const userInfo = Field.input(context, 'user_info').objectOrNil();
    const address = userInfo.get('email');
    if (!address.isTruthy()) {
      throw permanent('MISSING_EMAIL', 'email is required');
    }
    if (!userInfo.get('name').isTruthy()) {
      throw permanent('MISSING_NAME', 'name is required');
    }
    const email = address.text();
    if (!EMAIL.test(email)) {
      throw permanent('INVALID_EMAIL_FORMAT', `invalid email address: ${email}`);
    }

    const now = utcStamp(new Date());
    const isKnown = email === KNOWN_USER.email;

    return this.success(isKnown ? recognise(userInfo) : create(userInfo, email, now), {
      operation: 'create_user',
      service: 'user_service',
      idempotent: isKnown,
      created_at: now,
      handler_class: 'Microservices::StepHandlers::CreateUserAccountHandler',
    });
  }
}

/** The known user, if the data are the same. */
function recognise(userInfo: Field): Record<string, unknown> {
  const plan = userInfo.get('plan');
  const samePlan = !plan.isTruthy() || plan.value === KNOWN_USER.plan;
  if (userInfo.get('name').value !== KNOWN_USER.name || !samePlan) {
    throw permanent('USER_CONFLICT', `a user with the address ${KNOWN_USER.email} exists with other data`);
  }
  return {
    user_id: KNOWN_USER.id,
    email: KNOWN_USER.email,
    plan: KNOWN_USER.plan,
    status: 'already_exists',
    created_at: KNOWN_USER.createdAt,
  };
}

function create(userInfo: Field, email: string, now: string): Record<string, unknown> {
  const name = userInfo.get('name').handOn();
  const plan = planOf(userInfo);
  return { user_id: `user_${randomHex(6)}`, email, name, plan, status: 'created', created_at: now };
}

/** `microservices/create_user_account`: registers a user, or recognises one who is there already. */

import { logInfo, PermanentError, type StepContext, StepHandler, type StepHandlerResult } from '@tasker-systems/tasker';

import { failureOf, randomHex, utcStamp } from '../support/index.js';
import { FREE, UserInfo } from './models.js';

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

/** What is made of a user. */
interface Account {
  readonly user_id: string;
  readonly email: string;
  readonly name?: unknown;
  readonly plan: unknown;
  readonly status: 'already_exists' | 'created';
  readonly created_at: string;
}

/**
 * Registers the user.
 *
 * Input: `user_info` with `email` and `name`, and maybe a `plan`.
 * Output: the `user_id`, the `plan`, and whether the user is new: `status`.
 */
export class CreateUserAccountHandler extends StepHandler {
  static override handlerName = 'microservices/create_user_account';

  override async call(context: StepContext): Promise<StepHandlerResult> {
    try {
      const userInfo = UserInfo.fromJson(context.getInput('user_info'));
      if (!userInfo.has('email')) {
        throw new PermanentError('email is required', { error_code: 'MISSING_EMAIL' });
      }
      if (!userInfo.has('name')) {
        throw new PermanentError('name is required', { error_code: 'MISSING_NAME' });
      }
      const { email } = userInfo;
      if (!EMAIL.test(email)) {
        throw new PermanentError(`invalid email address: ${email}`, { error_code: 'INVALID_EMAIL_FORMAT' });
      }

      const now = utcStamp(new Date());
      const isKnown = email === KNOWN_USER.email;
      const account = isKnown ? recognise(userInfo) : create(userInfo, now);
      logInfo('user account ready', { user_id: account.user_id, status: account.status });

      return this.success({ ...account }, {
        operation: 'create_user',
        service: 'user_service',
        idempotent: isKnown,
        created_at: now,
        handler_class: 'Microservices::StepHandlers::CreateUserAccountHandler',
      });
    } catch (error) {
      return this.failure(...failureOf(error));
    }
  }
}

/** The known user, if the data are the same. */
function recognise(userInfo: UserInfo): Account {
  if (!userInfo.isNamed(KNOWN_USER.name) || !userInfo.isOn(KNOWN_USER.plan)) {
    const message = `a user with the address ${KNOWN_USER.email} exists with other data`;
    throw new PermanentError(message, { error_code: 'USER_CONFLICT' });
  }
  return {
    user_id: KNOWN_USER.id,
    email: KNOWN_USER.email,
    plan: KNOWN_USER.plan,
    status: 'already_exists',
    created_at: KNOWN_USER.createdAt,
  };
}

function create(userInfo: UserInfo, now: string): Account {
  const { name, plan } = userInfo;
  return { user_id: `user_${randomHex(6)}`, email: userInfo.email, name, plan, status: 'created', created_at: now };
}

/** The plan of a user, as every service reads it. */

import type { StepContext } from '@tasker-systems/tasker';

import { Field, permanent } from '../support/index.js';

/** The plan of whoever has none. */
export const FREE = 'free';

/** The plan of a user, whatever it is called; nothing and false are the free one. */
export function planOf(user: Field): unknown {
  const plan = user.get('plan');
  return plan.isTruthy() ? plan.handOn() : FREE;
}

/** The account that `create_user_account` made. */
export function userAccount(context: StepContext): Field {
  const account = Field.dependency(context, 'create_user_account').objectIfTruthy();
  if (!account.isTruthy()) {
    throw permanent('MISSING_USER_DATA', 'user data from create_user_account are missing');
  }
  return account;
}

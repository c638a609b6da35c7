/** Models of a user who is being registered: what is wanted, and what each service hands on. */

import { type Field, Model } from '../support/index.js';

/** The plan of whoever has none. */
export const FREE = 'free';

/** The task's `user_info`: who is to be registered. */
export class UserInfo extends Model {
  static override readonly path = '/context/user_info';

  /** The address, a text. */
  get email(): string {
    return this.get('email').text();
  }

  /** The name, passed on as it is. */
  get name(): unknown {
    return this.get('name').handOn();
  }

  /** The plan, whatever it is called. */
  get plan(): unknown {
    return planOf(this.get('plan'));
  }

  /** The preferences; null and false are none. */
  get preferences(): Preferences {
    return new Preferences(this.get('preferences').objectIfTruthy());
  }

  /** Whether this is the name. */
  isNamed(name: string): boolean {
    return this.get('name').value === name;
  }

  /** Whether this is the plan, or none is asked for. */
  isOn(plan: string): boolean {
    return !this.has('plan') || this.get('plan').value === plan;
  }
}

/** What the user wants to be different from the defaults. */
export class Preferences extends Model {
  /** Names and values of all preferences, passed on as they are. */
  get entries(): readonly (readonly [string, unknown])[] {
    return this.isGiven ? Object.entries(this.json.handOn() as object) : [];
  }
}

/** The result of `create_user_account`. */
export class UserAccount extends Model {
  static override readonly path = '/dependencies/create_user_account';

  /** The user's id, passed on as it is. */
  get userId(): unknown {
    return this.get('user_id').handOn();
  }

  /** The address, passed on as it is. */
  get email(): unknown {
    return this.get('email').handOn();
  }

  /** The plan, whatever it is called. */
  get plan(): unknown {
    return planOf(this.get('plan'));
  }

  /** When the user was registered, passed on as it is. */
  get createdAt(): unknown {
    return this.get('created_at').handOn();
  }
}

/** The result of `setup_billing_profile`. */
export class BillingProfile extends Model {
  static override readonly path = '/dependencies/setup_billing_profile';

  /** The id of the profile, passed on as it is. */
  get billingId(): unknown {
    return this.get('billing_id').handOn();
  }

  /** When the user pays next, passed on as it is. */
  get nextBillingDate(): unknown {
    return this.get('next_billing_date').handOn();
  }
}

/** The result of `initialize_preferences`. */
export class InitializedPreferences extends Model {
  static override readonly path = '/dependencies/initialize_preferences';

  /** Whether the user wants mail; null where nothing is said about it. */
  get emailNotifications(): unknown {
    return this.get('preferences').objectIfTruthy().get('email_notifications').value;
  }

  /** How many preferences there are; what is no object holds none. */
  get count(): number {
    const { value } = this.get('preferences');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value).length : 0;
  }
}

/** The result of `send_welcome_sequence`. */
export class WelcomeSequence extends Model {
  static override readonly path = '/dependencies/send_welcome_sequence';

  /** The channels, passed on as they are; null and false are none. */
  get channelsUsed(): unknown {
    return this.has('channels_used') ? this.get('channels_used').handOn() : [];
  }
}

/** Nothing and false are the free plan, any other is passed on as it is. */
function planOf(plan: Field): unknown {
  return plan.isTruthy() ? plan.handOn() : FREE;
}

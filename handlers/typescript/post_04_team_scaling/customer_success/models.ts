/** Models of a refund as the support team sees it: the task's input, and what each step hands on. */

import type { StepContext } from '@tasker-systems/tasker';

import { Model, parseTime } from '../../support/index.js';

/** The tier of a customer of whom none is known. */
export const DEFAULT_TIER = 'standard';

const INPUTS = ['ticket_id', 'customer_id', 'refund_amount', 'refund_reason', 'correlation_id'] as const;

/** The task's input. */
export class RefundRequest extends Model {
  static override readonly path = '/context';

  /** Takes the input of a step's task. */
  static fromContext(context: StepContext): RefundRequest {
    return RefundRequest.fromJson(Object.fromEntries(INPUTS.map((name) => [name, context.getInput(name)])));
  }

  /** The ticket, passed on as it is. */
  get ticketId(): unknown {
    return this.get('ticket_id').handOn();
  }

  /** The customer, passed on as it is. */
  get customerId(): unknown {
    return this.get('customer_id').handOn();
  }

  /** What the customer is to get back, in cents. */
  get refundAmount(): number {
    return this.get('refund_amount').number();
  }

  /** Why, in whatever words. */
  get refundReason(): unknown {
    return this.get('refund_reason').value;
  }

  /** What the caller knows the refund by, passed on as it is. */
  get correlationId(): unknown {
    return this.get('correlation_id').handOn();
  }
}

/** The result of `validate_refund_request`. */
export class ValidatedRequest extends Model {
  static override readonly path = '/dependencies/validate_refund_request';

  /** The ticket, passed on as it is. */
  get ticketId(): unknown {
    return this.get('ticket_id').handOn();
  }

  /** The customer's id as it looks within a text. */
  get customer(): string {
    return this.get('customer_id').toText();
  }

  /** The customer's tier, a text. */
  get customerTier(): string {
    return this.has('customer_tier') ? this.get('customer_tier').text() : DEFAULT_TIER;
  }

  /** When the purchase was, in milliseconds since 1970. */
  get purchasedAt(): number {
    const date = this.get('original_purchase_date');
    const time = typeof date.value === 'string' ? parseTime(date.value) : undefined;
    if (time === undefined) {
      throw date.invalid('a date or an RFC 3339 timestamp');
    }
    return time;
  }
}

/** The result of `check_refund_policy`. */
export class PolicyCheck extends Model {
  static override readonly path = '/dependencies/check_refund_policy';

  /** Whether a manager is to be asked, passed on as it is. */
  get requiresApproval(): unknown {
    return this.get('requires_approval').handOn();
  }
}

/** The result of `get_manager_approval`. */
export class ManagerApproval extends Model {
  static override readonly path = '/dependencies/get_manager_approval';
}

/** The result of `execute_refund_workflow`. */
export class Delegation extends Model {
  static override readonly path = '/dependencies/execute_refund_workflow';

  /** The correlation id as it looks within a text. */
  get correlation(): string {
    return this.get('correlation_id').toText();
  }

  /** The id of the payment team's task as it looks within a text. */
  get task(): string {
    return this.get('delegated_task_id').toText();
  }

  /** The id of the payment team's task. */
  get taskId(): unknown {
    return this.get('delegated_task_id').value;
  }
}

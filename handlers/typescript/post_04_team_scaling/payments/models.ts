/** Models of a refund as the payments team sees it: the task's input, and what each step hands on. */

import type { StepContext } from '@tasker-systems/tasker';

import { Model } from '../../support/index.js';

const INPUTS = ['payment_id', 'refund_amount', 'customer_email'] as const;

/** The task's input. */
export class RefundRequest extends Model {
  static override readonly path = '/context';

  /** Takes the input of a step's task. */
  static fromContext(context: StepContext): RefundRequest {
    return RefundRequest.fromJson(Object.fromEntries(INPUTS.map((name) => [name, context.getInput(name)])));
  }

  /** The payment, a text. */
  get paymentId(): string {
    return this.get('payment_id').text();
  }

  /** What is to be paid back, in cents. */
  get refundAmount(): number {
    return this.get('refund_amount').number();
  }

  /** Where the customer is told, a text. */
  get customerEmail(): string {
    return this.get('customer_email').text();
  }
}

/** The result of `validate_payment_eligibility`. */
export class ValidatedPayment extends Model {
  static override readonly path = '/dependencies/validate_payment_eligibility';

  /** The payment, passed on as it is. */
  get paymentId(): unknown {
    return this.get('payment_id').handOn();
  }

  /** What is to be paid back, passed on as it is. */
  get refundAmount(): unknown {
    return this.get('refund_amount').handOn();
  }
}

/** The result of `process_gateway_refund`. */
export class ProcessedRefund extends Model {
  static override readonly path = '/dependencies/process_gateway_refund';

  /** The payment, passed on as it is. */
  get paymentId(): unknown {
    return this.get('payment_id').handOn();
  }

  /** The refund, passed on as it is. */
  get refundId(): unknown {
    return this.get('refund_id').handOn();
  }

  /** What was paid back, in cents; the subject line of the mail names it. */
  get refundAmount(): number {
    return this.get('refund_amount').number();
  }
}

/** `customer_success/validate_refund_request`: looks up the ticket and the tier of the customer. */

import { logInfo, PermanentError, type StepContext, StepHandler, type StepHandlerResult } from '@tasker-systems/tasker';

import { daysLater, failureOf, randomHex, utcStamp } from '../../support/index.js';
import { DEFAULT_TIER, RefundRequest } from './models.js';

const REQUIRED = ['ticket_id', 'customer_id', 'refund_amount'] as const;

/** What a ticket id says of a ticket that gets no refund. */
const DEAD_TICKETS = [
  { token: 'ticket_closed', code: 'TICKET_CLOSED', state: 'closed' },
  { token: 'ticket_cancelled', code: 'TICKET_CANCELLED', state: 'cancelled' },
  { token: 'ticket_duplicate', code: 'TICKET_DUPLICATE', state: 'duplicate' },
] as const;

/** What in a customer id tells a tier; the first that is there counts. */
const TIERS = [
  { token: 'vip', tier: 'premium' },
  { token: 'premium', tier: 'premium' },
  { token: 'gold', tier: 'gold' },
] as const;

const TICKET_STATUS = 'open';

/** How long ago the simulated shop sold everything. */
const PURCHASED_DAYS_AGO = 30;

/**
 * Validates the request.
 *
 * Input: `ticket_id`, `customer_id` and `refund_amount`.
 * Output: the `customer_tier`, the `payment_id`, and when the purchase was.
 */
export class ValidateRefundRequestHandler extends StepHandler {
  static override handlerName = 'customer_success/validate_refund_request';

  override async call(context: StepContext): Promise<StepHandlerResult> {
    try {
      const request = RefundRequest.fromContext(context);
      const missing = REQUIRED.filter((name) => request.isBlank(name));
      if (missing.length > 0) {
        const message = `missing required fields: ${missing.join(', ')}`;
        throw new PermanentError(message, { error_code: 'MISSING_REQUIRED_FIELDS' });
      }
      const dead = DEAD_TICKETS.find(({ token }) => request.contains('ticket_id', token));
      if (dead !== undefined) {
        throw new PermanentError(`no refund for a ${dead.state} ticket`, { error_code: dead.code });
      }

      const tier = TIERS.find(({ token }) => request.contains('customer_id', token))?.tier ?? DEFAULT_TIER;
      const { ticketId, customerId } = request;
      const now = new Date();
      logInfo('refund request validated', { customer_tier: tier, refund_reason: request.refundReason });

      return this.success(
        {
          request_validated: true,
          ticket_id: ticketId,
          customer_id: customerId,
          ticket_status: TICKET_STATUS,
          customer_tier: tier,
          original_purchase_date: utcStamp(daysLater(now, -PURCHASED_DAYS_AGO)),
          payment_id: `pay_${randomHex(8)}`,
          validation_timestamp: utcStamp(now),
          namespace: 'customer_success',
        },
        {
          operation: 'validate_refund_request',
          execution_hints: { ticket_id: ticketId, customer_tier: tier, ticket_status: TICKET_STATUS },
          http_headers: {
            'X-Customer-Service-Platform': 'MockCustomerServiceSystem',
            'X-Ticket-ID': ticketId,
            'X-Customer-Tier': tier,
          },
          input_refs: {
            ticket_id: 'context.get_input("ticket_id")',
            customer_id: 'context.get_input("customer_id")',
            refund_amount: 'context.get_input("refund_amount")',
            refund_reason: 'context.get_input("refund_reason")',
          },
        },
      );
    } catch (error) {
      return this.failure(...failureOf(error));
    }
  }
}

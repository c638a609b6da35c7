/** `customer_success/validate_refund_request`: looks up the ticket and the tier of the customer. */

import type { StepContext, StepHandlerResult } from '@tasker-systems/tasker';

import { CheckedHandler, daysLater, Field, permanent, randomHex, utcStamp } from '../../support/index.js';

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
const DEFAULT_TIER = 'standard';

const TICKET_STATUS = 'open';

/** How long ago the simulated shop sold everything. */
const PURCHASED_DAYS_AGO = 30;

export class ValidateRefundRequestHandler extends CheckedHandler {
  static override handlerName = 'customer_success/validate_refund_request';

  protected override handle(context: StepContext): StepHandlerResult {
    const missing = REQUIRED.filter((name) => Field.input(context, name).isBlank());
    if (missing.length > 0) {
      throw permanent('MISSING_REQUIRED_FIELDS', `missing required fields: ${missing.join(', ')}`);
    }
    const ticket = Field.input(context, 'ticket_id');
    const dead = DEAD_TICKETS.find(({ token }) => ticket.contains(token));
    if (dead !== undefined) {
      throw permanent(dead.code, `no refund for a ${dead.state} ticket`);
    }

    const customer = Field.input(context, 'customer_id');
    const tier = TIERS.find(({ token }) => customer.contains(token))?.tier ?? DEFAULT_TIER;
    const ticketId = ticket.handOn();
    const customerId = customer.handOn();
    const now = new Date();

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
  }
}

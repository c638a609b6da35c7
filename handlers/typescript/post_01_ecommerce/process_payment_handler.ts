/** `ecommerce/process_payment`: charges the cart total to the customer's means of payment. */

import type { StepContext, StepHandlerResult } from '@tasker-systems/tasker';

import {
  CheckedHandler,
  Field,
  floatText,
  permanent,
  randomHex,
  retryable,
  round2,
  utcStamp,
} from '../support/index.js';

const FEE_RATE = 0.029;
const FIXED_FEE = 0.3;
const AMOUNT_TOLERANCE = 0.01;

export class ProcessPaymentHandler extends CheckedHandler {
  static override handlerName = 'ecommerce/process_payment';

  protected override handle(context: StepContext): StepHandlerResult {
    const givenPaymentInfo = Field.input(context, 'payment_info').objectIfTruthy();
    const cart = Field.dependency(context, 'validate_cart').objectOrNil();
    const paymentInfo = givenPaymentInfo.objectOrNil();

    const method = paymentInfo.get('method');
    if (!method.isTruthy()) {
      throw permanent('MISSING_PAYMENT_METHOD', 'payment method is required');
    }
    const token = paymentInfo.get('token');
    if (!token.isTruthy()) {
      throw permanent('MISSING_PAYMENT_TOKEN', 'payment token is required');
    }
    const cartTotal = cart.get('total');
    if (!cartTotal.isTruthy()) {
      throw permanent('MISSING_CART_TOTAL', 'cart total from validate_cart is missing');
    }
    checkAmount(paymentInfo.get('amount'), cartTotal);
    charge(token.value);

    // A text may stand for the total up to here; fees are taken of a number only.
    const total = cartTotal.number();
    const paymentMethodType = method.handOn();
    const processingFee = round2(total * FEE_RATE);
    const paymentId = `pay_${randomHex(12)}`;
    const transactionId = `txn_${randomHex(12)}`;

    return this.success(
      {
        payment_id: paymentId,
        amount_charged: total,
        currency: 'USD',
        payment_method_type: paymentMethodType,
        transaction_id: transactionId,
        processed_at: utcStamp(new Date()),
        status: 'completed',
      },
      {
        operation: 'process_payment',
        execution_hints: {
          payment_gateway: 'mock',
          amount_charged: total,
          fees: {
            processing_fee: processingFee,
            fixed_fee: FIXED_FEE,
            total_fees: processingFee + FIXED_FEE,
          },
          processing_time_ms: 150,
        },
        http_headers: {
          'X-Payment-Gateway': 'SimulatedPaymentService',
          'X-Payment-ID': paymentId,
          'X-Transaction-ID': transactionId,
        },
        input_refs: {
          amount: 'context.get_dependency_field("validate_cart", "total")',
          payment_info: 'context.get_input("payment_info")',
        },
      },
    );
  }
}

/** The amount that the customer agreed to must be the total of the cart, give or take a cent. */
function checkAmount(amount: Field, cartTotal: Field): void {
  const provided = amount.toFloat();
  const expected = cartTotal.toFloat();
  if (Math.abs(provided - expected) > AMOUNT_TOLERANCE) {
    throw permanent(
      'PAYMENT_AMOUNT_MISMATCH',
      `payment amount $${floatText(provided)} does not match the cart total $${floatText(expected)}`,
      { expected_amount: expected, provided_amount: provided, difference: round2(provided - expected) },
    );
  }
}

/** The simulated gateway: test tokens decline, every other token is charged. */
function charge(token: unknown): void {
  switch (token) {
    case 'tok_test_declined':
      throw declined('card_declined', 'the issuer declined the card');
    case 'tok_test_insufficient_funds':
      throw declined('insufficient_funds', 'not enough funds');
    case 'tok_test_network_error':
      throw retryable(15, 'payment service is temporarily unavailable', { payment_status: 'timeout' });
  }
}

function declined(status: string, reason: string): Error {
  return permanent('PAYMENT_DECLINED', `payment declined: ${reason}`, { payment_status: status });
}

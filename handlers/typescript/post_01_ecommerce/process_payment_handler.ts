/** `ecommerce/process_payment`: charges the cart total to the customer's means of payment. */

import {
  logInfo,
  PermanentError,
  RetryableError,
  type StepContext,
  StepHandler,
  type StepHandlerResult,
} from '@tasker-systems/tasker';

import { failureOf, floatText, randomHex, round2, utcStamp } from '../support/index.js';
import { PaymentInfo, ValidatedCart } from './order.js';

const FEE_RATE = 0.029;
const FIXED_FEE = 0.3;
const AMOUNT_TOLERANCE = 0.01;

/**
 * Charges the cart total.
 *
 * Input: `payment_info` with `method`, `token` and `amount`, and the result of `validate_cart`.
 * Output: `payment_id`, `transaction_id` and `amount_charged`; the fees are in the metadata.
 */
export class ProcessPaymentHandler extends StepHandler {
  static override handlerName = 'ecommerce/process_payment';

  override async call(context: StepContext): Promise<StepHandlerResult> {
    try {
      const paymentInfo = PaymentInfo.fromOptional(context.getInput('payment_info'));
      const cart = ValidatedCart.fromJson(context.getDependencyResult('validate_cart'));
      if (!paymentInfo.has('method')) {
        throw new PermanentError('payment method is required', { error_code: 'MISSING_PAYMENT_METHOD' });
      }
      if (!paymentInfo.has('token')) {
        throw new PermanentError('payment token is required', { error_code: 'MISSING_PAYMENT_TOKEN' });
      }
      if (!cart.has('total')) {
        throw new PermanentError('cart total from validate_cart is missing', { error_code: 'MISSING_CART_TOTAL' });
      }
      checkAmount(paymentInfo.amount, cart.totalToPay);
      charge(paymentInfo.token);

      const amountCharged = cart.totalToCharge;
      const paymentMethodType = paymentInfo.method;
      const processingFee = round2(amountCharged * FEE_RATE);
      const paymentId = `pay_${randomHex(12)}`;
      const transactionId = `txn_${randomHex(12)}`;
      logInfo('payment processed', { payment_id: paymentId, amount_charged: amountCharged });

      return this.success(
        {
          payment_id: paymentId,
          amount_charged: amountCharged,
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
            amount_charged: amountCharged,
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
    } catch (error) {
      return this.failure(...failureOf(error));
    }
  }
}

/** The amount that the customer agreed to must be the total of the cart, give or take a cent. */
function checkAmount(provided: number, expected: number): void {
  if (Math.abs(provided - expected) > AMOUNT_TOLERANCE) {
    throw new PermanentError(
      `payment amount $${floatText(provided)} does not match the cart total $${floatText(expected)}`,
      {
        error_code: 'PAYMENT_AMOUNT_MISMATCH',
        expected_amount: expected,
        provided_amount: provided,
        difference: round2(provided - expected),
      },
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
      throw new RetryableError('payment service is temporarily unavailable', {
        retry_after: 15,
        payment_status: 'timeout',
      });
  }
}

function declined(status: string, reason: string): PermanentError {
  return new PermanentError(`payment declined: ${reason}`, { error_code: 'PAYMENT_DECLINED', payment_status: status });
}

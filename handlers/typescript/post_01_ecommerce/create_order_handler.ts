/** `ecommerce/create_order`: turns cart, payment and reservation into an order. */

import { logInfo, PermanentError, type StepContext, StepHandler, type StepHandlerResult } from '@tasker-systems/tasker';

import { calendarDate, daysLater, failureOf, longDate, randomHex, utcStamp } from '../support/index.js';
import { Customer, Inventory, Payment, ValidatedCart } from './order.js';

const DELIVERY_DAYS = 7;

/**
 * Creates the order.
 *
 * Input: `customer_info`, and the results of `validate_cart`, `process_payment` and `update_inventory`.
 * Output: `order_id` and `order_number`, the `total_amount`, and the `estimated_delivery`.
 */
export class CreateOrderHandler extends StepHandler {
  static override handlerName = 'ecommerce/create_order';

  override async call(context: StepContext): Promise<StepHandlerResult> {
    try {
      const customer = Customer.fromOptional(context.getInput('customer_info'));
      const cart = ValidatedCart.fromOptional(context.getDependencyResult('validate_cart'));
      const payment = Payment.fromOptional(context.getDependencyResult('process_payment'));
      const inventory = Inventory.fromOptional(context.getDependencyResult('update_inventory'));
      if (!customer.isGiven) {
        throw new PermanentError('customer information is required', { error_code: 'MISSING_CUSTOMER_INFO' });
      }
      if (!cart.hasItems) {
        throw new PermanentError('cart validation results are missing', { error_code: 'MISSING_CART_VALIDATION' });
      }
      if (!payment.has('payment_id')) {
        throw new PermanentError('payment results are missing', { error_code: 'MISSING_PAYMENT_RESULT' });
      }
      if (!inventory.hasProducts) {
        throw new PermanentError('inventory results are missing', { error_code: 'MISSING_INVENTORY_RESULT' });
      }

      const totalAmount = cart.total;
      const customerEmail = customer.email;
      const itemCount = cart.itemCount;
      const now = new Date();
      const orderId = 1000 + Math.floor(Math.random() * 9000);
      const orderNumber = `ORD-${calendarDate(now).replaceAll('-', '')}-${randomHex(4).toUpperCase()}`;
      logInfo('order created', { order_id: orderId, order_number: orderNumber });

      return this.success(
        {
          order_id: orderId,
          order_number: orderNumber,
          status: 'confirmed',
          total_amount: totalAmount,
          customer_email: customerEmail,
          created_at: utcStamp(now).replace('Z', '+00:00'),
          estimated_delivery: longDate(daysLater(now, DELIVERY_DAYS)),
        },
        {
          operation: 'create_order',
          execution_hints: {
            order_id: orderId,
            order_number: orderNumber,
            item_count: itemCount,
            total_amount: totalAmount,
            creation_timestamp: utcStamp(now),
          },
          http_headers: {
            'X-Order-Service': 'OrderManagement',
            'X-Order-ID': String(orderId),
            'X-Order-Number': orderNumber,
            'X-Order-Status': 'confirmed',
          },
          input_refs: {
            customer_info: 'context.get_input("customer_info")',
            cart_validation: 'context.get_dependency_result("validate_cart")',
            payment_result: 'context.get_dependency_result("process_payment")',
            inventory_result: 'context.get_dependency_result("update_inventory")',
          },
        },
      );
    } catch (error) {
      return this.failure(...failureOf(error));
    }
  }
}

/** `ecommerce/create_order`: turns cart, payment and reservation into an order. */

import type { StepContext, StepHandlerResult } from '@tasker-systems/tasker';

import {
  calendarDate,
  CheckedHandler,
  daysLater,
  Field,
  longDate,
  permanent,
  randomHex,
  utcStamp,
} from '../support/index.js';

const DELIVERY_DAYS = 7;

export class CreateOrderHandler extends CheckedHandler {
  static override handlerName = 'ecommerce/create_order';

  protected override handle(context: StepContext): StepHandlerResult {
    const customerInfo = Field.input(context, 'customer_info').objectIfTruthy();
    const cart = Field.dependency(context, 'validate_cart').objectIfTruthy();
    const payment = Field.dependency(context, 'process_payment').objectIfTruthy();
    const inventory = Field.dependency(context, 'update_inventory').objectIfTruthy();

    if (!customerInfo.isTruthy()) {
      throw permanent('MISSING_CUSTOMER_INFO', 'customer information is required');
    }
    if (!cart.isObject() || !cart.get('validated_items').hasAny()) {
      throw permanent('MISSING_CART_VALIDATION', 'cart validation results are missing');
    }
    if (!payment.isObject() || !payment.get('payment_id').isTruthy()) {
      throw permanent('MISSING_PAYMENT_RESULT', 'payment results are missing');
    }
    if (!inventory.isObject() || !inventory.get('updated_products').hasAny()) {
      throw permanent('MISSING_INVENTORY_RESULT', 'inventory results are missing');
    }

    const totalAmount = cart.get('total').handOn();
    const customerEmail = customerInfo.get('email').handOn();
    const itemCount = cart.get('item_count').handOn();
    const now = new Date();
    const orderId = 1000 + Math.floor(Math.random() * 9000);
    const orderNumber = `ORD-${calendarDate(now).replaceAll('-', '')}-${randomHex(4).toUpperCase()}`;

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
  }
}

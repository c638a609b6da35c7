/** `ecommerce/update_inventory`: reserves the stock of the validated cart. */

import type { StepContext, StepHandlerResult } from '@tasker-systems/tasker';

import { CheckedHandler, Field, permanent, randomHex, sum, sumText, utcStamp } from '../support/index.js';
import { checkStock, findProduct, type StockedProduct } from './products.js';

interface Reservation {
  product: StockedProduct;
  quantity: number;
  reservationId: string;
  logId: string;
}

/** The warehouse's own table: it knows no prices and reserves inactive products too. */
const PRODUCTS: readonly StockedProduct[] = [
  { id: 1, name: 'Widget A', stock: 100 },
  { id: 2, name: 'Widget B', stock: 50 },
  { id: 3, name: 'Widget C', stock: 25 },
  { id: 4, name: 'Widget D', stock: 0 },
  { id: 5, name: 'Widget E', stock: 10 },
];

export class UpdateInventoryHandler extends CheckedHandler {
  static override handlerName = 'ecommerce/update_inventory';

  protected override handle(context: StepContext): StepHandlerResult {
    const cart = Field.dependency(context, 'validate_cart').objectOrNil();
    const customerInfo = Field.input(context, 'customer_info').objectIfTruthy();
    const items = cart.get('validated_items');
    if (!items.hasAny()) {
      throw permanent('MISSING_VALIDATED_ITEMS', 'validated items from validate_cart are missing');
    }
    if (!customerInfo.isTruthy()) {
      throw permanent('MISSING_CUSTOMER_INFO', 'customer information is required');
    }

    const now = utcStamp(new Date());
    const reservations = items.elements().map(reserve);
    const quantities = reservations.map(({ quantity }) => quantity);
    const totalItemsReserved = sum(quantities);

    return this.success(
      {
        updated_products: reservations.map(({ product, quantity, reservationId }) => ({
          product_id: product.id,
          name: product.name,
          previous_stock: product.stock,
          new_stock: product.stock - quantity,
          quantity_reserved: quantity,
          reservation_id: reservationId,
        })),
        total_items_reserved: totalItemsReserved,
        inventory_changes: reservations.map(({ product, quantity, reservationId, logId }) => ({
          product_id: product.id,
          change_type: 'reservation',
          quantity: -quantity,
          reason: 'order_checkout',
          timestamp: now,
          reservation_id: reservationId,
          inventory_log_id: logId,
        })),
        inventory_log_id: `log_${randomHex(8)}`,
        updated_at: now,
      },
      {
        operation: 'update_inventory',
        execution_hints: {
          products_updated: reservations.length,
          total_items_reserved: totalItemsReserved,
          reservation_timestamp: now,
        },
        http_headers: {
          'X-Inventory-Service': 'MockInventoryService',
          'X-Reservation-Count': String(reservations.length),
          'X-Total-Quantity': sumText(quantities),
        },
        input_refs: {
          validated_items: 'context.get_dependency_field("validate_cart", "validated_items")',
          customer_info: 'context.get_input("customer_info")',
        },
      },
    );
  }
}

function reserve(item: Field): Reservation {
  const product = findProduct(PRODUCTS, item.object().get('product_id'));
  const quantity = item.get('quantity').number();
  checkStock(product, quantity, 'needed');
  return { product, quantity, reservationId: `rsv_${randomHex(8)}`, logId: `log_${randomHex(6)}` };
}

/** `ecommerce/update_inventory`: reserves the stock of the validated cart. */

import { logInfo, PermanentError, type StepContext, StepHandler, type StepHandlerResult } from '@tasker-systems/tasker';

import { failureOf, randomHex, sum, sumText, utcStamp } from '../support/index.js';
import { Customer, ValidatedCart, type ValidatedItem } from './order.js';
import { checkStock, findProduct, type StockedProduct } from './product.js';

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

/**
 * Reserves stock for every line of the cart.
 *
 * Input: `customer_info`, and the `validated_items` of `validate_cart`.
 * Output: `updated_products` with the stock before and after, and a log of the `inventory_changes`.
 */
export class UpdateInventoryHandler extends StepHandler {
  static override handlerName = 'ecommerce/update_inventory';

  override async call(context: StepContext): Promise<StepHandlerResult> {
    try {
      const cart = ValidatedCart.fromJson(context.getDependencyResult('validate_cart'));
      const customer = Customer.fromOptional(context.getInput('customer_info'));
      if (!cart.hasItems) {
        throw new PermanentError('validated items from validate_cart are missing', {
          error_code: 'MISSING_VALIDATED_ITEMS',
        });
      }
      if (!customer.isGiven) {
        throw new PermanentError('customer information is required', { error_code: 'MISSING_CUSTOMER_INFO' });
      }

      const reservations = cart.mapItems(reserve);
      const quantities = reservations.map(({ quantity }) => quantity);
      const totalItemsReserved = sum(quantities);
      const now = utcStamp(new Date());
      logInfo('stock reserved', { products: reservations.length, units: totalItemsReserved });

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
    } catch (error) {
      return this.failure(...failureOf(error));
    }
  }
}

function reserve(item: ValidatedItem): Reservation {
  const product = findProduct(PRODUCTS, item.productId);
  const { quantity } = item;
  checkStock(product, quantity, 'needed');
  return { product, quantity, reservationId: `rsv_${randomHex(8)}`, logId: `log_${randomHex(6)}` };
}

/** `ecommerce/validate_cart`: prices the cart and refuses what can not be sold. */

import { logInfo, PermanentError, type StepContext, StepHandler, type StepHandlerResult } from '@tasker-systems/tasker';

import { failureOf, round2, sumFloats, utcStamp } from '../support/index.js';
import { CartItem } from './order.js';
import { checkStock, findProduct, type Product } from './product.js';

interface PricedItem {
  product_id: number;
  name: string;
  price: number;
  quantity: number;
  line_total: number;
}

const PRODUCTS: readonly Product[] = [
  { id: 1, name: 'Widget A', price: 29.99, stock: 100, active: true },
  { id: 2, name: 'Widget B', price: 49.99, stock: 50, active: true },
  { id: 3, name: 'Widget C', price: 19.99, stock: 25, active: true },
  { id: 4, name: 'Widget D', price: 39.99, stock: 0, active: true },
  { id: 5, name: 'Widget E', price: 59.99, stock: 10, active: false },
];

const TAX_RATE = 0.08;
const WEIGHT_PER_UNIT = 0.5;

/**
 * Prices the cart.
 *
 * Input: `cart_items`, a list of `{ product_id: 1, quantity: 2 }`.
 * Output: the priced `validated_items`, and what they come to: `subtotal`, `tax`, `shipping` and `total`.
 */
export class ValidateCartHandler extends StepHandler {
  static override handlerName = 'ecommerce/validate_cart';

  override async call(context: StepContext): Promise<StepHandlerResult> {
    try {
      const items = CartItem.listFromJson(context.getInput('cart_items'));
      checkItems(items);
      const validatedItems = items.map(priceItem);

      const subtotal = sumFloats(validatedItems.map((item) => item.line_total));
      const tax = round2(subtotal * TAX_RATE);
      const shipping = shippingCost(sumFloats(validatedItems.map((item) => item.quantity * WEIGHT_PER_UNIT)));
      const total = subtotal + tax + shipping;
      logInfo('cart validated', { items: validatedItems.length, total });

      return this.success(
        {
          validated_items: validatedItems,
          subtotal,
          tax,
          shipping,
          total,
          item_count: validatedItems.length,
          validated_at: utcStamp(new Date()),
        },
        {
          operation: 'validate_cart',
          execution_hints: {
            items_validated: validatedItems.length,
            total_amount: total,
            tax_rate: TAX_RATE,
            shipping_cost: shipping,
          },
          input_refs: { cart_items: 'context.get_input("cart_items")' },
        },
      );
    } catch (error) {
      return this.failure(...failureOf(error));
    }
  }
}

/** Every line is checked before a product is looked up. */
function checkItems(items: readonly CartItem[]): void {
  if (items.length === 0) {
    throw new PermanentError('cart items are required', { error_code: 'MISSING_CART_ITEMS' });
  }
  for (const [index, item] of items.entries()) {
    const line = `cart item ${String(index + 1)}`;
    if (!item.has('product_id')) {
      throw new PermanentError(`product id is missing in ${line}`, { error_code: 'MISSING_PRODUCT_ID' });
    }
    if (item.quantity <= 0) {
      throw new PermanentError(`a valid quantity is required in ${line}`, { error_code: 'INVALID_QUANTITY' });
    }
  }
}

function priceItem(item: CartItem): PricedItem {
  const product = findProduct(PRODUCTS, item.productId);
  if (!product.active) {
    throw new PermanentError(`${product.name} is not active`, { error_code: 'PRODUCT_INACTIVE' });
  }
  const { quantity } = item;
  checkStock(product, quantity, 'requested');
  return {
    product_id: product.id,
    name: product.name,
    price: product.price,
    quantity,
    line_total: round2(product.price * quantity),
  };
}

function shippingCost(weight: number): number {
  if (weight <= 2) {
    return 5.99;
  }
  return weight <= 10 ? 9.99 : 14.99;
}

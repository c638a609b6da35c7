/** `ecommerce/validate_cart`: prices the cart and refuses what can not be sold. */

import type { StepContext, StepHandlerResult } from '@tasker-systems/tasker';

import { CheckedHandler, Field, permanent, round2, sumFloats, utcStamp } from '../support/index.js';
import { checkStock, findProduct, type StockedProduct } from './products.js';

interface Product extends StockedProduct {
  readonly price: number;
  readonly active: boolean;
}

interface CartItem {
  productId: Field;
  quantity: number;
}

interface ValidatedItem {
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

export class ValidateCartHandler extends CheckedHandler {
  static override handlerName = 'ecommerce/validate_cart';

  protected override handle(context: StepContext): StepHandlerResult {
    const items = readItems(Field.input(context, 'cart_items'));
    const validatedItems = items.map(validateItem);

    const subtotal = sumFloats(validatedItems.map((item) => item.line_total));
    const tax = round2(subtotal * TAX_RATE);
    const shipping = shippingCost(sumFloats(items.map((item) => item.quantity * WEIGHT_PER_UNIT)));
    const total = subtotal + tax + shipping;

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
  }
}

/** All lines are read before the first product is looked up: a bad quantity anywhere comes before a bad product. */
function readItems(cartItems: Field): CartItem[] {
  if (!cartItems.hasAny()) {
    throw permanent('MISSING_CART_ITEMS', 'cart items are required');
  }
  const lines = cartItems.elements().map((line) => line.object());
  return lines.map((line, index) => readItem(line, String(index + 1)));
}

function readItem(line: Field, lineNumber: string): CartItem {
  const productId = line.get('product_id');
  if (!productId.isTruthy()) {
    throw permanent('MISSING_PRODUCT_ID', `product id is missing in cart item ${lineNumber}`);
  }
  const given = line.get('quantity');
  const quantity = given.isNil() ? 0 : given.number();
  if (quantity <= 0) {
    throw permanent('INVALID_QUANTITY', `a valid quantity is required in cart item ${lineNumber}`);
  }
  return { productId, quantity };
}

function validateItem({ productId, quantity }: CartItem): ValidatedItem {
  const product = findProduct(PRODUCTS, productId);
  if (!product.active) {
    throw permanent('PRODUCT_INACTIVE', `${product.name} is not active`);
  }
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

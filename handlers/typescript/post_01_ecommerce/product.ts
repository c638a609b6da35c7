/** Models of the products that are sold: each department looks them up in a table of its own. */

import { PermanentError, RetryableError } from '@tasker-systems/tasker';

import { type Field, numberText } from '../support/index.js';

/** What every table of products knows. */
export interface StockedProduct {
  readonly id: number;
  readonly name: string;
  readonly stock: number;
}

/** What the shop knows besides. */
export interface Product extends StockedProduct {
  readonly price: number;
  readonly active: boolean;
}

/** The product that `id` names: only an integer can, no text that looks like one. */
export function findProduct<P extends StockedProduct>(products: readonly P[], id: Field): P {
  const number = typeof id.value === 'number' ? id.number() : null;
  const product = products.find((candidate) => candidate.id === number);
  if (product === undefined) {
    throw new PermanentError(`product ${idText(id.value)} not found`, { error_code: 'PRODUCT_NOT_FOUND' });
  }
  return product;
}

/** Refuses a quantity beyond the stock; more may have arrived by the next attempt. */
export function checkStock(product: StockedProduct, quantity: number, purpose: 'requested' | 'needed'): void {
  if (product.stock < quantity) {
    const numbers = `${String(product.stock)} available, ${numberText(quantity)} ${purpose}`;
    throw new RetryableError(`not enough stock of ${product.name}: ${numbers}`, {
      retry_after: 30,
      product_id: product.id,
      product_name: product.name,
      available_stock: product.stock,
      requested_quantity: quantity,
    });
  }
}

/** How a message names a product id of whatever type was given. */
function idText(id: unknown): string {
  if (Array.isArray(id)) {
    return 'a list';
  }
  switch (typeof id) {
    case 'number':
      return numberText(id);
    case 'string':
      return `"${id}"`;
    case 'object':
      return id === null ? 'null' : 'an object';
    default:
      return String(id);
  }
}

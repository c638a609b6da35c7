/** Models of an order on its way through the checkout: what the customer gives, and what the steps hand on. */

import { Field, Model } from '../support/index.js';

/** A line of the cart that the customer fills. */
export class CartItem extends Model {
  /** The lines of a cart, every one an object; none of null, and none where nothing is in the list. */
  static listFromJson(value: unknown): CartItem[] {
    const cartItems = Field.at('/context/cart_items', value);
    return cartItems.hasAny() ? cartItems.elements().map((line) => new CartItem(line.object())) : [];
  }

  /** What the customer wants, named by whatever was given; see `findProduct`. */
  get productId(): Field {
    return this.get('product_id');
  }

  /** How many units; null is none. */
  get quantity(): number {
    const quantity = this.get('quantity');
    return quantity.isNil() ? 0 : quantity.number();
  }
}

/** A line of the cart that `validate_cart` accepted. */
export class ValidatedItem extends Model {
  /** See `findProduct`. */
  get productId(): Field {
    return this.get('product_id');
  }

  /** How many units. */
  get quantity(): number {
    return this.get('quantity').number();
  }
}

/** The result of `validate_cart`. */
export class ValidatedCart extends Model {
  static override readonly path = '/dependencies/validate_cart';

  /** Whether there is a line in the cart. */
  get hasItems(): boolean {
    return this.isObject && this.get('validated_items').hasAny();
  }

  /** Every line of the cart as `read` has it, one after the other. */
  mapItems<T>(read: (item: ValidatedItem) => T): T[] {
    return this.get('validated_items')
      .elements()
      .map((line) => read(new ValidatedItem(line.object())));
  }

  /** How many lines there are, passed on as it is. */
  get itemCount(): unknown {
    return this.get('item_count').handOn();
  }

  /** The price of all, passed on as it is. */
  get total(): unknown {
    return this.get('total').handOn();
  }

  /** The total to which the customer must have agreed: a text counts as the number that it begins with. */
  get totalToPay(): number {
    return this.get('total').toFloat();
  }

  /** The total of which fees are taken: no text stands for it. */
  get totalToCharge(): number {
    return this.get('total').number();
  }
}

/** The task's `customer_info`. */
export class Customer extends Model {
  static override readonly path = '/context/customer_info';

  /** The address, passed on as it is. */
  get email(): unknown {
    return this.get('email').handOn();
  }

  /** The address to which mail is sent: a text. */
  get recipient(): string {
    return this.get('email').text();
  }
}

/** The task's `payment_info`: how the customer pays, and how much. */
export class PaymentInfo extends Model {
  static override readonly path = '/context/payment_info';

  /** The means of payment, passed on as it is. */
  get method(): unknown {
    return this.get('method').handOn();
  }

  /** What the gateway charges. */
  get token(): unknown {
    return this.get('token').value;
  }

  /** The amount to which the customer agreed: null is 0, a text counts as the number that it begins with. */
  get amount(): number {
    return this.get('amount').toFloat();
  }
}

/** The result of `process_payment`. */
export class Payment extends Model {
  static override readonly path = '/dependencies/process_payment';
}

/** The result of `update_inventory`. */
export class Inventory extends Model {
  static override readonly path = '/dependencies/update_inventory';

  /** Whether something was reserved. */
  get hasProducts(): boolean {
    return this.isObject && this.get('updated_products').hasAny();
  }
}

/** The result of `create_order`. */
export class Order extends Model {
  static override readonly path = '/dependencies/create_order';
}

/** Post 01, namespace `ecommerce`: the checkout of a shop, five steps in a row. */

export { CreateOrderHandler } from './create_order_handler.js';
export { ProcessPaymentHandler } from './process_payment_handler.js';
export { SendConfirmationHandler } from './send_confirmation_handler.js';
export { UpdateInventoryHandler } from './update_inventory_handler.js';
export { ValidateCartHandler } from './validate_cart_handler.js';

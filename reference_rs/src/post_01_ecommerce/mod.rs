//! Post 01, namespace `ecommerce`: the checkout of a shop, five steps in a row.

pub mod create_order_handler;
pub mod process_payment_handler;
mod products;
pub mod send_confirmation_handler;
pub mod update_inventory_handler;
pub mod validate_cart_handler;

//! What every language must do.

pub(crate) mod ecommerce_order;

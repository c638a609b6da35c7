//! The workflows in Rust.

mod ecommerce_order_test;

//! The workflows in TypeScript.

mod ecommerce_order_test;

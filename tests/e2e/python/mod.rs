//! The workflows in Python.

mod ecommerce_order_test;

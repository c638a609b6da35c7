//! The workflows in TypeScript.

mod data_pipeline_test;
mod ecommerce_order_test;
mod microservices_coordination_test;
mod namespace_isolation_test;

//! What every language must do.

pub(crate) mod data_pipeline;
pub(crate) mod ecommerce_order;
pub(crate) mod microservices_coordination;
pub(crate) mod namespace_isolation;

//! Post 04: two teams, each with a workflow `process_refund` of its own, told apart by their namespaces.

pub mod customer_success;
pub mod payments;

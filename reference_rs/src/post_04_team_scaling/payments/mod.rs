//! Namespace `payments`: a refund through the payment gateway, four steps in a row.

pub mod notify_customer_handler;
pub mod process_gateway_refund_handler;
mod refund;
pub mod update_payment_records_handler;
pub mod validate_payment_eligibility_handler;

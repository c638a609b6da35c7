//! Namespace `customer_success`: a refund as the support team sees it.

pub mod check_refund_policy_handler;
pub mod execute_refund_workflow_handler;
pub mod get_manager_approval_handler;
pub mod update_ticket_status_handler;
pub mod validate_refund_request_handler;

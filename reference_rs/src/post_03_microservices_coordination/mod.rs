//! Post 03, namespace `microservices`: a user is registered by four services, two of them side by side.

pub mod create_user_account_handler;
pub mod initialize_preferences_handler;
mod plan;
pub mod send_welcome_sequence_handler;
pub mod setup_billing_profile_handler;
pub mod update_user_status_handler;

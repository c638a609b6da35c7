//! Post 02, namespace `data_pipeline`: three extracts and their transforms, and what they add up to.

pub mod aggregate_metrics_handler;
pub mod extract_customer_data_handler;
pub mod extract_inventory_data_handler;
pub mod extract_sales_data_handler;
pub mod generate_insights_handler;
mod records;
pub mod transform_customers_handler;
pub mod transform_inventory_handler;
pub mod transform_sales_handler;

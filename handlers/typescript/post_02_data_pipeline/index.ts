/** Post 02, namespace `data_pipeline`: three extracts and their transforms, and what they add up to. */

export { AggregateMetricsHandler } from './aggregate_metrics_handler.js';
export { ExtractCustomerDataHandler } from './extract_customer_data_handler.js';
export { ExtractInventoryDataHandler } from './extract_inventory_data_handler.js';
export { ExtractSalesDataHandler } from './extract_sales_data_handler.js';
export { GenerateInsightsHandler } from './generate_insights_handler.js';
export { TransformCustomersHandler } from './transform_customers_handler.js';
export { TransformInventoryHandler } from './transform_inventory_handler.js';
export { TransformSalesHandler } from './transform_sales_handler.js';

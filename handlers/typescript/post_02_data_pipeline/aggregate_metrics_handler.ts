/** `data_pipeline/aggregate_metrics`: joins what the three transforms found into ten figures. */

import { logInfo, PermanentError, type StepContext, StepHandler, type StepHandlerResult } from '@tasker-systems/tasker';

import { failureOf, round2, round4, utcStamp } from '../support/index.js';
import { TransformedCustomers, TransformedInventory, TransformedSales } from './models.js';

const SOURCES = ['transform_sales', 'transform_inventory', 'transform_customers'] as const;

/**
 * Joins the figures.
 *
 * Input: the results of `transform_sales`, `transform_inventory` and `transform_customers`.
 * Output: their totals, `revenue_per_customer`, and the `inventory_turnover_indicator`.
 */
export class AggregateMetricsHandler extends StepHandler {
  static override handlerName = 'data_pipeline/aggregate_metrics';

  override async call(context: StepContext): Promise<StepHandlerResult> {
    try {
      const sales = TransformedSales.fromOptional(context.getDependencyResult('transform_sales'));
      const inventory = TransformedInventory.fromOptional(context.getDependencyResult('transform_inventory'));
      const customers = TransformedCustomers.fromOptional(context.getDependencyResult('transform_customers'));
      const missing = SOURCES.filter((_, index) => ![sales, inventory, customers][index]?.isGiven);
      if (missing.length > 0) {
        const message = `transform results are missing: ${missing.join(', ')}`;
        throw new PermanentError(message, { error_code: 'MISSING_TRANSFORM_RESULTS' });
      }

      const revenuePerCustomer = customers.revenuePerCustomer(sales.revenue);
      const revenuePerUnit = inventory.revenuePerUnit(sales.revenue);
      logInfo('metrics aggregated', { sources: SOURCES.length });

      return this.success(
        {
          total_revenue: sales.totalRevenue,
          total_inventory_quantity: inventory.totalQuantityOnHand,
          total_customers: customers.recordCount,
          total_customer_lifetime_value: customers.totalLifetimeValue,
          sales_transactions: sales.recordCount,
          inventory_reorder_alerts: inventory.reorderAlerts,
          revenue_per_customer: revenuePerCustomer === undefined ? 0 : round2(revenuePerCustomer),
          inventory_turnover_indicator: revenuePerUnit === undefined ? 0 : round4(revenuePerUnit),
          aggregation_complete: true,
          sources_included: SOURCES.length,
        },
        {
          operation: 'aggregate_metrics',
          sources: [...SOURCES],
          sources_aggregated: SOURCES.length,
          aggregated_at: utcStamp(new Date()),
          handler_class: 'DataPipeline::StepHandlers::AggregateMetricsHandler',
        },
      );
    } catch (error) {
      return this.failure(...failureOf(error));
    }
  }
}

/** `data_pipeline/aggregate_metrics`: joins what the three transforms found into ten figures. */

import type { StepContext, StepHandlerResult } from '@tasker-systems/tasker';

import { CheckedHandler, Field, permanent, round2, round4, utcStamp } from '../support/index.js';
import { numberOrZero, quotient } from './records.js';

const SOURCES = ['transform_sales', 'transform_inventory', 'transform_customers'] as const;

export class AggregateMetricsHandler extends CheckedHandler {
  static override handlerName = 'data_pipeline/aggregate_metrics';

  protected override handle(context: StepContext): StepHandlerResult {
    const [sales, inventory, customers] = [
      Field.dependency(context, SOURCES[0]).objectIfTruthy(),
      Field.dependency(context, SOURCES[1]).objectIfTruthy(),
      Field.dependency(context, SOURCES[2]).objectIfTruthy(),
    ] as const;
    const missing = SOURCES.filter((_, index) => ![sales, inventory, customers][index]?.isTruthy());
    if (missing.length > 0) {
      throw permanent('MISSING_TRANSFORM_RESULTS', `transform results are missing: ${missing.join(', ')}`);
    }

    const revenue = sales.get('total_revenue');
    const revenuePerCustomer = ratio(revenue, customers.get('record_count'), round2);
    const inventoryTurnover = ratio(revenue, inventory.get('total_quantity_on_hand'), round4);

    return this.success(
      {
        total_revenue: valueOrZero(revenue),
        total_inventory_quantity: valueOrZero(inventory.get('total_quantity_on_hand')),
        total_customers: valueOrZero(customers.get('record_count')),
        total_customer_lifetime_value: valueOrZero(customers.get('total_lifetime_value')),
        sales_transactions: valueOrZero(sales.get('record_count')),
        inventory_reorder_alerts: valueOrZero(inventory.get('reorder_alerts')),
        revenue_per_customer: revenuePerCustomer,
        inventory_turnover_indicator: inventoryTurnover,
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
  }
}

/** The revenue for each of `whole`, rounded; 0 where there are none. */
function ratio(revenue: Field, whole: Field, rounded: (x: number) => number): number {
  return numberOrZero(whole) <= 0 ? 0 : rounded(quotient(numberOrZero(revenue), whole));
}

/** A value that is only handed on; missing, null and false count as 0. */
function valueOrZero(field: Field): unknown {
  return field.isTruthy() ? field.handOn() : 0;
}

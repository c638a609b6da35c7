/** `data_pipeline/transform_sales`: what was sold on each day and of each product. */

import { logInfo, PermanentError, type StepContext, StepHandler, type StepHandlerResult } from '@tasker-systems/tasker';

import { failureOf, sum, utcStamp } from '../support/index.js';
import { average, groupBy, mapValues } from './figures.js';
import { type Sale, SalesExtract } from './models.js';

const SOURCE = 'extract_sales_data';

interface DaySummary {
  readonly total_amount: number;
  readonly order_count: number;
  readonly avg_order_value: number;
}

interface ProductSummary {
  readonly total_quantity: number;
  readonly total_revenue: number;
  readonly order_count: number;
}

/**
 * Adds up the sales.
 *
 * Input: the `records` of `extract_sales_data`.
 * Output: `daily_sales`, `product_sales`, and the `total_revenue`.
 */
export class TransformSalesHandler extends StepHandler {
  static override handlerName = 'data_pipeline/transform_sales';

  override async call(context: StepContext): Promise<StepHandlerResult> {
    try {
      const extract = SalesExtract.fromOptional(context.getDependencyResult(SOURCE));
      if (!extract.isGiven) {
        throw new PermanentError('sales extraction results are missing', { error_code: 'MISSING_EXTRACT_RESULTS' });
      }

      const sales = extract.records;
      const days = groupBy(sales, (sale) => sale.date);
      const products = groupBy(sales, (sale) => sale.productId);
      logInfo('sales transformed', { records: sales.length });

      return this.success(
        {
          record_count: sales.length,
          daily_sales: mapValues(days, summariseDay),
          product_sales: mapValues(products, summariseProduct),
          total_revenue: revenue(sales),
          transformation_type: 'sales_analytics',
          source: SOURCE,
        },
        {
          operation: 'transform_sales',
          source_step: SOURCE,
          transformation_applied: true,
          record_count: sales.length,
          transformed_at: utcStamp(new Date()),
          handler_class: 'DataPipeline::StepHandlers::TransformSalesHandler',
        },
      );
    } catch (error) {
      return this.failure(...failureOf(error));
    }
  }
}

function summariseDay(sales: readonly Sale[]): DaySummary {
  const totalAmount = revenue(sales);
  return {
    total_amount: totalAmount,
    order_count: sales.length,
    avg_order_value: average(totalAmount, sales.length),
  };
}

function summariseProduct(sales: readonly Sale[]): ProductSummary {
  return {
    total_quantity: sum(sales.map((sale) => sale.quantity)),
    total_revenue: revenue(sales),
    order_count: sales.length,
  };
}

function revenue(sales: readonly Sale[]): number {
  return sum(sales.map((sale) => sale.amount));
}

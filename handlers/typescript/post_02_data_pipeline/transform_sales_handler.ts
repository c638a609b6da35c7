/** `data_pipeline/transform_sales`: what was sold on each day and of each product. */

import type { StepContext, StepHandlerResult } from '@tasker-systems/tasker';

import { CheckedHandler, type Field, sum, utcStamp } from '../support/index.js';
import { average, extractedRecords, groupBy, mapValues, numberOrZero } from './records.js';

const SOURCE = 'extract_sales_data';

interface Sale {
  readonly date: string;
  readonly productId: string;
  readonly quantity: number;
  readonly amount: number;
}

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

export class TransformSalesHandler extends CheckedHandler {
  static override handlerName = 'data_pipeline/transform_sales';

  protected override handle(context: StepContext): StepHandlerResult {
    const sales = extractedRecords(context, SOURCE, 'sales').map(readSale);
    const days = groupBy(sales, (sale) => sale.date);
    const products = groupBy(sales, (sale) => sale.productId);

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
  }
}

function readSale(record: Field): Sale {
  return {
    date: record.get('date').toText(),
    productId: record.get('product_id').toText(),
    quantity: numberOrZero(record.get('quantity')),
    amount: numberOrZero(record.get('amount')),
  };
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

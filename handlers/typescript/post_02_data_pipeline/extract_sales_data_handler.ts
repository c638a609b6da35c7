/** `data_pipeline/extract_sales_data`: the orders of the period, out of a simulated database. */

import { logInfo, StepHandler, type StepHandlerResult } from '@tasker-systems/tasker';

import { sumFloats, utcStamp } from '../support/index.js';

interface SaleRecord {
  readonly order_id: string;
  readonly date: string;
  readonly product_id: string;
  readonly quantity: number;
  readonly amount: number;
}

const SALES: readonly SaleRecord[] = [
  { order_id: 'ORD-001', date: '2025-11-01', product_id: 'PROD-A', quantity: 5, amount: 499.95 },
  { order_id: 'ORD-002', date: '2025-11-05', product_id: 'PROD-B', quantity: 3, amount: 299.97 },
  { order_id: 'ORD-003', date: '2025-11-10', product_id: 'PROD-A', quantity: 2, amount: 199.98 },
  { order_id: 'ORD-004', date: '2025-11-15', product_id: 'PROD-C', quantity: 10, amount: 1499.9 },
  { order_id: 'ORD-005', date: '2025-11-18', product_id: 'PROD-B', quantity: 7, amount: 699.93 },
];

const SOURCE = 'SalesDatabase';

/**
 * Extracts the sales of the period.
 *
 * Input: none.
 * Output: the `records`, their `total_amount`, and the `date_range` that they cover.
 */
export class ExtractSalesDataHandler extends StepHandler {
  static override handlerName = 'data_pipeline/extract_sales_data';

  override async call(): Promise<StepHandlerResult> {
    const now = utcStamp(new Date());
    const dates = SALES.map((sale) => sale.date).sort();
    logInfo('sales extracted', { source: SOURCE, records: SALES.length });

    return this.success(
      {
        records: SALES,
        extracted_at: now,
        source: SOURCE,
        total_amount: sumFloats(SALES.map((sale) => sale.amount)),
        date_range: { start_date: dates.at(0), end_date: dates.at(-1) },
      },
      {
        operation: 'extract_sales',
        source: SOURCE,
        records_extracted: SALES.length,
        extraction_time: now,
        handler_class: 'DataPipeline::StepHandlers::ExtractSalesDataHandler',
      },
    );
  }
}

/** `data_pipeline/extract_inventory_data`: what lies in which warehouse, out of a simulated inventory system. */

import type { StepHandlerResult } from '@tasker-systems/tasker';

import { CheckedHandler, sum, utcStamp } from '../support/index.js';
import { countDistinct } from './records.js';

interface Stock {
  readonly product_id: string;
  readonly sku: string;
  readonly warehouse: string;
  readonly quantity_on_hand: number;
  readonly reorder_point: number;
}

const STOCKS: readonly Stock[] = [
  { product_id: 'PROD-A', sku: 'SKU-A-001', warehouse: 'WH-01', quantity_on_hand: 150, reorder_point: 50 },
  { product_id: 'PROD-B', sku: 'SKU-B-002', warehouse: 'WH-01', quantity_on_hand: 75, reorder_point: 25 },
  { product_id: 'PROD-C', sku: 'SKU-C-003', warehouse: 'WH-02', quantity_on_hand: 200, reorder_point: 100 },
  { product_id: 'PROD-A', sku: 'SKU-A-001', warehouse: 'WH-02', quantity_on_hand: 100, reorder_point: 50 },
  { product_id: 'PROD-B', sku: 'SKU-B-002', warehouse: 'WH-03', quantity_on_hand: 50, reorder_point: 25 },
];

const SOURCE = 'InventorySystem';

export class ExtractInventoryDataHandler extends CheckedHandler {
  static override handlerName = 'data_pipeline/extract_inventory_data';

  protected override handle(): StepHandlerResult {
    const now = utcStamp(new Date());
    const warehouses = [...new Set(STOCKS.map((stock) => stock.warehouse))];

    return this.success(
      {
        records: STOCKS,
        extracted_at: now,
        source: SOURCE,
        total_quantity: sum(STOCKS.map((stock) => stock.quantity_on_hand)),
        warehouses,
        products_tracked: countDistinct(STOCKS.map((stock) => stock.product_id)),
      },
      {
        operation: 'extract_inventory',
        source: SOURCE,
        records_extracted: STOCKS.length,
        warehouses,
        extraction_time: now,
        handler_class: 'DataPipeline::StepHandlers::ExtractInventoryDataHandler',
      },
    );
  }
}

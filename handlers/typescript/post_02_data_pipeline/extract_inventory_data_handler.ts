/** `data_pipeline/extract_inventory_data`: what lies in which warehouse, out of a simulated inventory system. */

import { logInfo, StepHandler, type StepHandlerResult } from '@tasker-systems/tasker';

import { sum, utcStamp } from '../support/index.js';
import { countDistinct } from './figures.js';

interface StockRecord {
  readonly product_id: string;
  readonly sku: string;
  readonly warehouse: string;
  readonly quantity_on_hand: number;
  readonly reorder_point: number;
}

const STOCKS: readonly StockRecord[] = [
  { product_id: 'PROD-A', sku: 'SKU-A-001', warehouse: 'WH-01', quantity_on_hand: 150, reorder_point: 50 },
  { product_id: 'PROD-B', sku: 'SKU-B-002', warehouse: 'WH-01', quantity_on_hand: 75, reorder_point: 25 },
  { product_id: 'PROD-C', sku: 'SKU-C-003', warehouse: 'WH-02', quantity_on_hand: 200, reorder_point: 100 },
  { product_id: 'PROD-A', sku: 'SKU-A-001', warehouse: 'WH-02', quantity_on_hand: 100, reorder_point: 50 },
  { product_id: 'PROD-B', sku: 'SKU-B-002', warehouse: 'WH-03', quantity_on_hand: 50, reorder_point: 25 },
];

const SOURCE = 'InventorySystem';

/**
 * Extracts what lies in the warehouses.
 *
 * Input: none.
 * Output: the `records`, their `total_quantity`, and which `warehouses` they come from.
 */
export class ExtractInventoryDataHandler extends StepHandler {
  static override handlerName = 'data_pipeline/extract_inventory_data';

  override async call(): Promise<StepHandlerResult> {
    const now = utcStamp(new Date());
    const warehouses = [...new Set(STOCKS.map((stock) => stock.warehouse))];
    logInfo('inventory extracted', { source: SOURCE, records: STOCKS.length });

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

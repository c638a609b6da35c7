/**
 * `data_pipeline/transform_inventory`: what lies in each warehouse and of each product, and what must be ordered.
 *
 * A quantity at the reorder point is an alert in its warehouse, but no reason yet to order the product.
 */

import { logInfo, PermanentError, type StepContext, StepHandler, type StepHandlerResult } from '@tasker-systems/tasker';

import { failureOf, sum, utcStamp } from '../support/index.js';
import { countDistinct, groupBy, mapValues } from './figures.js';
import { InventoryExtract, type Stock } from './models.js';

const SOURCE = 'extract_inventory_data';

interface WarehouseSummary {
  readonly total_quantity: number;
  readonly product_count: number;
  readonly reorder_alerts: number;
}

interface ProductInventory {
  readonly total_quantity: number;
  readonly warehouse_count: number;
  readonly needs_reorder: boolean;
}

/**
 * Adds up the stocks.
 *
 * Input: the `records` of `extract_inventory_data`.
 * Output: a `warehouse_summary`, the `product_inventory`, and how many `reorder_alerts` there are.
 */
export class TransformInventoryHandler extends StepHandler {
  static override handlerName = 'data_pipeline/transform_inventory';

  override async call(context: StepContext): Promise<StepHandlerResult> {
    try {
      const extract = InventoryExtract.fromOptional(context.getDependencyResult(SOURCE));
      if (!extract.isGiven) {
        throw new PermanentError('inventory extraction results are missing', { error_code: 'MISSING_EXTRACT_RESULTS' });
      }

      const stocks = extract.records;
      const warehouses = groupBy(stocks, (stock) => stock.warehouse);
      const products = groupBy(stocks, (stock) => stock.productId);
      const productInventory = mapValues(products, summariseProduct);
      logInfo('inventory transformed', { records: stocks.length });

      return this.success(
        {
          record_count: stocks.length,
          warehouse_summary: mapValues(warehouses, summariseWarehouse),
          product_inventory: productInventory,
          total_quantity_on_hand: quantity(stocks),
          reorder_alerts: Object.values(productInventory).filter((product) => product.needs_reorder).length,
          transformation_type: 'inventory_analytics',
          source: SOURCE,
        },
        {
          operation: 'transform_inventory',
          source_step: SOURCE,
          transformation_applied: true,
          record_count: stocks.length,
          transformed_at: utcStamp(new Date()),
          handler_class: 'DataPipeline::StepHandlers::TransformInventoryHandler',
        },
      );
    } catch (error) {
      return this.failure(...failureOf(error));
    }
  }
}

function summariseWarehouse(stocks: readonly Stock[]): WarehouseSummary {
  return {
    total_quantity: quantity(stocks),
    product_count: countDistinct(stocks.map((stock) => stock.productId)),
    reorder_alerts: stocks.filter((stock) => stock.quantityOnHand <= stock.reorderPoint).length,
  };
}

function summariseProduct(stocks: readonly Stock[]): ProductInventory {
  const totalQuantity = quantity(stocks);
  return {
    total_quantity: totalQuantity,
    warehouse_count: countDistinct(stocks.map((stock) => stock.warehouse)),
    needs_reorder: totalQuantity < sum(stocks.map((stock) => stock.reorderPoint)),
  };
}

function quantity(stocks: readonly Stock[]): number {
  return sum(stocks.map((stock) => stock.quantityOnHand));
}

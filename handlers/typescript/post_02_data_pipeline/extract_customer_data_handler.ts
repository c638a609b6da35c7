/** `data_pipeline/extract_customer_data`: the customers and what they are worth, out of a simulated CRM. */

import { logInfo, StepHandler, type StepHandlerResult } from '@tasker-systems/tasker';

import { sumFloats, utcStamp } from '../support/index.js';
import { groupBy, mapValues } from './figures.js';

interface CustomerRecord {
  readonly customer_id: string;
  readonly name: string;
  readonly tier: string;
  readonly lifetime_value: number;
  readonly join_date: string;
}

const CUSTOMERS: readonly CustomerRecord[] = [
  { customer_id: 'CUST-001', name: 'Alice Johnson', tier: 'gold', lifetime_value: 5000, join_date: '2024-01-15' },
  { customer_id: 'CUST-002', name: 'Bob Smith', tier: 'silver', lifetime_value: 2500, join_date: '2024-03-20' },
  { customer_id: 'CUST-003', name: 'Carol White', tier: 'premium', lifetime_value: 15000, join_date: '2023-11-10' },
  { customer_id: 'CUST-004', name: 'David Brown', tier: 'standard', lifetime_value: 500, join_date: '2025-01-05' },
  { customer_id: 'CUST-005', name: 'Eve Davis', tier: 'gold', lifetime_value: 7500, join_date: '2024-06-12' },
];

const SOURCE = 'CRMSystem';

/**
 * Extracts the customers.
 *
 * Input: none.
 * Output: the `records`, their `total_lifetime_value`, and how many customers each tier has.
 */
export class ExtractCustomerDataHandler extends StepHandler {
  static override handlerName = 'data_pipeline/extract_customer_data';

  override async call(): Promise<StepHandlerResult> {
    const now = utcStamp(new Date());
    const totalLifetimeValue = sumFloats(CUSTOMERS.map((customer) => customer.lifetime_value));
    const tiers = groupBy(CUSTOMERS, (customer) => customer.tier);
    logInfo('customers extracted', { source: SOURCE, records: CUSTOMERS.length });

    return this.success(
      {
        records: CUSTOMERS,
        extracted_at: now,
        source: SOURCE,
        total_customers: CUSTOMERS.length,
        total_lifetime_value: totalLifetimeValue,
        tier_breakdown: mapValues(tiers, (customers) => customers.length),
        avg_lifetime_value: totalLifetimeValue / CUSTOMERS.length,
      },
      {
        operation: 'extract_customers',
        source: SOURCE,
        records_extracted: CUSTOMERS.length,
        customer_tiers: [...tiers.keys()],
        extraction_time: now,
        handler_class: 'DataPipeline::StepHandlers::ExtractCustomerDataHandler',
      },
    );
  }
}

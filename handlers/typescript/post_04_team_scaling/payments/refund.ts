/** What the steps behind the gateway start from. */

import type { StepContext } from '@tasker-systems/tasker';

import { Field, permanent } from '../../support/index.js';

/** The result of `process_gateway_refund`; refused unless it says that the refund was processed. */
export function processedRefund(context: StepContext): Field {
  const refund = Field.dependency(context, 'process_gateway_refund').objectOrNil();
  if (!refund.get('refund_processed').isTruthy()) {
    throw permanent('MISSING_REFUND', 'the gateway refund must come first');
  }
  return refund;
}

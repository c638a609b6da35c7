/** What becomes of the results of all batches. */

import { StepHandler } from './handler.js';
import type { StepHandlerResult } from './result.js';
import { isObject, own } from './values.js';
import type { JsonObject } from './values.js';

/** So many errors are handed on. */
const MOST_ERRORS = 100;

/** Whether there were batches, and their results. */
export class BatchAggregationScenario {
  readonly isNoBatches: boolean;
  readonly batchableResult: JsonObject;
  readonly batchResults: Record<string, JsonObject>;
  readonly workerCount: number;

  constructor(isNoBatches: boolean, batchableResult: JsonObject, batchResults: Record<string, JsonObject>) {
    this.isNoBatches = isNoBatches;
    this.batchableResult = batchableResult;
    this.batchResults = batchResults;
    this.workerCount = Object.keys(batchResults).length;
  }

  /** Reads it from the results of earlier steps. */
  static detect(
    dependencyResults: JsonObject,
    batchableStepName: string,
    batchWorkerPrefix: string,
  ): BatchAggregationScenario {
    const found = opened(own(dependencyResults, batchableStepName));
    if (found === null || found === undefined) {
      throw new Error(`Missing batchable step dependency: ${batchableStepName}`);
    }
    const result = isObject(found) ? found : {};
    const outcome = own(result, 'batch_processing_outcome');
    if (isObject(outcome) && outcome.type === 'no_batches') {
      return new BatchAggregationScenario(true, result, {});
    }
    const steps = Object.keys(dependencyResults).filter((step) => step.startsWith(batchWorkerPrefix));
    if (steps.length === 0) {
      throw new Error(
        `No batch workers found with prefix '${batchWorkerPrefix}' and batchable step '${batchableStepName}' ` +
          'did not return NoBatches outcome. This indicates a workflow configuration error.',
      );
    }
    const results = steps.map((step) => [step, opened(dependencyResults[step])] as const);
    const objects = results.map(([step, each]) => [step, isObject(each) ? each : {}] as const);
    return new BatchAggregationScenario(false, result, Object.fromEntries(objects));
  }

  noBatches(): boolean {
    return this.isNoBatches;
  }
}

/** A result out of its envelope, if it has one. */
function opened(stored: unknown): unknown {
  return isObject(stored) && Object.hasOwn(stored, 'result') ? stored.result : stored;
}

/** The sums over all workers. */
export interface BatchAggregationResult {
  total_processed: number;
  total_succeeded: number;
  total_failed: number;
  total_skipped: number;
  batch_count: number;
  success_rate: number;
  errors: JsonObject[];
  error_count: number;
}

/** Adds up what workers report; a worker without a result counts for nothing. */
export function aggregateBatchResults(
  workerResults: (JsonObject | null | undefined)[],
  maxErrors = MOST_ERRORS,
): BatchAggregationResult {
  const results = workerResults.filter((result) => result !== null && result !== undefined);
  const sum = (name: string): number =>
    results.reduce((total, result) => total + ((own(result, name) ?? 0) as number), 0);
  const errors = results.flatMap((result) => (Array.isArray(result.errors) ? (result.errors as JsonObject[]) : []));
  const [processed, succeeded] = [sum('items_processed'), sum('items_succeeded')];
  return {
    total_processed: processed,
    total_succeeded: succeeded,
    total_failed: sum('items_failed'),
    total_skipped: sum('items_skipped'),
    batch_count: results.length,
    success_rate: processed > 0 ? succeeded / processed : 0,
    errors: errors.slice(0, maxErrors),
    error_count: errors.length,
  };
}

/** A handler that puts batches together again. */
export abstract class Aggregation extends StepHandler {
  detectAggregationScenario(
    dependencyResults: JsonObject,
    batchableStepName: string,
    batchWorkerPrefix: string,
  ): BatchAggregationScenario {
    return BatchAggregationScenario.detect(dependencyResults, batchableStepName, batchWorkerPrefix);
  }

  /** The result where there were no batches. */
  noBatchesAggregationResult(zeroMetrics: JsonObject = {}): StepHandlerResult {
    return this.success({ worker_count: 0, scenario: 'no_batches', ...zeroMetrics });
  }

  /** The result either way. */
  aggregateBatchWorkerResults(
    scenario: BatchAggregationScenario,
    zeroMetrics?: JsonObject,
    aggregationFn?: (batchResults: Record<string, JsonObject>) => JsonObject,
  ): StepHandlerResult {
    if (scenario.isNoBatches) {
      return this.noBatchesAggregationResult(zeroMetrics);
    }
    const { batchResults, workerCount } = scenario;
    const aggregated = aggregationFn === undefined ? { batch_results: batchResults } : aggregationFn(batchResults);
    return this.success({ ...aggregated, worker_count: workerCount, scenario: 'with_batches' });
  }
}

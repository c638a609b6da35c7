/** Handlers that split work into batches, or do one of them. */

import { Aggregation } from './aggregation.js';
import { BatchWorkerContext, batchContextOf } from './batches.js';
import type {
  BatchAnalyzerOutcome,
  BatchWorkerConfig,
  BatchWorkerOutcome,
  CursorConfig,
  RustBatchWorkerInputs,
} from './batches.js';
import type { StepContext } from './context.js';
import { StepHandlerResult } from './result.js';
import { isObject } from './values.js';
import type { JsonObject } from './values.js';

/** A handler that has to do with batches. */
export abstract class Batchable extends Aggregation {
  createCursorConfig(start: number, end: number, stepSize = 1, metadata: JsonObject = {}): CursorConfig {
    return { startCursor: start, endCursor: end, stepSize, metadata };
  }

  /** Ranges of this size; larger ones if there would be too many. */
  createCursorRanges(totalItems: number, batchSize: number, stepSize = 1, maxBatches?: number): CursorConfig[] {
    if (totalItems === 0) {
      return [];
    }
    if (batchSize <= 0) {
      throw new Error('batchSize must be > 0');
    }
    const isTooMany = maxBatches !== undefined && maxBatches > 0 && Math.ceil(totalItems / batchSize) > maxBatches;
    const size = isTooMany ? Math.ceil(totalItems / maxBatches) : batchSize;
    const ranges: CursorConfig[] = [];
    for (let start = 0; start < totalItems; start += size) {
      ranges.push(this.createCursorConfig(start, Math.min(start + size, totalItems), stepSize));
    }
    return ranges;
  }

  /** A range for each of so many workers, as far as there are items. */
  createCursorConfigs(totalItems: number, workerCount: number): BatchWorkerConfig[] {
    if (workerCount <= 0) {
      throw new Error('workerCount must be > 0');
    }
    const size = Math.ceil(totalItems / workerCount);
    const configs: BatchWorkerConfig[] = [];
    for (let index = 0; index < workerCount && index * size < totalItems; index += 1) {
      const start = index * size;
      const end = Math.min(start + size, totalItems);
      configs.push({
        batch_id: numbered(index),
        cursor_start: start,
        cursor_end: end,
        row_count: end - start,
        worker_index: index,
        total_workers: workerCount,
      });
    }
    return configs;
  }

  /** What the engine gave this worker; null if it is none. */
  getBatchWorkerInputs(context: StepContext): RustBatchWorkerInputs | null {
    const { cursor, batch_metadata: metadata, is_no_op: isNoOp } = context.stepInputs;
    const isOne = isObject(cursor) && isObject(metadata) && typeof isNoOp === 'boolean';
    return isOne ? (context.stepInputs as unknown as RustBatchWorkerInputs) : null;
  }

  /** The result of a worker that stands for there being no batches. */
  handleNoOpWorker(context: StepContext): StepHandlerResult | null {
    const inputs = this.getBatchWorkerInputs(context);
    if (inputs?.is_no_op !== true) {
      return null;
    }
    return StepHandlerResult.success({
      batch_id: inputs.cursor.batch_id,
      no_op: true,
      processed_count: 0,
      message: 'No batches to process',
      processed_at: new Date().toISOString(),
    });
  }

  /** What an analyzer asks for: ranges of this size. */
  createBatchOutcome(
    totalItems: number,
    batchSize: number,
    stepSize = 1,
    batchMetadata: JsonObject = {},
  ): BatchAnalyzerOutcome {
    return { cursorConfigs: this.createCursorRanges(totalItems, batchSize, stepSize), totalItems, batchMetadata };
  }

  /** The same with ranges of any size. */
  createBatchOutcomeFromRanges(
    ranges: [number, number][],
    stepSize = 1,
    totalItems: number | null = null,
    batchMetadata: JsonObject = {},
  ): BatchAnalyzerOutcome {
    const cursorConfigs = ranges.map(([start, end]) => this.createCursorConfig(start, end, stepSize));
    return { cursorConfigs, totalItems, batchMetadata };
  }

  /** What a worker did. Where none is said to have succeeded, all have. */
  createWorkerOutcome(
    itemsProcessed: number,
    itemsSucceeded = 0,
    itemsFailed = 0,
    itemsSkipped = 0,
    results: JsonObject[] = [],
    errors: JsonObject[] = [],
    lastCursor: number | null = null,
    batchMetadata: JsonObject = {},
  ): BatchWorkerOutcome {
    return {
      itemsProcessed,
      itemsSucceeded: itemsSucceeded || itemsProcessed,
      itemsFailed,
      itemsSkipped,
      results,
      errors,
      lastCursor,
      batchMetadata,
    };
  }

  /** What this worker is to do; null if it is none. */
  getBatchContext(context: StepContext): BatchWorkerContext | null {
    return batchContextOf(context);
  }

  /** What a worker would be told to do. */
  createBatchContext(
    cursorConfig: CursorConfig,
    batchIndex: number,
    totalBatches: number,
    batchMetadata: JsonObject = {},
  ): BatchWorkerContext {
    return new BatchWorkerContext(crypto.randomUUID(), cursorConfig, batchIndex, totalBatches, batchMetadata);
  }

  /** Asks for a worker for each range. */
  batchAnalyzerSuccess(
    outcome?: BatchAnalyzerOutcome | null,
    metadata: JsonObject = {},
    workerTemplateName = 'batch_worker',
  ): StepHandlerResult {
    if (outcome === undefined || outcome === null) {
      return this.noBatchesOutcome('no_cursor_configs_provided');
    }
    const { cursorConfigs, batchMetadata } = outcome;
    const totalItems = outcome.totalItems ?? 0;
    if (cursorConfigs.length === 0) {
      const { reason = 'empty_dataset' } = batchMetadata;
      return this.noBatchesOutcome(reason as string, batchMetadata);
    }
    const result: JsonObject = {
      batch_processing_outcome: {
        type: 'create_batches',
        worker_template_name: workerTemplateName,
        worker_count: cursorConfigs.length,
        cursor_configs: cursorConfigs.map(({ startCursor, endCursor }, index) => ({
          batch_id: numbered(index),
          start_cursor: startCursor,
          end_cursor: endCursor,
          batch_size: endCursor - startCursor,
        })),
        total_items: totalItems,
      },
      worker_count: cursorConfigs.length,
      total_items: totalItems,
    };
    if (Object.keys(batchMetadata).length > 0) {
      result.batch_metadata = batchMetadata;
    }
    return this.success(result, { ...metadata, batch_analyzer: true });
  }

  /** Asks for none, for a reason. */
  noBatchesOutcome(reason: string, metadata: JsonObject = {}): StepHandlerResult {
    const result = { batch_processing_outcome: { type: 'no_batches' }, reason, ...metadata };
    return this.success(result, { batch_analyzer: true, no_batches: true });
  }

  /** A worker is done. */
  batchWorkerSuccess(outcome: BatchWorkerOutcome, metadata: JsonObject = {}): StepHandlerResult {
    return this.success({ ...reported(outcome), ...details(outcome) }, { ...metadata, batch_worker: true });
  }

  /** A worker is done although some items failed. */
  batchWorkerPartialFailure(outcome: BatchWorkerOutcome, message = '', metadata: JsonObject = {}): StepHandlerResult {
    const told = message === '' ? {} : { partial_failure_message: message };
    return this.success(
      { ...reported(outcome), partial_failure: true, ...told, ...details(outcome) },
      { ...metadata, batch_worker: true, had_failures: true },
    );
  }

  /** A worker stops, and is to be called again from there. */
  checkpointYield(cursor: unknown, itemsProcessed: number, accumulatedResults?: JsonObject): StepHandlerResult {
    const result: JsonObject = { type: 'checkpoint_yield', cursor: cursor ?? null, items_processed: itemsProcessed };
    if (accumulatedResults !== undefined) {
      result.accumulated_results = accumulatedResults;
    }
    return StepHandlerResult.success(result, { checkpoint_yield: true, batch_worker: true });
  }
}

function numbered(index: number): string {
  return String(index + 1).padStart(3, '0');
}

function reported(outcome: BatchWorkerOutcome): JsonObject {
  return {
    items_processed: outcome.itemsProcessed,
    items_succeeded: outcome.itemsSucceeded,
    items_failed: outcome.itemsFailed,
    items_skipped: outcome.itemsSkipped,
    last_cursor: outcome.lastCursor,
    batch_metadata: outcome.batchMetadata,
  };
}

function details({ results, errors }: BatchWorkerOutcome): JsonObject {
  return { ...(results.length > 0 ? { results } : {}), ...(errors.length > 0 ? { errors } : {}) };
}

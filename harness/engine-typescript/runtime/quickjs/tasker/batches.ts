/** Documents of batch processing: what an analyzer asks for, what a worker is given, and what it reports. */

import type { StepContext } from './context.js';
import { isObject, own } from './values.js';
import type { JsonObject } from './values.js';

/** A range of items. */
export interface CursorConfig {
  startCursor: number;
  endCursor: number;
  stepSize: number;
  metadata: JsonObject;
}

/** The ranges, each for a worker. */
export interface BatchAnalyzerOutcome {
  cursorConfigs: CursorConfig[];
  totalItems: number | null;
  batchMetadata: JsonObject;
}

/** What a function returns that splits work into batches. */
export interface BatchConfig {
  totalItems: number;
  batchSize: number;
  metadata?: JsonObject;
}

/** The range of one of so many workers. */
export interface BatchWorkerConfig {
  batch_id: string;
  cursor_start: number;
  cursor_end: number;
  row_count: number;
  worker_index: number;
  total_workers: number;
}

/** What a worker did. */
export interface BatchWorkerOutcome {
  itemsProcessed: number;
  itemsSucceeded: number;
  itemsFailed: number;
  itemsSkipped: number;
  results: JsonObject[];
  errors: JsonObject[];
  lastCursor: number | null;
  batchMetadata: JsonObject;
}

/** What the engine gives a worker. */
export interface RustBatchWorkerInputs {
  cursor: { batch_id: string; start_cursor: unknown; end_cursor: unknown; batch_size: number };
  batch_metadata: { cursor_field: string; failure_strategy: string };
  is_no_op: boolean;
}

/** What a worker is to do, and how far an earlier call came. */
export class BatchWorkerContext {
  readonly batchId: string;
  readonly cursorConfig: CursorConfig;
  readonly batchIndex: number;
  readonly totalBatches: number;
  readonly batchMetadata: JsonObject;
  readonly checkpoint: JsonObject;

  constructor(
    batchId: string,
    cursorConfig: CursorConfig,
    batchIndex = 0,
    totalBatches = 1,
    batchMetadata: JsonObject = {},
    checkpoint: JsonObject = {},
  ) {
    this.batchId = batchId;
    this.cursorConfig = cursorConfig;
    this.batchIndex = batchIndex;
    this.totalBatches = totalBatches;
    this.batchMetadata = batchMetadata;
    this.checkpoint = checkpoint;
  }

  get startCursor(): number {
    return this.cursorConfig.startCursor;
  }

  get endCursor(): number {
    return this.cursorConfig.endCursor;
  }

  get stepSize(): number {
    return this.cursorConfig.stepSize;
  }

  /** The position at which an earlier call stopped. */
  get checkpointCursor(): unknown {
    return own(this.checkpoint, 'cursor') ?? null;
  }

  /** What it had gathered. */
  get accumulatedResults(): JsonObject | null {
    return (own(this.checkpoint, 'accumulated_results') ?? null) as JsonObject | null;
  }

  get checkpointItemsProcessed(): number {
    return (own(this.checkpoint, 'items_processed') ?? 0) as number;
  }

  hasCheckpoint(): boolean {
    return this.checkpointCursor !== null;
  }
}

/** What the step's inputs say, else its configuration, else the task's input; null if none of them does. */
export function batchContextOf(context: StepContext): BatchWorkerContext | null {
  const checkpoint = context.checkpoint ?? {};
  const cursor = own(context.stepInputs, 'cursor');
  if (isObject(cursor)) {
    const metadata = member(context.stepInputs, 'batch_metadata', {});
    const config = cursorConfigOf(cursor, member(cursor, 'batch_size', 1));
    return new BatchWorkerContext(member(cursor, 'batch_id', ''), config, 0, 1, metadata, checkpoint);
  }
  const batch = context.getConfig('batch_context') ?? context.getInput('batch_context');
  if (!isObject(batch)) {
    return null;
  }
  return new BatchWorkerContext(
    member(batch, 'batch_id', ''),
    cursorConfigOf(member(batch, 'cursor_config', {}), 1),
    member(batch, 'batch_index', 0),
    member(batch, 'total_batches', 1),
    member(batch, 'batch_metadata', {}),
    checkpoint,
  );
}

function cursorConfigOf(cursor: JsonObject, stepSize: number): CursorConfig {
  return {
    startCursor: member(cursor, 'start_cursor', 0),
    endCursor: member(cursor, 'end_cursor', 0),
    stepSize: member(cursor, 'step_size', stepSize),
    metadata: member(cursor, 'metadata', {}),
  };
}

function member<T>(object: JsonObject, name: string, otherwise: T): T {
  return (own(object, name) ?? otherwise) as T;
}

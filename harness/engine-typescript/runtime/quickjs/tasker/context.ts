/** What a handler is called with. */

import { isObject, own } from './values.js';
import type { JsonObject } from './values.js';

export interface StepContextFields {
  taskUuid: string;
  stepUuid: string;
  correlationId: string;
  handlerName: string;
  inputData: JsonObject;
  dependencyResults: JsonObject;
  stepConfig: JsonObject;
  stepInputs: JsonObject;
  retryCount: number;
  maxRetries: number;
  checkpoint?: JsonObject | null;
}

/** Everything a handler is given for one call. */
export class StepContext {
  readonly taskUuid: string;
  readonly stepUuid: string;
  readonly correlationId: string;
  readonly handlerName: string;
  readonly inputData: JsonObject;
  readonly dependencyResults: JsonObject;
  readonly stepConfig: JsonObject;
  readonly stepInputs: JsonObject;
  readonly retryCount: number;
  readonly maxRetries: number;
  /** Where an earlier call of this step stopped, if one did. */
  readonly checkpoint: JsonObject | null;

  constructor(fields: StepContextFields) {
    this.taskUuid = fields.taskUuid;
    this.stepUuid = fields.stepUuid;
    this.correlationId = fields.correlationId;
    this.handlerName = fields.handlerName;
    this.inputData = fields.inputData;
    this.dependencyResults = fields.dependencyResults;
    this.stepConfig = fields.stepConfig;
    this.stepInputs = fields.stepInputs;
    this.retryCount = fields.retryCount;
    this.maxRetries = fields.maxRetries;
    this.checkpoint = fields.checkpoint ?? null;
  }

  /** A field of the task's input; undefined when it is missing. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the signature of the package
  getInput<T = unknown>(key: string): T | undefined {
    return own(this.inputData, key) as T | undefined;
  }

  /** A field of the task's input; the default when it is missing. Null is kept. */
  getInputOr<T = unknown>(key: string, defaultValue: T): T {
    const value = this.getInput<T>(key);
    return value === undefined ? defaultValue : value;
  }

  /** A field of the step's configuration; undefined when it is missing. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the signature of the package
  getConfig<T = unknown>(key: string): T | undefined {
    return own(this.stepConfig, key) as T | undefined;
  }

  /** The result of an ancestor step, out of its envelope if it has one; null when there is none. */
  getDependencyResult(stepName: string): unknown {
    const stored = own(this.dependencyResults, stepName) ?? null;
    return isObject(stored) && Object.hasOwn(stored, 'result') ? stored.result : stored;
  }

  /**
   * A value within the result of an ancestor step. Null when the way there ends early; undefined when only the last
   * name is missing.
   */
  getDependencyField(stepName: string, ...path: string[]): unknown {
    let value = this.getDependencyResult(stepName);
    for (const key of path) {
      if (!isObject(value)) {
        return null;
      }
      value = own(value, key);
    }
    return value;
  }

  /** The names of the steps whose results are at hand. */
  getDependencyResultKeys(): string[] {
    return Object.keys(this.dependencyResults);
  }

  /** The results, other than null, of all steps whose name starts with `prefix`. */
  getAllDependencyResults(prefix = ''): unknown[] {
    return this.getDependencyResultKeys()
      .filter((stepName) => stepName.startsWith(prefix))
      .map((stepName) => this.getDependencyResult(stepName))
      .filter((result) => result !== null && result !== undefined);
  }

  isRetry(): boolean {
    return this.retryCount > 0;
  }

  isLastRetry(): boolean {
    return this.retryCount >= this.maxRetries - 1;
  }

  /** The position in the checkpoint. */
  get checkpointCursor(): unknown {
    return this.checkpoint === null ? null : (own(this.checkpoint, 'cursor') ?? null);
  }

  /** The items before it. */
  get checkpointItemsProcessed(): number {
    return this.checkpoint === null ? 0 : ((own(this.checkpoint, 'items_processed') ?? 0) as number);
  }

  /** What was gathered before it. */
  get accumulatedResults(): JsonObject | null {
    const gathered = this.checkpoint === null ? null : own(this.checkpoint, 'accumulated_results');
    return (gathered ?? null) as JsonObject | null;
  }

  hasCheckpoint(): boolean {
    return this.checkpointCursor !== null;
  }
}

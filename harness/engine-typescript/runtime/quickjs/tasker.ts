/**
 * A small implementation of `@tasker-systems/tasker`, enough to run step handlers without the engine behind them.
 *
 * It behaves as the package does where a handler can see it, with one exception: names are looked up among an object's
 * own properties only, so that `toString` or `__proto__` are found when the data holds them and not otherwise.
 */

import { ofTheEngine } from './tasker/engine.js';

// What is exported in the place of names that are not here is made with it.
export { ofTheEngine };
export { aggregateBatchResults, BatchAggregationScenario } from './tasker/aggregation.js';
export type { BatchAggregationResult } from './tasker/aggregation.js';
export { Batchable } from './tasker/batchable.js';
export { BatchWorkerContext } from './tasker/batches.js';
export type {
  BatchAnalyzerOutcome,
  BatchConfig,
  BatchWorkerConfig,
  BatchWorkerOutcome,
  CursorConfig,
  RustBatchWorkerInputs,
} from './tasker/batches.js';
export { StepContext } from './tasker/context.js';
export type { StepContextFields } from './tasker/context.js';
export { Decision, DecisionHandler, DecisionPointOutcome, DecisionType } from './tasker/decisions.js';
export {
  createLogger,
  logDebug,
  logError,
  logInfo,
  logTrace,
  logWarn,
} from './tasker/engine.js';
export type { Log } from './tasker/engine.js';
export {
  defineBatchAnalyzer,
  defineBatchWorker,
  defineDecisionHandler,
  defineHandler,
} from './tasker/functional.js';
export type { BatchAnalyzerOptions, HandlerArguments, HandlerOptions } from './tasker/functional.js';
export { StepHandler } from './tasker/handler.js';
export type { StepHandlerClass } from './tasker/handler.js';
export { HandlerRegistry } from './tasker/registry.js';
export { ErrorType, PermanentError, RetryableError, StepHandlerResult } from './tasker/result.js';
export type { StepHandlerResultFields } from './tasker/result.js';
export type { JsonObject } from './tasker/values.js';

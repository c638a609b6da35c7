/** Handlers that are functions. */

import { Batchable } from './batchable.js';
import { batchContextOf } from './batches.js';
import type { BatchConfig, BatchWorkerContext } from './batches.js';
import type { StepContext } from './context.js';
import { Decision, DecisionHandler, DecisionType } from './decisions.js';
import { StepHandler } from './handler.js';
import type { StepHandlerClass } from './handler.js';
import { ErrorType, PermanentError, RetryableError, StepHandlerResult } from './result.js';
import { isObject } from './values.js';
import type { JsonObject } from './values.js';

export interface HandlerOptions<Depends extends string = string, Inputs extends string = string> {
  /** Argument name to step name. */
  depends?: Readonly<Record<Depends, string>>;
  /** Argument name to the name of a field of the task's input. */
  inputs?: Readonly<Record<Inputs, string>>;
  version?: string;
}

/** What the function of a handler is called with: the context beside the declared dependencies and inputs. */
export type HandlerArguments<Depends extends string, Inputs extends string> = Readonly<
  Record<Depends | Inputs, unknown> & { context: StepContext }
>;

/**
 * Makes a handler class of a function. What the function returns becomes the result: an object as it is, nothing as an
 * empty object, any other value under the name `result`. A planned error that it throws becomes a failure.
 */
export function defineHandler<Depends extends string = never, Inputs extends string = never>(
  name: string,
  options: HandlerOptions<Depends, Inputs>,
  body: (args: HandlerArguments<Depends, Inputs>) => unknown,
): StepHandlerClass {
  return class extends StepHandler {
    static override handlerName = name;
    static override handlerVersion = options.version ?? '1.0.0';

    override call(context: StepContext): Promise<StepHandlerResult> {
      return answered(async () => toResult(await body(argumentsOf(options, context))));
    }
  };
}

/** The same for a function that returns a `Decision`. */
export function defineDecisionHandler<Depends extends string = never, Inputs extends string = never>(
  name: string,
  options: HandlerOptions<Depends, Inputs>,
  body: (args: HandlerArguments<Depends, Inputs>) => unknown,
): StepHandlerClass {
  return class extends DecisionHandler {
    static override handlerName = name;
    static override handlerVersion = options.version ?? '1.0.0';

    override call(context: StepContext): Promise<StepHandlerResult> {
      return answered(async () => this.#decided(await body(argumentsOf(options, context))));
    }

    #decided(returned: unknown): StepHandlerResult {
      if (!(returned instanceof Decision)) {
        return toResult(returned);
      }
      const { decisionType, nextStepNames, reason, routingContext } = returned.outcome;
      return decisionType === DecisionType.CREATE_STEPS
        ? this.decisionSuccess(nextStepNames, routingContext)
        : this.skipBranches(reason ?? 'No branches', routingContext);
    }
  };
}

export interface BatchAnalyzerOptions<Depends extends string = string, Inputs extends string = string>
  extends HandlerOptions<Depends, Inputs> {
  /** The step of the template whose copies do the batches. */
  workerTemplate: string;
}

/** The same for a function that returns a `BatchConfig`. */
export function defineBatchAnalyzer<Depends extends string = never, Inputs extends string = never>(
  name: string,
  options: BatchAnalyzerOptions<Depends, Inputs>,
  body: (args: HandlerArguments<Depends, Inputs>) => unknown,
): StepHandlerClass {
  return class extends Batchable {
    static override handlerName = name;
    static override handlerVersion = options.version ?? '1.0.0';

    override call(context: StepContext): Promise<StepHandlerResult> {
      return answered(async () => this.#split(await body(argumentsOf(options, context))));
    }

    #split(returned: unknown): StepHandlerResult {
      if (!isBatchConfig(returned)) {
        return toResult(returned);
      }
      const outcome = this.createBatchOutcome(returned.totalItems, returned.batchSize, 1, returned.metadata);
      return this.batchAnalyzerSuccess(outcome, undefined, options.workerTemplate);
    }
  };
}

/** The same for a function that does a batch, which it is told as `batchContext`. */
export function defineBatchWorker<Depends extends string = never, Inputs extends string = never>(
  name: string,
  options: HandlerOptions<Depends, Inputs>,
  body: (
    args: HandlerArguments<Depends, Inputs> & Readonly<{ batchContext: BatchWorkerContext | null }>,
  ) => unknown,
): StepHandlerClass {
  return class extends Batchable {
    static override handlerName = name;
    static override handlerVersion = options.version ?? '1.0.0';

    override call(context: StepContext): Promise<StepHandlerResult> {
      return answered(async () => {
        const batchContext = batchContextOf(context);
        return toResult(await body({ ...argumentsOf(options, context), batchContext }));
      });
    }
  };
}

function isBatchConfig(returned: unknown): returned is BatchConfig {
  return isObject(returned) && 'totalItems' in returned && 'batchSize' in returned;
}

function argumentsOf<Depends extends string, Inputs extends string>(
  options: HandlerOptions<Depends, Inputs>,
  context: StepContext,
): HandlerArguments<Depends, Inputs> {
  const depends = Object.entries<string>(options.depends ?? {});
  const inputs = Object.entries<string>(options.inputs ?? {});
  return Object.fromEntries<unknown>([
    ...depends.map(([argument, stepName]) => [argument, context.getDependencyResult(stepName)] as const),
    ...inputs.map(([argument, key]) => [argument, context.getInput(key)] as const),
    ['context', context],
  ]) as HandlerArguments<Depends, Inputs>;
}

async function answered(call: () => Promise<StepHandlerResult>): Promise<StepHandlerResult> {
  try {
    return await call();
  } catch (error) {
    return toFailure(error);
  }
}

function toResult(returned: unknown): StepHandlerResult {
  if (returned instanceof StepHandlerResult) {
    return returned;
  }
  if (returned === undefined || returned === null) {
    return StepHandlerResult.success();
  }
  return StepHandlerResult.success(isObject(returned) && !Array.isArray(returned) ? returned : { result: returned });
}

/** What the harness knows it by. */
const THROWN: unique symbol = Symbol.for('parity.thrown');

/** The result of a function that threw. */
class ThrownResult extends StepHandlerResult {
  readonly [THROWN] = true;
}

function toFailure(error: unknown): StepHandlerResult {
  if (error instanceof PermanentError) {
    return thrown(error.message, ErrorType.PERMANENT_ERROR, false, error.metadata);
  }
  if (error instanceof RetryableError) {
    return thrown(error.message, ErrorType.RETRYABLE_ERROR, true, error.metadata);
  }
  throw error;
}

function thrown(errorMessage: string, errorType: string, retryable: boolean, metadata: JsonObject): StepHandlerResult {
  return new ThrownResult({ success: false, errorMessage, errorType, retryable, metadata });
}

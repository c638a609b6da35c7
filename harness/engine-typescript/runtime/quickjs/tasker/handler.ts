/** A handler as a class. */

import type { StepContext } from './context.js';
import { ErrorType, StepHandlerResult } from './result.js';
import type { JsonObject } from './values.js';

/** Base class of the handlers. */
export abstract class StepHandler {
  static handlerName = '';
  static handlerVersion = '1.0.0';

  get name(): string {
    return (this.constructor as typeof StepHandler).handlerName;
  }

  get version(): string {
    return (this.constructor as typeof StepHandler).handlerVersion;
  }

  get capabilities(): string[] {
    return ['process'];
  }

  configSchema(): JsonObject | null {
    return null;
  }

  abstract call(context: StepContext): Promise<StepHandlerResult>;

  protected success(result?: JsonObject, metadata?: JsonObject): StepHandlerResult {
    return StepHandlerResult.success(result, metadata);
  }

  protected failure(
    message: string,
    errorType: string = ErrorType.HANDLER_ERROR,
    retryable = true,
    metadata?: JsonObject,
    errorCode?: string,
  ): StepHandlerResult {
    return StepHandlerResult.failure(message, errorType, retryable, metadata, errorCode);
  }
}

/** A handler class that can be instantiated. */
export interface StepHandlerClass {
  handlerName: string;
  handlerVersion: string;
  new (): StepHandler;
}

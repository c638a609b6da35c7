/**
 * How a handler fails: its body throws, but what leaves the handler is a returned result. A worker may retry whatever
 * is thrown at it and drop the code; a returned failure keeps its kind, its code and its delay.
 */

import {
  ErrorType,
  PermanentError,
  RetryableError,
  type StepContext,
  StepHandler,
  type StepHandlerResult,
} from '@tasker-systems/tasker';

export type JsonObject = Record<string, unknown>;

/** A handler whose planned errors become returned failures. */
export abstract class CheckedHandler extends StepHandler {
  override async call(context: StepContext): Promise<StepHandlerResult> {
    try {
      return await this.handle(context);
    } catch (error) {
      if (error instanceof PermanentError) {
        const { error_code: code, ...metadata } = error.metadata;
        return this.failure(
          error.message,
          ErrorType.PERMANENT_ERROR,
          false,
          metadata,
          typeof code === 'string' ? code : undefined,
        );
      }
      if (error instanceof RetryableError) {
        return this.failure(error.message, ErrorType.RETRYABLE_ERROR, true, error.metadata);
      }
      throw error;
    }
  }

  /** The handler's work; it may throw what `permanent` and `retryable` make. */
  protected abstract handle(context: StepContext): StepHandlerResult | Promise<StepHandlerResult>;
}

/** A failure that no retry can mend; `code` names the reason. */
export function permanent(code: string, message: string, context: JsonObject = {}): PermanentError {
  return new PermanentError(message, { ...context, error_code: code });
}

/** A failure worth another attempt after `retryAfter` seconds. */
export function retryable(retryAfter: number, message: string, context: JsonObject = {}): RetryableError {
  return new RetryableError(message, { ...context, retry_after: retryAfter });
}

/** The answer to an input that can not be read: the value at `path` (a JSON Pointer) is not `expected`. */
export function invalidInput(path: string, expected: string): PermanentError {
  return permanent('INVALID_INPUT', `invalid input at ${path}: expected ${expected}`, { path });
}

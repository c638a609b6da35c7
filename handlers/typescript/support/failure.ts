/**
 * How a handler fails: its body throws, but what leaves the handler is a returned failure. A worker may retry whatever
 * is thrown at it and drop the code; a returned failure keeps its kind, its code and its delay.
 */

import { ErrorType, PermanentError, RetryableError } from '@tasker-systems/tasker';

export type JsonObject = Record<string, unknown>;

/** The arguments of `this.failure` for an error that the handler planned; any other error is thrown on. */
export function failureOf(
  error: unknown,
): [message: string, errorType: ErrorType, retryable: boolean, metadata: JsonObject, errorCode?: string | undefined] {
  if (error instanceof RetryableError) {
    return [error.message, ErrorType.RETRYABLE_ERROR, true, error.metadata];
  }
  if (error instanceof PermanentError) {
    const { error_code: code } = error.metadata;
    const errorCode = typeof code === 'string' ? code : undefined;
    return [error.message, ErrorType.PERMANENT_ERROR, false, error.metadata, errorCode];
  }
  throw error;
}

/** The answer to an input that cannot be read: the value at `path` (a JSON Pointer) is not `expected`. */
export function invalidInput(path: string, expected: string): PermanentError {
  return new PermanentError(`invalid input at ${path}: expected ${expected}`, { error_code: 'INVALID_INPUT', path });
}

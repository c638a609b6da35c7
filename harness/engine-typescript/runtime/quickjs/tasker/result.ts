/** What a handler returns or throws. */

import type { JsonObject } from './values.js';

/** Names of the kinds of failure. */
export const ErrorType = {
  PERMANENT_ERROR: 'permanent_error',
  RETRYABLE_ERROR: 'retryable_error',
  VALIDATION_ERROR: 'validation_error',
  TIMEOUT: 'timeout',
  HANDLER_ERROR: 'handler_error',
} as const;

export type ErrorType = (typeof ErrorType)[keyof typeof ErrorType];

/** Thrown for a failure that no retry can mend. */
export class PermanentError extends Error {
  override readonly name: string = 'PermanentError';
  readonly metadata: JsonObject;

  constructor(message: string, metadata: JsonObject = {}) {
    super(message);
    this.metadata = metadata;
  }
}

/** Thrown for a failure that another attempt may mend. */
export class RetryableError extends Error {
  override readonly name: string = 'RetryableError';
  readonly metadata: JsonObject;

  constructor(message: string, metadata: JsonObject = {}) {
    super(message);
    this.metadata = metadata;
  }
}

export interface StepHandlerResultFields {
  success: boolean;
  result?: JsonObject | null | undefined;
  errorMessage?: string | null | undefined;
  errorType?: string | null | undefined;
  errorCode?: string | null | undefined;
  retryable?: boolean | undefined;
  metadata?: JsonObject | undefined;
}

/** What a handler returns. */
export class StepHandlerResult {
  readonly success: boolean;
  readonly result: JsonObject | null;
  readonly errorMessage: string | null;
  readonly errorType: string | null;
  readonly errorCode: string | null;
  readonly retryable: boolean;
  readonly metadata: JsonObject;

  constructor(fields: StepHandlerResultFields) {
    this.success = fields.success;
    this.result = fields.result ?? null;
    this.errorMessage = fields.errorMessage ?? null;
    this.errorType = fields.errorType ?? null;
    this.errorCode = fields.errorCode ?? null;
    this.retryable = fields.retryable ?? true;
    this.metadata = fields.metadata ?? {};
  }

  static success(result: JsonObject = {}, metadata: JsonObject = {}): StepHandlerResult {
    return new StepHandlerResult({ success: true, result, metadata });
  }

  static failure(
    message: string,
    errorType: string = ErrorType.HANDLER_ERROR,
    retryable = true,
    metadata: JsonObject = {},
    errorCode: string | null = null,
  ): StepHandlerResult {
    return new StepHandlerResult({ success: false, errorMessage: message, errorType, errorCode, retryable, metadata });
  }

  isSuccess(): boolean {
    return this.success;
  }

  isFailure(): boolean {
    return !this.success;
  }

  toJSON(): JsonObject {
    return {
      success: this.success,
      result: this.result,
      error_message: this.errorMessage,
      error_type: this.errorType,
      error_code: this.errorCode,
      retryable: this.retryable,
      metadata: this.metadata,
    };
  }
}

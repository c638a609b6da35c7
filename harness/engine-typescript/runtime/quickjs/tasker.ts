/**
 * A small implementation of `@tasker-systems/tasker`, enough to run step handlers without the engine behind them.
 *
 * It behaves as the package does where a handler can see it, with one exception: names are looked up among an object's
 * own properties only, so that `toString` or `__proto__` are found when the data holds them and not otherwise.
 */

/** A JSON object, or what a handler takes for one. */
export type JsonObject = Record<string, unknown>;

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
}

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

    override async call(context: StepContext): Promise<StepHandlerResult> {
      const depends = Object.entries<string>(options.depends ?? {});
      const inputs = Object.entries<string>(options.inputs ?? {});
      const args = Object.fromEntries<unknown>([
        ...depends.map(([argument, stepName]) => [argument, context.getDependencyResult(stepName)] as const),
        ...inputs.map(([argument, key]) => [argument, context.getInput(key)] as const),
        ['context', context],
      ]);
      try {
        return toResult(await body(args as HandlerArguments<Depends, Inputs>));
      } catch (error) {
        return toFailure(error);
      }
    }
  };
}

/** The handlers of a worker, by name. */
export class HandlerRegistry {
  static #instance: HandlerRegistry | null = null;
  readonly #handlers = new Map<string, StepHandlerClass>();

  /** The worker's registry. */
  static instance(): HandlerRegistry {
    HandlerRegistry.#instance ??= new HandlerRegistry();
    return HandlerRegistry.#instance;
  }

  /** Puts a handler under a name. */
  register(name: string, handlerClass: StepHandlerClass): void {
    this.#handlers.set(name, handlerClass);
  }

  /** Takes a handler away; says whether there was one. */
  unregister(name: string): boolean {
    return this.#handlers.delete(name);
  }

  /** An instance of the handler of this name. */
  resolve(name: string): StepHandler | null {
    const handlerClass = this.#handlers.get(name);
    return handlerClass === undefined ? null : new handlerClass();
  }

  getHandlerClass(name: string): StepHandlerClass | undefined {
    return this.#handlers.get(name);
  }

  isRegistered(name: string): boolean {
    return this.#handlers.has(name);
  }

  listHandlers(): string[] {
    return [...this.#handlers.keys()];
  }

  handlerCount(): number {
    return this.#handlers.size;
  }

  clear(): void {
    this.#handlers.clear();
  }

  /** The handlers by name. */
  handlers(): ReadonlyMap<string, StepHandlerClass> {
    return this.#handlers;
  }
}

/** A line of a log, which reaches nobody. */
export type Log = (message: string, fields?: JsonObject) => void;

const log: Log = () => undefined;

export const logTrace = log;
export const logDebug = log;
export const logInfo = log;
export const logWarn = log;
export const logError = log;

export function createLogger(): Readonly<Record<'trace' | 'debug' | 'info' | 'warn' | 'error', Log>> {
  return { trace: log, debug: log, info: log, warn: log, error: log };
}

/**
 * What stands for a name of the package that is not here: it can be imported and extended, and says what it is when it is
 * used.
 */
export function ofTheEngine(name: string): unknown {
  const refuse = (what: string): never => {
    noteUnsupported(what);
    throw new Error(`${what} belongs to Tasker's engine; Parity's @tasker-systems/tasker has what step handlers need`);
  };
  abstract class Missing extends StepHandler {}
  return new Proxy(Missing, {
    apply: () => refuse(name),
    construct: () => refuse(name),
    get: (target, key): unknown =>
      typeof key === 'symbol' || key === 'then' || key in target ? Reflect.get(target, key) : refuse(`${name}.${key}`),
  });
}

/** Tells the harness what was asked for and is not here, whatever the handler makes of the refusal. */
function noteUnsupported(what: string): void {
  const note = (globalThis as Record<symbol, unknown>)[Symbol.for('parity.unsupported')];
  if (typeof note === 'function') {
    (note as (asked: string) => void)(`@tasker-systems/tasker ${what}`);
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

function toFailure(error: unknown): StepHandlerResult {
  if (error instanceof PermanentError) {
    return StepHandlerResult.failure(error.message, ErrorType.PERMANENT_ERROR, false, error.metadata);
  }
  if (error instanceof RetryableError) {
    return StepHandlerResult.failure(error.message, ErrorType.RETRYABLE_ERROR, true, error.metadata);
  }
  throw error;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null;
}

function own(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

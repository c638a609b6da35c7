/** What belongs to the engine, and its logs. */

import { StepHandler } from './handler.js';
import type { JsonObject } from './values.js';

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

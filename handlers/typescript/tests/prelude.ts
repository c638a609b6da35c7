/**
 * The harness's own prelude under Node: it replaces clock, randomness and timers of the realm in which it is installed, and
 * answers the driver that names how a call ended.
 */

import { readFileSync } from 'node:fs';
import { runInThisContext } from 'node:vm';

import type { StreamDoors } from './streams.js';

const PRELUDE = new URL('../../../harness/engine-typescript/runtime/quickjs/prelude.js', import.meta.url);

/** A handler class, or whatever a module exports in its place. */
export type HandlerClass = new () => unknown;

/** One of the driver's ends: its kind, then what belongs to it. */
export type End = readonly [kind: number, ...members: unknown[]];

/** The driver of the prelude. */
export interface Driver {
  note(module: object, file: string): void;
  sightings(): [handler: HandlerClass, declared: string[], name: string, exported: string | null, file: string, extended: boolean][];
  reset(now: number): void;
  start(
    handler: HandlerClass,
    ids: readonly [handler: string, task: string, step: string],
    inputData: unknown,
    dependencyResults: unknown,
    stepConfig: unknown,
    retryCount: number,
    maxRetries: number,
  ): unknown;
  fireTimer(): boolean;
  conclude(answer: unknown): End;
  refuse(thrown: unknown): End;
  crash(thrown: unknown): End;
}

/** Replaces the doors of this realm for good. The console stays, for whoever looks for a bug. */
export function install(doors: StreamDoors): (tasker: object) => Driver {
  const { console } = globalThis;
  const prelude = runInThisContext(readFileSync(PRELUDE, 'utf8'), { filename: PRELUDE.pathname }) as (
    doors: StreamDoors,
  ) => (tasker: object) => Driver;
  const driverOf = prelude(doors);
  globalThis.console = console;
  return driverOf;
}

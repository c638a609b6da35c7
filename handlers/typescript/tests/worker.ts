/**
 * Answers step inputs in a process of its own, which `fork` starts with the tree as argument: its clock and its randomness
 * belong to the handlers. The first message out names the handlers of the tree, or says why it can not be loaded.
 */

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { JsonObject } from './json_values.js';
import { observation } from './observe.js';
import { type Driver, type End, type HandlerClass, install } from './prelude.js';
import { DEFAULT_AMBIENT, StreamDoors } from './streams.js';
import type { StepInput } from './vectors.js';

/** The first message of a worker. */
export type Greeting = { handlers: string[] } | { error: string };

const SUFFIX = '_handler.ts';
const IDENTITY = /^[^/]+\/[^/]+$/;

// Taken before the prelude replaces them.
const { setImmediate, setTimeout } = globalThis;
const parse = Date.parse;

/** How often a promise is looked at that only real time can settle, and how many milliseconds lie in between. */
const LOOKS = 100;
const PAUSE = 10;

async function serve(tree: string): Promise<void> {
  // What a handler leaves running belongs to nobody.
  process.on('unhandledRejection', () => undefined);
  const doors = new StreamDoors(DEFAULT_AMBIENT);
  const driverOf = install(doors);
  const driver = driverOf(await import('@tasker-systems/tasker'));
  driver.reset(parse(DEFAULT_AMBIENT.now));
  const handlers = new Map<string, HandlerClass>();
  const problem = await load(driver, tree, handlerFiles(tree), handlers);
  if (problem !== null) {
    say({ error: problem } satisfies Greeting);
    return;
  }
  process.on('message', (stepInput: StepInput) => {
    void call(driver, doors, handlers, stepInput).then(say, (error: unknown) => {
      console.error(error);
      process.exit(1);
    });
  });
  say({ handlers: [...handlers.keys()] } satisfies Greeting);
}

function say(message: object): void {
  process.send?.(message);
}

/** The handler files below `root`, sorted. A link to a directory is not followed. */
function handlerFiles(root: string, below = ''): string[] {
  const entries = readdirSync(join(root, below), { withFileTypes: true });
  const files = entries.flatMap((entry) => {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) {
      return entry.name.startsWith('.') || entry.name === 'node_modules' ? [] : handlerFiles(root, path);
    }
    return entry.name.endsWith(SUFFIX) && statSync(join(root, path)).isFile() ? [path] : [];
  });
  return files.sort();
}

/** Adds the handlers of the files of a tree; answers what is wrong with one of them. */
async function load(
  driver: Driver,
  tree: string,
  files: readonly string[],
  handlers: Map<string, HandlerClass>,
): Promise<string | null> {
  for (const file of files) {
    try {
      driver.note((await import(pathToFileURL(join(tree, file)).href)) as object, file);
    } catch (error) {
      return `${join(tree, file)}: ${String(error)}`;
    }
  }
  const sightings = driver.sightings();
  const empty = files.find((file) => sightings.every(([, , , , place]) => place !== file));
  if (empty !== undefined) {
    return `${join(tree, empty)}: it exports no handler of its own`;
  }
  for (const [handler, [identity = ''], name, , file] of sightings) {
    if (!IDENTITY.test(identity)) {
      return `${join(tree, file)}: class ${name} has no identity; give it static handlerName = 'namespace/step'`;
    }
    if (handlers.has(identity)) {
      return `${join(tree, file)}: there are two handlers ${identity}`;
    }
    handlers.set(identity, handler);
  }
  return null;
}

async function call(
  driver: Driver,
  doors: StreamDoors,
  handlers: Map<string, HandlerClass>,
  stepInput: StepInput,
): Promise<JsonObject> {
  const handler = handlers.get(stepInput.handler);
  if (handler === undefined) {
    throw new Error(`no handler ${stepInput.handler}`);
  }
  doors.reset(stepInput.ambient);
  driver.reset(parse(stepInput.ambient.now));
  const end = await endOf(driver, () => start(driver, handler, stepInput));
  try {
    return end === null ? { status: 'timed_out' } : observation(end);
  } catch (error) {
    return observation(driver.crash(error));
  } finally {
    await macrotask(); // what the handler left running must not run into the next call
  }
}

function start(driver: Driver, handler: HandlerClass, stepInput: StepInput): unknown {
  const { task_uuid: taskUuid, step_uuid: stepUuid } = stepInput.ambient;
  // In an envelope, so that the package takes off this one and never touches the value.
  const stored = Object.entries(stepInput.dependencies).map(([step, result]) => [step, { result }] as const);
  return driver.start(
    handler,
    [stepInput.handler, taskUuid, stepUuid],
    stepInput.context,
    Object.fromEntries(stored),
    stepInput.step_config,
    stepInput.attempt - 1,
    stepInput.max_attempts,
  );
}

/** How a call ended; `null` when it never will. */
async function endOf(driver: Driver, start: () => unknown): Promise<End | null> {
  try {
    const answer = start();
    if (!(answer instanceof Promise)) {
      return driver.conclude(answer);
    }
    return (await isSettled(driver, answer)) ? driver.conclude(await answer) : null;
  } catch (error) {
    return driver.refuse(error);
  }
}

/** Waits in virtual time: the earliest timer fires as soon as nothing else is left to do. */
async function isSettled(driver: Driver, promise: Promise<unknown>): Promise<boolean> {
  const seen = { settled: false };
  const note = (): void => {
    seen.settled = true;
  };
  promise.then(note, note);
  await macrotask();
  let looks = 0;
  while (!seen.settled && looks < LOOKS) {
    if (driver.fireTimer()) {
      await macrotask();
    } else {
      looks += 1;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
  return seen.settled;
}

/** Lets every microtask run. */
function macrotask(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

await serve(process.argv[2] ?? '.');

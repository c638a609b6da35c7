/** The golden vectors: files `<namespace>/<step>.json` below one directory. */

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { isObject, type Json, type JsonObject, read } from './json_values.js';

export const SCHEMA_VERSION = 2;

/** Directories beside the namespaces that hold something else. */
const NO_NAMESPACES = new Set(['workflows', 'regressions']);

const STEP_INPUT = ['ambient', 'attempt', 'context', 'dependencies', 'handler', 'max_attempts', 'step_config'];
const OUTCOMES: Readonly<Record<string, readonly string[]>> = {
  completed: ['metadata', 'result', 'status'],
  failed: ['code', 'context', 'kind', 'message', 'retry_after', 'status'],
};

/** What a handler may learn of the world during a call. */
export interface Ambient {
  now: string;
  entropy: string;
  task_uuid: string;
  step_uuid: string;
}

/** Everything one call of one handler depends on. */
export interface StepInput {
  ambient: Ambient;
  attempt: number;
  context: JsonObject;
  dependencies: JsonObject;
  handler: string;
  max_attempts: number;
  step_config: JsonObject;
}

/** One step input with the outcome that every handler has to have. */
export interface Vector {
  file: string;
  id: string;
  note: string;
  flags: string[];
  stepInput: StepInput;
  expected: JsonObject;
}

/** Vectors that can not be used. */
export class VectorError extends Error {}

/** All vectors; a {@link VectorError} if there are none, or if one can not be read. */
export function load(directory: string): Vector[] {
  if (!isDirectory(directory)) {
    throw new VectorError(`${directory}: no such directory; name the directory of the vectors with --vectors=DIR`);
  }
  const namespaces = readdirSync(directory).sort();
  const files = namespaces
    .filter((name) => !NO_NAMESPACES.has(name) && isDirectory(join(directory, name)))
    .flatMap((name) => filesOf(join(directory, name)));
  const vectors = files.flatMap(loadFile);
  if (vectors.length === 0) {
    throw new VectorError(`${directory}: no vectors; there should be files <namespace>/<step>.json`);
  }
  const places = new Map<string, string>();
  for (const { id, file } of vectors) {
    const other = places.get(id);
    if (other !== undefined) {
      throw new VectorError(`${file}: vector ${id} is in ${other}, too`);
    }
    places.set(id, file);
  }
  return vectors;
}

function isDirectory(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

function filesOf(directory: string): string[] {
  const names = readdirSync(directory).filter((name) => name.endsWith('.json'));
  return names.sort().map((name) => join(directory, name));
}

function loadFile(file: string): Vector[] {
  let document: Json;
  try {
    document = read(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new VectorError(`${file}: ${String(error)}`);
  }
  if (!isObject(document)) {
    throw new VectorError(`${file}: not in the format of vectors: no object`);
  }
  const { schema_version: version, handler, vectors } = document;
  if (version !== SCHEMA_VERSION) {
    throw new VectorError(`${file}: schema version ${JSON.stringify(version)}, this reads ${String(SCHEMA_VERSION)}`);
  }
  if (typeof handler !== 'string' || handler !== identityOf(file)) {
    throw new VectorError(`${file}: its vectors are for ${JSON.stringify(handler)}`);
  }
  if (!Array.isArray(vectors) || vectors.length === 0) {
    throw new VectorError(`${file}: no vectors`);
  }
  return vectors.map((each) => toVector(file, handler, each));
}

function toVector(file: string, handler: string, each: Json): Vector {
  const { id, note, flags, input, expected } = isObject(each) ? each : {};
  if (typeof id !== 'string' || typeof note !== 'string' || !Array.isArray(flags)) {
    throw new VectorError(`${file}: not in the format of vectors: one has no id, note or flags`);
  }
  if (!isObject(input) || !hasMembers(input, STEP_INPUT) || input.handler !== handler) {
    throw new VectorError(`${file}: vector ${id}: its input is no step input of ${handler}`);
  }
  const status = isObject(expected) && typeof expected.status === 'string' ? expected.status : '';
  if (!isObject(expected) || !hasMembers(expected, OUTCOMES[status] ?? [])) {
    throw new VectorError(`${file}: vector ${id}: what it expects is no outcome`);
  }
  return { file, id, note, flags: flags.map(String), stepInput: input as unknown as StepInput, expected };
}

function hasMembers(object: JsonObject, names: readonly string[]): boolean {
  return Object.keys(object).sort().join() === names.join();
}

/** The identity of the handler that a file is named after. */
function identityOf(file: string): string {
  return `${basename(dirname(file))}/${basename(file, '.json')}`;
}

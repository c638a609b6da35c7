/** JSON texts into JavaScript values without loss, and which JavaScript values are JSON. */

import { types } from 'node:util';

/** A JSON value. An integer that no double holds exactly is a bigint. */
export type Json = null | boolean | number | bigint | string | Json[] | JsonObject;

export interface JsonObject {
  [name: string]: Json;
}

/** How deep a value may nest, and how many values a document may hold: a cycle goes beyond any limit. */
export const MAX_DEPTH = 200;
export const MAX_VALUES = 1_000_000;

const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const INTEGER = /^-?\d+$/;
const SMALLEST = -(2n ** 63n);
const GREATEST = 2n ** 64n - 1n;

/** Begins the string that stands for an integer while a text is read; no text of ours holds it. */
const MARK = '\\u0000integer:';

/** The value of a JSON text. */
export function read(text: string): Json {
  if (text.includes(MARK)) {
    throw new SyntaxError('the text holds what marks an integer');
  }
  const marked = text.replace(STRING_OR_NUMBER, (token) => (isInexact(token) ? `"${MARK}${token}"` : token));
  const mark = JSON.parse(`"${MARK}"`) as string;
  return JSON.parse(marked, (_, value: Json) =>
    typeof value === 'string' && value.startsWith(mark) ? BigInt(value.slice(mark.length)) : value,
  ) as Json;
}

/** Whether a token is an integer within 64 bits that is no double. Beyond 64 bits it is read as the nearest one. */
function isInexact(token: string): boolean {
  if (!INTEGER.test(token) || Number.isSafeInteger(Number(token))) {
    return false;
  }
  const integer = BigInt(token);
  return integer >= SMALLEST && integer <= GREATEST && BigInt(Number(token)) !== integer;
}

/** A copy with the nearest double for every integer, which is what a handler is given. */
export function toDoubles(value: Json): Json {
  if (typeof value === 'bigint') {
    return Number(value);
  }
  if (Array.isArray(value)) {
    return value.map(toDoubles);
  }
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, toDoubles(member)]))
    : value;
}

/** Whether a JSON value is an object. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value that is not JSON: where, as a JSON Pointer, and what stands there. */
export class NotJsonError extends Error {
  readonly path: string;
  readonly what: string;

  constructor(path: string, what: string) {
    super(`${what} at ${path}`);
    this.path = path;
    this.what = what;
  }
}

/** The JSON Pointer of a member. */
export function child(path: string, name: string | number): string {
  return `${path}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** A copy of `value` if it is JSON, else a {@link NotJsonError}. Nothing is left out, `toJSON` is not asked. */
export function plain(value: unknown, path: string): Json {
  return new Reader().read(value, path, 0);
}

class Reader {
  #values = 0;

  read(value: unknown, path: string, depth: number): Json {
    this.#values += 1;
    if (this.#values > MAX_VALUES) {
      throw new NotJsonError(path, `more than ${String(MAX_VALUES)} values`);
    }
    switch (typeof value) {
      case 'string':
        if (!value.isWellFormed()) {
          throw new NotJsonError(path, 'a lone surrogate');
        }
        return value;
      case 'number':
        if (!Number.isFinite(value)) {
          throw new NotJsonError(path, String(value));
        }
        return value;
      case 'boolean':
        return value;
      case 'object':
        return value === null ? null : this.#object(value, path, depth);
      default:
        throw new NotJsonError(path, noun(value));
    }
  }

  #object(value: object, path: string, depth: number): Json {
    const unusual = unusualKind(value);
    if (unusual !== null) {
      throw new NotJsonError(path, unusual);
    }
    if (depth === MAX_DEPTH) {
      throw new NotJsonError(path, `nesting deeper than ${String(MAX_DEPTH)}`);
    }
    if (Array.isArray(value)) {
      return Array.from(value, (element: unknown, index) => this.read(element, child(path, index), depth + 1));
    }
    const members = Object.keys(value).map((name) => {
      if (!name.isWellFormed()) {
        throw new NotJsonError(path, 'a lone surrogate in a name');
      }
      const member = (value as Record<string, unknown>)[name];
      return [name, this.read(member, child(path, name), depth + 1)] as const;
    });
    return Object.fromEntries(members);
  }
}

/** Kinds of objects that are neither objects nor arrays in JSON, told by what they are and not by their prototype. */
const UNUSUAL: readonly (readonly [(value: unknown) => boolean, string])[] = [
  [types.isDate, 'a Date'],
  [types.isMap, 'a Map'],
  [types.isSet, 'a Set'],
  [types.isWeakMap, 'a WeakMap'],
  [types.isWeakSet, 'a WeakSet'],
  [types.isRegExp, 'a RegExp'],
  [types.isPromise, 'a Promise'],
  [types.isNativeError, 'an Error'],
  [types.isAnyArrayBuffer, 'an ArrayBuffer'],
  [types.isDataView, 'a DataView'],
  [types.isTypedArray, 'a typed array'],
  [types.isNumberObject, 'a Number object'],
  [types.isStringObject, 'a String object'],
  [types.isBooleanObject, 'a Boolean object'],
  [types.isBigIntObject, 'a BigInt object'],
  [types.isSymbolObject, 'a Symbol object'],
  [types.isGeneratorObject, 'a generator'],
  [types.isMapIterator, 'an iterator'],
  [types.isSetIterator, 'an iterator'],
];

function unusualKind(value: object): string | null {
  return UNUSUAL.find(([is]) => is(value))?.[1] ?? null;
}

/** What a value is that is not JSON by its type alone. */
function noun(value: unknown): string {
  switch (typeof value) {
    case 'bigint':
      return 'a BigInt';
    case 'undefined':
      return 'undefined';
    default:
      return `a ${typeof value}`;
  }
}

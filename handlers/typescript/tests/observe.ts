/** What a handler did, as a document: an outcome, or one of the ends that nobody plans. */

import { isObject, type Json, type JsonObject, NotJsonError, plain } from './json_values.js';
import type { End } from './prelude.js';

const KINDS = ['completed', 'permanent', 'retryable', 'crashed'];

const STACK_OVERFLOW = 'RangeError: Maximum call stack size exceeded';

/** The document of one of the driver's ends. */
export function observation([kind, ...members]: End): JsonObject {
  const name = KINDS[kind] ?? '';
  try {
    if (name === 'completed') {
      return { status: name, result: plain(members[0], '/result'), metadata: plain(members[1], '/metadata') };
    }
    if (name === 'permanent' || name === 'retryable') {
      return { status: 'failed', kind: name, ...failure(members) };
    }
  } catch (error) {
    if (error instanceof NotJsonError) {
      return { status: 'unserialisable', path: error.path, what: error.what };
    }
    throw error;
  }
  const [className, message, trace] = members.map(String);
  if (`${className ?? ''}: ${message ?? ''}` === STACK_OVERFLOW) {
    return { status: 'stack_overflow' };
  }
  return { status: name, class: className ?? '', message: message ?? '', trace: trace ?? '' };
}

function failure(members: unknown[]): JsonObject {
  const [code, message, retryAfter, context] = members;
  return {
    code: member('code', code, 'a string', (value) => value === null || typeof value === 'string'),
    message: member('message', message, 'a string', (value) => typeof value === 'string'),
    retry_after: member('retry_after', retryAfter, 'a number', (value) => value === null || typeof value === 'number'),
    context: member('context', context, 'an object', isObject),
  };
}

function member(name: string, value: unknown, expected: string, holds: (value: Json) => boolean): Json {
  const json = plain(value, `/${name}`);
  if (!holds(json)) {
    throw new NotJsonError(`/${name}`, `${JSON.stringify(json)}, not ${expected}`);
  }
  return json;
}

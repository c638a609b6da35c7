// `node:assert`, as far as handlers use it.

const { marked, shelf } = globalThis[Symbol.for('parity.doors')];

import { isDeepStrictEqual } from 'node:util';

export class AssertionError extends Error {
  constructor({ message = 'Failed', actual, expected, operator } = {}) {
    super(message);
    this.name = 'AssertionError';
    this.code = 'ERR_ASSERTION';
    Object.assign(this, { actual, expected, operator });
  }
}

function check(holds, message, fields) {
  if (!holds) {
    if (message instanceof Error) {
      throw message;
    }
    // What Node says by itself, and adds to some messages, shows the values as only it does.
    const isOwn = message !== undefined && fields.operator !== 'strictEqual';
    throw new AssertionError({ message: isOwn ? message : marked(message ?? `assert ${fields.operator}`), ...fields });
  }
}

export const ok = (value, message) => check(value, message, { actual: value, expected: true, operator: '==' });

export function equal(actual, expected, message) {
  const isEqual = actual == expected || (Number.isNaN(actual) && Number.isNaN(expected));
  check(isEqual, message, { actual, expected, operator: '==' });
}

export const strictEqual = (actual, expected, message) =>
  check(Object.is(actual, expected), message, { actual, expected, operator: 'strictEqual' });

export const notStrictEqual = (actual, expected, message) =>
  check(!Object.is(actual, expected), message, { actual, expected, operator: 'notStrictEqual' });

export const deepStrictEqual = (actual, expected, message) =>
  check(isDeepStrictEqual(actual, expected), message, { actual, expected, operator: 'deepStrictEqual' });

export function fail(message = 'Failed') {
  check(false, message, { operator: 'fail' });
}

export function match(text, pattern, message) {
  check(pattern.test(text), message, { actual: text, expected: pattern, operator: 'match' });
}

const assert = Object.assign((value, message) => ok(value, message), {
  AssertionError,
  deepStrictEqual,
  equal,
  fail,
  match,
  notStrictEqual,
  ok,
  strictEqual,
});
assert.strict = assert;
export const strict = assert;
export default shelf('assert', assert);

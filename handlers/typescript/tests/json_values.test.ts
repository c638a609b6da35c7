/** What is not JSON is seen, never dropped or written as something else. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isObject, type Json, MAX_DEPTH, NotJsonError, plain, read, toDoubles } from './json_values.js';
import { observation } from './observe.js';

function nested(depth: number): unknown {
  return depth === 0 ? 0 : [nested(depth - 1)];
}

function doubled(times: number): unknown {
  let value: unknown = {};
  for (let time = 0; time < times; time += 1) {
    value = { left: value, right: value };
  }
  return value;
}

const NOT_JSON: [value: unknown, path: string, what: string][] = [
  [{ a: [0, NaN] }, '/result/a/1', 'NaN'],
  [{ a: Infinity }, '/result/a', 'Infinity'],
  [-Infinity, '/result', '-Infinity'],
  [undefined, '/result', 'undefined'],
  [{ a: undefined }, '/result/a', 'undefined'],
  [[undefined], '/result/0', 'undefined'],
  [new Array(1), '/result/0', 'undefined'],
  [{ 'a/b': { '~': 1n } }, '/result/a~1b/~0', 'a BigInt'],
  [Symbol.iterator, '/result', 'a symbol'],
  [() => 0, '/result', 'a function'],
  [Date, '/result', 'a function'],
  [new Date(0), '/result', 'a Date'],
  [new Map(), '/result', 'a Map'],
  [new Set(), '/result', 'a Set'],
  [new WeakMap(), '/result', 'a WeakMap'],
  [new WeakSet(), '/result', 'a WeakSet'],
  [/ /, '/result', 'a RegExp'],
  [Promise.resolve(), '/result', 'a Promise'],
  [new TypeError(), '/result', 'an Error'],
  [new ArrayBuffer(0), '/result', 'an ArrayBuffer'],
  [new DataView(new ArrayBuffer(0)), '/result', 'a DataView'],
  [new Uint8Array(1), '/result', 'a typed array'],
  [Buffer.of(1), '/result', 'a typed array'],
  [Object(1), '/result', 'a Number object'],
  [Object(''), '/result', 'a String object'],
  [Object(false), '/result', 'a Boolean object'],
  [Object(1n), '/result', 'a BigInt object'],
  [Object.setPrototypeOf(new Date(0), Object.prototype), '/result', 'a Date'],
  ['\ud800', '/result', 'a lone surrogate'],
  [{ '\udfff': 1 }, '/result', 'a lone surrogate in a name'],
  [nested(MAX_DEPTH + 1), `/result${'/0'.repeat(MAX_DEPTH)}`, `nesting deeper than ${String(MAX_DEPTH)}`],
];

for (const [value, path, what] of NOT_JSON) {
  test(`${what} is not JSON at ${path.slice(0, 20)}`, () => {
    assert.throws(() => plain(value, '/result'), (error) => {
      assert.ok(error instanceof NotJsonError);
      assert.deepEqual([error.path, error.what], [path, what]);
      return true;
    });
  });
}

test('a document that grows without end is refused', () => {
  assert.throws(() => plain(doubled(100), ''), /more than 1000000 values/);
});

test('what is JSON stays what it is', () => {
  const value = { a: [null, true, -0, 0.1, 'é', {}, []], ['__proto__']: 1, toJSON: 1, b: nested(MAX_DEPTH - 1) };
  assert.deepEqual(plain(value, ''), value);
  const withoutPrototype: unknown = Object.assign(Object.create(null), { a: 1 });
  assert.deepEqual(plain(withoutPrototype, ''), { a: 1 });
});

test('an integer that is no double keeps its value when it is read', () => {
  const text = '[9007199254740993, -9007199254740993, 18446744073709551615, "9007199254740993", 9007199254740992]';
  const exact = [9007199254740993n, -9007199254740993n, 18446744073709551615n, '9007199254740993', 9007199254740992];
  assert.deepEqual(read(text), exact);
  assert.equal(read('18446744073709551617'), 2 ** 64);
  assert.deepEqual(toDoubles(read(text)), JSON.parse(text));
});

test('strings are read as they are, whatever they hold', () => {
  for (const value of ['"', '\\', '\\"9007199254740993', '\u0000', '{"a": 9007199254740993}', 'é\u{1f600}']) {
    assert.deepEqual(read(JSON.stringify({ [value]: [value] })), { [value]: [value] });
  }
});

test('a name may be __proto__', () => {
  const value = read('{"__proto__": {"a": 9007199254740993}}');
  assert.ok(isObject(value));
  assert.deepEqual(Object.keys(value), ['__proto__']);
  assert.deepEqual(Object.keys(toDoubles(value) as object), ['__proto__']);
});

test('what is no JSON text is not read', () => {
  for (const text of ['', 'NaN', '[Infinity]', "{'a': 1}", '[01]', '["\\u0000integer:1"]']) {
    assert.throws(() => read(text), SyntaxError);
  }
});

const NO_OUTCOMES: [end: [number, ...unknown[]], path: string][] = [
  [[0, {}, { a: new Set() }], '/metadata/a'],
  [[1, 1, 'message', null, {}], '/code'],
  [[1, 'CODE', null, null, {}], '/message'],
  [[2, null, 'message', true, {}], '/retry_after'],
  [[2, null, 'message', NaN, {}], '/retry_after'],
  [[2, null, 'message', 30, []], '/context'],
];

for (const [end, path] of NO_OUTCOMES) {
  test(`a member of the wrong kind at ${path} is no outcome (${String(end[0])})`, () => {
    const observed: Record<string, Json> = observation(end);
    assert.deepEqual([observed.status, observed.path], ['unserialisable', path]);
  });
}

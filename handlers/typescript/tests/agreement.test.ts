/** The rules of comparison, each with what it lets pass and what it does not. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { differences } from './agreement.js';
import { type Json, read } from './json_values.js';

const EQUAL: [expected: Json, actual: Json][] = [
  [{ a: 1, b: 2 }, { b: 2, a: 1 }],
  [read('2.0'), 2],
  [read('-0.0'), 0],
  [0, -0],
  [read('9007199254740992'), 2 ** 53],
  [9007199254740993n, 9007199254740993n],
  [[], []],
  [null, null],
  ['é', 'é'],
];

for (const [index, [expected, actual]] of EQUAL.entries()) {
  test(`equal values agree (${String(index)})`, () => {
    assert.deepEqual(differences(expected, actual), []);
  });
}

const OTHER: [expected: Json, actual: Json, path: string][] = [
  [{ a: null }, {}, '/a'],
  [{}, { a: null }, '/a'],
  [{ toString: 1 }, {}, '/toString'],
  [[1, 2], [2, 2], '/0'],
  [[1], [1, 1], '/1'],
  [[1, 1], [1], '/1'],
  [[], {}, ''],
  [{ 'a/b': { '~': 1 } }, { 'a/b': { '~': 2 } }, '/a~1b/~0'],
  [1, '1', ''],
  [1, true, ''],
  [0, false, ''],
  [0, null, ''],
  [0, '', ''],
  ['é', 'e\u0301', ''],
  ['a', 'A', ''],
  [read('9007199254740993'), 2 ** 53, ''],
  [read('18446744073709551615'), 2 ** 64, ''],
  [0.1, 0.10000000000000002, ''],
];

for (const [index, [expected, actual, path]] of OTHER.entries()) {
  test(`other values differ (${String(index)})`, () => {
    assert.deepEqual(differences(expected, actual).map((difference) => difference.path), [path]);
  });
}

test('every place is named, the expected ones first', () => {
  const expected = { total: 1, items: [{ price: 1 }, { price: 2 }], gone: null };
  const actual = { new: 1, items: [{ price: 2 }, { price: 2 }], total: 2 };
  assert.deepEqual(differences(expected, actual), [
    { path: '/total', expected: 1, actual: 2 },
    { path: '/items/0/price', expected: 1, actual: 2 },
    { path: '/gone', expected: null, actual: undefined },
    { path: '/new', expected: undefined, actual: 1 },
  ]);
});

/** Planted wrong outcomes are reported, in words that a reader can act on. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { explain, MAX_DIFFERENCES } from './explain.js';
import type { JsonObject } from './json_values.js';
import { completed, failed, vector } from './samples.js';

function report(expected: JsonObject, actual: JsonObject): string {
  return explain(vector(expected), actual) ?? 'no difference';
}

test('the expected outcome is not reported', () => {
  assert.equal(explain(vector(completed({ a: [1] })), completed({ a: [1] })), null);
});

test('a report names vector, note, flags, places and values', () => {
  const text = report(completed({ total: 15, name: 'é' }), completed({ total: 14.99, name: 'é' }));
  for (const part of [
    'miniature/handler does not agree with vector handler-000000000000',
    'file   a file',
    'note   a note',
    'flags  boundary, completed',
    '1 place differs (- expected, + actual):\n  /result/total\n    - 15\n    + 14.99',
    '"handler": "miniature/handler"',
    'npm test -- --vector=handler-000000000000',
  ]) {
    assert.ok(text.includes(part), text);
  }
});

test('a member that is not there is not null', () => {
  assert.ok(report(completed({ a: null }), completed({})).includes('/result/a\n    - null\n    + (absent)'));
});

const OTHER_DECISIONS: [actual: JsonObject, decision: string][] = [
  [completed({}), 'completed'],
  [failed({ kind: 'retryable', code: null }), 'failed, retryable, code null'],
  [failed({ code: 'OTHER' }), 'failed, permanent, code OTHER'],
  [{ status: 'crashed', class: 'TypeError', message: 'a', trace: '' }, 'crashed, TypeError: a'],
  [{ status: 'unserialisable', path: '/result/a', what: 'NaN' }, 'NaN at /result/a, which is not JSON'],
  [{ status: 'timed_out' }, 'timed_out'],
];

for (const [actual, decision] of OTHER_DECISIONS) {
  test(`another decision is reported with both outcomes: ${decision}`, () => {
    const text = report(failed(), actual);
    assert.ok(text.includes(`expected failed, permanent, code NO, actual ${decision}\n`), text);
    assert.ok(text.includes('  -   "message": "no"'), text);
    assert.ok(text.includes(`  +   "status": ${JSON.stringify(actual.status)}`), text);
  });
}

for (const [name, value] of Object.entries({ retry_after: 30, message: 'another', context: { path: '/context/a' } })) {
  test(`the ${name} of a failure counts`, () => {
    assert.ok(report(failed(), failed({ [name]: value })).includes(`1 place differs (- expected, + actual):\n  /${name}`));
  });
}

test('the metadata counts', () => {
  assert.ok(report(completed({}), { ...completed({}), metadata: { a: 1 } }).includes('/metadata/a'));
});

test('an integer that is no double is shown', () => {
  assert.ok(report(completed(9007199254740993n), completed(9007199254740992)).includes('9007199254740993'));
});

test('a long report ends', () => {
  const text = report(completed(Array.from({ length: 100 }, (_, index) => index)), completed([]));
  assert.ok(text.includes(`… and ${String(100 - MAX_DIFFERENCES)} more`));
  assert.ok(text.includes(`/result/${String(MAX_DIFFERENCES - 1)}\n`));
  assert.ok(!text.includes(`/result/${String(MAX_DIFFERENCES)}\n`));
});

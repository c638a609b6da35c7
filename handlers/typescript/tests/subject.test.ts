/** Miniature handlers, most of them wrong: whatever they do is told, and the next call does not suffer from it. */

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import type { JsonObject } from './json_values.js';
import { stepInput, writeHandler, writeHandlers, writeTree } from './samples.js';
import { Subject, TreeError } from './subject.js';
import type { StepInput } from './vectors.js';

const INPUT = stepInput('miniature/handler', { a: 1 });

async function observed(tree: string, inputs: StepInput[] = [INPUT], call = 10_000): Promise<JsonObject[]> {
  const subject = await Subject.start(tree, { call });
  try {
    const ends = [];
    for (const each of inputs) {
      ends.push(await subject.call(each));
    }
    return ends;
  } finally {
    await subject.close();
  }
}

const ENDS: [body: string, expected: JsonObject][] = [
  ['return this.success({ a: NaN });', { status: 'unserialisable', path: '/result/a', what: 'NaN' }],
  ['return this.success({ a: undefined });', { status: 'unserialisable', path: '/result/a', what: 'undefined' }],
  ['return this.success({ a: new Date() });', { status: 'unserialisable', path: '/result/a', what: 'a Date' }],
  ['return this.success({}, { a: new Map() });', { status: 'unserialisable', path: '/metadata/a', what: 'a Map' }],
  ['return this.success({ a: 1n });', { status: 'unserialisable', path: '/result/a', what: 'a BigInt' }],
  ['const a: any = {}; a.a = a; return this.success(a);', { status: 'unserialisable' }],
  ['return this.success({ a: -0 });', { status: 'completed' }],
  ['return { a: 1 };', { status: 'crashed', class: 'TypeError' }],
  ["throw new TypeError('a');", { status: 'crashed', class: 'TypeError', message: 'a' }],
  ["throw 'a';", { status: 'crashed', class: 'thrown string', message: 'a' }],
  ["return this.success({ get a() { throw new RangeError('a'); } });", { status: 'crashed', class: 'RangeError' }],
  ['const again = (): number => again() + 1; return again();', { status: 'stack_overflow' }],
  ['process.exit(0);', { status: 'exited' }],
  ["throw new PermanentError('m', { error_code: 'C' });", { status: 'failed', kind: 'permanent', code: 'C' }],
  ["throw new RetryableError('m', { retry_after: 5 });", { status: 'failed', kind: 'retryable', retry_after: 5 }],
  ["void Promise.reject(new Error('a')); return this.success({});", { status: 'completed' }],
  ['setInterval(() => 0, 1); return this.success({});', { status: 'completed' }],
  ['return new Promise(() => undefined);', { status: 'timed_out' }],
  [
    'await new Promise((resolve) => setTimeout(resolve, 1e9)); return this.success({ now: Date.now() });',
    { status: 'completed', result: { now: 1_768_469_400_000 } },
  ],
  [
    'return this.success({ count: context.retryCount, max: context.maxRetries });',
    { status: 'completed', result: { count: 0, max: 2 } },
  ],
];

const ends = Subject.start(writeHandlers(ENDS.map(([body]) => body)));
after(async () => {
  await (await ends).close();
});

for (const [index, [body, expected]] of ENDS.entries()) {
  test(`an end is named: ${body}`, async () => {
    const actual = await (await ends).call(stepInput(`miniature/${String(index)}`));
    const named = Object.fromEntries(Object.keys(expected).map((name) => [name, actual[name]]));
    assert.deepEqual(named, expected);
  });
}

test('a handler that never ends is ended', async () => {
  assert.deepEqual(await observed(writeHandler('for (;;);'), [INPUT], 1000), [{ status: 'timed_out' }]);
});

test('a process that is killed has exited', async () => {
  assert.deepEqual(await observed(writeHandler("process.kill(process.pid, 'SIGKILL');")), [{ status: 'exited' }]);
});

test('a subject goes on after a handler that broke it', async () => {
  const body = `if (context.getInput('a') === 1) process.exit(1);
    return this.success({ b: [...crypto.getRandomValues(new Uint8Array(3))] });`;
  const ends = await observed(writeHandler(body), [INPUT, stepInput('miniature/handler'), INPUT]);
  assert.deepEqual(ends.map((end) => end.status), ['exited', 'completed', 'exited']);
  assert.deepEqual(ends[1]?.result, { b: [0x9d, 0xaa, 0x8f] });
});

test('every call has its own clock and streams', async () => {
  const body = `return this.success({
      now: new Date().toISOString(),
      zone: new Date().getTimezoneOffset() + 0,
      hex: [...crypto.getRandomValues(new Uint8Array(3))].map((byte) => byte.toString(16)).join(''),
      float: Math.random(),
      uuid: crypto.randomUUID(),
      elapsed: performance.now(),
    });`;
  const result = {
    now: '2026-01-15T09:30:00.000Z',
    zone: 0,
    hex: '9daa8f',
    float: 0.447055012079546,
    uuid: 'a407387a-1593-40a1-b49b-5273d5becc6d',
    elapsed: 0,
  };
  const [first, second] = await observed(writeHandler(body), [INPUT, INPUT]);
  assert.deepEqual(first, { status: 'completed', result, metadata: {} });
  assert.deepEqual(second, first);
});

test('a result of an earlier step is handed on as it is', async () => {
  const given = { result: { result: -0, ['__proto__']: [18446744073709551615n, 'é\u{1f600}'] } };
  const body = "return this.success({ a: context.getDependencyResult('earlier') });";
  const [actual] = await observed(writeHandler(body), [stepInput('miniature/handler', {}, { earlier: given })]);
  const doubles = { result: { result: -0, ['__proto__']: [2 ** 64, 'é\u{1f600}'] } };
  assert.deepEqual(actual?.result, { a: doubles });
});

const BAD_TREES: [files: Record<string, string>, message: RegExp][] = [
  [{}, /no file/],
  [{ 'a_handler.ts': 'export const = 1;' }, /a_handler\.ts/],
  [{ 'a_handler.ts': "throw new TypeError('a');" }, /a_handler\.ts: TypeError: a/],
  [{ 'a_handler.ts': "import '../support/index.js';" }, /a_handler\.ts: .*Cannot find module/],
  [{ 'a_handler.ts': '' }, /no handler of its own/],
  [{ 'a_handler.ts': 'process.exit(1);' }, /ends its process/],
  [
    {
      'a_handler.ts': `import { StepHandler } from '@tasker-systems/tasker';
        export class A extends StepHandler { async call(): Promise<any> {} }`,
    },
    /class A has no identity/,
  ],
  [
    {
      'a_handler.ts': `import { defineHandler } from '@tasker-systems/tasker';
        export const A = defineHandler('a/a', {}, () => 0);
        export const B = defineHandler('a/a', {}, () => 0);`,
    },
    /two handlers a\/a/,
  ],
];

for (const [files, message] of BAD_TREES) {
  test(`a tree that does not load says why: ${message.source}`, async () => {
    await assert.rejects(Subject.start(writeTree(files)), (error) => {
      assert.ok(error instanceof TreeError);
      assert.match(error.message, message);
      return true;
    });
  });
}

test('a tree that is not there is an error', async () => {
  await assert.rejects(Subject.start('/nowhere'), /\/nowhere is no directory/);
});

test('a tree that never loads is an error', async () => {
  await assert.rejects(Subject.start(writeTree({ 'a_handler.ts': 'for (;;);' }), { load: 2000 }), /does not load in time/);
});

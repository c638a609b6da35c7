/** A wrong handler fails the vectors that show its defect, and no others. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';

import { explain } from './explain.js';
import type { JsonObject } from './json_values.js';
import { prepare } from './replay.js';
import { completed, stepInput, vector, writeHandler, writeVectors } from './samples.js';
import { Subject, TYPESCRIPT } from './subject.js';
import type { StepInput } from './vectors.js';

const DEFECTS = join(TYPESCRIPT, '../../fixtures/defects');

function cart(product: number, quantity: number): StepInput {
  return stepInput('ecommerce/validate_cart', { cart_items: [{ product_id: product, quantity }] });
}

function customers(records: JsonObject[]): StepInput {
  return stepInput('data_pipeline/transform_customers', {}, { extract_customer_data: { records } });
}

function confirmation(email: string): StepInput {
  const orders = { create_order: { order_id: 0 }, validate_cart: { validated_items: [{}] } };
  return stepInput('ecommerce/send_confirmation', { customer_info: { email } }, orders);
}

const INPUTS: Record<string, StepInput> = {
  'a-few-units': cart(1, 2),
  'enough-for-dearer-shipping': cart(1, 5),
  'inactive-product': cart(5, 1),
  'no-customers': customers([]),
  'one-customer': customers([{ tier: 'gold', lifetime_value: 1 }]),
  'a-round-customer': customers([{ tier: 'gold', lifetime_value: 10_000 }]),
  'a-mail': confirmation('a@b'),
  'a-mail-in-capitals': confirmation('a@B'),
  'no-mail': confirmation(''),
};

interface Package {
  scripts: { test: string };
}

/** `npm test` with some options: exit code, output, and the tests that failed. */
function npmTest(...options: string[]): { code: number | null; output: string; failed: Set<string> } {
  const { scripts } = JSON.parse(readFileSync(join(TYPESCRIPT, 'package.json'), 'utf8')) as Package;
  const command = [...scripts.test.split(' ').slice(1), ...options];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: TYPESCRIPT, encoding: 'utf8' });
  const failed = [...stdout.matchAll(/^✖ (.*)$/gm)].map((match) => match[1] ?? '');
  return { code: status, output: stdout + stderr, failed: new Set(failed) };
}

let vectors = '';

/** What our own handlers answer. */
before(async () => {
  const ours = await Subject.start(TYPESCRIPT);
  const chosen = [];
  for (const [id, input] of Object.entries(INPUTS)) {
    chosen.push({ ...vector(await ours.call(input)), id, stepInput: input });
  }
  await ours.close();
  vectors = writeVectors(chosen);
});

const CASES: [defect: string, failing: string[]][] = [
  ['flat_shipping', ['enough-for-dearer-shipping']],
  ['average_over_nobody_is_nan', ['no-customers']],
  ['message_id_one_byte_short', ['a-mail', 'a-mail-in-capitals']],
];

for (const [defect, failing] of CASES) {
  test(`${defect} fails exactly its vectors`, async () => {
    const replay = await prepare({ vectors, tree: join(DEFECTS, defect), vector: null });
    const failed = [];
    for (const each of replay.vectors) {
      const report = explain(each, await replay.subject.call(each.stepInput));
      failed.push(...(report === null ? [] : [each.id]));
    }
    await replay.subject.close();
    assert.deepEqual(failed, failing);
    assert.ok(failed.length < replay.vectors.length && replay.leftOut > 0);
  });
}

test('a defect fails the run', () => {
  const { code, output, failed } = npmTest(`--vectors=${vectors}`, `--tree=${join(DEFECTS, 'flat_shipping')}`);
  assert.deepEqual([code, failed], [1, new Set(['enough-for-dearer-shipping'])], output);
  assert.match(output, /6 vectors are for handlers that/);
  assert.match(output, /\/result\/shipping\n\s+- 9\.99\n\s+\+ 5\.99/);
});

test('a vector is replayed alone, and a handler that no vector is for fails the run', () => {
  const { code, output, failed } = npmTest(`--vectors=${vectors}`, '--vector=a-mail');
  assert.deepEqual([code, failed], [1, new Set(['every handler has vectors'])]);
  assert.match(output, /^tests 2\n(?:.*\n)*pass 1\n/m);
  assert.match(output, /no vectors for .*ecommerce\/create_order/);
});

test('a vector without a handler fails the run', () => {
  const directory = writeVectors([vector(completed({}))]);
  const { code, output, failed } = npmTest(`--vectors=${directory}`, '--vector=handler-000000000000');
  assert.equal(code, 1);
  assert.ok(failed.has('handler-000000000000'));
  assert.match(output, /no handler miniature\/handler in/);
});

test('nothing to replay is an error', () => {
  const tree = writeHandler('return this.success({});');
  for (const [options, message] of [
    [[`--vectors=${vectors}`, `--tree=${tree}`], /no vectors for the handlers of/],
    [[`--vectors=${vectors}`, '--vector=another'], /no vector another for the handlers of/],
    [['--vectors=nowhere'], /nowhere: no such directory/],
    [['--vectors=nowhere', '--tree=nowhere'], /nowhere: no such directory/],
  ] as const) {
    const { code, output } = npmTest(...options);
    assert.equal(code, 2, output);
    assert.match(output, message);
  }
});

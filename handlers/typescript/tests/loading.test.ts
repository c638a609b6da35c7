/** Vectors that can not be used are an error, never a green run of nothing. */

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

import { readOptions } from './options.js';
import { completed, directory, vector, writeVectors } from './samples.js';
import { load, VectorError } from './vectors.js';

const FILE = 'miniature/handler.json';

interface Document {
  vectors: Record<string, unknown>[];
}

/** The vectors' directory after a change of the only file in it. */
function changed(change: (document: Document) => object | string): string {
  const root = writeVectors([vector(completed({}))]);
  const document = JSON.parse(readFileSync(join(root, FILE), 'utf8')) as Document;
  const result = change(document);
  writeFileSync(join(root, FILE), typeof result === 'string' ? result : JSON.stringify(result));
  return root;
}

function refuses(root: string, message: RegExp): void {
  assert.throws(() => load(root), (error) => {
    assert.ok(error instanceof VectorError);
    assert.match(error.message, message);
    return true;
  });
}

test('what was written is read', () => {
  const written = vector(completed({ a: [1, null] }));
  const root = writeVectors([written]);
  assert.deepEqual(load(root), [{ ...written, file: join(root, FILE) }]);
});

test('traces of workflows and regressions are no vectors', () => {
  const root = writeVectors([vector(completed({}))]);
  for (const name of ['workflows/a__b.json', 'regressions/a/b/c.json', 'vector.schema.json', 'README.md']) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), 'no vectors');
  }
  assert.equal(load(root).length, 1);
});

test('no vectors are an error', () => {
  const root = directory();
  refuses(join(root, 'nowhere'), /nowhere: no such directory/);
  mkdirSync(join(root, 'ecommerce'));
  refuses(root, /no vectors/);
});

test('an id that occurs twice is an error', () => {
  const root = writeVectors([vector(completed({})), vector(completed({}), 'miniature/other')]);
  refuses(root, /vector handler-000000000000 is in .*handler\.json, too/);
});

const OTHER_FORMATS: [change: (document: Document) => object | string, message: RegExp][] = [
  [(document) => ({ ...document, schema_version: 1 }), /schema version 1, this reads 2/],
  [(document) => ({ ...document, handler: 'miniature/other' }), /its vectors are for "miniature\/other"/],
  [(document) => ({ ...document, vectors: [] }), /no vectors/],
  [(document) => ({ ...document, vectors: null }), /no vectors/],
  [(document) => ({ ...document, vectors: [{ id: 'a' }] }), /no id, note or flags/],
  [() => [], /no object/],
  [() => '', /SyntaxError/],
  [() => '{"schema_version": 2,', /SyntaxError/],
  [() => '{"schema_version": NaN}', /SyntaxError/],
  [(document) => ({ ...document, vectors: document.vectors.map((each) => ({ ...each, input: {} })) }), /no step input/],
  [
    (document) => ({ ...document, vectors: document.vectors.map((each) => ({ ...each, expected: { status: 'crashed' } })) }),
    /vector handler-000000000000: what it expects is no outcome/,
  ],
  [
    (document) => ({
      ...document,
      vectors: document.vectors.map((each) => ({ ...each, expected: { status: 'completed', result: {} } })),
    }),
    /what it expects is no outcome/,
  ],
];

for (const [change, message] of OTHER_FORMATS) {
  test(`a file in another format is an error: ${message.source}`, () => {
    refuses(changed(change), message);
    refuses(changed(change), /handler\.json/);
  });
}

test('an option that nobody knows is an error', () => {
  assert.throws(() => readOptions(['--vektors=a']), /vektors/);
  assert.throws(() => readOptions(['a']), /Unexpected argument/);
  assert.deepEqual(readOptions(['--vectors=/a', '--vector=b']), { vectors: '/a', tree: null, vector: 'b' });
});

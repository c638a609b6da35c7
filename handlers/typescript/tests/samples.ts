/** Small vectors and handlers for the tests of the replay itself. */

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import type { Json, JsonObject } from './json_values.js';
import type { StepInput, Vector } from './vectors.js';

const HANDLER = (body: string, identity: string): string => `
import { PermanentError, RetryableError, StepHandler } from '@tasker-systems/tasker';

export class Handler extends StepHandler {
  static override handlerName: string = '${identity}';

  override async call(context: any): Promise<any> {
    ${body}
  }
}
`;

/** A directory of its own. */
export function directory(): string {
  return mkdtempSync(join(tmpdir(), 'replay-'));
}

/** A whole step input. */
export function stepInput(handler: string, context: JsonObject = {}, dependencies: JsonObject = {}): StepInput {
  return {
    ambient: {
      entropy: '0123456789abcdef',
      now: '2026-01-15T09:30:00.000Z',
      step_uuid: '00000000-0000-4000-8000-000000000002',
      task_uuid: '00000000-0000-4000-8000-000000000001',
    },
    attempt: 1,
    context,
    dependencies,
    handler,
    max_attempts: 2,
    step_config: {},
  };
}

/** A completed outcome. */
export function completed(result: Json): JsonObject {
  return { status: 'completed', result, metadata: {} };
}

/** A failed outcome. */
export function failed(members: JsonObject = {}): JsonObject {
  const failure = { kind: 'permanent', code: 'NO', message: 'no', retry_after: null, context: {} };
  return { status: 'failed', ...failure, ...members };
}

/** A vector of a handler that takes nothing. */
export function vector(expected: JsonObject, handler = 'miniature/handler'): Vector {
  const flags = ['boundary', 'completed'];
  return { file: 'a file', id: 'handler-000000000000', note: 'a note', flags, stepInput: stepInput(handler), expected };
}

/** Writes the files of some vectors; answers their directory. */
export function writeVectors(vectors: Vector[]): string {
  const root = directory();
  for (const handler of new Set(vectors.map(({ stepInput }) => stepInput.handler))) {
    const documents = vectors
      .filter(({ stepInput }) => stepInput.handler === handler)
      .map(({ id, note, flags, stepInput: input, expected }) => ({ expected, flags, id, input, note }));
    const file = join(root, `${handler}.json`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify({ schema_version: 2, handler, vectors: documents }));
  }
  return root;
}

/** Writes a handler whose `call` is `body` into a tree of its own; answers the tree. */
export function writeHandler(body: string): string {
  return writeTree({ 'miniature_handler.ts': HANDLER(body, 'miniature/handler') });
}

/** Writes a tree of handlers `miniature/0` and so on. */
export function writeHandlers(bodies: string[]): string {
  const files = bodies.map((body, index) => [`${String(index)}_handler.ts`, HANDLER(body, `miniature/${String(index)}`)]);
  return writeTree(Object.fromEntries(files) as Record<string, string>);
}

/** Writes a tree of files. */
export function writeTree(files: Record<string, string>): string {
  const tree = directory();
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(tree, name), text);
  }
  return tree;
}

/** Which vectors are replayed against a tree, and one test for each of them. */

import { after, test } from 'node:test';

import { explain } from './explain.js';
import type { Options } from './options.js';
import { Subject, TYPESCRIPT } from './subject.js';
import { load, type Vector, VectorError } from './vectors.js';

/** Vectors, and what they are replayed against. */
export interface Replay {
  subject: Subject;
  vectors: Vector[];
  /** How many vectors are for handlers that the tree does not have. */
  leftOut: number;
  handlersWithoutVectors: string[];
}

/** Reads the vectors and loads the tree. A tree of somebody else is asked for what it has, ours for every vector. */
export async function prepare(options: Options): Promise<Replay> {
  const all = load(options.vectors);
  const subject = await Subject.start(options.tree ?? TYPESCRIPT);
  const has = new Set(subject.handlers);
  const vectors = all.filter(({ stepInput }) => options.tree === null || has.has(stepInput.handler));
  const chosen = vectors.filter(({ id }) => options.vector === null || id === options.vector);
  if (chosen.length === 0) {
    await subject.close();
    const wanted = options.vector === null ? 'no vectors' : `no vector ${options.vector}`;
    throw new VectorError(`${options.vectors}: ${wanted} for the handlers of ${subject.tree}: ${[...has].join(', ')}`);
  }
  const withVectors = new Set(all.map(({ stepInput }) => stepInput.handler));
  return {
    subject,
    vectors: chosen,
    leftOut: all.length - vectors.length,
    handlersWithoutVectors: [...has].filter((handler) => !withVectors.has(handler)).sort(),
  };
}

/** Registers one test a vector. */
export function register({ subject, vectors, handlersWithoutVectors }: Replay): void {
  for (const vector of vectors) {
    test(vector.id, async () => {
      const { handler } = vector.stepInput;
      if (!subject.handlers.includes(handler)) {
        throw failure(`${vector.file}: no handler ${handler} in ${subject.tree}`);
      }
      const report = explain(vector, await subject.call(vector.stepInput));
      if (report !== null) {
        throw failure(report);
      }
    });
  }
  test('every handler has vectors', () => {
    if (handlersWithoutVectors.length > 0) {
      throw failure(`no vectors for ${handlersWithoutVectors.join(', ')}`);
    }
  });
  after(() => subject.close());
}

/** An error that says everything in its message: our own stack helps nobody. */
function failure(message: string): Error {
  return Object.assign(new Error(message), { stack: message });
}

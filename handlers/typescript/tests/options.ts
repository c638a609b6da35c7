/** The options of `npm test -- …`. */

import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { TYPESCRIPT } from './subject.js';

/** Which vectors are replayed, and against which tree. */
export interface Options {
  vectors: string;
  /** Handlers to test instead of ours; may hold some of them. */
  tree: string | null;
  /** The only vector to replay. */
  vector: string | null;
}

/** Reads the options of the command line; throws on one that it does not know. */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: { vectors: { type: 'string' }, tree: { type: 'string' }, vector: { type: 'string' } },
  });
  return {
    vectors: resolve(values.vectors ?? `${TYPESCRIPT}/../../vectors`),
    tree: values.tree === undefined ? null : resolve(values.tree),
    vector: values.vector ?? null,
  };
}

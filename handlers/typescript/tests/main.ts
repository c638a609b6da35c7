/**
 * `npm test`: replays the golden vectors against the TypeScript handlers, and tests the replay itself unless a tree or a vector
 * is named.
 */

import { readdirSync } from 'node:fs';

import { readOptions } from './options.js';
import { prepare, register } from './replay.js';

try {
  const options = readOptions(process.argv.slice(2));
  const replay = await prepare(options);
  if (replay.leftOut > 0) {
    console.log(`${String(replay.leftOut)} vectors are for handlers that ${replay.subject.tree} does not have`);
  }
  register(replay);
  if (options.tree === null && options.vector === null) {
    const files = readdirSync(new URL('.', import.meta.url)).filter((name) => name.endsWith('.test.ts'));
    for (const file of files.sort()) {
      await import(`./${file}`);
    }
  }
} catch (error) {
  console.error(String(error instanceof Error ? error.message : error));
  process.exit(2);
}

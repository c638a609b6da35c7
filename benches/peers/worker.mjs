// Answers step inputs on standard input with outcomes on standard output, one JSON document a line.

import { Handlers } from './handlers.mjs';
import { lines } from './lines.mjs';

const handlers = await Handlers.load();
process.stdout.write('"ready"\n');
for await (const line of lines(process.stdin)) {
  process.stdout.write(`${JSON.stringify(await handlers.call(JSON.parse(line)))}\n`);
}

// fast-check over the TypeScript handlers, which it calls itself, and the Python handlers in a worker.
//
// `node fast_check_peer.mjs CASES EXAMPLES PYTHON PYTHON_WORKER`. CASES holds `{"input", "expected"}`, one a line. Prints
// `{"cases", "seconds"}` without the time to start.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

import fc from 'fast-check';

import { Handlers } from './handlers.mjs';
import { lines } from './lines.mjs';

// Before the clock is the handlers'.
const now = performance.now.bind(performance);

// A process that answers lines with lines.
class Worker {
  constructor(...command) {
    this.process = spawn(command[0], command.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = lines(this.process.stdout);
  }

  async line() {
    return (await this.lines.next()).value;
  }

  async call(stepInput) {
    this.process.stdin.write(`${JSON.stringify(stepInput)}\n`);
    return JSON.parse(await this.line());
  }
}

const [file, examples, ...command] = process.argv.slice(2);
const cases = readFileSync(file, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line));
const worker = new Worker(...command);
await worker.line();
const handlers = await Handlers.load();
let count = 0;
const agree = fc.asyncProperty(fc.constantFrom(...cases), async ({ input, expected }) => {
  count += 1;
  // Through JSON, so that what an object is made with does not matter; -0 and 0 are one number.
  assert.deepEqual(plain(await handlers.call(input)), plain(expected));
  assert.deepEqual(plain(await worker.call(input)), plain(expected));
});
const started = now();
await fc.assert(agree, { numRuns: Number(examples), endOnFailure: true });
console.log(JSON.stringify({ cases: count, seconds: (now() - started) / 1000 }));
process.exit(0);

function plain(document) {
  return JSON.parse(JSON.stringify(document));
}

// A worker of the engine `node`: answers requests on standard input, one JSON document a line. docs/protocol.md tells what
// is said. It is started with its replies on descriptor 3; standard output is standard error, for what handlers print.

import fs from 'node:fs';

import { valueOf } from './parity_json.mjs';

const PROTOCOL = 1;
const OLDEST = 20;
const REQUESTS = 0;
const ERRORS = 2;
const REPLIES = 3;
const CHUNK = 1 << 16;
const { exit, versions } = process;
// Handlers do not find them any more.
const { readFileSync, readSync, writeSync } = fs;

// What was read and not yet asked for.
let rest = Buffer.alloc(0);

// The next request; nothing when there are no more.
function receive() {
  const parts = [rest];
  let end = rest.indexOf(10);
  while (end < 0) {
    const chunk = Buffer.allocUnsafe(CHUNK);
    const count = readSync(REQUESTS, chunk);
    if (count === 0) {
      return null;
    }
    const part = chunk.subarray(0, count);
    const found = part.indexOf(10);
    end = found < 0 ? -1 : parts.reduce((length, earlier) => length + earlier.length, found);
    parts.push(part);
  }
  const whole = Buffer.concat(parts);
  rest = whole.subarray(end + 1);
  const request = valueOf(whole.toString('utf8', 0, end));
  return request.type === 'bye' ? null : request;
}

function say(text) {
  const line = Buffer.from(`${text}\n`);
  for (let written = 0; written < line.length; ) {
    written += writeSync(REPLIES, line, written);
  }
}

async function serve() {
  const hello = receive();
  if (hello === null) {
    return;
  }
  const runtime = `Node ${versions.node}`;
  if (Number.parseInt(versions.node, 10) < OLDEST) {
    const message = `this is ${runtime}; put a Node of at least ${OLDEST} on PATH`;
    say(JSON.stringify({ type: 'refused', message }));
    return;
  }
  // Not before the version is known to do.
  const { Calls } = await import('./parity_calls.mjs');
  const { modules, not_loaded: unmade } = JSON.parse(readFileSync(new URL('handlers.json', import.meta.url), 'utf8'));
  const calls = await Calls.load(hello.tree, modules);
  const found = calls.found();
  say(JSON.stringify({ type: 'found', found, not_loaded: [...unmade, ...calls.notLoaded] }));
  const assigned = receive();
  if (assigned === null) {
    return;
  }
  calls.assign(assigned.handlers);
  const handlers = [...calls.handlers.keys()].sort();
  say(JSON.stringify({ type: 'hello', protocol: PROTOCOL, engine: runtime, handlers }));
  for (let request = receive(); request !== null; request = receive()) {
    say(`{"type":"result","id":${request.id},"outcome":${await calls.answer(request.input)}}`);
  }
}

try {
  await serve();
} catch (error) {
  writeSync(ERRORS, `${error.stack}\n`);
  exit(1);
}
exit(0);

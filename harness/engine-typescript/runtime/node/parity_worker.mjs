// A worker of the engine `node`: answers requests on standard input, one JSON document a line. docs/protocol.md tells what
// is said. It is started with its replies on descriptor 3; standard output is standard error, for what handlers print.

import fs from 'node:fs';

import { valueOf } from './parity_json.mjs';

const PROTOCOL = 1;
const OLDEST = 20;
const REQUESTS = 0;
const ERRORS = 2;
const REPLIES = 3;
// How many milliseconds a reply may wait for others.
const PATIENCE = 20;
const CHUNK = 1 << 16;
const { stringify } = JSON;
const { exit, versions } = process;
const now = performance.now.bind(performance);
// Handlers do not find them any more.
const { readFileSync, readSync, writeSync } = fs;

// What was read and not yet asked for.
let rest = Buffer.alloc(0);

// The next request; nothing when there are no more.
function receive() {
  send();
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
  const whole = parts.length === 1 ? rest : Buffer.concat(parts);
  rest = whole.subarray(end + 1);
  const request = valueOf(whole.toString('utf8', 0, end));
  return request.type === 'bye' ? null : request;
}

// Replies that are not sent yet, and since when.
let unsent = '';
let since = 0;

function say(text) {
  if (unsent === '') {
    since = now();
  }
  unsent += `${text}\n`;
}

// Sends the replies. While more is asked for already they are sent together, but none waits for long.
function send() {
  if (rest.indexOf(10) >= 0 && unsent.length < CHUNK && now() - since < PATIENCE) {
    return;
  }
  flush();
}

function flush() {
  const lines = Buffer.from(unsent);
  for (let written = 0; written < lines.length; ) {
    written += writeSync(REPLIES, lines, written);
  }
  unsent = '';
}

// What is wrong with the worker is nothing that the handler did.
async function reply(calls, { id, input }) {
  try {
    if (!calls.enter(input.handler)) {
      return `{"type":"again","id":${id}}`;
    }
    if (calls.isNew(input.handler)) {
      // Which takes time that is not the handler's.
      await loading(id, () => calls.load(input.handler));
    }
    return `{"type":"result","id":${id},"outcome":${await calls.answer(input)}}`;
  } catch (error) {
    return stringify({ type: 'fault', id, message: `${error.stack}` });
  }
}

// Does something between two replies that are sent at once.
async function loading(id, load) {
  say(`{"type":"loading","id":${id}}`);
  flush();
  await load();
  say(`{"type":"loaded","id":${id}}`);
  flush();
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
    send();
    return;
  }
  // Not before the version is known to do.
  const { Calls } = await import('./parity_calls.mjs');
  const { modules, methods, allowed, not_loaded: unmade } = JSON.parse(readFileSync(new URL('handlers.json', import.meta.url), 'utf8'));
  const calls = await Calls.load(hello.tree, modules, methods, allowed);
  const found = calls.sightings();
  say(JSON.stringify({ type: 'found', found, not_loaded: [...unmade, ...calls.notLoaded] }));
  const assigned = receive();
  if (assigned === null) {
    return;
  }
  calls.assign(assigned.handlers);
  const handlers = [...calls.handlers.keys()].sort();
  say(JSON.stringify({ type: 'hello', protocol: PROTOCOL, engine: runtime, handlers }));
  for (let request = receive(); request !== null; request = receive()) {
    say(await reply(calls, request));
  }
}

try {
  await serve();
} catch (error) {
  writeSync(ERRORS, `${error.stack}\n`);
  exit(1);
}
exit(0);

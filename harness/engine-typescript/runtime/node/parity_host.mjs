// The process as handlers find it: clock and randomness are those of the call, and no door leads out.

import crypto from 'node:crypto';
import { readFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import perfHooks from 'node:perf_hooks';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import { runInThisContext } from 'node:vm';

import { closedProcess, refusing } from './parity_sandbox.mjs';

const SOURCE = readFileSync(new URL('prelude.js', import.meta.url), 'utf8');
const { setImmediate } = globalThis;
const { chdir, exit, nextTick, getActiveResourcesInfo } = process;
const NativePromise = Promise;

// The globals that reach other machines or processes: what they are is there, as in QuickJS, and refuses.
const CLOSED = { network: ['fetch', 'WebSocket', 'EventSource'], process: ['BroadcastChannel'] };
const ABSENT = ['navigator', 'localStorage'];

const TIMERS = ['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate'];

// What is active in a process that only waits for its next turn.
const OWN = new Set(['Immediate']);

// Ends when every job that could run has run.
export const turn = () => new NativePromise((done) => setImmediate(done));

// Whether something is under way that virtual time knows nothing of, such as a key that is derived in another thread.
export const waits = () => getActiveResourcesInfo().some((resource) => !OWN.has(resource));

// Whether another thread still asks the system for a file, which nobody may wait for.
export const readsOrWrites = () => getActiveResourcesInfo().some((resource) => resource.startsWith('FSReq'));

// Installs what handlers see of a JavaScript host, the same as in QuickJS; answers what makes the driver.
export function prelude(streams) {
  return runInThisContext(SOURCE, { filename: '<prelude>' })(streams);
}

// Leads the modules of Node to the same clock and randomness, before a handler is loaded.
export function leadDoors(streams, allowed) {
  // A rejection that nobody handles is nobody's; a handler's own promise is watched.
  process.on('unhandledRejection', () => undefined);
  process.on('uncaughtException', () => undefined);
  // Where paths start is no business of a handler's.
  chdir('/');
  for (const name of ABSENT) {
    delete globalThis[name];
  }
  if (allowed.network) {
    delete CLOSED.network;
  }
  for (const [what, names] of Object.entries(CLOSED)) {
    const there = names.filter((name) => name in globalThis);
    replace(globalThis, Object.fromEntries(there.map((name) => [name, refusing(what, name)])));
  }
  replaceCrypto(streams);
  replace(perfHooks, { performance: globalThis.performance });
  replace(timers, Object.fromEntries(TIMERS.map((name) => [name, globalThis[name]])));
  const later = (delay, value) => new NativePromise((done) => globalThis.setTimeout(done, delay, value));
  replace(timersPromises, { setTimeout: later, setImmediate: (value) => later(0, value) });
  syncBuiltinESMExports();
  Object.defineProperty(globalThis, 'process', { value: ownProcess(), writable: true, configurable: true });
}

function replaceCrypto(streams) {
  const answer = (value, callback) => {
    if (callback === undefined) {
      return value;
    }
    queueMicrotask(() => callback(null, value));
    return undefined;
  };
  const fill = (buffer, offset = 0, size = buffer.byteLength - offset) => {
    new Uint8Array(buffer.buffer ?? buffer, (buffer.byteOffset ?? 0) + offset, size).set(streams.bytes(size));
    return buffer;
  };
  replace(crypto, {
    randomBytes: (size, callback) => answer(Buffer.from(streams.bytes(size)), callback),
    randomFillSync: fill,
    randomInt(low, high, callback) {
      const [from, to, then] = typeof high === 'number' ? [low, high, callback] : [0, low, high];
      return answer(from + Math.floor(streams.float() * (to - from)), then);
    },
    randomUUID: streams.uuid,
  });
  // What the module says of these two is read from here, and cannot be replaced there.
  const { getRandomValues } = globalThis.crypto;
  replace(Object.getPrototypeOf(crypto.webcrypto), { getRandomValues, randomUUID: streams.uuid });
}

// Also where there is a getter.
function replace(module, members) {
  for (const [name, value] of Object.entries(members)) {
    Object.defineProperty(module, name, { value, writable: true, enumerable: true, configurable: true });
  }
}

// As much of a process as a handler may know.
function ownProcess() {
  const hrtime = Object.assign(() => [0, 0], { bigint: () => 0n });
  const stream = { isTTY: false, write: () => true };
  return {
    argv: ['node'],
    arch: process.arch,
    cwd: () => '/',
    env: {},
    exit,
    ...closedProcess(),
    hrtime,
    memoryUsage: () => ({ rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 }),
    nextTick,
    pid: 1,
    platform: process.platform,
    stderr: stream,
    stdout: stream,
    uptime: () => 0,
    version: process.version,
    versions: process.versions,
  };
}

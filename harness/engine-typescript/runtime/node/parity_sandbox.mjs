// Keeps handlers from what is not theirs: files, the network, other processes, native code. A handler reaches the modules of
// Node by an import that is only known at run time; what is refused is remembered, because a handler can catch the exception.

import { createRequire, syncBuiltinESMExports } from 'node:module';

import { readers } from './parity_files.mjs';

// It is refused to handlers, too.
const sync = syncBuiltinESMExports;
const require = createRequire(import.meta.url);

// What leads out of the process, by what a report calls it.
const CLOSED = {
  file: ['fs', 'fs/promises'],
  network: ['dgram', 'dns', 'dns/promises', 'http', 'http2', 'https', 'net', 'tls'],
  process: ['child_process', 'cluster', 'inspector', 'repl', 'worker_threads'],
  native_code: ['module', 'v8', 'vm'],
};

// Of a process, which Node itself goes on using.
const CLOSED_PROCESS = {
  file: ['chdir', 'umask'],
  process: ['abort', 'kill', 'reallyExit'],
  native_code: ['_linkedBinding', 'binding', 'dlopen', 'getBuiltinModule'],
};

// The outcome of a call that was refused something, or asked for what is not here.
let denial = null;

// Thrown at a handler that reaches for something that is not its own.
export class DeniedError extends Error {}

// Forgets what an earlier call was refused.
export function forget() {
  denial = null;
}

// What the call was refused first, as the outcome that it has.
export function refused() {
  return denial;
}

// Notes what a call asked for and is not here.
export function unsupported(what) {
  denial ??= { status: 'unsupported', what };
}

// A function that refuses, and notes it.
export function refusing(what, detail) {
  return function refuse() {
    denial ??= { status: 'denied', what, detail };
    throw new DeniedError(`handlers may not do this (${what}): ${detail}`);
  };
}

// What handlers find of a process that leads out of it.
export function closedProcess() {
  const members = Object.entries(CLOSED_PROCESS).flatMap(([what, names]) => names.map((name) => [name, what]));
  return Object.fromEntries(members.map(([name, what]) => [name, refusing(what, `process.${name}`)]));
}

// What is refused, each with what is there instead.
const doors = [];

let isOpen = true;

// Lets the code of a handler's modules, which is run now, do what it could when the tree was searched; tells whether it could not
// before.
export function open() {
  if (isOpen) {
    return false;
  }
  isOpen = true;
  doors.forEach(({ module, name, own }) => Object.defineProperty(module, name, own));
  sync();
  return true;
}

// Refuses again.
export function shut() {
  isOpen = false;
  doors.forEach(({ module, name, refusal }) => Object.defineProperty(module, name, refusal));
  sync();
}

// Whether a module of Node is open.
function isAllowed(what, name, allowed) {
  return (what === 'network' && allowed.network) || (name === 'child_process' && allowed.process);
}

// Refuses from now on, but lets Node import what lies below `tree`, a URL, and handlers do what is allowed.
export function close(tree, allowed) {
  const promises = require('fs/promises');
  const { readFile } = promises;
  // All of them before the first is closed: to load one takes another.
  const modules = Object.entries(CLOSED).flatMap(([what, names]) => names.map((name) => [require(name), what, name]));
  for (const [module, what, name] of modules.filter(([, what, name]) => !isAllowed(what, name, allowed))) {
    // The promises of a module are a module of their own, and closed as such.
    const members = Object.keys(module).filter((member) => member !== 'promises');
    closeMembers(module, members, what, name);
  }
  if (allowed.process && !allowed.network) {
    lendPipes();
  }
  if (allowed.files.length > 0) {
    const lend = readers(allowed.files);
    for (const { module, name, own, refusal } of doors) {
      refusal.value = lend(module, name, own.value, refusal.value);
    }
  }
  const door = doors.find(({ module, name }) => module === promises && name === 'readFile');
  const refuse = door.refusal.value;
  door.refusal.value = (file, ...rest) =>
    file instanceof URL && file.href.startsWith(tree) ? readFile(file, ...rest) : refuse(file, ...rest);
  for (const [what, names] of Object.entries(CLOSED_PROCESS)) {
    closeMembers(process, names, what, 'process');
  }
  shut();
}

// Lets Node have its pipes to a program, which are sockets, and none that is connected to another machine.
function lendPipes() {
  const net = require('net');
  const { Socket } = net;
  for (const { refusal } of doors.filter(({ module, own }) => module === net && own.value === Socket)) {
    const refuse = refusal.value;
    // Nobody but Node has a handle.
    const made = (make) => (target, ...rest) => (rest.flat().some((given) => given?.handle) ? make(target, ...rest) : refuse());
    refusal.value = new Proxy(Socket, { apply: made(Reflect.apply), construct: made(Reflect.construct) });
  }
  closeMembers(Socket.prototype, ['connect'], 'network', 'net.Socket');
}

// Notes what is to be refused of a module.
function closeMembers(module, names, what, place) {
  for (const name of names) {
    const own = Object.getOwnPropertyDescriptor(module, name);
    if (own?.configurable && (own.get !== undefined || typeof own.value === 'function')) {
      const value = refusing(what, `${place}.${name}`);
      doors.push({ module, name, own, refusal: { value, writable: true, enumerable: true, configurable: true } });
    }
  }
}

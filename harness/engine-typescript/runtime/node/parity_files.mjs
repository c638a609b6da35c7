// The part of `fs` that reads, for handlers that may read some files: everything else of it goes on refusing.

import fs from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const promises = createRequire(import.meta.url)('fs/promises');
const { realpathSync } = fs;
const { O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_APPEND } = fs.constants;
const WRITES = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND;

// Handlers may have changed them.
const { apply } = Reflect;
const { startsWith } = String.prototype;

// What takes a path, and what takes how a file is opened behind it.
const OF_PATHS = words('access exists lstat opendir readdir readlink realpath stat');
const OPENING = words('open readFile createReadStream');
// What takes a file that is open.
const OF_DESCRIPTORS = words('close fstat read readv');
// The ways to open a file that change nothing.
const READS = words('r rs sr');

function words(text) {
  return Object.assign(Object.create(null), Object.fromEntries(text.split(' ').map((word) => [word, true])));
}

// How a function is told to open a file. A text is an encoding, unless the function is `open`.
function flagsOf(kind, how) {
  if (typeof how === 'object' && how !== null) {
    return how.flags ?? how.flag ?? 'r';
  }
  return kind === 'open' && (typeof how === 'string' || typeof how === 'number') ? how : 'r';
}

function isReading(flags) {
  return typeof flags === 'number' ? (flags & WRITES) === 0 : READS[flags] === true;
}

// What a path leads to, where it leads somewhere. Whoever reads it is told if it does not.
function real(path) {
  const text = path instanceof URL ? fileURLToPath(path) : path;
  const plain = resolve(Buffer.isBuffer(text) ? text.toString() : text);
  try {
    return realpathSync(plain);
  } catch {
    return plain;
  }
}

// Makes what is to stand in the place of a function that refuses, for who may read `files`.
export function readers(files) {
  const lent = Object.create(null);

  function mayRead(path) {
    if (typeof path === 'number') {
      return lent[path] === true;
    }
    const place = real(path);
    for (let index = 0; index < files.length; index += 1) {
      const file = files[index];
      if (place === file || apply(startsWith, place, [file === '/' ? file : `${file}/`])) {
        return true;
      }
    }
    return false;
  }

  // What is opened may be read from.
  function lend(own, self, given) {
    const last = given.length - 1;
    const callback = given[last];
    if (typeof callback === 'function') {
      given[last] = (error, descriptor) => {
        lent[descriptor] = true;
        callback(error, descriptor);
      };
    }
    const descriptor = apply(own, self, given);
    lent[descriptor] = true;
    return descriptor;
  }

  return (module, name, own, refuse) => {
    const kind = name.replace(/Sync$/, '');
    if ((module !== fs && module !== promises) || !(OF_PATHS[kind] || OPENING[kind] || OF_DESCRIPTORS[kind])) {
      return refuse;
    }
    return function read(...given) {
      const isOpen = OF_DESCRIPTORS[kind] ? lent[given[0]] === true : mayRead(given[0]);
      if (!isOpen || (OPENING[kind] && !isReading(flagsOf(kind, given[1])))) {
        return refuse();
      }
      if (kind === 'open' && module === fs) {
        return lend(own, this, given);
      }
      if (kind === 'close') {
        delete lent[given[0]];
      }
      return apply(own, this, given);
    };
  };
}

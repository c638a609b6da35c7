// Keeps apart what handlers do to built-in objects: what one has changed of them is put away before another one is called, and is
// there again when it is called again. What is watched are the members of built-in functions, prototypes and namespaces, those of
// Node's modules, and the globals themselves.

import { createRequire } from 'node:module';

const { getOwnPropertyDescriptor, getPrototypeOf, is, isExtensible } = Object;
const { defineProperty, deleteProperty, ownKeys, setPrototypeOf } = Reflect;
const require = createRequire(import.meta.url);

// The modules of Node that handlers use; those that lead out of the process are closed.
const MODULES =
  'assert buffer crypto events path perf_hooks querystring string_decoder timers timers/promises url util'.split(' ');

// What functions have that nobody gave any more.
const USUAL = ['length', 'name', 'prototype', 'arguments', 'caller'];

// How far from the globals and modules an object may be: `Intl.NumberFormat.prototype`.
const DEEPEST = 3;

// Built-in objects that no name leads to.
function hidden() {
  const iterator = getPrototypeOf([][Symbol.iterator]());
  const functions = [async () => {}, function* () {}, async function* () {}].map(getPrototypeOf);
  const iterators = ['', new Map(), new Set()].map((iterable) => getPrototypeOf(iterable[Symbol.iterator]()));
  const generators = functions.map(({ prototype }) => prototype).filter((prototype) => prototype !== undefined);
  return [iterator, getPrototypeOf(iterator), getPrototypeOf(Int8Array), ...functions, ...iterators, ...generators];
}

// The objects that handlers share, each once, from the outside in.
function sharedObjects() {
  const found = new Set([globalThis, ...hidden(), ...MODULES.map((name) => require(name))]);
  let last = [...found];
  for (let depth = 0; depth < DEEPEST; depth += 1) {
    const next = new Set(last.flatMap(membersOf).filter((object) => !found.has(object)));
    next.forEach((object) => found.add(object));
    last = [...next];
  }
  return [...found];
}

function isObject(value) {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function membersOf(object) {
  const descriptors = ownKeys(object).map((key) => getOwnPropertyDescriptor(object, key));
  return descriptors.map(({ value }) => value).filter((value) => isObject(value) && isWatched(value));
}

// Whether an object is watched by itself: a function that has nothing of its own is as a member of what it is in.
function isWatched(object) {
  const keys = ownKeys(object);
  if (typeof object !== 'function') {
    return keys.length !== 1 || keys[0] !== 'constructor';
  }
  const prototype = getOwnPropertyDescriptor(object, 'prototype')?.value;
  return keys.some((key) => !USUAL.includes(key)) || (isObject(prototype) && isWatched(prototype));
}

// What follows goes through lists by index, since handlers may have changed how that is done otherwise.

// How an object is now.
function stateOf(object) {
  const keys = ownKeys(object);
  const descriptors = [];
  for (let place = 0; place < keys.length; place += 1) {
    descriptors[place] = getOwnPropertyDescriptor(object, keys[place]);
  }
  return { object, keys, descriptors, parent: getPrototypeOf(object), isOpen: isExtensible(object) };
}

// Whether an object is not as it was.
function isChanged({ object, keys, descriptors, parent, isOpen }) {
  if (ownKeys(object).length !== keys.length || getPrototypeOf(object) !== parent || isExtensible(object) !== isOpen) {
    return true;
  }
  for (let place = 0; place < keys.length; place += 1) {
    const { value, get, set } = descriptors[place];
    if (get === undefined && set === undefined) {
      if (!is(object[keys[place]], value)) {
        return true;
      }
    } else {
      const now = getOwnPropertyDescriptor(object, keys[place]);
      if (now === undefined || now.get !== get || now.set !== set) {
        return true;
      }
    }
  }
  return false;
}

// Makes an object what it was; tells whether that could be done.
function put(state) {
  const { object, keys, descriptors, parent } = state;
  const now = ownKeys(object);
  for (let place = 0; place < now.length; place += 1) {
    let isKept = false;
    for (let known = 0; known < keys.length; known += 1) {
      isKept ||= keys[known] === now[place];
    }
    if (!isKept) {
      deleteProperty(object, now[place]);
    }
  }
  for (let place = 0; place < keys.length; place += 1) {
    defineProperty(object, keys[place], descriptors[place]);
  }
  setPrototypeOf(object, parent);
  return !isChanged(state);
}

// The state of built-in objects, for each handler its own.
export class Guard {
  #kept;
  #watched;
  #changes = new Map();
  #last = null;

  constructor() {
    // To look at everything loads parts of Node that add to the globals.
    sharedObjects();
    this.#kept = sharedObjects().map(stateOf);
  }

  // Undoes what was done so far. What cannot be undone is how things are from now on.
  settle() {
    this.#leave();
    this.#kept = this.#kept.map(({ object }) => stateOf(object));
  }

  // Makes everything what `handler` has left, or what it was at first; tells whether that could be done.
  enter(handler) {
    const left = this.#leave();
    this.#last = handler;
    const changes = this.#changes.get(handler) ?? [];
    let isDone = left;
    for (let place = 0; place < changes.length; place += 1) {
      isDone = put(changes[place]) && isDone;
    }
    return isDone;
  }

  // Puts away what the last handler has changed.
  #leave() {
    const kept = this.#kept;
    const changes = [];
    let isDone = true;
    for (let place = 0; place < kept.length; place += 1) {
      if (isChanged(kept[place])) {
        changes[changes.length] = stateOf(kept[place].object);
        isDone = put(kept[place]) && isDone;
      }
    }
    this.#changes.set(this.#last, changes);
    return isDone;
  }
}

// Undoes what a handler does to built-in objects before another one is called. What is looked up by its name is watched: the
// members of built-in functions and prototypes, and the globals themselves; that none is added is seen of the common ones.

const { defineProperty, getOwnPropertyDescriptor, getPrototypeOf, hasOwn } = Object;
const { deleteProperty, ownKeys } = Reflect;

const COMMON =
  'Array BigInt Boolean Date Error Function Map Number Object Promise RegExp Set String Symbol TypeError RangeError Buffer URL';
const NAMESPACES = ['Intl', 'JSON', 'Math', 'Reflect', 'console', 'crypto', 'process'];
const OPEN = [Object.prototype, Array.prototype, String.prototype, Number.prototype, Promise.prototype, Error.prototype];

// Built-in objects.
function builtins() {
  const common = COMMON.split(' ').map((name) => globalThis[name]);
  const iterator = getPrototypeOf([][Symbol.iterator]());
  const hidden = [iterator, getPrototypeOf(iterator), getPrototypeOf(Int8Array).prototype, process.env];
  return [globalThis, ...common, ...common.map(({ prototype }) => prototype)]
    .concat(NAMESPACES.map((name) => globalThis[name]), hidden);
}

function snapshot() {
  return builtins().map((object) => {
    const keys = ownKeys(object);
    const descriptors = keys.map((key) => getOwnPropertyDescriptor(object, key));
    const isWatched = (key, place) => hasOwn(descriptors[place], 'value') && !Number.isNaN(descriptors[place].value);
    const watched = keys.filter(isWatched);
    const values = watched.map((key) => object[key]);
    const isOpen = object === globalThis || object === process.env || OPEN.includes(object);
    return { object, keys, descriptors, watched, values, isOpen };
  });
}

// The state of built-in objects at one time.
export class Guard {
  #kept;

  constructor() {
    // To look at everything loads parts of Node that add to the globals.
    snapshot();
    this.#kept = snapshot();
  }

  // Puts the objects back into that state.
  restore() {
    const kept = this.#kept;
    for (let place = 0; place < kept.length; place += 1) {
      if (isChanged(kept[place])) {
        undo(kept[place]);
      }
    }
  }
}

function isChanged({ object, keys, watched, values, isOpen }) {
  for (let place = 0; place < watched.length; place += 1) {
    if (object[watched[place]] !== values[place]) {
      return true;
    }
  }
  return isOpen && ownKeys(object).length !== keys.length;
}

// By index, since the handler may have changed how lists are gone through.
function undo({ object, keys, descriptors }) {
  const now = ownKeys(object);
  for (let place = 0; place < now.length; place += 1) {
    let isKept = false;
    for (let known = 0; known < keys.length; known += 1) {
      isKept ||= keys[known] === now[place];
    }
    if (!isKept) {
      // What cannot be deleted stays.
      deleteProperty(object, now[place]);
    }
  }
  for (let place = 0; place < keys.length; place += 1) {
    defineProperty(object, keys[place], descriptors[place]);
  }
}

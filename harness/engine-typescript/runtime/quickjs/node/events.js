// `node:events`, as far as handlers use it.

const { coded, shelf, unsupported } = globalThis[Symbol.for('parity.doors')];

function unhandled(value) {
  if (typeof value !== 'string' || value.includes("'")) {
    throw unsupported('an error event without an error');
  }
  return coded(Error, 'ERR_UNHANDLED_ERROR', `Unhandled error. ('${value}')`);
}

export class EventEmitter {
  #listeners = new Map();

  on(name, listener) {
    return this.#add(name, { listener, isOnce: false }, 'push');
  }

  addListener(name, listener) {
    return this.on(name, listener);
  }

  prependListener(name, listener) {
    return this.#add(name, { listener, isOnce: false }, 'unshift');
  }

  once(name, listener) {
    return this.#add(name, { listener, isOnce: true }, 'push');
  }

  #add(name, entry, how) {
    const entries = this.#listeners.get(name) ?? [];
    entries[how](entry);
    this.#listeners.set(name, entries);
    return this;
  }

  off(name, listener) {
    const entries = this.#listeners.get(name) ?? [];
    const last = entries.findLastIndex((entry) => entry.listener === listener);
    this.#listeners.set(name, entries.filter((_, place) => place !== last));
    return this;
  }

  removeListener(name, listener) {
    return this.off(name, listener);
  }

  removeAllListeners(name) {
    if (name === undefined) {
      this.#listeners.clear();
    } else {
      this.#listeners.delete(name);
    }
    return this;
  }

  emit(name, ...args) {
    const entries = this.#listeners.get(name) ?? [];
    if (entries.length === 0) {
      if (name === 'error') {
        throw args[0] instanceof Error ? args[0] : unhandled(args[0]);
      }
      return false;
    }
    for (const { listener, isOnce } of [...entries]) {
      if (isOnce) {
        this.off(name, listener);
      }
      listener.apply(this, args);
    }
    return true;
  }

  listeners(name) {
    return (this.#listeners.get(name) ?? []).map(({ listener }) => listener);
  }

  listenerCount(name) {
    return this.listeners(name).length;
  }

  eventNames() {
    return [...this.#listeners.keys()].filter((name) => this.listenerCount(name) > 0);
  }

  setMaxListeners() {
    return this;
  }
}

export const once = (emitter, name) =>
  new Promise((done, fail) => {
    emitter.once(name, (...args) => done(args));
    if (name !== 'error') {
      emitter.once('error', fail);
    }
  });

EventEmitter.EventEmitter = EventEmitter;
EventEmitter.once = once;
export default shelf('events', EventEmitter);

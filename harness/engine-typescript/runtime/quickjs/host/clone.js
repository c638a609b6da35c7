// Copies of values, as every JavaScript host makes them and QuickJS does not. Evaluated when a handler first asks for it.
(doors) => {
  'use strict';

  const ERRORS = { EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };

  function refuse(value) {
    const text = typeof value === 'symbol' ? value.toString() : String(value);
    throw new DOMException(`${text} could not be cloned.`, 'DataCloneError');
  }

  function copyOf(value, seen) {
    if (typeof value === 'function' || typeof value === 'symbol') {
      return refuse(value);
    }
    if (typeof value !== 'object' || value === null) {
      return value;
    }
    return seen.has(value) ? seen.get(value) : copyOfObject(value, seen);
  }

  // Keeps a copy before its members are copied, which may lead back to it.
  function copyOfObject(value, seen) {
    const keep = (copy) => {
      seen.set(value, copy);
      return copy;
    };
    if (value instanceof Date) {
      return keep(new Date(value.getTime()));
    }
    if (value instanceof RegExp) {
      return keep(new RegExp(value.source, value.flags));
    }
    if (value instanceof Number || value instanceof String || value instanceof Boolean) {
      return keep(Object(value.valueOf()));
    }
    if (value instanceof ArrayBuffer) {
      return keep(value.slice(0));
    }
    if (ArrayBuffer.isView(value)) {
      const kind = value instanceof DataView ? DataView : kindOf(value);
      return keep(new kind(copyOf(value.buffer, seen), value.byteOffset, value.length ?? value.byteLength));
    }
    if (value instanceof Map) {
      const copy = keep(new Map());
      for (const [key, member] of value) {
        copy.set(copyOf(key, seen), copyOf(member, seen));
      }
      return copy;
    }
    if (value instanceof Set) {
      const copy = keep(new Set());
      for (const member of value) {
        copy.add(copyOf(member, seen));
      }
      return copy;
    }
    if (value instanceof Error) {
      return keep(copyOfError(value));
    }
    if (value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet) {
      return refuse(`#<${value.constructor.name}>`);
    }
    const copy = keep(Array.isArray(value) ? new Array(value.length) : {});
    for (const key of Object.keys(value)) {
      Object.defineProperty(copy, key, {
        value: copyOf(value[key], seen),
        writable: true,
        enumerable: true,
        configurable: true,
      });
    }
    return copy;
  }

  const tagOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag).get;

  // What kind of array it is, below a class of its own.
  function kindOf(array) {
    return globalThis[tagOf.call(array)];
  }

  function copyOfError(error) {
    const copy = Object.create((ERRORS[error.name] ?? Error).prototype);
    for (const key of ['stack', 'message', 'cause']) {
      if (Object.hasOwn(error, key)) {
        Object.defineProperty(copy, key, { value: error[key], writable: true, configurable: true });
      }
    }
    return copy;
  }

  return {
    structuredClone(...args) {
      if (args.length === 0) {
        throw doors.coded(TypeError, 'ERR_MISSING_ARGS', 'The value argument must be specified');
      }
      return copyOf(args[0], new Map());
    },
  };
};

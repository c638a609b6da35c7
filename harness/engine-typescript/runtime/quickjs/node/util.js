// `node:util`, as far as handlers use it.

export const { TextEncoder, TextDecoder } = globalThis;
const { isError, shelf, unsupported } = globalThis[Symbol.for('parity.doors')];

function lacking(name) {
  return () => {
    throw unsupported(`util.${name}`);
  };
}

export const inspect = lacking('inspect');
inspect.custom = Symbol.for('nodejs.util.inspect.custom');
export const callbackify = lacking('callbackify');

export function promisify(original) {
  return function promised(...args) {
    return new Promise((done, fail) => {
      original.call(this, ...args, (error, value) => {
        if (error === null || error === undefined) {
          done(value);
        } else {
          fail(error);
        }
      });
    });
  };
}

export const deprecate = (original) => original;

export function inherits(constructor, parent) {
  Object.setPrototypeOf(constructor.prototype, parent.prototype);
}

// What stands for a placeholder. An object would be shown as only `inspect` knows.
const SHOWN = {
  s(value) {
    if (typeof value === 'bigint') {
      return `${value}n`;
    }
    if (typeof value === 'function' || (typeof value === 'object' && value !== null)) {
      return inspect();
    }
    return Object.is(value, -0) ? '-0' : String(value);
  },
  d: (value) => number(value, Number),
  i: (value) => number(value, (other) => Number.parseInt(other, 10)),
  f: (value) => (typeof value === 'symbol' ? 'NaN' : SHOWN.s(Number.parseFloat(value))),
  j: (value) => JSON.stringify(value),
  o: inspect,
  O: inspect,
  c: () => '',
};

function number(value, toNumber) {
  if (typeof value === 'bigint') {
    return `${value}n`;
  }
  return typeof value === 'symbol' ? 'NaN' : SHOWN.s(typeof value === 'object' && value !== null ? inspect() : toNumber(value));
}

export function format(...args) {
  const [first, ...rest] = args;
  if (typeof first !== 'string') {
    return args.map((value) => (typeof value === 'string' ? value : SHOWN.s(value))).join(' ');
  }
  const text = first.replaceAll(/%([sdifjoOc%])/g, (whole, kind) => {
    if (kind === '%') {
      return args.length === 1 ? whole : '%';
    }
    return rest.length === 0 ? whole : SHOWN[kind](rest.shift());
  });
  return [text, ...rest.map((value) => SHOWN.s(value))].join(' ');
}

const { getOwnPropertyDescriptor, getPrototypeOf } = Object;
const tagOf = (value) => Object.prototype.toString.call(value).slice(8, -1);

// The members that count: own and enumerable ones.
function membersOf(value) {
  return Reflect.ownKeys(value).filter((key) => getOwnPropertyDescriptor(value, key)?.enumerable);
}

export function isDeepStrictEqual(a, b) {
  return isSame(a, b, []);
}

function isSame(a, b, above) {
  if (Object.is(a, b)) {
    return true;
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return false;
  }
  if (getPrototypeOf(a) !== getPrototypeOf(b) || tagOf(a) !== tagOf(b) || Array.isArray(a) !== Array.isArray(b)) {
    return false;
  }
  // What is compared already is the same as far as it was.
  if (above.some(([left, right]) => left === a && right === b)) {
    return true;
  }
  const inner = [...above, [a, b]];
  const [keys, others] = [membersOf(a), membersOf(b)];
  const isShared = (key) => others.includes(key) && isSame(a[key], b[key], inner);
  return isSameInside(a, b, inner) && keys.length === others.length && keys.every(isShared);
}

// Whether what is no member is the same.
function isSameInside(a, b, above) {
  if (Array.isArray(a)) {
    return a.length === b.length;
  }
  switch (tagOf(a)) {
    case 'Date':
      return a.getTime() === b.getTime();
    case 'RegExp':
      return a.source === b.source && a.flags === b.flags && a.lastIndex === b.lastIndex;
    case 'Error':
      return a.message === b.message && a.name === b.name && isSame(a.cause, b.cause, above);
    case 'Number':
    case 'String':
    case 'Boolean':
      return Object.is(a.valueOf(), b.valueOf());
    case 'Map':
    case 'Set':
      return isSameCollection(a, b, above);
    case 'Object':
      return true;
    default:
      if (ArrayBuffer.isView(a)) {
        return a.byteLength === b.byteLength;
      }
      throw unsupported(`util.isDeepStrictEqual of ${tagOf(a)}`);
  }
}

function isSameCollection(a, b, above) {
  if (a.size !== b.size) {
    return false;
  }
  for (const key of a.keys()) {
    if (typeof key === 'object' && key !== null) {
      throw unsupported('util.isDeepStrictEqual of collections with objects as keys');
    }
    if (!b.has(key) || (a instanceof Map && !isSame(a.get(key), b.get(key), above))) {
      return false;
    }
  }
  return true;
}

// A method of a kind tells its own from others, whatever their prototypes are.
const isA = (probe) => (value) => {
  try {
    probe(value);
    return true;
  } catch {
    return false;
  }
};
const { call } = Function.prototype;
const probe = (method) => isA((value) => call.call(method, value));
const sizeOf = (kind) => Object.getOwnPropertyDescriptor(kind.prototype, 'size').get;

export const types = shelf('util.types', {
  isDate: probe(Date.prototype.getTime),
  isMap: probe(sizeOf(Map)),
  isPromise: (value) => tagOf(value) === 'Promise' && value instanceof Promise,
  isNativeError: isError,
  isRegExp: probe(Object.getOwnPropertyDescriptor(RegExp.prototype, 'source').get),
  isSet: probe(sizeOf(Set)),
  isTypedArray: (value) => ArrayBuffer.isView(value) && !(value instanceof DataView),
  isUint8Array: (value) => value instanceof Uint8Array,
});

export default shelf('util', {
  TextDecoder,
  TextEncoder,
  callbackify,
  deprecate,
  format,
  inherits,
  inspect,
  isDeepStrictEqual,
  promisify,
  types,
});

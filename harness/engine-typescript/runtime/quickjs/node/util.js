// `node:util`, as far as handlers use it.

export const { TextEncoder, TextDecoder } = globalThis;

function unsupported(name) {
  return () => {
    throw new Error(`util.${name} is not supported in this engine; --engine node has it`);
  };
}

export const inspect = unsupported('inspect');
export const callbackify = unsupported('callbackify');

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
  s: (value) => (typeof value === 'object' && value !== null ? inspect() : String(value)),
  d: (value) => (typeof value === 'object' ? 'NaN' : String(Number(value))),
  i: (value) => (typeof value === 'object' ? 'NaN' : String(Number.parseInt(value, 10))),
  f: (value) => String(Number.parseFloat(value)),
  j: (value) => JSON.stringify(value),
  o: inspect,
  O: inspect,
};

export function format(...args) {
  const [first, ...rest] = args;
  if (typeof first !== 'string') {
    return args.map((value) => (typeof value === 'string' ? value : SHOWN.s(value))).join(' ');
  }
  const text = first.replaceAll(/%([sdifjoO%])/g, (whole, kind) => {
    if (kind === '%') {
      return args.length === 1 ? whole : '%';
    }
    return rest.length === 0 ? whole : SHOWN[kind](rest.shift());
  });
  return [text, ...rest.map((value) => SHOWN.s(value))].join(' ');
}

export function isDeepStrictEqual(a, b) {
  if (Object.is(a, b)) {
    return true;
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return false;
  }
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) {
    return false;
  }
  if (a instanceof Date) {
    return a.getTime() === b.getTime();
  }
  if (a instanceof Map || a instanceof Set) {
    return isDeepStrictEqual([...a], [...b]);
  }
  const keys = Object.keys(a);
  const isShared = (key) => Object.hasOwn(b, key) && isDeepStrictEqual(a[key], b[key]);
  return keys.length === Object.keys(b).length && keys.every(isShared);
}

const isA = (kind) => (value) => value instanceof kind;

export const types = {
  isDate: isA(Date),
  isMap: isA(Map),
  isNativeError: isA(Error),
  isPromise: isA(Promise),
  isRegExp: isA(RegExp),
  isSet: isA(Set),
  isTypedArray: (value) => ArrayBuffer.isView(value) && !(value instanceof DataView),
  isUint8Array: isA(Uint8Array),
};

export default {
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
};

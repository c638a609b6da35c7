// What a handler answered as JSON text, or where it is none. The rules are those of the QuickJS engine.

import { types } from 'node:util';

// A document may nest this deep: what is around it must fit into what JSON parsers take.
const MAX_DEPTH = 120;

// Shared members make a small object a document without end.
const MAX_VALUES = 1_000_000;

const { isArray } = Array;
const { keys } = Object;
const { isFinite, isInteger, isNaN, isSafeInteger } = Number;
const { stringify } = JSON;
const { isWellFormed } = String.prototype;
const { apply } = Reflect;

// What the objects of a class are, told by class and not by prototype, which a script can change.
const KINDS = [
  [types.isDate, 'a Date'],
  [types.isMap, 'a Map'],
  [types.isSet, 'a Set'],
  [types.isWeakMap, 'a WeakMap'],
  [types.isWeakSet, 'a WeakSet'],
  [types.isRegExp, 'a RegExp'],
  [types.isPromise, 'a Promise'],
  [types.isNativeError, 'an Error'],
  [types.isArrayBuffer, 'an ArrayBuffer'],
  [types.isDataView, 'a DataView'],
  [types.isTypedArray, 'a typed array'],
  [types.isNumberObject, 'a Number object'],
  [types.isStringObject, 'a String object'],
  [types.isBooleanObject, 'a Boolean object'],
  [types.isBigIntObject, 'a BigInt object'],
  [types.isSymbolObject, 'a Symbol object'],
  ...[types.isGeneratorObject, types.isMapIterator, types.isSetIterator, types.isSharedArrayBuffer]
    .concat([types.isExternal, types.isModuleNamespaceObject, types.isKeyObject, types.isCryptoKey])
    .map((test) => [test, 'an object of another kind']),
];

// What stands where no JSON value stands, and the names on the way there, innermost first.
export class NotJson {
  constructor(what) {
    this.what = what;
    this.path = [];
  }

  // The place as a JSON Pointer.
  pointer() {
    return this.path.reduce((below, name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}${below}`, '');
  }
}

// The text of a value that stands under `name`.
export function textOf(value, name) {
  return below({ values: 0 }, value, name, -1);
}

function below(count, value, name, depth) {
  try {
    return read(count, value, depth + 1);
  } catch (error) {
    if (error instanceof NotJson) {
      error.path.push(name);
    }
    throw error;
  }
}

function read(count, value, depth) {
  count.values += 1;
  if (count.values > MAX_VALUES) {
    throw new NotJson(`more than ${MAX_VALUES} values`);
  }
  switch (typeof value) {
    case 'string':
      return textOfString(value);
    case 'number':
      return textOfNumber(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      return value === null ? 'null' : readObject(count, value, depth);
    case 'undefined':
      throw new NotJson('undefined');
    case 'bigint':
      throw new NotJson('a BigInt');
    default:
      throw new NotJson(`a ${typeof value}`);
  }
}

function readObject(count, object, depth) {
  const kind = types.isProxy(object) ? undefined : KINDS.find(([test]) => test(object));
  if (kind !== undefined) {
    throw new NotJson(kind[1]);
  }
  if (depth === MAX_DEPTH) {
    throw new NotJson(`nesting deeper than ${MAX_DEPTH}`);
  }
  const parts = [];
  if (isArray(object)) {
    const { length } = object;
    for (let index = 0; index < length; index += 1) {
      parts.push(below(count, object[index], String(index), depth));
    }
    return `[${parts.join()}]`;
  }
  for (const key of keys(object)) {
    const value = object[key];
    if (value !== undefined) {
      const name = textOfString(key);
      parts.push(`${name}:${below(count, value, key, depth)}`);
    }
  }
  return `{${parts.join()}}`;
}

function textOfString(text) {
  if (!apply(isWellFormed, text, [])) {
    throw new NotJson('a lone surrogate');
  }
  return stringify(text);
}

// An integral value that a double does not hold exactly is written as the double that it is.
function textOfNumber(number) {
  if (!isFinite(number)) {
    throw new NotJson(isNaN(number) ? 'NaN' : number > 0 ? 'Infinity' : '-Infinity');
  }
  if (Object.is(number, -0)) {
    return '-0.0';
  }
  const text = `${number}`;
  return isInteger(number) && !isSafeInteger(number) && !text.includes('e') ? `${text}.0` : text;
}

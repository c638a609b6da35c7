// What a handler is given and what it answered as JSON text, as the transport of the real package takes them: its native part
// converts values and never calls `toJSON`. The rules are those of the QuickJS engine.

import { types } from 'node:util';

// A document may nest this deep: what is around it must fit into what JSON parsers take.
const MAX_DEPTH = 100;

// Shared members make a small object a document without end.
const MAX_VALUES = 1_000_000;

// The integers that JSON of a step input holds, and a double does not for sure.
const LEAST = -(2n ** 63n);
const GREATEST = 2n ** 64n - 1n;
const LONG_INTEGER = /\d{16}/;
const TEXTS_AND_NUMBERS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;

const { isArray } = Array;
const { isFinite, isInteger, isNaN, isSafeInteger } = Number;
const { parse, stringify } = JSON;
const { toWellFormed } = String.prototype;
const { apply } = Reflect;

// What stands where no JSON value stands, and the names on the way there, innermost first.
export class NotJson {
  constructor(what) {
    this.what = what;
    this.path = [];
    // How many names on the way here are left out.
    this.skipped = 0;
  }

  // The place as a JSON Pointer.
  pointer() {
    return this.path.reduce((below, name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}${below}`, '');
  }
}

// The value of a request. An integer that no double holds for sure is a BigInt.
export function valueOf(text) {
  if (!LONG_INTEGER.test(text)) {
    return parse(text);
  }
  let mark = '';
  while (text.includes(`"${mark}#`)) {
    mark += '#';
  }
  const marked = text.replace(TEXTS_AND_NUMBERS, (token) => (isBig(token) ? `"${mark}#${token}"` : token));
  const isMarked = (value) => typeof value === 'string' && value.startsWith(`${mark}#`);
  return parse(marked, (_, value) => (isMarked(value) ? BigInt(value.slice(mark.length + 1)) : value));
}

function isBig(token) {
  if (!/^-?\d{16,}$/.test(token) || isSafeInteger(Number(token))) {
    return false;
  }
  const integer = BigInt(token);
  return integer >= LEAST && integer <= GREATEST;
}

// The text of a value that stands under `name`.
export function textOf(value, name) {
  return below({ values: 0, above: [] }, value, name);
}

function below(document, value, name) {
  try {
    return read(document, value);
  } catch (error) {
    if (error instanceof NotJson && error.skipped > 0) {
      error.skipped -= 1;
    } else if (error instanceof NotJson) {
      error.path.push(name);
    }
    throw error;
  }
}

function read(document, value) {
  document.values += 1;
  if (document.values > MAX_VALUES) {
    throw new NotJson(`more than ${MAX_VALUES} values`);
  }
  switch (typeof value) {
    case 'string':
      return stringify(wellFormed(value));
    case 'number':
      return textOfNumber(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      return value === null ? 'null' : readObject(document, value);
    case 'undefined':
      throw new NotJson('undefined');
    case 'bigint':
      return value >= LEAST && value <= GREATEST ? `${value}` : `"${value}"`;
    default:
      throw new NotJson(`a ${typeof value}`);
  }
}

function readObject(document, object) {
  const { above } = document;
  const place = above.indexOf(object);
  if (place >= 0) {
    // Told where the object begins that holds itself.
    const cycle = new NotJson('a cycle');
    cycle.skipped = above.length - place;
    throw cycle;
  }
  if (above.length === MAX_DEPTH) {
    throw new NotJson(`nesting deeper than ${MAX_DEPTH}`);
  }
  above.push(object);
  const isList = isArray(object) && !types.isProxy(object);
  const text = isList ? readArray(document, object) : readMembers(document, object);
  above.pop();
  return text;
}

// The texts with commas between. A handler may have changed `join`.
export function joined(parts) {
  let text = '';
  for (let index = 0; index < parts.length; index += 1) {
    text += index === 0 ? parts[index] : `,${parts[index]}`;
  }
  return text;
}

function readArray(document, array) {
  const parts = [];
  const { length } = array;
  for (let index = 0; index < length; index += 1) {
    parts.push(below(document, array[index], String(index)));
  }
  return `[${joined(parts)}]`;
}

// Inherited members are members, too.
function readMembers(document, object) {
  const parts = [];
  for (const key in object) {
    const value = object[key];
    if (value !== undefined) {
      const name = wellFormed(key);
      parts.push(`${stringify(name)}:${below(document, value, name)}`);
    }
  }
  return `{${joined(parts)}}`;
}

// A text as UTF-8, in which half a surrogate pair cannot stand.
function wellFormed(text) {
  return apply(toWellFormed, text, []);
}

// An integral value that a double does not hold exactly is written as the double that it is; zero has no sign.
function textOfNumber(number) {
  if (!isFinite(number)) {
    throw new NotJson(isNaN(number) ? 'NaN' : number > 0 ? 'Infinity' : '-Infinity');
  }
  const text = `${number}`;
  return isInteger(number) && !isSafeInteger(number) && !text.includes('e') ? `${text}.0` : text;
}

/** Reading untyped input: a JSON value that knows where it stands, so that it can be refused by its path. */

import { invalidInput, type JsonObject } from './failure.js';
import { isSafe, numberText, textToFloat } from './number.js';

const SAFE_NUMBER = 'a number within ±9007199254740991';
const SAFE_NUMBERS = 'numbers within ±9007199254740991';

/** Unicode's whitespace; `\s` and `trim` leave out U+0085 and count U+FEFF. */
const WHITESPACE = /^[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*$/u;

/** A value somewhere in a step's input. What is absent reads as null. */
export class Field {
  /** The value itself. */
  readonly value: unknown;
  readonly #path: string;

  private constructor(value: unknown, path: string) {
    // An integer that no double holds for sure arrives as a bigint; it is beyond what is safe as a number, too.
    this.value = typeof value === 'bigint' ? Number(value) : (value ?? null);
    this.#path = path;
  }

  /** A value at a place in a step's input, which is a JSON Pointer. */
  static at(path: string, value: unknown): Field {
    return new Field(value, path);
  }

  /** The member `name`; null when it is absent or this is no object. */
  get(name: string): Field {
    const { value } = this;
    return new Field(isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : null, `${this.#path}/${name}`);
  }

  /** Whether this is absent or null. */
  isNil(): boolean {
    return this.value === null;
  }

  /** Whether this is neither null nor false. Zero and everything empty are truthy. */
  isTruthy(): boolean {
    return isTruthy(this.value);
  }

  /**
   * Whether this says nothing: null, false, an empty list or object, a text of nothing but whitespace. No number does.
   */
  isBlank(): boolean {
    const { value } = this;
    if (typeof value === 'string') {
      return WHITESPACE.test(value);
    }
    return typeof value === 'object' && value !== null ? Object.keys(value).length === 0 : !isTruthy(value);
  }

  /** Whether this is a text with `part` somewhere in it. */
  contains(part: string): boolean {
    return typeof this.value === 'string' && this.value.includes(part);
  }

  /** The error that this value is not `expected`. */
  invalid(expected: string): Error {
    return invalidInput(this.#path, expected);
  }

  /** Refuses a truthy value that is no object; null and false pass, to be dealt with where they are used. */
  objectIfTruthy(): this {
    if (this.isTruthy() && !isJsonObject(this.value)) {
      throw this.invalid('an object');
    }
    return this;
  }

  /** Refuses what is neither null nor an object, false included. */
  objectOrNil(): this {
    if (!this.isNil() && !isJsonObject(this.value)) {
      throw this.invalid('an object');
    }
    return this;
  }

  /** Whether this is an object; null is not, and anything else is refused. */
  isObject(): boolean {
    return !this.objectOrNil().isNil();
  }

  /** Refuses what is no object. */
  object(): this {
    if (!isJsonObject(this.value)) {
      throw this.invalid('an object');
    }
    return this;
  }

  /** The names of an object's members; what is no object is refused. */
  members(): string[] {
    return Object.keys(this.object().value as JsonObject);
  }

  /**
   * Whether this holds something: a list with a truthy element or an object with a member. Null holds nothing, and any
   * other value is refused.
   */
  hasAny(): boolean {
    const { value } = this;
    if (value === null) {
      return false;
    }
    if (Array.isArray(value)) {
      return value.some(isTruthy);
    }
    if (isJsonObject(value)) {
      return Object.keys(value).length > 0;
    }
    throw this.invalid('a list');
  }

  /** The elements of a list; anything else is refused. */
  elements(): Field[] {
    if (!Array.isArray(this.value)) {
      throw this.invalid('a list');
    }
    return this.value.map((element: unknown, index) => new Field(element, `${this.#path}/${String(index)}`));
  }

  /** The number that this is, never -0; anything else, and a number beyond the safe integers, is refused. */
  number(): number {
    const { value } = this;
    if (typeof value !== 'number') {
      throw this.invalid('a number');
    }
    if (!isSafe(value)) {
      throw this.invalid(SAFE_NUMBER);
    }
    return value === 0 ? 0 : value;
  }

  /** The number that this is or stands for: null is 0, a text is its longest numeric prefix. */
  toFloat(): number {
    if (this.value === null) {
      return 0;
    }
    if (typeof this.value !== 'string') {
      return this.number();
    }
    const float = textToFloat(this.value);
    if (!isSafe(float)) {
      throw this.invalid(SAFE_NUMBER);
    }
    return float;
  }

  /** The text that this is; anything else is refused. */
  text(): string {
    if (typeof this.value !== 'string') {
      throw this.invalid('a text');
    }
    return this.value;
  }

  /**
   * What this looks like within a text: nothing for null, a flag or a number in its usual form; a list or an object is
   * refused.
   */
  toText(): string {
    switch (typeof this.value) {
      case 'boolean':
        return String(this.value);
      case 'number':
        return numberText(this.number());
      default:
        return this.isNil() ? '' : this.text();
    }
  }

  /** The value, to be handed on as it is. Refused when a number in it lies beyond what every language keeps. */
  handOn(): unknown {
    if (!holdsOnlySafeNumbers(this.value)) {
      throw this.invalid(SAFE_NUMBERS);
    }
    return this.value;
  }
}

function isTruthy(value: unknown): boolean {
  return value !== null && value !== undefined && value !== false;
}

function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function holdsOnlySafeNumbers(value: unknown): boolean {
  if (typeof value === 'number') {
    return isSafe(value);
  }
  if (typeof value === 'bigint') {
    return false;
  }
  return typeof value !== 'object' || value === null || Object.values(value).every(holdsOnlySafeNumbers);
}

/**
 * Whether an outcome agrees with the expected one, and where it does not.
 *
 * Objects ignore the order of their keys and arrays do not; absent is not null; numbers are compared by mathematical value,
 * so that -0 is 0 and 2^53 + 1 is not the double next to it; strings are compared by code points.
 */

import { child, isObject, type Json, type JsonObject } from './json_values.js';

/** One place, as a JSON Pointer into the outcome document, and what stands there: `undefined` is nothing. */
export interface Difference {
  path: string;
  expected: Json | undefined;
  actual: Json | undefined;
}

/** All places at which two JSON values do not agree, the expected ones in their order. */
export function differences(expected: Json | undefined, actual: Json | undefined, path = ''): Difference[] {
  if (isObject(expected) && isObject(actual)) {
    const extra = Object.keys(actual).filter((name) => !Object.hasOwn(expected, name));
    return [...Object.keys(expected), ...extra.sort()].flatMap((name) =>
      differences(own(expected, name), own(actual, name), child(path, name)),
    );
  }
  if (Array.isArray(expected) && Array.isArray(actual)) {
    return Array.from({ length: Math.max(expected.length, actual.length) }, (_, index) => index).flatMap((index) =>
      differences(expected[index], actual[index], child(path, index)),
    );
  }
  return same(expected, actual) ? [] : [{ path, expected, actual }];
}

function own(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function same(expected: Json | undefined, actual: Json | undefined): boolean {
  if (isNumber(expected) && isNumber(actual)) {
    return expected == actual; // exact, also for a bigint and a number
  }
  return expected === actual;
}

function isNumber(value: Json | undefined): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** The records that an extract hands to its transform: how they are read and grouped. */

import type { StepContext } from '@tasker-systems/tasker';

import { Field, isSafe, permanent } from '../support/index.js';

/** The records in the result of `extract`, every one an object. All are opened before a value of the first is read. */
export function extractedRecords(context: StepContext, extract: string, subject: string): Field[] {
  const extracted = Field.dependency(context, extract).objectIfTruthy();
  if (!extracted.isTruthy()) {
    throw permanent('MISSING_EXTRACT_RESULTS', `${subject} extraction results are missing`);
  }
  return extracted
    .get('records')
    .elements()
    .map((record) => record.object());
}

/** A number; missing, null and false count as 0. */
export function numberOrZero(field: Field): number {
  return field.isTruthy() ? field.number() : 0;
}

/** The groups of records with the same key, in the order in which the keys first occur. */
export function groupBy<R>(records: readonly R[], key: (record: R) => string): ReadonlyMap<string, readonly R[]> {
  const groups = new Map<string, R[]>();
  for (const record of records) {
    const group = groups.get(key(record));
    if (group === undefined) {
      groups.set(key(record), [record]);
    } else {
      group.push(record);
    }
  }
  return groups;
}

/** The values of `map` as `change` makes them, by their keys; any key is an own property, `__proto__` too. */
export function mapValues<V, W>(map: ReadonlyMap<string, V>, change: (value: V) => W): Record<string, W> {
  return Object.fromEntries(Array.from(map, ([key, value]) => [key, change(value)]));
}

/** How many different texts there are. */
export function countDistinct(texts: readonly string[]): number {
  return new Set(texts).size;
}

/** The mean of `count` numbers that sum up to `total`; of no numbers it is 0. */
export function average(total: number, count: number): number {
  return count === 0 ? 0 : total / count;
}

/**
 * `total` divided by a number that is not 0. A divisor so small that the quotient leaves the safe numbers is invalid.
 */
export function quotient(total: number, divisor: Field): number {
  const result = total / divisor.number();
  if (!isSafe(result)) {
    throw divisor.invalid('a larger number');
  }
  return result;
}

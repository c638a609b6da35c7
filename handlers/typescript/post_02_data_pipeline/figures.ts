/** The figures made of records: how they are grouped and averaged. */

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

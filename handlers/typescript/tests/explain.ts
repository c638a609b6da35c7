/** What is said of a vector that a handler does not agree with. */

import { type Difference, differences } from './agreement.js';
import type { Json, JsonObject } from './json_values.js';
import type { Vector } from './vectors.js';

/** What two outcomes must share before it makes sense to compare the rest of them. */
const DECISION = new Set(['/status', '/kind', '/code']);

export const MAX_DIFFERENCES = 20;

/** The whole report, `null` when the outcome agrees. */
export function explain(vector: Vector, actual: JsonObject): string | null {
  const found = differences(vector.expected, actual);
  if (found.length === 0) {
    return null;
  }
  return [
    `${vector.stepInput.handler} does not agree with vector ${vector.id}`,
    `  file   ${vector.file}`,
    `  note   ${vector.note}`,
    `  flags  ${vector.flags.join(', ')}`,
    '',
    ...whatDiffers(vector.expected, actual, found),
    '',
    'step input:',
    ...indented(vector.stepInput as unknown as JsonObject),
    '',
    `replay it alone: npm test -- --vector=${vector.id}`,
  ].join('\n');
}

function whatDiffers(expected: JsonObject, actual: JsonObject, found: Difference[]): string[] {
  if (found.some(({ path }) => DECISION.has(path))) {
    return [
      `the decision differs: expected ${decision(expected)}, actual ${decision(actual)}`,
      ...indented(expected, '  - '),
      ...indented(actual, '  + '),
    ];
  }
  const shown = found.slice(0, MAX_DIFFERENCES).flatMap(({ path, expected, actual }) => [
    `  ${path}`,
    `    - ${short(expected)}`,
    `    + ${short(actual)}`,
  ]);
  const places = found.length === 1 ? 'place differs' : 'places differ';
  const more = found.length - MAX_DIFFERENCES;
  return [
    `${String(found.length)} ${places} (- expected, + actual):`,
    ...shown,
    ...(more > 0 ? [`  … and ${String(more)} more`] : []),
  ];
}

function decision(outcome: JsonObject): string {
  const member = (name: string): string => word(outcome[name]);
  switch (outcome.status) {
    case 'failed':
      return `failed, ${member('kind')}, code ${member('code')}`;
    case 'crashed':
      return `crashed, ${member('class')}: ${member('message')}`;
    case 'unserialisable':
      return `${member('what')} at ${member('path')}, which is not JSON`;
    default:
      return member('status');
  }
}

function word(value: Json | undefined): string {
  return typeof value === 'string' ? value : short(value);
}

function short(value: Json | undefined): string {
  return value === undefined ? '(absent)' : text(value);
}

function indented(document: JsonObject, start = '  '): string[] {
  return text(document, 2).split('\n').map((line) => start + line);
}

/** JSON for readers, also of integers that are no doubles. */
function text(value: Json, indent?: number): string {
  return JSON.stringify(value, (_, member: Json) => (typeof member === 'bigint' ? String(member) : member), indent);
}

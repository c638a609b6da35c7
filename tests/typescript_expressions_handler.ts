// Shows what one of many expressions is, in a text that tells every value from all others. The test puts the expressions here.
import { StepHandler, StepHandlerResult } from '@tasker-systems/tasker';
import assert from 'node:assert';
import { Buffer as NodeBuffer } from 'node:buffer';
import crypto from 'node:crypto';
import { EventEmitter } from 'node:events';
import path from 'node:path';
import util from 'node:util';
import url from 'node:url';

const seen: object[] = [];
function key(name: PropertyKey): string { return typeof name === 'symbol' ? `[${String(name)}]` : JSON.stringify(name); }
function show(value: any, depth = 0): string {
  switch (typeof value) {
    case 'string': return JSON.stringify(value);
    case 'number': return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint': return `${value}n`;
    case 'symbol': return String(value);
    case 'undefined': return 'undefined';
    case 'boolean': return String(value);
    case 'function': return `function ${value.name}/${value.length}`;
  }
  if (value === null) return 'null';
  if (depth > 6) return '...';
  const inner = (v: any) => show(v, depth + 1);
  if (value instanceof Error) return `${value.constructor?.name}(${value.name}: ${value.message}${'code' in value ? ` ${(value as any).code}` : ''})`;
  if (value instanceof Date) return `Date(${isNaN(value.getTime()) ? 'Invalid' : value.toISOString()})`;
  if (value instanceof RegExp) return `RegExp(${value})`;
  if (value instanceof Map) return `Map(${[...value].map(([k, v]) => `${inner(k)} => ${inner(v)}`).join(', ')})`;
  if (value instanceof Set) return `Set(${[...value].map(inner).join(', ')})`;
  if (value instanceof URL) return `URL(${value.href})`;
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return `${value.constructor.name}(${[...(value as any)].map(inner).join(', ')})`;
  if (Array.isArray(value)) { const parts: string[] = []; for (let i = 0; i < value.length; i += 1) parts.push(i in value ? inner(value[i]) : 'hole'); for (const k of Object.keys(value)) if (!/^\d+$/.test(k)) parts.push(`${k}: ${inner((value as any)[k])}`); return `[${parts.join(', ')}]`; }
  const name = Object.getPrototypeOf(value)?.constructor?.name ?? 'null';
  const parts = Reflect.ownKeys(value).filter((k) => Object.getOwnPropertyDescriptor(value, k)!.enumerable).map((k) => `${key(k)}: ${inner(value[k])}`);
  return `${name === 'Object' ? '' : name}{${parts.join(', ')}}`;
}
const CASES: (() => unknown)[] = [
  // CASES
];
export class Expressions extends StepHandler {
  static override handlerName = 'test/expressions';
  async call(context: any): Promise<StepHandlerResult> {
    const run: any = CASES[context.getInput('index')];
    let text: string;
    try { text = show(await run()); } catch (error: any) { text = `throws ${show(error)}`; }
    return this.success({ text });
  }
}

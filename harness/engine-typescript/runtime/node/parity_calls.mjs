// Calls the handlers of a tree, and makes the outcomes of what they did.

import { pathToFileURL } from 'node:url';
import { types } from 'node:util';

import { Guard } from './parity_guard.mjs';
import { closeDoors, leadDoors, prelude, readsOrWrites, turn, waits } from './parity_host.mjs';
import { joined, NotJson, textOf } from './parity_json.mjs';
import { forget, refused, unsupported } from './parity_sandbox.mjs';
import { Streams } from './parity_streams.mjs';

const PACKAGE = '@tasker-systems/tasker';
const PACKAGE_FILE = `node_modules/${PACKAGE}/index.js`;
const EPOCH_OF_LOADING = '2026-01-15T09:30:00.000Z';
const { parse } = Date;
const { env } = process;
const { then } = Promise.prototype;
const { apply } = Reflect;

// The members of the driver's ends, by their first one.
const COMPLETED = ['result', 'metadata'];
const FAILED = ['code', 'message', 'retry_after', 'context', 'error_type', 'raised'];
const ENDS = [
  ['"status":"completed"', COMPLETED],
  ['"status":"failed","kind":"permanent"', FAILED],
  ['"status":"failed","kind":"retryable"', FAILED],
];

// What V8 throws when a limit is reached.
const LIMITS = new Map([
  ['RangeError: Maximum call stack size exceeded', 'stack_overflow'],
  ['RangeError: Array buffer allocation failed', 'out_of_memory'],
]);

// The handlers of one tree.
export class Calls {
  // `tree` holds the JavaScript of `modules`, which are TypeScript files that may hold handlers.
  static async load(tree, modules) {
    const calls = new Calls(tree);
    const makeDriver = prelude(Object.assign(calls.streams, { unsupported }));
    leadDoors(calls.streams);
    calls.driver = makeDriver(await calls.import(PACKAGE_FILE));
    calls.driver.reset(parse(EPOCH_OF_LOADING));
    for (const module of modules) {
      await calls.note(module);
    }
    closeDoors(calls.place);
    calls.guard = new Guard();
    return calls;
  }

  constructor(tree) {
    this.place = pathToFileURL(`${tree}/`).href;
    this.streams = new Streams();
    this.classes = [];
    this.handlers = new Map();
    this.notLoaded = [];
  }

  import(file) {
    return import(new URL(file, this.place).href);
  }

  // Imports a module and notes what it exports, or why it cannot be loaded.
  async note(module) {
    try {
      const name = module.split('/').map(encodeURIComponent).join('/');
      this.driver.note(await this.import(`${name}.js`), module);
    } catch (error) {
      const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      this.notLoaded.push({ file: module, message: `it throws while it is loaded: ${what}` });
    }
  }

  // What was found, in the order of the classes that `assign` chooses from, with those of these methods that it has.
  found(names) {
    return this.driver.sightings(names).map(([handler, declared, name, exported, file, extended, methods]) => {
      this.classes.push(handler);
      return { declared, name, exported, file, extended, methods };
    });
  }

  // Takes the places of the handlers in what was found.
  assign(handlers) {
    const called = ([identity, place]) => {
      const [, method] = identity.split('#');
      const handler = this.classes[place];
      return [identity, method === undefined ? handler : this.driver.dispatched(handler, method)];
    };
    this.handlers = new Map(Object.entries(handlers).map(called));
  }

  // The outcome of a call, as JSON text.
  async answer(input) {
    forget();
    if (input.handler !== this.last) {
      this.guard.restore();
      this.last = input.handler;
    }
    const outcome = await this.outcome(input);
    // What the handler left running must not run into the next call.
    do {
      await turn();
    } while (readsOrWrites());
    // Whatever the handler made of the refusal.
    const denial = refused();
    return denial === null ? outcome : JSON.stringify(denial);
  }

  async outcome(input) {
    try {
      const end = await this.observe(input);
      if (end === null) {
        return '{"status":"timed_out"}';
      }
      return this.document(end);
    } catch (thrown) {
      if (thrown instanceof NotJson) {
        return JSON.stringify({ status: 'unserialisable', path: thrown.pointer(), what: thrown.what });
      }
      return this.document(this.driver.crash(thrown));
    }
  }

  // One of the driver's ends; nothing when the handler can never end.
  async observe(input) {
    const { handler, context, dependencies, step_config, attempt, max_attempts, ambient } = input;
    this.streams.seed(ambient.entropy);
    const { zone = 'UTC' } = ambient;
    if (env.TZ !== zone) {
      env.TZ = zone;
    }
    this.driver.reset(parse(ambient.now), zone);
    // In an envelope, so that the package takes off this one and never touches the value.
    const results = Object.fromEntries(Object.entries(dependencies).map(([step, result]) => [step, { result }]));
    const ids = [handler.split('#', 1)[0], ambient.task_uuid, ambient.step_uuid];
    let settled;
    try {
      const start = [this.handlers.get(handler), ids, context, results, step_config, attempt - 1, max_attempts];
      settled = await this.settle(this.driver.start(...start, input.step_inputs, input.checkpoint));
    } catch (thrown) {
      return this.driver.refuse(thrown);
    }
    if (settled === null) {
      return null;
    }
    return 'thrown' in settled ? this.driver.refuse(settled.thrown) : this.driver.conclude(settled.value);
  }

  // Waits for an answer in virtual time; nothing when it can never come.
  async settle(answer) {
    if (!types.isPromise(answer)) {
      return { value: answer };
    }
    let settled = null;
    apply(then, answer, [
      (value) => {
        settled = { value };
      },
      (thrown) => {
        settled = { thrown };
      },
    ]);
    while (settled === null) {
      await turn();
      if (settled === null && !this.driver.fireTimer() && !waits()) {
        return null;
      }
    }
    return settled;
  }

  document([kind, ...values]) {
    if (ENDS[kind] === undefined) {
      return this.crash(values);
    }
    const [head, names] = ENDS[kind];
    const members = names.map((name, index) => `"${name}":${textOf(values[index], name)}`);
    return `{${head},${joined(members)}}`;
  }

  crash([name, message, stack]) {
    const limit = LIMITS.get(`${name}: ${message}`);
    if (limit !== undefined) {
      return JSON.stringify({ status: limit });
    }
    return JSON.stringify({ status: 'crashed', class: name, message, trace: this.trace(stack) });
  }

  // The frames of the tree, with the names of its modules. The harness keeps those that are the handlers' own.
  trace(stack) {
    return stack
      .split('\n')
      .filter((line) => line.includes(this.place))
      .map((line) => line.trim().replace(this.place, '').replace(PACKAGE_FILE, PACKAGE).replace('.js:', ':'))
      .join('\n');
  }
}

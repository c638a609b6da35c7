// Calls the handlers of a tree, and makes the outcomes of what they did.

import { pathToFileURL } from 'node:url';
import { types } from 'node:util';

import { closeDoors, leadDoors, prelude, turn, waits } from './parity_host.mjs';
import { NotJson, textOf } from './parity_json.mjs';
import { forget, refused } from './parity_sandbox.mjs';
import { Streams } from './parity_streams.mjs';

const PACKAGE = '@tasker-systems/tasker';
const PACKAGE_FILE = `node_modules/${PACKAGE}/index.js`;
const EPOCH_OF_LOADING = '2026-01-15T09:30:00.000Z';
const { parse } = Date;
const { then } = Promise.prototype;
const { apply } = Reflect;

// The members of the driver's ends, by their first one.
const COMPLETED = ['result', 'metadata'];
const FAILED = ['code', 'message', 'retry_after', 'context'];
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

// A tree that can not be loaded: where, why and what to do.
export class Refused extends Error {}

// The handlers of one tree.
export class Calls {
  // `tree` holds the JavaScript of `modules`, which are TypeScript files below `root`.
  static async load(tree, root, modules) {
    const calls = new Calls(tree);
    const makeDriver = prelude(calls.streams);
    leadDoors(calls.streams);
    calls.driver = makeDriver(await calls.import(PACKAGE_FILE));
    calls.driver.reset(parse(EPOCH_OF_LOADING));
    const places = new Map();
    for (const module of modules) {
      const refuse = (message) => new Refused(`${root}/${module}: ${message}`);
      const classes = await calls.classes(module, refuse);
      for (const [handler, name, identity] of classes) {
        if (!/^[^/]+\/[^/]+$/.test(identity)) {
          const advice = `give it static handlerName = 'namespace/step' (it is ${JSON.stringify(identity)})`;
          throw refuse(`class ${name} has no identity; ${advice}`);
        }
        if (places.has(identity)) {
          const first = `${root}/${places.get(identity)}`;
          throw refuse(`handler ${identity} is also in ${first}; give one of them another name`);
        }
        places.set(identity, module);
        calls.handlers.set(identity, handler);
      }
    }
    closeDoors(calls.place);
    return calls;
  }

  constructor(tree) {
    this.place = pathToFileURL(`${tree}/`).href;
    this.streams = new Streams();
    this.handlers = new Map();
  }

  import(file) {
    return import(new URL(file, this.place).href);
  }

  // The handler classes of a module.
  async classes(module, refuse) {
    let imported;
    try {
      imported = await this.import(module.replace(/\.ts$/, '.js').split('/').map(encodeURIComponent).join('/'));
    } catch (error) {
      const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      throw refuse(`it throws while it is loaded: ${what}`);
    }
    const classes = this.driver.handlers(imported);
    if (classes.length === 0) {
      throw refuse(`it exports no handler of its own; export a class that extends StepHandler of "${PACKAGE}"`);
    }
    return classes;
  }

  // The outcome of a call, as JSON text.
  async answer(input) {
    forget();
    const outcome = await this.outcome(input);
    // What the handler left running must not run into the next call.
    await turn();
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
  async observe({ handler, context, dependencies, step_config, attempt, max_attempts, ambient }) {
    this.streams.seed(ambient.entropy);
    this.driver.reset(parse(ambient.now));
    // In an envelope, so that the package takes off this one and never touches the value.
    const results = Object.fromEntries(Object.entries(dependencies).map(([step, result]) => [step, { result }]));
    const ids = [handler, ambient.task_uuid, ambient.step_uuid];
    let settled;
    try {
      const start = [this.handlers.get(handler), ids, context, results, step_config, attempt - 1, max_attempts];
      settled = await this.settle(this.driver.start(...start));
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
    return `{${head},${members.join()}}`;
  }

  crash([name, message, stack]) {
    const limit = LIMITS.get(`${name}: ${message}`);
    if (limit !== undefined) {
      return JSON.stringify({ status: limit });
    }
    return JSON.stringify({ status: 'crashed', class: name, message, trace: this.trace(stack) });
  }

  // The frames of the tree, with the names of its modules.
  trace(stack) {
    return stack
      .split('\n')
      .filter((line) => line.includes(this.place))
      .map((line) => line.trim().replace(this.place, '').replace(PACKAGE_FILE, PACKAGE).replace('.js:', '.ts:'))
      .join('\n');
  }
}

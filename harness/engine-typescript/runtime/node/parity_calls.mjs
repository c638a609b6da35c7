// Calls the handlers of a tree, and makes the outcomes of what they did.

import { pathToFileURL } from 'node:url';
import { types } from 'node:util';

import { Guard } from './parity_guard.mjs';
import { leadDoors, prelude, readsOrWrites, turn, waits } from './parity_host.mjs';
import { joined, NotJson, textOf } from './parity_json.mjs';
import { Realm, refresh } from './parity_realm.mjs';
import { close, forget, open, refused, shut, unsupported } from './parity_sandbox.mjs';
import { Streams } from './parity_streams.mjs';

const PACKAGE = '@tasker-systems/tasker';
const PACKAGE_FILE = `node_modules/${PACKAGE}/index.js`;
const EPOCH_OF_LOADING = '2026-01-15T09:30:00.000Z';
const { parse } = Date;
const { stringify } = JSON;
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

// Imports a module and notes what it exports; why it cannot be loaded, if it cannot.
async function note(driver, load, module) {
  try {
    const name = module.split('/').map(encodeURIComponent).join('/');
    driver.note(await load(`${name}.js`), module);
    return null;
  } catch (error) {
    const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { file: module, message: `it throws while it is loaded: ${what}` };
  }
}

// Whether two sightings are of one class. Whether others extend it is known only where all files are loaded.
function isSame([, declared, name, exported, file], [, ...other]) {
  return stringify([declared, name, exported, file]) === stringify(other.slice(0, 4));
}

// What is called for a handler: its class, or one that calls the method that its identity names.
function called(identity, driver, handlerClass) {
  const [, method] = identity.split('#');
  return method === undefined ? handlerClass : driver.dispatched(handlerClass, method);
}

// The handlers of one tree.
export class Calls {
  // `tree` holds the JavaScript of `modules`, which are TypeScript files that may hold handlers. Of `methods` it is told which
  // classes have them, and of `allowed` what handlers may do beside what all may.
  static async load(tree, modules, methods, allowed) {
    const calls = new Calls(tree, modules, allowed.network || allowed.process);
    calls.makeDriver = prelude(Object.assign(calls.streams, { unsupported }));
    leadDoors(calls.streams, allowed);
    calls.guard = new Guard();
    const driver = calls.makeDriver(await calls.import(PACKAGE_FILE));
    driver.reset(parse(EPOCH_OF_LOADING));
    for (const module of modules) {
      // What a file draws does not depend on the files before it.
      calls.streams.seed('0');
      const problem = await note(driver, (file) => calls.import(file), module);
      if (problem !== null) {
        calls.notLoaded.push(problem);
      }
    }
    calls.found = driver.sightings(methods);
    calls.driver = driver;
    calls.guard.settle();
    close(calls.place, allowed);
    return calls;
  }

  constructor(tree, modules, reachesOut) {
    this.reachesOut = reachesOut;
    this.place = pathToFileURL(`${tree}/`).href;
    this.modules = modules;
    this.streams = new Streams();
    this.handlers = new Map();
    this.realms = new Map();
    this.notLoaded = [];
  }

  import(file) {
    return import(new URL(file, this.place).href);
  }

  // What was found, in the order that `assign` chooses from.
  sightings() {
    return this.found.map(([, declared, name, exported, file, extended, methods]) => {
      return { declared, name, exported, file, extended, methods };
    });
  }

  // Takes the places of the handlers in what was found.
  assign(handlers) {
    this.handlers = new Map(Object.entries(handlers).map(([identity, place]) => [identity, this.found[place]]));
  }

  // Makes way for a handler; tells whether what others have left can be put away.
  enter(handler) {
    if (handler === this.last) {
      return true;
    }
    this.last = handler;
    this.realms.get(handler)?.realm.enter();
    return this.guard.enter(handler);
  }

  // Whether a handler is called for the first time, so that it is to be loaded.
  isNew(handler) {
    return !this.realms.has(handler);
  }

  // Loads a handler by itself. One that cannot be loaded twice is the one that was found.
  async load(handler) {
    const realm = new Realm(this.place);
    realm.enter();
    open();
    refresh();
    const found = await this.loadIn(realm, handler);
    shut();
    refresh();
    if (found === null) {
      const first = { realm: Realm.first, driver: this.driver, class: called(handler, this.driver, this.handlers.get(handler)[0]) };
      this.realms.set(handler, first);
      first.realm.enter();
    } else {
      this.realms.set(handler, found);
    }
  }

  // Loads the file of a handler, and the others only if the handler is not to be found in it alone, e.g. since another one registers
  // it.
  async loadIn(realm, handler) {
    const sighting = this.handlers.get(handler);
    const [, , , , own] = sighting;
    const load = (file) => realm.import(new URL(file, this.place).href);
    const driver = this.makeDriver(await load(PACKAGE_FILE));
    driver.reset(parse(EPOCH_OF_LOADING));
    this.streams.seed('0');
    for (const isNext of [(file) => file === own, (file) => file !== own]) {
      for (const file of this.modules.filter(isNext)) {
        // What is wrong with a file was said when the tree was searched.
        await note(driver, load, file);
      }
      const found = driver.sightings().find((other) => isSame(sighting, other));
      if (found !== undefined) {
        return { realm, driver, class: called(handler, driver, found[0]) };
      }
    }
    return null;
  }

  // The outcome of a call, as JSON text.
  async answer(input) {
    forget();
    const { driver, class: handler } = this.realms.get(input.handler);
    this.driver = driver;
    this.handler = handler;
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
      const start = [this.handler, ids, context, results, step_config, attempt - 1, max_attempts];
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
      if (this.reachesOut && waits()) {
        // What comes from outside comes in real time, and no timer is over before.
        continue;
      }
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

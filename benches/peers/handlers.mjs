// The TypeScript handlers, ready to be called in this process. `build.mjs` has made their JavaScript.

import { readdirSync } from 'node:fs';

import { observation } from './handlers/typescript/tests/observe.js';
import { install } from './handlers/typescript/tests/prelude.js';
import { DEFAULT_AMBIENT, StreamDoors } from './handlers/typescript/tests/streams.js';

const { parse } = Date;
const TREE = new URL('./handlers/typescript/', import.meta.url);

// Calls handlers with the clock and the randomness of their step input.
export class Handlers {
  static async load() {
    const handlers = new Handlers();
    handlers.streams = new StreamDoors(DEFAULT_AMBIENT);
    const driverOf = install(handlers.streams);
    handlers.driver = driverOf(await import('@tasker-systems/tasker'));
    handlers.driver.reset(parse(DEFAULT_AMBIENT.now));
    for (const file of readdirSync(TREE, { recursive: true }).filter((name) => name.endsWith('_handler.js'))) {
      handlers.driver.note(await import(new URL(file, TREE).href), file);
    }
    const found = handlers.driver.sightings().map(([handler, [identity]]) => [identity, handler]);
    handlers.handlers = new Map(found);
    return handlers;
  }

  // The outcome of a step input.
  async call({ handler, ambient, context, dependencies, step_config, attempt, max_attempts }) {
    this.streams.reset(ambient);
    this.driver.reset(parse(ambient.now));
    const ids = [handler, ambient.task_uuid, ambient.step_uuid];
    const results = Object.fromEntries(Object.entries(dependencies).map(([step, result]) => [step, { result }]));
    try {
      const start = [this.handlers.get(handler), ids, context, results, step_config, attempt - 1, max_attempts];
      return observation(this.driver.conclude(await this.driver.start(...start)));
    } catch (error) {
      return observation(this.driver.refuse(error));
    }
  }
}

/** The handlers of one tree, in a thread of their own that is started again after one of them has broken it. */

import { existsSync, realpathSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

import { type JsonObject, toDoubles } from './json_values.js';
import type { StepInput } from './vectors.js';
import type { Greeting } from './worker.js';

/** Our own tree. */
export const TYPESCRIPT = fileURLToPath(new URL('..', import.meta.url));

/** How many milliseconds a tree may take to load, and a call. */
export interface Deadlines {
  load: number;
  call: number;
}

const DEADLINES: Deadlines = { load: 30_000, call: 10_000 };

const MEMORY = { maxOldGenerationSizeMb: 512 };

/** A thread knows no TypeScript unless it is told. */
const BOOTSTRAP = `import(${href('./register.js')}).then(() => import(${href('./worker.ts')}));`;

function href(file: string): string {
  return JSON.stringify(new URL(file, import.meta.url).href);
}

/** A tree whose handlers can not be loaded. */
export class TreeError extends Error {}

/** A message of the worker, or the end that kept it from sending one. */
type Reply = { message: unknown } | { status: 'timed_out' | 'exited' | 'out_of_memory' } | { status: 'failed'; error: Error };

/** Calls handlers. */
export class Subject {
  readonly tree: string;
  readonly handlers: readonly string[] = [];
  readonly #deadlines: Deadlines;
  #worker: Worker | null = null;

  private constructor(tree: string, deadlines: Deadlines) {
    this.tree = tree;
    this.#deadlines = deadlines;
  }

  /** Loads the files `*_handler.ts` in `tree` and below it. */
  static async start(tree: string, deadlines: Partial<Deadlines> = {}): Promise<Subject> {
    if (!existsSync(tree) || !statSync(tree).isDirectory()) {
      throw new TreeError(`${tree} is no directory`);
    }
    const subject = new Subject(realpathSync(tree), { ...DEADLINES, ...deadlines });
    const handlers = await subject.#start();
    return Object.assign(subject, { handlers });
  }

  async #start(): Promise<string[]> {
    this.#worker = new Worker(BOOTSTRAP, { eval: true, workerData: { tree: this.tree }, resourceLimits: MEMORY });
    const reply = await this.#reply(this.#worker, this.#deadlines.load);
    const greeting = 'message' in reply ? (reply.message as Greeting) : { error: problem(this.tree, reply) };
    if ('error' in greeting || greeting.handlers.length === 0) {
      await this.close();
      throw new TreeError('error' in greeting ? greeting.error : `${this.tree} has no file *_handler.ts`);
    }
    return greeting.handlers;
  }

  /** What a handler of the tree does with a step input. */
  async call(stepInput: StepInput): Promise<JsonObject> {
    if (this.#worker === null) {
      await this.#start();
    }
    const worker = this.#worker;
    if (worker === null) {
      throw new TreeError(`${this.tree} is not loaded`);
    }
    worker.postMessage(toDoubles(stepInput as unknown as JsonObject));
    const reply = await this.#reply(worker, this.#deadlines.call);
    if ('message' in reply) {
      return reply.message as JsonObject;
    }
    await this.close();
    if (reply.status === 'failed') {
      throw reply.error;
    }
    return { status: reply.status };
  }

  #reply(worker: Worker, deadline: number): Promise<Reply> {
    return new Promise((resolve) => {
      const end = (reply: Reply): void => {
        clearTimeout(timer);
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        resolve(reply);
      };
      const onMessage = (message: unknown): void => {
        end({ message });
      };
      const onError = (error: Error & { code?: string }): void => {
        end(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? { status: 'out_of_memory' } : { status: 'failed', error });
      };
      const onExit = (): void => {
        end({ status: 'exited' });
      };
      const timer = setTimeout(() => {
        end({ status: 'timed_out' });
      }, deadline);
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    });
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }
}

function problem(tree: string, reply: Exclude<Reply, { message: unknown }>): string {
  switch (reply.status) {
    case 'timed_out':
      return `${tree} does not load in time`;
    case 'failed':
      return `${tree} does not load: ${String(reply.error)}`;
    default:
      return `${tree} ends its thread while it is loaded`;
  }
}
